"""The same passages and the same embedding model in other engines, beside this one: `make bench-peers`.

Each engine runs in a process of its own, one thread for numbers, from passages in memory to a library on disk where the
engine keeps one. This project's line does more than the others': it splits, reads figures and names, and searches two ways.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).parents[2]
K = 10
_BATCH = 512  # passages that each engine is given at once
_TOGETHER = 32  # texts that are prepared together, as ingest does

Ask = Callable[[str], object]


def embedder():
    """The shipped model: what every engine embeds with."""
    from index.embed import load_embedder

    return load_embedder(None)


def ours(documents: Sequence[str], chunks: Sequence[str], folder: Path) -> tuple[int, Ask]:
    """This project, one process: split, figures, names, two indexes, one store."""
    from index.library import Library
    from index.prepare import prepare_all
    from ingest.read import document_from_text

    library, held = Library.open(folder / "library", create=True), 0
    batch = []
    for at in range(0, len(documents), _TOGETHER):
        some = enumerate(documents[at : at + _TOGETHER], at)
        batch += prepare_all([document_from_text(f"{number}", text) for number, text in some], embedder())
        if sum(len(one.chunks) for one in batch) >= _BATCH or at + _TOGETHER >= len(documents):
            library.add_prepared(batch)
            held += sum(len(one.chunks) for one in batch)
            batch = []
    return held, lambda question: library.retrieve(question, K)


def parts(documents: Sequence[str], chunks: Sequence[str], folder: Path) -> tuple[int, Ask]:
    """The parts alone: split, embed, half-precision FAISS, tantivy; no store, no figures."""
    import faiss
    import numpy as np

    from index.lexical import LexicalIndex
    from index.tokens import terms, tokenize
    from ingest.read import document_from_text
    from ingest.split import split

    made = [
        chunk.text for number, text in enumerate(documents) for chunk in split(document_from_text(str(number), text))
    ]
    dense = faiss.IndexScalarQuantizer(256, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    lexical = LexicalIndex(folder / "words")
    for at in range(0, len(made), _BATCH):
        dense.add(embedder().encode_document(made[at : at + _BATCH]))
        lexical.add(enumerate(terms(made[at : at + _BATCH]), at))
    lexical.commit()
    faiss.write_index(dense, str(folder / "vectors"))

    def ask(question: str) -> object:
        return (
            dense.search(np.asarray(embedder().encode_query([question])), K),
            lexical.search([[(term, 1.0)] for term in dict.fromkeys(tokenize(question))], K),
        )

    return len(made), ask


def txtai(documents: Sequence[str], chunks: Sequence[str], folder: Path) -> tuple[int, Ask]:
    """txtai, hybrid, with content."""
    from txtai import Embeddings

    index = Embeddings(
        method="external", transform=lambda texts: embedder().encode_document(list(texts)), hybrid=True, content=True
    )
    index.index((number, text, None) for number, text in enumerate(chunks))
    index.save(str(folder / "txtai"))
    return len(chunks), lambda question: index.search(question, K)


def langchain(documents: Sequence[str], chunks: Sequence[str], folder: Path) -> tuple[int, Ask]:
    """LangChain with FAISS, dense alone."""
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import Embeddings

    class Ours(Embeddings):
        def embed_documents(self, texts):
            return embedder().encode_document(texts).tolist()

        def embed_query(self, text):
            return embedder().encode_query([text])[0].tolist()

    index = FAISS.from_texts(list(chunks), Ours())
    index.save_local(str(folder / "langchain"))
    return len(chunks), lambda question: index.similarity_search_with_score(question, K)


def llamaindex(documents: Sequence[str], chunks: Sequence[str], folder: Path) -> tuple[int, Ask]:
    """LlamaIndex with FAISS, dense alone."""
    import faiss
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.schema import TextNode
    from llama_index.vector_stores.faiss import FaissVectorStore

    class Ours(BaseEmbedding):
        def _get_text_embedding(self, text):
            return embedder().encode_document([text])[0].tolist()

        def _get_text_embeddings(self, texts):
            return embedder().encode_document(texts).tolist()

        def _get_query_embedding(self, query):
            return embedder().encode_query([query])[0].tolist()

        async def _aget_query_embedding(self, query):
            return self._get_query_embedding(query)

    storage = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss_index=faiss.IndexFlatIP(256)))
    nodes = [TextNode(text=text, id_=str(number)) for number, text in enumerate(chunks)]
    index = VectorStoreIndex(nodes, storage_context=storage, embed_model=Ours(embed_batch_size=_BATCH))
    index.storage_context.persist(str(folder / "llamaindex"))
    retriever = index.as_retriever(similarity_top_k=K)
    return len(chunks), retriever.retrieve


def haystack(documents: Sequence[str], chunks: Sequence[str], folder: Path) -> tuple[int, Ask]:
    """Haystack, its store in memory, dense alone."""
    from haystack import Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
    for at in range(0, len(chunks), _BATCH):
        some = chunks[at : at + _BATCH]
        rows = embedder().encode_document(some).tolist()
        found = [
            Document(id=str(at + n), content=t, embedding=r) for n, (t, r) in enumerate(zip(some, rows, strict=True))
        ]
        store.write_documents(found)
    store.save_to_disk(str(folder / "haystack.json"))
    return len(chunks), lambda q: store.embedding_retrieval(embedder().encode_query([q])[0].tolist(), top_k=K)


def chroma(documents: Sequence[str], chunks: Sequence[str], folder: Path) -> tuple[int, Ask]:
    """Chroma on disk, dense alone."""
    import chromadb

    client = chromadb.PersistentClient(str(folder / "chroma"))
    collection = client.create_collection("bench", metadata={"hnsw:space": "ip"}, embedding_function=None)
    for at in range(0, len(chunks), _BATCH):
        some = list(chunks[at : at + _BATCH])
        ids = [str(at + n) for n in range(len(some))]
        collection.add(ids=ids, documents=some, embeddings=embedder().encode_document(some))
    return len(chunks), lambda q: collection.query(query_embeddings=embedder().encode_query([q]), n_results=K)


ENGINES = {one.__name__: one for one in (ours, parts, txtai, langchain, llamaindex, haystack, chroma)}


def one(name: str, given: Path) -> None:
    """Run one engine, and print what it cost as JSON."""
    read = json.loads(given.read_text(encoding="utf-8"))
    embedder().encode_document(["你好"])
    with tempfile.TemporaryDirectory() as place:
        started, cpu = time.perf_counter(), time.process_time()
        held, ask = ENGINES[name](read["documents"], read["chunks"], Path(place))
        took, cpu = time.perf_counter() - started, time.process_time() - cpu
        ask(read["questions"][0])
        seconds, spent = [], time.process_time()
        for question in read["questions"]:
            asked = time.perf_counter()
            ask(question)
            seconds.append(time.perf_counter() - asked)
        spent = (time.process_time() - spent) / len(seconds)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"rate": held / took, "cpu_rate": held / cpu, "ms": 1000 * statistics.median(seconds),
                          "cpu_ms": 1000 * spent, "mb": peak, "chunks": held}), flush=True)  # fmt: skip
        os._exit(0)  # some engines keep threads that never end


def main() -> None:
    """Run every engine and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peers", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=Path, help='JSON lines with a "text" each (default: made of reports)')
    parser.add_argument("--passages", type=int, default=20_000, help="how many (default: %(default)s)")
    parser.add_argument("--engines", nargs="+", default=list(ENGINES), choices=list(ENGINES))
    parser.add_argument("--one", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one[0], Path(chosen.one[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "given.json"
        file.write_text(json.dumps(_given(chosen.texts, chosen.passages), ensure_ascii=False), encoding="utf-8")
        found = {engine: cost for engine in chosen.engines if (cost := _run(engine, file))}
    base = found.get("ours")
    print(
        f"{'':<12}{'chunks':>9}{'chunks/s':>10}{'per cpu-s':>10}{'ms a query':>11}{'cpu ms':>8}{'MB':>7}   of ours: ingest, query"
    )
    for engine, cost in found.items():
        ratio = f"{cost['cpu_rate'] / base['cpu_rate']:9.2f} {cost['cpu_ms'] / base['cpu_ms']:8.2f}" if base else ""
        print(
            f"{engine:<12}{cost['chunks']:>9,}{cost['rate']:>10,.0f}{cost['cpu_rate']:>10,.0f}{cost['ms']:>11.2f}"
            f"{cost['cpu_ms']:>8.2f}{cost['mb']:>7,.0f}   {ratio}"
        )


def _given(path: Path | None, passages: int) -> dict[str, list[str]]:
    from ingest.read import document_from_text
    from ingest.split import split
    from tests.bench.made import queries
    from tests.bench.passages import given, shuffled

    documents: list[str] = []
    chunks: list[str] = []
    for text in given(path) if path else shuffled():
        chunks += [chunk.text for chunk in split(document_from_text(str(len(documents)), text))]
        documents.append(text)
        if len(chunks) >= passages:
            break
    return {"documents": documents, "chunks": chunks, "questions": queries(documents)}


def _run(engine: str, file: Path) -> dict[str, float] | None:
    run = subprocess.run([sys.executable, "-m", "tests.bench.peers", "--one", engine, str(file)], cwd=ROOT,
                         capture_output=True, text=True, check=False)  # fmt: skip
    lines = [line for line in run.stdout.splitlines() if line.startswith('{"rate"')]
    if not lines:
        said = (run.stderr.strip().splitlines() or ["no output"])[-1]
        print(f"{engine}: left out ({said})", flush=True)
        return None
    return json.loads(lines[-1])


if __name__ == "__main__":
    main()

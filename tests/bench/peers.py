"""The same texts and the same embedding model in other engines, beside this one: `make bench-peers`.

Each engine runs in a process of its own, and is timed from texts to where it can be asked, and saved to disk where it keeps
something there. What was imported and loaded before does not count, nor does a first question. Tokenizers and processes take all
cores; numbers one thread, with which each engine is faster: two libraries of numbers in a process wait for each other's threads.

ours        files of the texts, as `report-chat ingest` takes them: children read, split, find figures and names, and embed;
            SQLite, FAISS and BM25 on disk. Starting the children counts. Searches by meaning and words.
parts       our parts alone, one process: split, embed, FAISS in half precision, BM25. No store, no figures.
txtai       `Embeddings(path=model, hybrid=True, content=True)`; passages that are ready, those of ours.
langchain   `RecursiveCharacterTextSplitter`, `HuggingFaceEmbeddings`, `FAISS.from_documents`: by meaning alone.
llamaindex  `SentenceSplitter`, `FaissVectorStore`, an embedding around `SentenceTransformer`, since its own takes no static
            model: by meaning alone.
haystack    `RecursiveDocumentSplitter`, `InMemoryDocumentStore`, vectors of `SentenceTransformer`: by meaning alone.
chroma      `SentenceTransformerEmbeddingFunction`, a store on disk; passages that are ready, those of ours. By meaning alone.

All others but the parts embed with the shipped model through sentence-transformers, as their users would, and 512 passages at
once, which takes half the time of the 32 that it would take else; chroma does not let one say so. Splitters get our size of a
Chinese Chunk, no overlap and the marks that end Chinese sentences, and make about as many passages as ours does.
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
_BATCH = 512  # passages that those are given at once which take lists
_ENDS = ["\n\n", "\n", "。", "！", "？", "；", "，", " ", ""]  # where texts are cut, the first of them first

Ask = Callable[[str], object]
Ingest = Callable[[Sequence[str], Sequence[str]], int]
Made = tuple[Ingest, Ask]
"""What takes in texts, or the passages that ours makes of them, and says how many passages it holds; and what asks."""


def _model() -> str:
    from index.tokens import SHIPPED

    return str(SHIPPED)


def _size() -> int:
    from ingest.split import CHINESE_SIZE

    return CHINESE_SIZE


def ours(folder: Path) -> Made:
    from index.intake import ingest_paths
    from index.library import Library

    library = Library.open(folder / "library", create=True)

    def ingest(documents: Sequence[str], chunks: Sequence[str]) -> int:
        ingest_paths(library, [folder.with_name("texts")], lambda done, total, outcome: None)
        return library.chunk_count()

    return ingest, lambda question: library.retrieve(question, K)


def parts(folder: Path) -> Made:
    from index.embed import load_embedder
    from index.lexical import LexicalIndex
    from index.tokens import terms, tokenize
    from index.vectors import Builder, VectorFile
    from ingest.read import document_from_text
    from ingest.split import split

    embedder = load_embedder(None)
    dense = Builder(embedder.dimension)
    lexical = LexicalIndex(folder / "words")
    held: list[VectorFile] = []

    def ingest(documents: Sequence[str], chunks: Sequence[str]) -> int:
        made = [c.text for n, text in enumerate(documents) for c in split(document_from_text(str(n), text))]
        for at in range(0, len(made), _BATCH):
            some = made[at : at + _BATCH]
            dense.add(range(at, at + len(some)), embedder.encode_document(some))
            lexical.add(enumerate(terms(some), at))
        lexical.commit()
        dense.write(folder / "vectors")
        held.append(VectorFile(folder / "vectors", 0))
        return len(made)

    def ask(question: str) -> object:
        words = [[(term, 1.0)] for term in dict.fromkeys(tokenize(question))]
        return held[0].search(embedder.encode_query([question]), K), lexical.search(words, K)

    return ingest, ask


def txtai(folder: Path) -> Made:
    from txtai import Embeddings

    index = Embeddings(
        path=_model(), method="sentence-transformers", hybrid=True, content=True, gpu=False, encodebatch=_BATCH
    )

    def ingest(documents: Sequence[str], chunks: Sequence[str]) -> int:
        index.index((number, text, None) for number, text in enumerate(chunks))
        index.save(str(folder / "txtai"))
        return len(chunks)

    return ingest, lambda question: index.search(question, K)


def langchain(folder: Path) -> Made:
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=_ENDS, chunk_size=_size(), chunk_overlap=0, keep_separator="end"
    )
    embedder = HuggingFaceEmbeddings(
        model_name=_model(), model_kwargs={"device": "cpu"}, encode_kwargs={"batch_size": _BATCH}
    )
    held: list[FAISS] = []

    def ingest(documents: Sequence[str], chunks: Sequence[str]) -> int:
        made = splitter.create_documents(list(documents))
        held.append(FAISS.from_documents(made, embedder))
        held[0].save_local(str(folder / "langchain"))
        return len(made)

    return ingest, lambda question: held[0].similarity_search_with_score(question, K)


def llamaindex(folder: Path) -> Made:
    import faiss
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.faiss import FaissVectorStore
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(_model(), device="cpu")

    class Embedder(BaseEmbedding):
        def _get_text_embedding(self, text):
            return model.encode(text).tolist()

        def _get_text_embeddings(self, texts):
            return model.encode(texts, batch_size=_BATCH).tolist()

        def _get_query_embedding(self, query):
            return model.encode(query).tolist()

        async def _aget_query_embedding(self, query):
            return self._get_query_embedding(query)

    splitter = SentenceSplitter(chunk_size=_size(), chunk_overlap=0, tokenizer=list, include_metadata=False)
    storage = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss_index=faiss.IndexFlatIP(256)))
    held: list[VectorStoreIndex] = []

    def ingest(documents: Sequence[str], chunks: Sequence[str]) -> int:
        nodes = splitter.get_nodes_from_documents([Document(text=text) for text in documents])
        held.append(VectorStoreIndex(nodes, storage_context=storage, embed_model=Embedder(embed_batch_size=_BATCH)))
        held[0].storage_context.persist(str(folder / "llamaindex"))
        return len(nodes)

    return ingest, lambda question: held[0].as_retriever(similarity_top_k=K).retrieve(question)


def haystack(folder: Path) -> Made:
    from haystack import Document
    from haystack.components.preprocessors import RecursiveDocumentSplitter
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack.document_stores.types import DuplicatePolicy
    from sentence_transformers import SentenceTransformer

    splitter = RecursiveDocumentSplitter(
        split_length=_size(), split_overlap=0, split_unit="char", separators=[one for one in _ENDS if one]
    )
    model = SentenceTransformer(_model(), device="cpu")
    store = InMemoryDocumentStore(embedding_similarity_function="dot_product")

    def ingest(documents: Sequence[str], chunks: Sequence[str]) -> int:
        made = splitter.run([Document(content=text) for text in documents])["documents"]
        rows = model.encode([one.content for one in made], batch_size=_BATCH).tolist()
        for one, row in zip(made, rows, strict=True):
            one.embedding = row
        store.write_documents(made, policy=DuplicatePolicy.OVERWRITE)  # some texts come twice
        store.save_to_disk(str(folder / "haystack.json"))
        return len(made)

    return ingest, lambda question: store.embedding_retrieval(model.encode([question])[0].tolist(), top_k=K)


def chroma(folder: Path) -> Made:
    import chromadb
    from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

    embedder = SentenceTransformerEmbeddingFunction(model_name=_model(), device="cpu")
    client = chromadb.PersistentClient(str(folder / "chroma"))
    collection = client.create_collection("bench", metadata={"hnsw:space": "ip"}, embedding_function=embedder)

    def ingest(documents: Sequence[str], chunks: Sequence[str]) -> int:
        for at in range(0, len(chunks), _BATCH):
            some = list(chunks[at : at + _BATCH])
            collection.add(ids=[str(at + n) for n in range(len(some))], documents=some)
        return len(chunks)

    return ingest, lambda question: collection.query(query_texts=[question], n_results=K)


ENGINES = {one.__name__: one for one in (ours, parts, txtai, langchain, llamaindex, haystack, chroma)}


def one(name: str, given: Path) -> None:
    """Run one engine, and print what it cost as JSON."""
    read = json.loads(given.read_text(encoding="utf-8"))
    place = Path(tempfile.mkdtemp(dir=given.parent))
    ingest, ask = ENGINES[name](place)
    started, cpu = time.perf_counter(), _spent()
    held = ingest(read["documents"], read["chunks"])
    took, cpu = time.perf_counter() - started, _spent() - cpu
    ask(read["questions"][0])
    seconds, spent = [], _spent()
    for question in read["questions"]:
        asked = time.perf_counter()
        ask(question)
        seconds.append(time.perf_counter() - asked)
    spent = (_spent() - spent) / len(seconds)
    texts = len(read["documents"])
    print(json.dumps({"texts": texts / took, "rate": held / took, "cpu": 1000 * cpu / held, "chunks": held,
                      "ms": 1000 * statistics.median(seconds), "cpu_ms": 1000 * spent, "mb": _peak()}), flush=True)  # fmt: skip
    os._exit(0)  # some engines keep threads that never end


def _spent() -> float:
    """Processor time of this process and of the children that have ended."""
    return sum(used.ru_utime + used.ru_stime for used in _used())


def _peak() -> float:
    """Megabytes that this process had at most, and the largest of its children."""
    return sum(used.ru_maxrss for used in _used()) / 1024


def _used() -> tuple[resource.struct_rusage, resource.struct_rusage]:
    return resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)


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
        made = _given(chosen.texts, chosen.passages)
        file.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
        (Path(name) / "texts").mkdir()
        for number, text in enumerate(made["documents"]):
            (Path(name) / "texts" / f"{number:07}.txt").write_text(text, encoding="utf-8")
        found = {engine: cost for engine in chosen.engines if (cost := _run(engine, file))}
    base = found.get("ours")
    print(
        f"{'':<11}{'chunks':>8}{'chunks/s':>10}{'cpu ms each':>12}{'ms a query':>11}{'cpu ms':>8}{'MB':>7}   of ours: ingest, query"
    )
    for engine, cost in found.items():
        ratio = f"{cost['texts'] / base['texts']:9.2f} {cost['ms'] / base['ms']:8.2f}" if base else ""
        print(
            f"{engine:<11}{cost['chunks']:>8,}{cost['rate']:>10,.0f}{cost['cpu']:>12.2f}{cost['ms']:>11.2f}"
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
    lines = [line for line in run.stdout.splitlines() if line.startswith('{"texts"')]
    if not lines:
        said = (run.stderr.strip().splitlines() or ["no output"])[-1]
        print(f"{engine}: left out ({said})", flush=True)
        return None
    return json.loads(lines[-1])


if __name__ == "__main__":
    main()

"""BM25 over our own terms. The only file that imports tantivy.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), k1 = 1.2, b = 0.75.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

_HEAP = 64_000_000  # bytes of the writer's buffer
_TIE = 1e-6  # scores that differ by less than this share are equal: sums are rounded as segments have them
_MOST_TIES = 4  # times k
_KEPT_TERMS = 100_000

Field = Literal["terms", "called"]


class LexicalIndex:
    """Chunks under numbers, found by the terms in them; on disk, or in memory for a folder of None."""

    def __init__(self, folder: Path | None) -> None:
        import tantivy

        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("terms", stored=False, tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field("called", stored=False, tokenizer_name="whitespace", index_option="basic")
        builder.add_integer_field("number", stored=False, indexed=True, fast=True)
        self._schema = builder.build()
        if folder is not None:
            folder.mkdir(exist_ok=True)
        self._folder = folder
        self._index = tantivy.Index(self._schema, path=None if folder is None else str(folder))
        self._searcher = self._index.searcher()
        self._writer: Any = None
        self._frequencies: dict[tuple[Field, str], int] = {}  # of the terms asked for since the last commit was seen

    def remove(self, ranges: Iterable[range]) -> None:
        """Take out the Chunks of those numbers with the next commit."""
        query, kind = self._tantivy.Query, self._tantivy.FieldType.Integer
        for numbers in ranges:
            if len(numbers):
                among = query.range_query(self._schema, "number", kind, numbers.start, numbers[-1])
                self._writing().delete_documents_by_query(among)

    def add(self, added: Iterable[tuple[int, str]]) -> None:
        """Put in (number, terms with spaces between) rows with the next commit; on a second line of the terms may stand
        those that the Chunk's Document is called by.
        """
        writer = self._writing()
        for number, row in added:
            terms, _, called = row.partition("\n")
            document = self._tantivy.Document()
            document.add_text("terms", terms)
            document.add_text("called", called)
            document.add_integer("number", number)
            writer.add_document(document)

    def commit(self) -> None:
        """Make durable, and see, what was put in and taken out: all or none."""
        self._writing().commit()
        self.reload()

    def _writing(self) -> Any:  # noqa: ANN401 - tantivy has no types
        if self._writer is None:
            self._writer = self._index.writer(_HEAP, 1)
            if self._folder is not None:
                _sweep(self._folder)
        return self._writer

    def close(self) -> None:
        """Wait for what is merged in the background, and let go of the index."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(ValueError):  # a writer that a full disk has stopped
                writer.wait_merging_threads()

    def reload(self) -> None:
        """See what has been committed since."""
        self._index.reload()
        self._searcher = self._index.searcher()
        self._frequencies = {}

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def frequency(self, term: str, field: Field = "terms") -> int:
        """In how many Chunks the term stands; or how many are of Documents called by it."""
        known = self._frequencies.get((field, term))
        if known is None:
            if len(self._frequencies) >= _KEPT_TERMS:
                self._frequencies = {}
            known = self._frequencies[field, term] = int(self._searcher.doc_freq(field, term))
        return known

    def idf(self, term: str, field: Field = "terms") -> float:
        """The inverse document frequency of a term; of one that stands nowhere, the greatest."""
        count = len(self)
        frequency = min(self.frequency(term, field), count)  # which counts Chunks removed of late too
        return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))

    def search(
        self,
        wanted: Sequence[Sequence[tuple[str, float]]],
        k: int,
        among: Sequence[int] | None = None,
        *,
        called: Sequence[tuple[str, float]] = (),
    ) -> list[tuple[int, float]]:
        """(number, BM25) of the `k` best Chunks, and of those as good as the last, for words that are each one of several
        (term, weight) alternatives. Each (term, score) of `called` adds its score where the Document is called by the term.
        """
        query = self._tantivy.Query
        should = self._tantivy.Occur.Should
        clauses = []
        for alternatives in wanted:
            terms = [
                query.boost_query(query.term_query(self._schema, "terms", term), weight)
                for term, weight in alternatives
            ]
            clauses.append((should, query.disjunction_max_query(terms) if len(terms) > 1 else terms[0]))
        if not clauses or not len(self):
            return []
        for term, score in called:
            named = query.term_query(self._schema, "called", term, index_option="basic")
            clauses.append((should, query.const_score_query(named, score)))
        whole = query.boolean_query(clauses)
        if among is not None:
            allowed = query.term_set_query(self._schema, "number", list(among))
            whole = query.boolean_query(
                [(self._tantivy.Occur.Must, whole), (self._tantivy.Occur.Must, query.const_score_query(allowed, 0.0))]
            )
        return self._best(whole, k)

    def _best(self, query: Any, k: int) -> list[tuple[int, float]]:  # noqa: ANN401
        """The `k` best and those as good as the last."""
        asked = k + 1
        while True:
            hits = self._searcher.search(query, limit=asked, count=False).hits
            if len(hits) < asked or hits[-1][0] < hits[k - 1][0] * (1 - _TIE) or asked >= _MOST_TIES * k:
                break
            asked *= 2
        least = hits[min(k, len(hits)) - 1][0] * (1 - _TIE) if hits else 0.0
        hits = [hit for hit in hits if hit[0] >= least]
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        found = [(int(number), float(score)) for number, (score, _) in zip(numbers, hits, strict=True)]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def numbers(self) -> list[int]:
        """The numbers of all Chunks in it, in no order."""
        count = len(self)
        hits = self._searcher.search(self._tantivy.Query.all_query(), limit=max(count, 1), count=False).hits
        return list(self._searcher.fast_field_values("number", [address for _, address in hits]))


def _sweep(folder: Path) -> None:
    """Delete notes of deletions that a killed writer left uncommitted: the next would bear the same name, and fail."""
    segments = json.loads((folder / "meta.json").read_bytes())["segments"]
    kept = {
        f"{segment['segment_id'].replace('-', '')}.{segment['deletes']['opstamp']}.del"
        for segment in segments
        if segment.get("deletes")
    }
    for path in folder.glob("*.del"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def engine() -> str:
    """The name and version of what holds the index: another version may not read it."""
    return f"tantivy-{version('tantivy')}"

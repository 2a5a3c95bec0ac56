"""BM25 over our own terms. The only file that imports tantivy.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), k1 = 1.2, b = 0.75.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from functools import reduce
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

_HEAP = 64_000_000  # bytes of the writer's buffer
_TIE = 1e-6  # scores that differ by less than this share are equal: sums are rounded as segments have them
SATURATED = 2.2  # k1 + 1: what a term can count at most, in idf
_MOST_TIES = 4  # times k
_LIKELY = 2  # times k: of how many Chunks the exact score is looked at first
_KEPT_TERMS = 16_384
_SMALL = 100_000  # Chunks, of which all that have a word are looked at
_FEW = 500  # Chunks that are looked at one by one

Field = Literal["terms", "called"]

Query = Any  # of tantivy, which has no types


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
        beside: Collection[int] = (),
    ) -> list[tuple[int, float]]:
        """(number, BM25) of the `k` best Chunks, and of those as good as the last, for words that are each one of several
        (term, weight) alternatives, best first. Each (term, score) of `called` adds its score where the Document is called
        by the term. The Chunks `beside` are given too where they have anything of this.
        """
        if not wanted or not len(self):
            return []
        each = [*self._words(wanted), *self._named(called)]
        if among is None and not called:
            found = self._likely(wanted, each, k, set(beside))
            if found is not None:
                return _ordered(found)
        if among is not None and len(among) <= _FEW:
            scores = _best_of(self._scores(each, among), k)
        else:
            scores = dict(self._best(self._whole(each, among), k))
        return _ordered({**self._scores(each, [number for number in beside if number not in scores]), **scores})

    def _likely(
        self, wanted: Sequence[Sequence[tuple[str, float]]], each: Sequence[Query], k: int, beside: set[int]
    ) -> dict[int, float] | None:
        """What `search` looks for, from the Chunks that the sum of all alternatives puts first; None where more is needed.

        The sum is no less than the score, and tantivy finds the best of it without a look at every Chunk (Ding and Suel,
        "Faster Top-k Document Retrieval Using Block-Max Indexes", SIGIR 2011).
        """
        asked = _LIKELY * k
        sums = self.sums(wanted, asked)
        scores = self._scores(each, {*sums, *beside})
        best = _best_of({number: scores[number] for number in sums}, k)
        if len(sums) == asked and min(sums.values()) >= min(best.values()) * (1 - _TIE):
            return None
        return {number: score for number, score in scores.items() if number in best or number in beside}

    def sums(self, wanted: Sequence[Sequence[tuple[str, float]]], k: int) -> dict[int, float]:
        """What all alternatives add up to, where only the best of a word's counts for the score: no less than it. Of the `k`
        Chunks for which it is most, most first.
        """
        hits = self._hits(self._sum(term for one in wanted for term in self._terms(one)), k)
        return {number: float(score) for number, (score, _) in zip(self._numbers(hits), hits, strict=True)}

    def likely(self, wanted: Sequence[Sequence[tuple[str, float]]], k: int) -> tuple[dict[int, float], bool]:
        """The most that the BM25 of Chunks can be, for the `k` of which that is most, and whether it is their BM25 itself.

        In a small index it takes no longer to know it than to bound it.
        """
        if len(self) > _SMALL:
            return self.sums(wanted, k), False
        return dict(self._best(self._sum(self._words(wanted)), k)), True

    def scores(self, wanted: Sequence[Sequence[tuple[str, float]]], numbers: Collection[int]) -> dict[int, float]:
        """The BM25, as `search` has it, of those of the Chunks with these numbers that have anything of this."""
        return self._scores(self._words(wanted), numbers)

    def _terms(self, alternatives: Sequence[tuple[str, float]]) -> list[Query]:
        query = self._tantivy.Query
        return [
            query.boost_query(query.term_query(self._schema, "terms", term), weight) for term, weight in alternatives
        ]

    def _words(self, wanted: Sequence[Sequence[tuple[str, float]]]) -> list[Query]:
        """For each word a query in which the best of its alternatives counts."""
        every = (self._terms(alternatives) for alternatives in wanted)
        return [self._tantivy.Query.disjunction_max_query(terms) if len(terms) > 1 else terms[0] for terms in every]

    def _named(self, called: Sequence[tuple[str, float]]) -> list[Query]:
        query = self._tantivy.Query
        return [
            query.const_score_query(query.term_query(self._schema, "called", term, index_option="basic"), score)
            for term, score in called
        ]

    def _sum(self, queries: Iterable[Query]) -> Query:
        return self._tantivy.Query.boolean_query([(self._tantivy.Occur.Should, query) for query in queries])

    def _of(self, numbers: Iterable[int]) -> Query:
        """The query of the Chunks with these numbers, which score 0: as a sum, since a set is sought in all the numbers."""
        query = self._tantivy.Query
        terms = (query.term_query(self._schema, "number", number, index_option="basic") for number in numbers)
        return query.const_score_query(self._sum(terms), 0.0)

    def _whole(self, queries: Sequence[Query], among: Sequence[int] | None) -> Query:
        """The sum of the queries, of all Chunks or of those with these numbers."""
        query, whole = self._tantivy.Query, self._sum(queries)
        if among is None:
            return whole
        allowed = query.const_score_query(query.term_set_query(self._schema, "number", list(among)), 0.0)
        return query.boolean_query([(self._tantivy.Occur.Must, allowed), (self._tantivy.Occur.Must, whole)])

    def _plus(self, first: Query, other: Query) -> Query:
        """What `first` meets, with what `other` adds to its score."""
        occur = self._tantivy.Occur
        return self._tantivy.Query.boolean_query([(occur.Must, first), (occur.Should, other)])

    def _scores(self, queries: Sequence[Query], numbers: Collection[int]) -> dict[int, float]:
        """The scores that the sum of the queries gives those of the Chunks with these numbers that it meets.

        One query is added to another, so that each looks at these Chunks alone: a sum of many looks at all that stand near.
        """
        if not numbers:
            return {}
        hits = self._hits(reduce(self._plus, queries, self._of(numbers)), len(numbers))
        found = zip(self._numbers(hits), hits, strict=True)
        return {number: float(score) for number, (score, _) in found if score > 0}

    def _hits(self, query: Query, limit: int) -> list[tuple[float, Any]]:
        hits: list[tuple[float, Any]] = self._searcher.search(query, limit=limit, count=False).hits
        return hits

    def _numbers(self, hits: Sequence[tuple[float, Any]]) -> list[int]:
        return [int(n) for n in self._searcher.fast_field_values("number", [address for _, address in hits])]

    def _best(self, query: Query, k: int) -> list[tuple[int, float]]:
        """The `k` best and those as good as the last."""
        asked = k + 1
        while True:
            hits = self._hits(query, asked)
            if len(hits) < asked or hits[-1][0] < hits[k - 1][0] * (1 - _TIE) or asked >= _MOST_TIES * k:
                break
            asked *= 2
        least = hits[min(k, len(hits)) - 1][0] * (1 - _TIE) if hits else 0.0
        hits = [hit for hit in hits if hit[0] >= least]
        return [(number, float(score)) for number, (score, _) in zip(self._numbers(hits), hits, strict=True)]

    def numbers(self) -> list[int]:
        """The numbers of all Chunks in it, in no order."""
        count = len(self)
        return self._numbers(self._hits(self._tantivy.Query.all_query(), max(count, 1)))


def _best_of(scores: dict[int, float], k: int) -> dict[int, float]:
    """The `k` best and those as good as the last."""
    least = sorted(scores.values(), reverse=True)[:k][-1] * (1 - _TIE) if scores else 0.0
    return {number: score for number, score in scores.items() if score >= least}


def _ordered(scores: dict[int, float]) -> list[tuple[int, float]]:
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


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

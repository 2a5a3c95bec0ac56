"""BM25 over our own terms. The only file that imports tantivy.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), k1 = 1.2, b = 0.75.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

_HEAP = 32_000_000  # bytes of the writer's buffer


class LexicalIndex:
    """Chunks under numbers, found by the terms in them; on disk, or in memory for a folder of None."""

    def __init__(self, folder: Path | None) -> None:
        import tantivy

        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("terms", stored=False, tokenizer_name="whitespace", index_option="freq")
        builder.add_integer_field("number", stored=True, indexed=True, fast=True)
        self._schema = builder.build()
        if folder is not None:
            folder.mkdir(exist_ok=True)
        self._index = tantivy.Index(self._schema, path=None if folder is None else str(folder))
        self._searcher = self._index.searcher()

    def update(self, added: Iterable[tuple[int, str]], removed: Iterable[int] = ()) -> None:
        """Add (number, terms with spaces between) rows and remove numbers, all or none."""
        writer = self._index.writer(_HEAP, 1)
        for number in removed:
            writer.delete_documents_by_term("number", number)
        for number, terms in added:
            document = self._tantivy.Document()
            document.add_text("terms", terms)
            document.add_integer("number", number)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self.reload()

    def reload(self) -> None:
        """See what has been committed since."""
        self._index.reload()
        self._searcher = self._index.searcher()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def frequency(self, term: str) -> int:
        """In how many Chunks the term stands."""
        return int(self._searcher.doc_freq("terms", term))

    def idf(self, term: str) -> float:
        """The inverse document frequency of a term; of one that stands nowhere, the greatest."""
        count, frequency = len(self), self.frequency(term)
        return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))

    def search(
        self, wanted: Sequence[Sequence[tuple[str, float]]], k: int, among: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """(number, BM25) of the `k` best Chunks for words that are each one of several (term, weight) alternatives."""
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
        whole = query.boolean_query(clauses)
        if among is not None:
            allowed = query.term_set_query(self._schema, "number", list(among))
            whole = query.boolean_query(
                [(self._tantivy.Occur.Must, whole), (self._tantivy.Occur.Must, query.const_score_query(allowed, 0.0))]
            )
        hits = self._searcher.search(whole, limit=k).hits
        found = [(int(self._searcher.doc(address)["number"][0]), float(score)) for score, address in hits]
        return sorted(found, key=lambda item: (-item[1], item[0]))

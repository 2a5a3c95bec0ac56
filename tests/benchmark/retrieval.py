"""Retrieval: the passage that answers, found by BM25 of words, of bigrams, of both, by meaning alone, and as shipped.

Every way ranks the same Chunks; a text ranks as its best Chunk does. What is shipped is `index.wanted` and
`index.retrieve` themselves, as a Library calls them.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.embed import Embedder, load_embedder
from index.lexical import LexicalIndex
from index.lexicon import Lexicon
from index.names import respelled, spelled_names
from index.retrieve import Sought, ranked
from index.tokens import tokenize, words
from index.vectors import FaissStore
from index.wanted import wanted_terms
from tests.benchmark.passages import REWORDED, Pool, Question, english_pool, news_pool, reports_pool
from tests.benchmark.score import Lines, Measure, Score

MOST = 300  # questions of a set
_DEPTH = 60  # Chunks that a single way ranks
_FEW_SHARED = 0.4  # of a question's idf: a question that shares less with its text is said in other words
_AIMS = {  # (floor, aim) of what is shipped: R@1, R@5
    "asked of": ((0.55, 0.75), (0.75, 0.92)),
}
_COLD = (
    "import time; started = time.perf_counter()\n"
    "from chat import ReportChat\n"
    "ReportChat.from_texts({'a': '截至2023年末,公司服务客户12万户。'}).ask('服务了多少客户?')\n"
    "print(time.perf_counter() - started)"
)

Way = Callable[[str], list[tuple[int, float]]]


@dataclass
class Index:
    """A pool, indexed in every way."""

    owner: list[int]  # the text of each Chunk
    lexical: dict[str, LexicalIndex]
    dense: FaissStore
    embedder: Embedder
    names: dict[str, list[str]]

    @classmethod
    def of(cls, pool: Pool, embedder: Embedder) -> Index:
        """Index every Chunk of the pool."""
        chunks = list(pool.chunks())
        lexical = {way: LexicalIndex(None) for way in _TERMS}
        for way, terms in _TERMS.items():
            lexical[way].add((number, " ".join(terms(text))) for number, (_, text) in enumerate(chunks))
            lexical[way].commit()
        dense = FaissStore(embedder.dimension)
        for at in range(0, len(chunks), 2000):
            some = [text for _, text in chunks[at : at + 2000]]
            dense.add(range(at, at + len(some)), embedder.encode_document(some))
        names = defaultdict(list)
        asked = {question.answer for questions in pool.sets.values() for question in questions}
        for number in sorted(asked):
            for spelling, name in spelled_names(pool.texts[number]):
                names[spelling].append(name)
        return cls([number for number, _ in chunks], lexical, dense, embedder, names)

    def ways(self) -> dict[str, Way]:
        """The ways of ranking, by name; the last is what is shipped."""

        def by_words(way: str) -> Way:
            return lambda text: self.lexical[way].search(
                [((term, 1.0),) for term in dict.fromkeys(_TERMS[way](text))], _DEPTH
            )

        def by_meaning(text: str) -> list[tuple[int, float]]:
            scores, numbers = self.dense.search(self.embedder.encode_query([text]), _DEPTH)
            return list(zip(numbers.tolist(), scores.tolist(), strict=True))

        return {
            **{f"BM25 {way}": by_words(way) for way in _TERMS},
            "meaning alone": by_meaning,
            "shipped": self.shipped,
        }

    def shipped(self, text: str) -> list[tuple[int, float]]:
        """As a Library ranks."""
        lexical = self.lexical["both"]
        look_up = lambda latin: self.names.get(latin, ())  # noqa: E731
        wanted = wanted_terms(text, lexical, Lexicon.load(), lambda latin: respelled(latin, look_up))
        found = ranked(Sought(wanted, self.embedder.encode_query([text])), lexical, self.dense)
        return [(one.number, one.rank) for one in found]

    def place(self, way: Way, question: Question) -> int:
        """At which place the right text stands; a large number where it is not among the first ten."""
        texts = list(dict.fromkeys(self.owner[number] for number, _ in way(question.text)))[:10]
        return texts.index(question.answer) + 1 if question.answer in texts else sys.maxsize


def _bigrams(text: str) -> list[str]:
    return [term for term in tokenize(text) if len(term) == 2 or term.isascii()]


_TERMS: dict[str, Callable[[str], list[str]]] = {"words": words, "bigrams": _bigrams, "both": tokenize}


def run(data: Path) -> Lines:
    """Each set of questions by each way, then how fast it is."""
    embedder = load_embedder(None)
    reworded: list[Score | Measure] = []
    for pool in (reports_pool(data, "report", "zh"), reports_pool(data, "report", "en"), english_pool(data, "report")):
        for line in _scores(pool, Index.of(pool, embedder)):
            reworded += [line] if REWORDED in line.name else []
            yield line
    yield _gain(reworded)
    pool = news_pool(data, "report")
    index = Index.of(pool, embedder)
    pool.sets["CRUD-RAG and CMRC 2018, few words shared"] = _few_shared(pool, index)
    yield from _scores(pool, index)
    yield from _speed(pool, index)


def _scores(pool: Pool, index: Index) -> Iterator[Score | Measure]:
    for title, every in pool.sets.items():
        questions = random.Random(1).sample(every, min(MOST, len(every)))
        for name, way in index.ways().items():
            places = [index.place(way, question) for question in questions]
            for depth in (1, 5):
                right = sum(place <= depth for place in places)
                wanted = next((aims[depth > 1] for part, aims in _AIMS.items() if part in title), (None, None))
                told = wanted if name == "shipped" and title.startswith("reports") else (None, None)
                yield Score(f"{title}: {name}, R@{depth}", right, len(places), *told)
            mean = sum(1 / place for place in places if place <= 10) / max(len(places), 1)
            yield Measure(f"{title}: {name}, MRR@10", f"{100 * mean:.1f}")


def _gain(lines: Sequence[Score | Measure]) -> Measure:
    """How far what is shipped is above the best BM25 on questions in other words than their passage's, of both languages."""
    right: dict[str, int] = defaultdict(int)
    asked: dict[str, int] = defaultdict(int)
    for line in lines:
        if isinstance(line, Score) and line.name.endswith("R@5"):
            way = line.name.rsplit(": ", 1)[1]
            right[way] += line.right
            asked[way] += line.of
    share = {way: 100 * right[way] / asked[way] for way in right}
    gain = share["shipped, R@5"] - max(value for way, value in share.items() if way.startswith("BM25"))
    n = asked["shipped, R@5"]
    return Measure(f"{REWORDED}, R@5 over the best BM25", f"{gain:+.1f} points  (n = {n})", "floor +10  aim +20")


def _few_shared(pool: Pool, index: Index) -> list[Question]:
    """The questions that have less than a share of their words, by idf, in the text that answers."""
    lexical = index.lexical["words"]
    found = []
    for title in ("CRUD-RAG", "CMRC 2018"):
        for question in pool.sets[title]:
            asked = {term: lexical.idf(term) for term in words(question.text)}
            held = set(words(pool.texts[question.answer]))
            if sum(idf for term, idf in asked.items() if term in held) < _FEW_SHARED * sum(asked.values()):
                found.append(question)
    return found


def _speed(pool: Pool, index: Index) -> Iterator[Measure]:
    texts = [text[:200] for text in pool.texts if len(text) >= 200][:4000]
    started = time.perf_counter()
    index.embedder.encode_document(texts)
    rate = len(texts) / (time.perf_counter() - started)
    yield Measure("passages of 200 characters embedded a second, one core", f"{rate:,.0f}", "floor 3,000  aim 15,000")
    questions = [question.text for questions in pool.sets.values() for question in questions[:50]]
    yield Measure(f"a question over {len(index.owner):,} chunks", f"{_median_ms(index.shipped, questions):.1f} ms")
    few = Pool(pool.texts[:250])
    small = Index.of(few, index.embedder)
    yield Measure(f"a question over {len(small.owner):,} chunks", f"{_median_ms(small.shipped, questions):.1f} ms")
    spent = min(
        float(subprocess.run([sys.executable, "-c", _COLD], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    )
    yield Measure("models loaded and the first question answered, cold", f"{spent:.1f} s", "floor 2 s  aim 1 s")


def _median_ms(answer: Way, questions: Sequence[str]) -> float:
    spent = []
    for question in questions:
        started = time.perf_counter()
        answer(question)
        spent.append(time.perf_counter() - started)
    return 1000 * sorted(spent)[len(spent) // 2]

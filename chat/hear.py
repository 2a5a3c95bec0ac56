"""A question heard: read, its typing errors mended by what the library speaks of, and the passages to read retrieved.

A question on several companies or several years becomes one on each: "云岭银行和南屏银行的不良率" asks two things.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chat.aid import Aid
from chat.extract import Extractor
from chat.names import names_in
from chat.pinyin_names import in_chinese, in_passages
from chat.question import Question, understand
from chat.spelling import mended
from index.lexicon import Lexicon
from index.library import Library
from index.types import Hit
from ingest.figures import find_figures
from ingest.fold import fold
from ingest.types import Figure

HITS = 16  # Chunks read for one question
_HAN = re.compile(r"[\u3400-\u9fff]")
_NAMED = 8  # Chunks that are looked through for reports of whom the question names
_MOST_REPORTS = 6  # of one company that are looked through
_MOST_PARTS = 6
_JOINS = re.compile(r"\s*(?:、|,|和|与|跟|及|以及|还有|&|,? ?\band\b|vs\.?)\s*(?:of |in |at |for |the )*\s*")
_YEARS = re.compile(r"(?<![0-9.,])((?:19|20)[0-9]{2})(?=\s*(?:、|,|和|与|跟|及|&|and\b)\s*(?:in )?(?:19|20)[0-9]{2})")

_YEAR_BEFORE = re.compile(
    r"((?:19|20)[0-9]{2})((?P<year>年?)(?:底|末)?\s*(?:、|和|与|跟|及|,? ?\band)\s*)(?:(?:前|上)一?年|去年|the (?:year before|previous year|prior year))"
)
_BODY_AFTER = re.compile(r"(?: (?:[A-Z][\w&-]*|plc))*(?:'s)?(?= |[?,.]|$)")
_LAST_YEAR = re.compile(r"((?:19|20)[0-9]{2})\s*(?:[这這])?[两兩三四]个?年度?")  # 2022、2023两年


@dataclass(frozen=True, slots=True)
class Heard:
    """A question as read, the names that it asks of, and the Hits to read."""

    asked: Question
    names: Sequence[str]
    hits: list[Hit]


class Listener:
    """Hears questions for a Library."""

    def __init__(self, library: Library, extractor: Extractor, aid: Aid | None = None) -> None:
        self._library = library
        self._aid = aid
        self._extractor = extractor
        self._lexicon = Lexicon.load()

    def hear(
        self, question: str, documents: Collection[str] | None = None, cancelled: threading.Event | None = None
    ) -> list[Heard]:
        """The question, or what it asks of each of several companies or years; `documents` as `ReportChat.ask` has it."""
        asked = understand(question)
        if not asked.folded or not self._library.documents():
            return [Heard(asked, (), [])]
        years = (asked if year == asked.text else understand(year) for year in of_each_year(asked.text))
        parts = [one for year in years for one in self._of_each(year, documents, cancelled)]
        return [replace(one, asked=replace(one.asked, language=asked.language)) for one in parts[:_MOST_PARTS]]

    def _of_each(
        self, asked: Question, documents: Collection[str] | None, cancelled: threading.Event | None
    ) -> Iterator[Heard]:
        heard = self._hear(asked, documents, cancelled)
        parts = of_each_name(heard.asked.text, self._apart(heard))
        if len(parts) < 2:
            yield heard
        else:
            yield from (self._hear(understand(part), documents, cancelled) for part in parts)

    def _hear(self, asked: Question, documents: Collection[str] | None, cancelled: threading.Event | None) -> Heard:
        asked = _reread(asked, in_chinese(asked.text, self._library.names_by_pinyin))
        hits = self._library.retrieve(asked.search_text, HITS, documents=documents)
        for put in (self._in_passages, self._mended):
            said = put(asked, hits)
            if said != asked.text:
                asked = _reread(asked, said)
                hits = self._library.retrieve(asked.search_text, HITS, documents=documents)
        if self._aid is not None:

            def retrieve(wording: str) -> list[Hit]:
                return self._library.retrieve(wording, HITS, documents=documents)

            hits = self._aid.found(asked.text, hits, retrieve, cancelled)
        names = names_in(asked.text, self._extractor.subjects(hits))
        return Heard(asked, names, self._with_more_of(names, asked, hits, documents))

    def _in_passages(self, asked: Question, hits: Sequence[Hit]) -> str:
        """The question with the names that it spells in pinyin as Chinese passages among the Hits have them."""
        found = [hit.chunk for hit in hits if _HAN.search(hit.chunk.text)]
        if asked.language != "en" or not found:
            return asked.text
        passages = fold("\n".join(f"{chunk.above}\n{chunk.text}" for chunk in found))
        return in_passages(asked.text, self._library.names_by_pinyin, passages)

    def _mended(self, asked: Question, hits: Sequence[Hit]) -> str:
        """The question with its misspelt words as the Hits have them."""
        known, near, spelled_so = self._known, self._lexicon.near, self._library.names_by_pinyin
        return mended(asked.text, self._extractor.sentences(hits), known, near, spelled_so, self._lexicon.spoken)

    def _with_more_of(
        self, names: Sequence[str], asked: Question, hits: list[Hit], documents: Collection[str] | None
    ) -> list[Hit]:
        """The Hits, and more from the reports of whom the question names: few of their passages name them again."""
        reports = self._extractor.reports_of(names, hits)
        if names and not reports:  # other words of the question led to other reports
            reports = self._extractor.reports_of(
                names, self._library.retrieve(" ".join(names), _NAMED, documents=documents)
            )
        if documents is not None:
            reports &= set(documents)
        if not 0 < len(reports) <= _MOST_REPORTS:
            return hits
        held = {hit.chunk.id for hit in hits}
        more = self._library.retrieve(_without(names, asked.search_text), HITS, documents=reports)
        return [*hits, *(hit for hit in more if hit.chunk.id not in held)]

    def _known(self, word: str) -> bool:
        """Whether a folded word is one, or spells a name of the library."""
        return bool(self._lexicon.translate(word) or self._library.names_by_pinyin(word))

    def _apart(self, heard: Heard) -> list[str]:
        """The names that different Documents are about."""
        reports = {name: frozenset(self._extractor.reports_of([name], heard.hits)) for name in heard.names}
        shared = [
            name
            for name, own in reports.items()
            if own and all(own.isdisjoint(o) for n, o in reports.items() if n != name)
        ]
        return shared if len(shared) > 1 else []


def _reread(asked: Question, said: str) -> Question:
    """A question as put in other words, which is answered in its own language."""
    return asked if said == asked.text else replace(understand(said), language=asked.language, pointed=asked.pointed)


def _without(names: Sequence[str], text: str) -> str:
    """A question without the names whose reports are searched: there all passages are about them."""
    folded = fold(text)
    for name in names:
        at = folded.find(name)
        if at >= 0:
            folded, text = folded[:at] + folded[at + len(name) :], text[:at] + text[at + len(name) :]
    return text


def of_each_name(text: str, names: Sequence[str]) -> list[str]:
    """The question asked of each of the folded `names` alone, where it joins them; else the question itself."""
    folded = fold(text)
    starts = sorted((at, at + len(name)) for name in names if (at := folded.find(name)) >= 0)
    places = [(at, after.end() if (after := _BODY_AFTER.match(text, end)) else end) for at, end in starts]
    return _each(text, folded, places)


def of_each_year(text: str) -> list[str]:
    """The question asked of each of several years alone, where it joins them; else the question itself."""
    text = _YEAR_BEFORE.sub(lambda match: f"{match[1]}{match[2]}{int(match[1]) - 1}{match['year']}", text)
    spelled = _YEARS.sub(r"\1年", _LAST_YEAR.sub(r"\1年", text)) if re.search(r"[\u3400-\u9fff]", text) else text
    dates = [one for one in find_figures(spelled) if one.kind == "date" and one.period]
    return _each(spelled, fold(spelled), [(one.start, one.end) for one in _of_years(dates)], or_else=text)


def _of_years(dates: Sequence[Figure]) -> Sequence[Figure]:
    years = [(date.period or "")[:4] for date in dates]
    return dates if len(set(years)) == len(dates) > 1 and all(year.isdigit() for year in years) else ()


def _each(text: str, folded: str, places: Sequence[tuple[int, int]], or_else: str | None = None) -> list[str]:
    """`text` with each of the joined `places` in the stead of all of them; itself where they are not joined."""
    joined = all(_JOINS.fullmatch(folded, end, start) for (_, end), (start, _) in itertools.pairwise(places))
    if len(places) < 2 or not joined:
        return [text if or_else is None else or_else]
    first, last = places[0][0], places[-1][1]
    return [text[:first] + text[start:end] + text[last:] for start, end in places]


def earlier_questions(history: Sequence[Any]) -> list[str]:
    """The questions in a history of strings, (question, answer) pairs or {"role", "content"} messages."""
    found: list[str] = []
    for turn in history:
        if isinstance(turn, str):
            found.append(turn)
        elif isinstance(turn, Mapping):
            if turn.get("role") == "user" and isinstance(turn.get("content"), str):
                found.append(turn["content"])
        elif isinstance(turn, Sequence) and turn and isinstance(turn[0], str):
            found.append(turn[0])
    return found

"""Questions become Cases: the features of all candidates of one Ask, and how right each is.

Every question of the project's own that a Document answers is asked a second time without that Document, among those
that speak of the same things in another year or of another company; of an organisation that the Document only
mentions; and of a metric like the one asked for that it does not state: then nothing is right. Questions of the
reading sets are asked of their own article, some among other articles; then their traps (`chat.train.traps`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from chat.candidates import Candidate
from chat.confidence import SPAN, family
from chat.evaluate import Expected, ExpectedFigure, is_figure
from chat.names import bodies, is_kind, names_in, own_name, profile
from chat.question import Question, understand
from chat.report_chat import ReportChat
from chat.train.reading import Asked
from index.lexicon import Lexicon
from index.tokens import words
from ingest.fold import fold
from ingest.types import Document

AROUND, NEARLY, RIGHT = 1, 2, 3  # grades: a sentence around the answer, a span with it or most of it, the answer
_SPARE = 6  # characters that an answer may be longer than the expected one
_SHORT = 40  # characters beyond which an answer is one around it
MOST = 0.4  # of an expected answer that is most of it
_OWN = (2, 4)  # characters that are an organisation's own in its name
_INVENTED = 0.4  # what a question with another metric put in counts: some read as nobody would ask


@dataclass(frozen=True, slots=True)
class Case:
    """One thing asked: `table` (n, columns) of its candidates, `grades` (n) from 0 to RIGHT, and what it counts.

    `says` (n) numbers what the candidates say, `ranges` (n, 3) are their documents (numbered), starts and ends. `source`
    is where it comes from and `group` what it must not be parted from when some are held back.
    """

    source: str
    group: str
    family: str
    trap: str
    table: npt.NDArray[np.float32]
    grades: npt.NDArray[np.int64]
    says: npt.NDArray[np.int64]
    ranges: npt.NDArray[np.int64]
    weight: float

    @property
    def answerable(self) -> bool:
        """Whether it is meant to have an answer."""
        return not self.trap

    def differ(self, first: int, others: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Which of the `others` are other answers than the `first` (as `chat.candidates.differ` has it)."""
        document, start, end = self.ranges[first]
        ranges = self.ranges[others]
        over = (ranges[:, 0] == document) & (ranges[:, 1] < end) & (start < ranges[:, 2]) & (self.family != "figure")
        differing: npt.NDArray[np.bool_] = (self.says[others] != self.says[first]) & ~over
        return differing


def grade(candidate: Candidate, expected: Expected, sought: str) -> int:
    """How right a candidate is where one of the family `sought` is asked for."""
    if not expected.found:
        return 0
    said = fold(candidate.sentence.document.text[candidate.start : candidate.end])
    if expected.figures:
        figure, quote = candidate.figure, fold(expected.quote or "")
        if figure is None:
            return AROUND if sought == SPAN and quote and quote in said else 0
        return RIGHT if said == quote or any(is_figure(figure, one) for one in expected.figures) else 0
    names = expected.names or ((expected.quote,) if expected.quote else ())
    return max((_grade(said, fold(name)) for name in names), default=RIGHT)


def _grade(said: str, answer: str) -> int:
    if answer in said:
        return RIGHT if len(said) <= len(answer) + _SPARE else NEARLY if len(said) <= _SHORT else AROUND
    return NEARLY if said in answer and len(said) >= MOST * len(answer) and len(said) > 1 else 0


def own_cases(chat: ReportChat, expected: Expected, left_out: float) -> Iterator[Case]:
    """The Cases of a question on the reports of the library; `left_out` is what one counts that has no answer there."""
    ids = {info.name: info.id for info in chat.library.documents()}
    place = ("own", expected.id)
    yield from cases(chat, expected, place, 1.0)
    if expected.found and expected.document in ids:
        nothing = Expected(expected.id, expected.question, expected.language, "left out", None, found=False)
        others = set(ids.values()) - {ids[expected.document]}
        yield from cases(chat, nothing, place, left_out, documents=others)
        document = chat.library.document(ids[expected.document])
        for other in _of_another_body(expected, document):
            yield from cases(chat, replace(nothing, kind="other body", question=other), place, left_out)
        for other in _of_another_metric(understand(expected.question), document):
            trap = replace(nothing, kind="other metric", question=other)
            yield from cases(chat, trap, place, left_out * _INVENTED)


def expected_of(item: Asked) -> Expected:
    """What is expected of a question of a reading set."""
    kind = item.kind
    asked = [one for one in item.figures() if (one.kind == "date") == (kind == "date")] or item.figures()
    figures = tuple(ExpectedFigure(one.value) for one in asked) if kind in ("figure", "date") else ()
    names = () if figures else (item.answer,)
    return Expected(item.id, item.question, item.language, kind, None, True, figures, names, item.answer)


def cases(
    chat: ReportChat,
    expected: Expected,
    place: tuple[str, str],
    weight: float,
    *,
    documents: set[str] | None = None,
) -> Iterator[Case]:
    """The Cases of a question, one for each of its Asks that has candidates; `place` is their source and group."""
    for heard in chat.hear(expected.question, documents=documents):
        for ask, found, table in chat.extractor.tables(heard.asked, heard.names, heard.hits):
            if found:
                trap = "" if expected.found else expected.kind or "trap"
                kind = family(ask.want)
                grades = np.array([grade(one, expected, kind) for one in found])
                yield Case(*place, kind, trap, table.astype(np.float32), grades, *_answers(found), weight)


def _answers(found: Sequence[Candidate]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """What the candidates say, numbered, and their ranges."""
    saying: dict[tuple[str, str], int] = {}
    documents: dict[str, int] = {}
    says = [saying.setdefault(one.says, len(saying)) for one in found]
    ranges = [(documents.setdefault(c.sentence.document.id, len(documents)), c.start, c.end) for c in found]
    return np.array(says), np.array(ranges)


def _of_another_body(expected: Expected, document: Document) -> Iterator[str]:
    """The question asked of an organisation that the Document only mentions."""
    text = fold(document.text)
    about = profile(document)
    mentioned = [name for name in sorted({text[start:end] for start, end in bodies(text)}) if _is_proper(name)]
    mentioned = [name for name in mentioned if not any(name in one or one in name for one in about.subjects)]
    asked = fold(expected.question)
    subject = next((name for name in sorted(about.subjects) if name in asked), None)
    if subject and mentioned:
        yield asked.replace(subject, _any(mentioned, asked))


def _is_proper(name: str) -> bool:
    """Whether it surely is a name, not words that end as names do: 汉曲乐器, but not 计划新增新能源."""
    own, lexicon = own_name(name), Lexicon.load()
    made = any(lexicon.listed(own[at : at + 2]) for at in range(len(own) - 1))
    return bool(
        own != name and _OWN[0] <= len(own) <= _OWN[1] and (lexicon.listed(name) or not made) and not is_kind(name)
    )


def _of_another_metric(question: Question, document: Document) -> Iterator[str]:
    """The question asked of something that ends alike, that reports state and this Document does not: 发电量 for 用电量."""
    lexicon = Lexicon.load()
    text = fold(document.text)
    here = set(words(text))
    names = " ".join(names_in(question.text, profile(document).subjects))
    terms = [term for term in question.terms if len(term.text) > 1 and term.text not in names and term.weight >= 1.0]
    if len(question.asks) > 1:
        return
    for term in sorted(terms, key=lambda term: (-term.weight, term.text)):
        others = [
            key
            for key in lexicon.terms
            if key != term.text
            and _ending(key) == _ending(term.text)
            and not (key in text or set(key.split()) <= here)
            and not any(form in text for form, _ in lexicon.translate(key))
            and key not in dict(lexicon.synonyms(term.text))
        ]
        if others and term.text in question.folded:
            yield question.folded.replace(term.text, _any(others, question.folded))
            return


def _ending(term: str) -> str:
    """The last word of a phrase, the last character of a Chinese word."""
    return term.split()[-1] if term.isascii() else term[-1]


def _any(choices: Sequence[str], key: str) -> str:
    """Any of the choices, but the same on every run."""
    return choices[sum(map(ord, key)) % len(choices)]

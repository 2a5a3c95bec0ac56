"""What a question asks for: its Asks, its period, and the words that say what it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from chat.ask import MAX_CHARACTERS, Ask, read_ask
from chat.asking import (
    MEASURE_AFTER,
    Form,
    forms_in,
)
from chat.cantonese import standard
from chat.conjuncts import apart_in, conjuncts, in_periods, parts_of, with_context
from chat.glossed import put_in_chinese
from chat.instructions import asked_part, is_money
from chat.terms import Term, blank
from ingest.figures import find_figures
from ingest.fold import fold, to_simplified
from ingest.types import Figure, FigureKind

Language = Literal["zh-Hans", "zh-Hant", "en"]
_OF_MONEY: tuple[FigureKind, ...] = ("money", "amount")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufeff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_REPORT = re.compile(
    r"((?:19|20)[0-9]{2})年?度?的?(?:[这那][份本个])?的?(?:esg|可持续发展|社会责任|环境、?社会及?与?(?:公司)?治理|企业社会责任)?(?:年度)?(?:报告|年报)"
    r"|\b((?:19|20)[0-9]{2})(?:'s)? (?:esg |sustainability |annual |integrated |csr )*report\b"
)
_FROM_TO = re.compile(
    r"((?:19|20)[0-9]{2}) ?[-–—~到至] ?((?:19|20)[0-9]{2})(?= ?(?:[这這那]|[两兩三四五六]年))"
)  # 2021到2023这三年
_THAT_YEAR = re.compile(r"((?:19|20)[0-9]{2}) ?(?:那|这|這)一?(?:年|个年度|個年度)")  # 2023那年
_SHORT_YEAR = re.compile(
    r"(?:(?<=^)|(?<=[ ,，。、(（]))(1[5-9]|2[0-9])年(?=[^0-9 来间前后内])"
)  # "Northmere 23年把..."
_IS = re.compile(r"\b([Ww]hat|[Ww]ho|[Ww]here|[Ww]hen|[Hh]ow)(?:['’]s|s)\b")  # "what's", "whats"
_AMERICA = re.compile(r"\b(?:USA|U\.S\.A\.|U\.S\.|US)(?![\w$])(?! (?:dollar|cent))")  # "us" says nothing


@dataclass(frozen=True, slots=True)
class Question:
    """A question as read: several Asks where several things are asked at once.

    `period` is ISO as in `Figure.period`, or None; `apart` are the Asks that its one Ask may be instead, where it names
    several things ("loans and deposits"); `report` is the year of the report that it asks of, where it says so; `given` are the values that the question itself states.
    """

    text: str
    folded: str
    language: Language
    asks: tuple[Ask, ...]
    apart: tuple[Ask, ...]
    period: str | None
    period_text: str
    report: str | None
    given: tuple[Decimal, ...]
    pointed: str = ""

    @property
    def search_text(self) -> str:
        """What to retrieve by: the question, and the words that it takes from an earlier one."""
        taken = [term.text for term in self.terms if term.text not in self.folded]
        return " ".join(part for part in (self.text, *taken, self.pointed) if part)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms of all its Asks, each once."""
        return tuple({term.text: term for ask in self.asks for term in ask.terms}.values())


def language_of(text: str) -> Language:
    """The language and script in which `text` is written; Chinese wherever a Chinese word carries the question."""
    han = len(_HAN.findall(text))
    if not han or han < len(_LATIN_WORD.findall(text)):
        return "en"
    return "zh-Hans" if to_simplified(text) == text else "zh-Hant"


def tidy(text: str) -> str:
    """`text` without control characters, its white space folded, cut at `MAX_CHARACTERS`; 2023那年 and 23年 are 2023年, and
    Cantonese is put in standard Chinese.
    """
    whole = text[: 4 * MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    read = " ".join(_CONTROL.sub(" ", whole).split())[:MAX_CHARACTERS]
    read = read.replace("甚麼", "什麼").replace("甚么", "什么")
    read = _IS.sub(r"\1 is", _AMERICA.sub("United States", read))
    return standard(_SHORT_YEAR.sub(r"20\1年", _THAT_YEAR.sub(r"\1年", _FROM_TO.sub(r"\1年到\2年", read))))


def understand(text: str) -> Question:
    """Read a question that stands alone; one that leans on others is made so by `chat.followup`."""
    return _read(tidy(text))


def _read(said: str) -> Question:
    text, pointed = asked_part(said)
    folded = fold(text)
    figures = find_figures(text)
    dates = [figure for figure in figures if figure.kind == "date" and figure.period]
    forms = forms_in(folded)
    dated = [(figure.start, figure.end) for figure in figures if not _numbers(figure)]
    bare = blank(folded, [*dated, *put_in_chinese(text)])
    asks = in_periods(_asks(folded, bare, forms), forms, dates, folded)
    if is_money(said) and asks[0].want == "text":  # "What is the goodwill? Answer in USD millions."
        asks = tuple(replace(ask, want="figure", kinds=_OF_MONEY) for ask in asks)
    apart = apart_in(folded, bare, forms, asks[0]) if len(asks) == 1 else ()
    return Question(
        text=text,
        folded=folded,
        language=language_of(text),
        asks=asks,
        apart=apart,
        period=dates[-1].period if dates else None,
        period_text=dates[-1].text if dates else "",
        report=next((match[1] or match[2] for match in _REPORT.finditer(folded)), None),
        given=tuple(figure.value for figure in figures if _states(figure)),
        pointed=pointed,
    )


def _states(figure: Figure) -> bool:
    return figure.kind != "date" and not _numbers(figure)


def _numbers(figure: Figure) -> bool:
    """Whether a figure may be part of a term, as in "Scope 1"."""
    return figure.kind == "ordinal" or (figure.kind == "amount" and not figure.unit and figure.value < 10)


def _asks(folded: str, bare: str, forms: list[tuple[Form, int, int]]) -> tuple[Ask, ...]:
    if not forms:
        return (read_ask(folded, bare, bare, (0, len(folded)), None, (0, 0)),)
    without = blank(bare, [(start, _measured_to(folded, start, end)) for _, start, end in forms])
    if len(forms) == 1:
        form, start, end = forms[0]
        whole = read_ask(folded, bare, without, (0, len(folded)), form, (start, end))
        return conjuncts(folded, without, whole)
    asks: list[Ask] = []
    for (form, start, end), part in zip(forms, parts_of(folded, forms), strict=True):
        ask = read_ask(folded, bare, without, part, form, (start, end))
        asks.append(with_context(ask, asks[-1]) if asks else ask)
    return tuple(asks)


def _measured_to(folded: str, start: int, end: int) -> int:
    """Where an interrogative ends with its measure word, which is no part of what follows: 多少人参保 asks of 参保."""
    measure = MEASURE_AFTER.match(folded, start) if _HAN.match(folded[start : start + 1]) else None
    return max(end, measure.end()) if measure else end

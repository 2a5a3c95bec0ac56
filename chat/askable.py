"""The question that a Figure answers, as a person would ask it: whose, what, when; "" where nobody would ask it so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chat import things
from chat.express import said_period, script
from chat.names import profile
from index.lexicon import Lexicon, key_of
from ingest.fold import fold
from ingest.types import Document, Figure
from ingest.units import find_unit, implied_unit

_LEAST_NAMED = 2  # times that a Document names whom it is about, where its title does not
_NO_NAME = re.compile(r"\d|^(?:股份|有限|集团|控股)?公司$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_STOCK = re.compile(r"(?:余额|资产|资产总额|负债|存款|存款总额|贷款|贷款总额|资本|市值|规模|现金)$")
_COUNTED_IN = frozenset(
    "家 个 名 座 辆 台 项 架 艘 所 间".split()
)  # measure words that read well before what they count
_OF_YEAR = re.compile(r"(\d{4})(?:-12-31)?")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a Document is about, as it names them, and the year that it reports on; "" for what is not known."""

    name: str = ""
    year: str = ""


def owner_of(document: Document) -> Owner:
    """Whom the Document's title names, else whom it names most, by a whole name."""
    folded, about, title = fold(document.text), profile(document), fold(document.title)
    names = sorted(about.subjects, key=lambda name: (name not in title, -folded.count(name), len(name)))
    for name in names:
        at = folded.find(name)
        sure = name in title or folded.count(name) >= _LEAST_NAMED
        if sure and at >= 0 and not _NO_NAME.search(name) and things.whole_words(folded, at, at + len(name)):
            return Owner(document.text[at : at + len(name)].removesuffix("股份"), (about.period or "")[:4])
    return Owner()


def question_of(figure: Figure, document: Document, owner: Owner, language: str) -> str:
    """The question, in the reader's language."""
    if not owner.name or not _is_of(figure, owner):
        return ""  # what another year had is told beside what the year had
    if language != "en" and (said := _of_deed(figure, document, owner, language)):
        return said
    thing = things.thing_of(figure, document, owner.name)
    if not thing:
        return ""
    when = _when(figure, thing, owner, language)
    return (
        _in_english(figure, thing, owner, when)
        if language == "en"
        else _in_chinese(figure, thing, owner, when, language)
    )


def _is_of(figure: Figure, owner: Owner) -> bool:
    """Whether the figure is of the year that is reported on."""
    match = _OF_YEAR.fullmatch(figure.period or "")
    return not match or not owner.year or match[1] == owner.year


def _when(figure: Figure, thing: str, owner: Owner, language: str) -> str:
    """The year, where the figure is of the one that is reported on; of what flows its whole, of what there is its end."""
    match = _OF_YEAR.fullmatch(figure.period or "")
    if not match or match[1] != owner.year:
        return ""
    flows = figure.kind in ("money", "percent") and not _STOCK.search(thing)
    return said_period(match[1] if flows else figure.period, language)


def _of_deed(figure: Figure, document: Document, owner: Owner, language: str) -> str:
    """The question how much was done, where the Figure tells of that in Chinese, for readers of Chinese."""
    by, deed = things.deed_of(figure, document)
    thing = things.done(figure) if deed else ""
    if not thing or figure.kind == "percent" or (figure.kind == "money") != _is_money(thing):
        return ""
    word = figure.unit if figure.kind == "amount" and figure.unit in _COUNTED_IN | {"种", "件", "条"} else ""
    when = "" if by else _when(figure, thing, owner, language)
    since = f"截至{when}，" if when.endswith("底") else ""
    return script(f"{since}{by or owner.name}{'' if since else when}{deed}了多少{word}{thing}？", language)


def _in_chinese(figure: Figure, thing: str, owner: Owner, when: str, language: str) -> str:
    had = bool(things.HAD.search(thing))
    if not _HAN.search(thing):
        had = things.head_of(thing) in things.HAD_ENGLISH
        thing = _term_in_chinese(thing)
    of = owner.name + ("" if _HAN.search(owner.name[-1]) else " ")
    fits = {
        "percent": things.SHARE.search(thing),
        "money": _is_money(thing),
        "amount": things.MEASURED.search(thing) if not _is_count(figure) else had,
    }
    if not thing or not fits[figure.kind]:
        return ""
    if figure.kind == "amount" and _is_count(figure):
        said = f"{of}{when}有多少{figure.unit if figure.unit in _COUNTED_IN else ''}{thing}？"
    else:
        said = f"{of}{when}的{thing}是多少？"
    return script(said, language)


def _in_english(figure: Figure, thing: str, owner: Owner, when: str) -> str:
    had, name = True, owner.name
    if _HAN.search(thing):
        had = bool(things.HAD.search(thing))
        thing = Lexicon.load().written(thing)
        thing = things.plural(thing) if thing and figure.kind == "amount" else thing
    if _HAN.search(name):
        name = Lexicon.load().written(fold(name))
    if not thing or not name:
        return ""
    head = things.head_of(thing)
    when = (f" at the {when}" if when.startswith("end") else f" in {when}") if when else ""
    of = f"{name}'" if name.endswith("s") else f"{name}'s"
    if figure.kind == "amount" and _is_count(figure):
        verb = "employ" if head in things.PEOPLE - {"employee"} else "have"
        fits = had and head in things.HAD_ENGLISH and (things.is_plural(thing) or head in things.PEOPLE)
        return f"How many {thing} did {name} {verb}{when}?" if fits else ""
    if figure.kind == "percent" and head not in things.SHARE_ENGLISH:
        return ""
    return f"What {'were' if things.is_plural(thing) else 'was'} {of} {thing}{when}?"


def _term_in_chinese(term: str) -> str:
    """An English term of reports in Chinese; "" where it is none."""
    found = Lexicon.load().translate(key_of(term.lower()))
    sure = found and found[0][1] >= 1.0 and _HAN.match(found[0][0])
    return things.whole_name(found[0][0]) if sure else ""


def _is_money(thing: str) -> bool:
    return implied_unit(thing) == "元" or thing.endswith(("金", "款"))


def _is_count(figure: Figure) -> bool:
    """Whether the Figure says how many, not how much (tonnes, kilowatt-hours)."""
    unit = find_unit(figure.unit)
    return figure.kind == "amount" and (unit is None or unit.family in ("count", "multiple", "age"))

"""Quantities in words beside plain numbers: shares (6成, 三分之一, one in five), dozens, ranks, ordinals and lone scales.

In: folded text. Out: Figures without period and label, form by form; what one form has found, a later one may find again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from ingest import qualifiers
from ingest.numbers import CHINESE_SCALES, ENGLISH_SCALES, LETTER_SCALES, NUMBER_WORDS, exact, parse_chinese
from ingest.types import Figure, FigureKind, Qualifier
from ingest.units import CURRENCIES, find_unit, unit_name

_N = r"[0-9]{1,9}(?:\.[0-9]{1,6})?|[一二两三四五六七八九十百]{1,8}"  # bounded, so that a long run is read once
_QB = r"(?P<q>超过|超|逾|近|约|接近|将近|不足|不到|至少|不低于|达到?|为)?"
_QA = r"(?P<s>以上|以下|左右|多)?"
_FRACTION_WORDS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "tenth": 10}
_COUNT_WORDS = {"a": 1, **NUMBER_WORDS}
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_QE = "(?P<q>over|more than|nearly|almost|about|around|roughly|at least|less than|under|approximately|some|just over)"

Build = Callable[[re.Match[str]], "tuple[FigureKind, Decimal, str] | None"]


def _number(text: str) -> Decimal:
    if text[0].isdigit():
        return Decimal(text)
    return parse_chinese("一" + text if text[0] == "百" else text) or Decimal(0)


def _share(value: Decimal) -> tuple[FigureKind, Decimal, str]:
    whole = exact(value)
    return "percent", whole if -whole.as_tuple().exponent <= 4 else round(whole, 4), "%"  # type: ignore[operator]


def _tenths(match: re.Match[str]) -> tuple[FigureKind, Decimal, str]:
    tens = _number(match["n"]) * 10
    return _share(tens + (_number(match["m"]) if match["m"] else 5 if match["h"] else 0))


def _parts(match: re.Match[str]) -> tuple[FigureKind, Decimal, str] | None:
    whole = _number(match["d"])
    return _share(_number(match["n"]) * 100 / whole) if whole else None


def _words_fraction(match: re.Match[str]) -> tuple[FigureKind, Decimal, str]:
    parts = _FRACTION_WORDS[match["d"].rstrip("s").replace("halve", "half")]
    return _share(Decimal(100 * _COUNT_WORDS[match["n"] or "one"]) / parts)


def _spoken(word: str) -> Decimal:
    return Decimal(word) if word[0].isdigit() else Decimal(_COUNT_WORDS[word])


def _one_in(match: re.Match[str]) -> tuple[FigureKind, Decimal, str]:
    return _share(100 * _spoken(match["n"] or match["n2"]) / _spoken(match["d"]))


def _accounting(match: re.Match[str]) -> tuple[FigureKind, Decimal, str]:
    scale = {**ENGLISH_SCALES, **LETTER_SCALES}.get(match["z"] or "", Decimal(1))
    return "money", -Decimal(match["n"].replace(",", "")) * scale, unit_name(CURRENCIES[match["c"]], chinese=False)


def _scale_alone(match: re.Match[str]) -> tuple[FigureKind, Decimal, str]:
    value = Decimal(1)
    for char in match["n"]:
        value *= CHINESE_SCALES[char]
    unit = find_unit(match["u"]) if match["u"] else None
    return (unit.kind, value, unit_name(unit, chinese=True)) if unit else ("amount", value, "")


def _rank(match: re.Match[str]) -> tuple[FigureKind, Decimal, str] | None:
    return "rank", _number(match["n"]), ""


def _ordinal(match: re.Match[str]) -> tuple[FigureKind, Decimal, str]:
    return "ordinal", _number(match["n"]) if match["n"] else Decimal(1), ""


_NTH = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}

# Name, what it always holds (found fast, so that few of the patterns are tried on a text), pattern, what it is worth.
_FORMS: tuple[tuple[str, str, re.Pattern[str], Build], ...] = (
    ("half", "一半|半数", re.compile(rf"(?P<pre>{_QB})(?P<n>一半|半数){_QA}(?![径导])"), lambda m: _share(Decimal(50))),
    ("more than half", "过半", re.compile(r"(?P<q>过)(?P<n>半)(?:数)?(?P<s>)(?![径导年天个小])"), lambda m: _share(Decimal(50))),
    ("tenths", "[0-9一二两三四五六七八九]成", re.compile(rf"{_QB}(?P<n>[0-9]{{1,3}}(?:\.[0-9]{{1,3}})?|[一二两三四五六七八九])成(?P<m>[一二三四五六七八九])?(?P<h>半)?{_QA}(?![立为员本功就交都果分品长绩年])"), _tenths),
    ("parts", "分之", re.compile(rf"{_QB}(?P<d>{_N})分之(?P<n>{_N}(?:点[一二三四五六七八九零]+)?){_QA}"), _parts),
    ("fraction", "half|halves|third|quarter|fifth|sixth|eighth|tenth", re.compile(rf"(?<![a-z])(?:{_QE} )?(?:(?P<n>a|one|two|three|four|five)[ -])?(?P<d>half|halves|(?<=[ -])(?:thirds?|quarters?|fifths?|sixths?|eighths?|tenths?))(?P<s>)(?= of\b| the\b|,|\.(?!\d)|;| ?[(（)）\]]| ?$| (?:are|were|is|was|came|come|have|had)\b)(?<!\bfirst half)(?<!\bsecond half)(?<!(?<!one )(?<!a )(?<!ree )(?<!one-)(?<!ree-)quarter)"), _words_fraction),
    ("one in five", " in | out of ", re.compile(rf"(?<![a-z])(?:{_QE} )?(?:(?P<n>{_UNITS})(?: in| in every| out of| out of every)|(?P<n2>[0-9]{{1,2}})(?: in every| out of| out of every)) (?P<d>{_UNITS}|ten|twenty|100|10|20|[2-9])(?P<s>)(?= [a-z])"), _one_in),
    ("dozen", " dozen", re.compile(rf"(?<![a-z])(?:{_QE} )?(?P<n>a|{_UNITS}) dozen(?P<s>)(?![a-z])"), lambda m: ("amount", Decimal(12 * _COUNT_WORDS[m["n"]]), "")),
    ("fold", "fold", re.compile(rf"(?<![a-z0-9.])(?:{_QE} )?(?P<n>{_UNITS}|ten|[0-9]{{1,4}}(?:\.[0-9]{{1,3}})?)[ -]?fold(?P<s>)(?![a-z])"), lambda m: ("amount", _spoken(m["n"]), "times")),
    ("accounting", "[$€£¥][(]", re.compile(r"(?P<q>)(?P<c>[$€£¥])\((?P<n>[0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]{1,6})?)\)(?: ?(?P<z>thousand|million|billion|trillion|bn|mn|m|k)(?![a-z]))?(?P<s>)"), _accounting),
    ("rank", "前", re.compile(r"(?P<q>)前 ?(?P<n>[0-9]{1,4}|[二三四五六七八九十百]{1,3})(?:名|位|强|大)?(?P<s>)(?![0-9.]|年|个?月|期|季|天|日|半|次|款|项|述|后|所)"), _rank),
    ("rank", "top", re.compile(r"(?P<q>)(?<![a-z])top[ -](?P<n>[0-9]{1,4})(?P<s>)(?![0-9%])"), _rank),
    ("ordinal", "第", re.compile(r"(?P<q>)第 ?(?P<n>[0-9]{1,4}|[一二三四五六七八九十百]{1,4})(?P<s>)(?![0-9]|季|财季)"), _ordinal),
    ("ordinal", "首", re.compile(r"(?P<q>)首(?P<n>)(?:批|次|个|家|款|份|套|笔|届|期|名)(?P<s>)"), _ordinal),
    ("ordinal", "[0-9](?:st|nd|rd|th)", re.compile(r"(?P<q>)(?<![a-z0-9])(?P<n>[0-9]{1,3})(?:st|nd|rd|th)(?P<s>)(?![a-z])"), _ordinal),
    ("ordinal", "|".join(_NTH), re.compile(rf"(?P<q>)(?<![a-z-])(?P<n>{'|'.join(_NTH)})(?P<s>)(?![a-z-]|s)"), lambda m: ("ordinal", Decimal(_NTH[m["n"]]), "")),
    ("hundreds", "[破超过逾近上][百千]", re.compile(r"(?P<q>突破|破|超过|超|过|逾|近|上)(?P<n>[百千])(?P<u>家|户|人次|人|名|位|个|项|种|座|所|条|件|台|年|天|吨|元|亩|公里)(?P<s>)"), _scale_alone),
    ("scale alone", "[破超过逾近][万千百十亿]", re.compile(r"(?P<q>突破|破|超|过|逾|近)(?P<n>万亿|千亿|百亿|十亿|千万|百万|十万|亿|万)(?P<u>美元|元|家|户|人次|人)?(?P<s>)(?![科豪])"), _scale_alone),
)  # fmt: skip
_SPECIAL = tuple((name, re.compile(core), pattern, build) for name, core, pattern, build in _FORMS)
_QUALIFIERS: dict[str, Qualifier] = {
    "过": "over", "以上": "at_least", "以下": "at_most", "左右": "about", "多": "over", "just over": "over",
}  # fmt: skip


def worded(folded: str, text: str) -> Iterator[Figure]:
    """The quantities in words of a text; `folded` is the text folded."""
    for name, core, pattern, build in _SPECIAL:
        for match in pattern.finditer(folded) if core.search(folded) else ():
            found = _figure(folded, text, name, match, build)
            if found is not None:
                yield found


def _figure(folded: str, text: str, name: str, match: re.Match[str], build: Build) -> Figure | None:
    start, end = match.span()
    before = match["q"] or ""
    qualifier = _qualifier(before, match["s"] or "")
    if before in ("达", "达到", "为") or (before and not qualifier):
        start += len(before)
    if name == "half" and not (before or match["s"] or "一半" in match[0]):
        return None
    if name == "scale alone" and start and (folded[start - 1].isdigit() or folded[start - 1] in "一二三四五六七八九十"):
        return None
    built = build(match)
    if built is None:
        return None
    kind, value, unit = built
    return Figure(text[start:end], start, end, kind, value, unit=unit, qualifier=qualifier)


def _qualifier(before: str, after: str) -> Qualifier:
    for word in (before, after):
        if word in _QUALIFIERS:
            return _QUALIFIERS[word]
        if word:
            name, start = qualifiers.before(word, len(word))
            if name and start == 0:
                return name
    return ""

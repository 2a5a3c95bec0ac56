"""Quantities as they are printed: numbers with currency, unit and qualifier, shares in words, ranks and ordinals.

In: folded text. Out: Figures without period and label, in order and without overlap; what a date covers is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from ingest import qualifiers
from ingest.numbers import (
    CHINESE_DIGITS,
    CHINESE_SCALES,
    ENGLISH_SCALES,
    LETTER_SCALES,
    NUMBER_WORDS,
    Number,
    exact,
    parse_chinese,
    read_number,
)
from ingest.openings import beginning, opening
from ingest.types import Figure, FigureKind, Qualifier
from ingest.unit_table import Unit
from ingest.units import CURRENCIES, find_unit, read_per, read_unit, unit_name

_HAN = re.compile(r"[\u3400-\u9fff]")
_N = r"[0-9]{1,9}(?:\.[0-9]{1,6})?|[一二两三四五六七八九十百]{1,8}"  # bounded, so that a long run is read once
_QB = r"(?P<q>超过|超|逾|近|约|接近|将近|不足|不到|至少|不低于|达到?|为)?"
_QA = r"(?P<s>以上|以下|左右|多)?"
_CURRENCY = "|".join(sorted((re.escape(name) for name in CURRENCIES), key=len, reverse=True))
_PRICED = re.compile(rf"(?:(?<![a-z])(?:{_CURRENCY})) ?$")
_PRICES_END = frozenset(name[-1] for name in CURRENCIES)
_NUMERALS, _FORMAL = "一二两三四五六七八九十", "壹贰叁肆伍陆柒捌玖"
_RANGE = re.compile(
    r" ?(?P<percent>%)? ?(?P<unit>元|万元|亿元|年|个月|家|户|人|吨)?(?P<to>[-–—~至到]| to | and ) ?(?P<money>[$€£¥])?(?=[0-9一二三四五六七八九十])"
)
# 一 alone is an article: it counts where a numeral goes on behind it, or a range.
_NUMERAL_GOES_ON = (
    rf"(?<!一)|(?=[{''.join({**CHINESE_DIGITS, **CHINESE_SCALES})}点余多]|{re.sub('P<[a-z]+>', ':', _RANGE.pattern)})"
)
_START = opening(
    f"0-9a-z{_NUMERALS}{_FORMAL}",
    r"(?<=[0-9])(?<![0-9.][0-9])",
    rf"(?<=[{_NUMERALS}])(?<![{_NUMERALS}百千万亿第][{_NUMERALS}])(?:{_NUMERAL_GOES_ON})",
    rf"(?<=[{_FORMAL}])(?<![{_FORMAL}拾佰仟万亿][{_FORMAL}])(?=[拾佰仟万亿])",
    beginning(
        "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
        "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|half a |a hundred|a million|a billion|a thousand"
    ),
)
# "rose from $5 million to $7 million" is of two values, "ranges from 5 to 10 percent" of one range.
_CHANGED = re.compile(
    r"\b(?:rose|rise[ns]?|rising|gr[eo]w(?:n|s|ing)?|went|go(?:ne|es|ing)?|up|down|(?:increas|decreas|declin|rais|reduc|improv|chang|mov)(?:e|es|ed|ing)|"
    r"fell|fall(?:en|s|ing)?|(?:climb|jump|expand|lower|widen|narrow)(?:s|ed|ing)?|drop(?:s|ped|ping)?|cut|shr[aiu]nk)\b[^.;]{0,30}\bfrom [^ ]{0,4}$"
)
_MINUS = re.compile(r"(?<![0-9万亿])[\u3400-\u9fff]-$")  # 净利润-1.2亿, but not 10家-20家
_BRACKET = re.compile(r"[(（] ?$")
_IDENTIFIER = re.compile(r"(?:[a-z][a-z]*[-_./]?|[0-9][-./:]|#)$")
# What is numbered, not counted: Scope 1, Tier 2 capital, Note 12.
_NUMBERED = re.compile(
    r"(?<![a-z])(?:scopes?|tiers?|types?|phases?|levels?|categor(?:y|ies)|class|articles?|sections?|chapters?|tables?|"
    r"figures?|notes?|pages?|parts?|stages?|items?|appendix|annex|grade|version|model|goals?|sdgs?|rules?|no\.|nos\.)"
    r"(?: [0-9]{1,3}(?:,| and| or| &|-| to))? ?$"
)
_IDENTIFIED = re.compile(r"[-_]?[a-z](?![a-z]{0,12}\b)|\.[0-9]+\.|\.(?:sh|sz|hk|ss)\b|:[0-9]{2}")
_SERIAL = re.compile(r"[0-9]{16,}")  # of a contract, a card or a person: more than any sum that is printed
_NAMED = re.compile(
    r"^(?:[一二两三四五六七八九十]{1,2})(?:些|切|直|度|般|样|起|同|致|律|向|定|旦|面|方|边|下|次性|体|带|贯|点|流|线|站|步|手|心|生|时|经|再|味|大批|代|期|级|类|区|层|楼|月|日|号|星|分|来|举|更|农)"
)
# What is no figure at all: footnote marks, decades, telephone numbers, round the clock.
_MARK = opening(
    r"0-9\[【",
    r"(?<=[\[【])[0-9]{1,3}[\]】]",
    r"(?<=[12])(?<![0-9].)(?:(?<=1)9|(?<=2)0)[0-9]0'?s\b",
    r"(?<=[0-9])(?<![0-9.,-].)[0-9]{0,3}(?:-[0-9]{3,4}){2,3}(?![0-9-])",
    r"(?<=0)(?<![0-9.,-].)[0-9]{2,3}-[0-9]{7,8}(?![0-9-])",
    r"(?<=2)(?<![0-9/].)4/7(?![0-9/])",
)
_STANDARD = re.compile(
    r"(?<![a-z])(?:iso|iec|gb|ohsas|sa|ifrs|hkfrs|ias|gri|astm|din|jis|yd|jr|hj|rfc|une|nist)(?:/[a-z]{1,4})* ?-?$"
)

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
    ("fraction", "half|halves|third|quarter|fifth|sixth|eighth|tenth", re.compile(rf"(?<![a-z])(?:{_QE} )?(?:(?P<n>a|one|two|three|four|five)[ -])?(?P<d>half|halves|(?<=[ -])(?:thirds?|quarters?|fifths?|sixths?|eighths?|tenths?))(?P<s>)(?= of\b| the\b|,|\.(?!\d)|;| ?[(（)）\]]| ?$| (?:are|were|is|was|came|come|have|had)\b)(?<!\bfirst half)(?<!\bsecond half)(?<!first quarter)"), _words_fraction),
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
SPECIAL = tuple((name, re.compile(core), pattern, build) for name, core, pattern, build in _FORMS)
_QUALIFIERS: dict[str, Qualifier] = {
    "过": "over", "以上": "at_least", "以下": "at_most", "左右": "about", "多": "over", "just over": "over",
}  # fmt: skip
_GENERIC_THIRD = re.compile(r"(?:^|[^a-z])(?:third|fourth|fifth)$")


def quantities(folded: str, text: str, taken: bytearray) -> list[Figure]:
    """The quantities of `folded`, skipping the characters marked in `taken` and marking those found."""
    for match in _MARK.finditer(folded):
        _take(taken, match.start(), match.end())
    found = [figure for figure in _special(folded, text, taken)]
    found += _plain(folded, text, taken)
    return sorted(found, key=lambda figure: figure.start)


def _take(taken: bytearray, start: int, end: int) -> None:
    taken[start:end] = b"\x01" * (end - start)


def _special(folded: str, text: str, taken: bytearray) -> Iterator[Figure]:
    for name, core, pattern, build in SPECIAL:
        for match in pattern.finditer(folded) if core.search(folded) else ():
            start, end = match.span()
            before = match["q"] or ""
            qualifier = _qualifier(before, match["s"] or "")
            if before in ("达", "达到", "为") or (before and not qualifier):
                start += len(before)
            if any(taken[start:end]) or (name in ("half",) and not (before or match["s"] or "一半" in match[0])):
                continue
            if (
                name == "scale alone"
                and start
                and (folded[start - 1].isdigit() or folded[start - 1] in "一二三四五六七八九十")
            ):
                continue
            built = build(match)
            if built is None:
                continue
            kind, value, unit = built
            _take(taken, start, end)
            yield Figure(text[start:end], start, end, kind, value, unit=unit, qualifier=qualifier)


def _qualifier(before: str, after: str) -> Qualifier:
    for word in (before, after):
        if word in _QUALIFIERS:
            return _QUALIFIERS[word]
        if word:
            name, start = qualifiers.before(word, len(word))
            if name and start == 0:
                return name
    return ""


def _plain(folded: str, text: str, taken: bytearray) -> Iterator[Figure]:
    position = 0
    while match := _START.search(folded, position):
        at = match.start()
        position = at + 1
        if taken[at]:
            continue
        priced = _priced(folded, at)
        number = read_number(folded, at, text, priced=priced is not None)
        if number is None:
            position = _skip(folded, at)
            continue
        figure = _figure(folded, text, number, len(priced[0]) if priced else 0)
        if figure is None:
            position = max(number.end, at + 1)
            continue
        if any(taken[figure.start : figure.end]):
            position = number.end
            continue
        _take(taken, figure.start, figure.end)
        yield figure
        position = max(figure.end, at + 1)


def _priced(folded: str, at: int) -> re.Match[str] | None:
    """The currency that stands right before `at`."""
    last = folded[max(0, at - 2) : at].rstrip(" ")[-1:]
    return _PRICED.search(folded[max(0, at - 8) : at]) if last in _PRICES_END else None


def _skip(folded: str, at: int) -> int:
    """Past a run of digits too long to be a figure."""
    while at < len(folded) and folded[at].isdigit():
        at += 1
    return at + 1 if at < len(folded) and not folded[at].isdigit() else max(at, 1)


def _figure(folded: str, text: str, number: Number, priced: int) -> Figure | None:
    """The Figure of a number with what belongs to it on both sides; None where it is a name, a mark or an article.

    `priced` is how long the currency before it is.
    """
    start = number.start - priced
    following = read_unit(folded, number.end, text)
    if not priced and _names(folded, number, counted=following is not None):
        return None
    behind = number.end
    end, value, high, number = _range(folded, text, number)
    if end != behind:
        following = read_unit(folded, end, text)
    unit, end = _priced_in(folded[start : number.start].strip(), following, end) if priced else following or (None, end)
    if _article(folded, number, unit):
        return None
    start, value = _sign(folded, start, end if unit is None or priced else 0, value)
    after, after_end = qualifiers.after(folded, end, duration=bool(unit and unit.family == "duration"))
    qualifier, begin = qualifiers.before(folded, start)
    if not qualifier and (number.more or after):
        qualifier = after or "over"
    if after:
        end = after_end
    if not number.scaled and number.form == "chinese" and unit is None:
        return None
    chinese = bool(_HAN.search(folded, max(0, start - 40), end + 40))
    name = _unit_name(folded, end, unit, chinese)
    kind: FigureKind = unit.kind if unit else "amount"
    if name[1] != end and not after:
        end = name[1]
    if kind == "duration" and folded[max(0, begin - 2) : begin] == "连续":
        begin -= 2
    return Figure(text[begin:end], begin, end, kind, value, high, name[0], qualifier)


def _names(folded: str, number: Number, *, counted: bool) -> bool:
    """Whether the number is part of a name (ISO 14001, Scope 1) and counts nothing; `counted` says that a unit follows."""
    latin = "" < folded[max(0, number.start - 1) : number.start] < "\x7f"  # what names a number ends so
    if latin and _IDENTIFIER.search(folded[max(0, number.start - 8) : number.start]):
        return True
    if latin and _STANDARD.search(folded[max(0, number.start - 12) : number.start]):
        return True
    if number.form != "digits" or counted:
        return False
    if _IDENTIFIED.match(folded, number.end) or _SERIAL.fullmatch(folded, number.start, number.end):
        return True
    short = number.end - number.start <= 3
    return short and latin and bool(_NUMBERED.search(folded[max(0, number.start - 24) : number.start]))


def _range(folded: str, text: str, number: Number) -> tuple[int, Decimal, Decimal | None, Number]:
    """The number, or the range that it begins: its end, its value and its upper value."""
    match = _RANGE.match(folded, number.end)
    if match is None:
        return number.end, number.value, None, number
    other = read_number(folded, match.end(), text, priced=bool(match["money"]))
    between = match["to"].strip() == "and"
    before = folded[max(0, number.start - 64) : number.start]
    changed = match["to"] == " to " and _CHANGED.search(before)
    if (
        other is None
        or changed
        or (match["percent"] and folded[other.end : other.end + 1] != "%")
        or (between and not re.search(r"between [^ ]{0,4}$", before[-16:]))
    ):
        return number.end, number.value, None, number
    if (
        match["to"].strip() in ("-", "–", "—")
        and number.end - number.start == 4
        and number.value > 1900
        and not match["percent"]
    ):
        return number.end, number.value, None, number
    value = number.value
    if other.scaled and not number.scaled and value < 10**4:
        plain = read_number(folded, match.end(), text)
        digits = re.match(r"[0-9][0-9,]*(?:\.[0-9]+)?", folded[match.end() :])
        if plain and digits and (printed := Decimal(digits[0].replace(",", ""))):
            value *= other.value / printed
    if other.value <= value:
        return number.end, number.value, None, number
    return other.end, exact(value), other.value, other._replace(start=number.start)


def _priced_in(currency: str, following: tuple[Unit, int] | None, end: int) -> tuple[Unit | None, int]:
    """The unit of a number behind a currency, by that and the unit that follows, and where it ends."""
    unit = CURRENCIES.get(currency)
    if following and following[0].family == "money":
        return following if following[0].chinese != "元" or unit is None else (unit, following[1])
    return unit, end


def _unit_name(folded: str, end: int, unit: Unit | None, chinese: bool) -> tuple[str, int]:
    if unit is None:
        return "", end
    name = unit_name(unit, chinese)
    per = read_per(folded, end)
    return (f"{name}/{per[0]}", per[1]) if per else (name, end)


def _article(folded: str, number: Number, unit: Unit | None) -> bool:
    """一个, 一家 and the like, which count nothing, and words that only begin with a numeral."""
    if number.form == "words":
        return number.value <= 1 and not number.scaled
    if number.form != "chinese" or number.scaled:
        return False
    printed = folded[number.start : number.end]
    if printed == "一" or (unit is not None and unit.chinese == "分") or (printed in CHINESE_DIGITS and unit is None):
        return True
    return unit is None and bool(_NAMED.match(folded[number.start : number.end + 2]))


def _sign(folded: str, start: int, end: int, value: Decimal) -> tuple[int, Decimal]:
    """The figure with a minus or accounting brackets; both only where nothing before them makes them something else."""
    if (
        start
        and folded[start - 1] in "-−–"
        and (
            start < 2
            or not (folded[start - 2].isalnum() or folded[start - 2] in "%)")
            or _MINUS.search(folded[max(0, start - 3) : start])
        )
    ):
        return start - 1, -value
    if start and folded[start - 1] == "负" and folded[start : start + 1].isdigit():
        return start - 1, -value
    if end and _BRACKET.search(folded[max(0, start - 2) : start]) and folded[end : end + 1] in (")", "）"):
        opening = start - len(_BRACKET.search(folded[max(0, start - 2) : start])[0])  # type: ignore[index]
        if re.search(r"(?:[\t|$¥]|[0-9)] {1,8}|元 ?)$", folded[max(0, opening - 9) : opening]):
            return start, -value
    return start, value

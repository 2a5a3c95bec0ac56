"""Printed numbers become exact decimals: digits, Chinese numerals and English number words.

In: folded text (see `ingest.fold`) and where a number begins. Out: a Number, which knows where it ends and what it is
worth with 万, 亿, thousand and million applied; or None where no number stands.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

Form = Literal["digits", "chinese", "words"]
LONGEST = 18
"""More digits in a row than this are an identifier, not a figure."""


class Number(NamedTuple):
    """A number as printed in `folded[start:end]`; `scaled` says whether 万, 亿, million ... stands in it."""

    start: int
    end: int
    value: Decimal
    scaled: bool
    form: Form
    more: bool = False
    """Whether 余 or 多 stands inside: 5300余万, 10多亿."""


CHINESE_DIGITS = {char: value for value, chars in enumerate(
    ("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
) for char in chars}  # fmt: skip
CHINESE_SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "亿": 10**8}

# 千瓦, 千克, 百分 and names such as 万科 begin with a scale that is none.
_SCALE = (
    r"(?:[十百千]?万亿|[十百千]?亿|[十百千]?万(?![科豪])"
    r"|千(?![瓦克米卡赫帕焦伏安禧分古])|百(?![分货度姓科灵合])|仟(?!瓦)|佰)"
)
_PLAIN = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_MORE = r"余(?![额下热地款量杭姚])|多(?!元化|样|维|边|层次|渠道|媒)"
_DIGITS = re.compile(
    rf"(?P<plain>{_PLAIN})(?:(?P<more> ?(?:{_MORE})(?= ?[十百千万亿]))? ?(?P<scale>{_SCALE})"
    rf"(?P<rest>(?:{_PLAIN}{_SCALE})*)(?P<more2>{_MORE})?|(?P<more3> ?(?:{_MORE})(?=[\u3400-\u9fff])))?"
)
_PART = re.compile(rf"({_PLAIN})({_SCALE})")
# 1 234 567: groups set apart by spaces, where what follows shows that they are no table cells.
_SPACED = re.compile(r"[0-9]{1,3}(?: [0-9]{3}){2,}(?:\.[0-9]+)?(?![0-9])(?= ?[^\s0-9|(;.,)])")
_NO_BREAK = re.compile("[0-9]{1,3}(?:[\u00a0\u2007\u2009\u202f][0-9]{3})+(?![0-9])(?:\\.[0-9]+)?")

_C_DIGIT = "".join(CHINESE_DIGITS)
_CHINESE = re.compile(
    rf"(?:十|拾|[{_C_DIGIT}])[{_C_DIGIT}十百千拾佰仟]{{0,12}}(?:点[{_C_DIGIT}]{{1,12}})?"
    rf"(?:[万亿]{{1,2}}(?![科豪])[{_C_DIGIT}十百千拾佰仟]{{0,12}}){{0,3}}(?P<more>{_MORE})?(?P<last>[万亿](?![科豪]))?"
)

_SMALL = {name: value for value, name in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen".split()
)}  # fmt: skip
_TENS = {name: value * 10 for value, name in enumerate(
    "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
)}  # fmt: skip
NUMBER_WORDS = {**_SMALL, **_TENS}
ENGLISH_SCALES = {
    "hundred": Decimal(100),
    "thousand": Decimal(10**3),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
    "lakh": Decimal(10**5),
    "crore": Decimal(10**7),
    "mn": Decimal(10**6),
    "mln": Decimal(10**6),
    "bn": Decimal(10**9),
    "bln": Decimal(10**9),
    "tn": Decimal(10**12),
    "trn": Decimal(10**12),
}
LETTER_SCALES = {"k": Decimal(10**3), "m": Decimal(10**6), "mm": Decimal(10**6), "b": Decimal(10**9)}
_ATOM = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(list(_SMALL)[1:10])}))?|{'|'.join(sorted(_SMALL, key=len, reverse=True))})"
_BIG = r"(?:thousand|million|billion|trillion)"
_WORDS = re.compile(
    rf"(?:(?P<half>half a )|an? (?=hundred|{_BIG})|(?={_ATOM}))"
    rf"(?P<words>(?:{_ATOM}(?: hundred(?: and {_ATOM}| {_ATOM})?)?|hundred)?(?:[ -]?\b{_BIG}(?: {_ATOM}(?: hundred(?: and {_ATOM}| {_ATOM})?)?)?)*)"
    r"(?![a-z])"
)
_AND_A_HALF = re.compile(rf" and a half(?: ({_BIG}))?(?![a-z])")
_AFTER_DIGITS = re.compile(rf"[ -]?(?P<scale>{'|'.join(sorted(ENGLISH_SCALES, key=len, reverse=True))})(?![a-z])")
_LETTER = re.compile(r" ?(?P<scale>mm|[kmb])(?![a-z0-9])")
_COUNTED = re.compile(r"(?: [a-z][a-z-]*){0,3}? (?:people|[a-z][a-z-]*[a-rt-z]s)\b")


def exact(value: Decimal) -> Decimal:
    """`value` without exponent and without zeros that say nothing."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if whole == value else value.normalize()


def read_number(folded: str, at: int, text: str | None = None, *, priced: bool = False) -> Number | None:
    """The number that begins at `at` of folded text, with its scale.

    `text` is what was folded: it tells a no-break space from others. `priced` says that a currency stands before, where
    `m`, `b` and `k` are scales.
    """
    char = folded[at : at + 1]
    if "0" <= char <= "9":
        return _read_digits(folded, at, text or folded, priced)
    if char in CHINESE_DIGITS or char in "十拾":
        return _read_chinese(folded, at) if char else None
    return _read_words(folded, at)


def parse_number(text: str) -> Decimal | None:
    """What a whole text is worth as a number: `1,234.5`, `3.2万`, `三万五千`, `two hundred and fifty`, `5bn`."""
    from ingest.fold import fold

    folded = fold(text)
    stripped = folded.strip()
    at = folded.find(stripped)
    number = read_number(folded, at, text, priced=True) if stripped else None
    return number.value if number and number.end == at + len(stripped) else None


def parse_count(said: str) -> int:
    """What a count is worth, in digits or as one English word."""
    return int(said) if said.isdecimal() else NUMBER_WORDS[said]


def _read_digits(folded: str, at: int, text: str, priced: bool) -> Number | None:
    spaced = _NO_BREAK.match(text, at) or _SPACED.match(folded, at)
    if spaced and spaced.end() - at <= LONGEST + 8:
        value = Decimal("".join(char for char in folded[at : spaced.end()] if char in "0123456789."))
        return _scaled(folded, at, spaced.end(), value, priced)
    match = _DIGITS.match(folded, at)
    if match is None or len(match["plain"]) > LONGEST + 8:
        return None
    value = Decimal(match["plain"].replace(",", ""))
    if match["more3"]:
        return Number(at, match.end(), exact(value), False, "digits", True)
    if match["scale"] is None:
        return _scaled(folded, at, match.end(), value, priced)
    value *= _scale(match["scale"])
    for plain, scale in _PART.findall(match["rest"]):
        value += Decimal(plain.replace(",", "")) * _scale(scale)
    return Number(at, match.end(), exact(value), True, "digits", bool(match["more"] or match["more2"]))


def _scaled(folded: str, at: int, end: int, value: Decimal, priced: bool) -> Number:
    """The number with an English scale after it, where there is one."""
    if not folded[end : end + 1].isascii():
        return Number(at, end, value, False, "digits")
    if match := _AFTER_DIGITS.match(folded, end):
        return Number(at, match.end(), exact(value * ENGLISH_SCALES[match["scale"]]), True, "digits")
    match = _LETTER.match(folded, end)
    if match and (priced or (folded[end] in "km" and _COUNTED.match(folded, match.end()))):
        return Number(at, match.end(), exact(value * LETTER_SCALES[match["scale"]]), True, "digits")
    return Number(at, end, value, False, "digits")


def _scale(letters: str) -> int:
    """What 十万, 千亿, 万亿 stand for."""
    product = 1
    for char in letters:
        product *= CHINESE_SCALES[char]
    return product


def _read_chinese(folded: str, at: int) -> Number | None:
    match = _CHINESE.match(folded, at)
    if match is None or match.end() - at > 2 * LONGEST:
        return None
    end = match.end()
    numeral = folded[at:end]
    if match["more"]:
        numeral = numeral.replace(match["more"], "")
    value = parse_chinese(numeral)
    if value is None:
        return None
    scaled = any(char in "百千万亿佰仟" for char in numeral)
    return Number(at, end, exact(value), scaled, "chinese", bool(match["more"]))


def parse_chinese(numeral: str) -> Decimal | None:
    """What a Chinese numeral is worth; None where its characters make none (三四, 一二三)."""
    whole, point, decimals = numeral.partition("点")
    if point:
        scales = decimals.lstrip(_C_DIGIT)
        digits = decimals[: len(decimals) - len(scales)]
        unit = parse_chinese(whole)
        if unit is None or any(char not in "万亿" for char in scales):
            return None
        fraction = Decimal("0." + "".join(str(CHINESE_DIGITS[char]) for char in digits))
        return (unit + fraction) * _scale(scales)
    return _chinese_whole(whole)


def _chinese_whole(numeral: str) -> Decimal | None:
    grand = total = section = 0
    digit: int | None = None
    last_scale, zero = 10**16, False
    for char in numeral:
        if char in CHINESE_DIGITS:
            if digit is not None:
                return None
            zero = zero or CHINESE_DIGITS[char] == 0
            digit = CHINESE_DIGITS[char] or None
            continue
        scale = CHINESE_SCALES[char]
        if scale >= 10**4:
            below = total + section + (digit or 0)
            if below == 0:
                return None
            grand, total = (grand + below * scale, 0) if scale == 10**8 else (grand, below * scale)
            section = 0
        elif digit is None and (scale != 10 or section % 100):
            return None
        else:
            section += (digit if digit is not None else 1) * scale
        digit, last_scale, zero = None, scale, False
    if digit is not None and not zero and last_scale in (100, 1000, 10**4, 10**8):
        digit *= last_scale // 10  # 三万五 is 35,000, while 三万零五 is 30,005
    return Decimal(grand + total + section + (digit or 0))


def _read_words(folded: str, at: int) -> Number | None:
    match = _WORDS.match(folded, at)
    if match is None or not match["words"].strip():
        return None
    total, current, scaled = Decimal(0), Decimal(0), False
    for word in re.split(r"[ -]+", match["words"].strip()):
        if word in NUMBER_WORDS:
            current += NUMBER_WORDS[word]
        elif word == "hundred":
            current, scaled = (current or Decimal(1)) * 100, True
        elif word != "and":
            total, current, scaled = total + (current or Decimal(1)) * ENGLISH_SCALES[word], Decimal(0), True
    value = total + current
    if match["half"]:
        value /= 2
    end = match.end()
    if half := _AND_A_HALF.match(folded, end):
        value, end = (value + Decimal("0.5")) * ENGLISH_SCALES.get(half[1] or "", Decimal(1)), half.end()
    return Number(at, end, exact(value), scaled, "words")

"""Dates and periods as they are printed in Chinese and English text.

In: folded text and where a date may begin. Out: a Dated with the range of the date, its leading number and its meaning
in ISO 8601 (see `ingest.periods`), or None. Each form is one row of a table; the first row that fits wins, so longer
forms come first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ingest.numbers import parse_chinese, parse_count
from ingest.periods import day_period, half, last_day, month_ended, month_period, months, quarter, span


class Dated(NamedTuple):
    """A date from `start` to `end`; `value` is its year where one is printed, else its month."""

    start: int
    end: int
    value: int
    period: str


class Form(NamedTuple):
    """One way to print a date: `build` makes the value and the period of a match, or None where it is no date."""

    name: str
    pattern: re.Pattern[str]
    build: Callable[[re.Match[str]], tuple[int, str] | None]


FIRST_YEAR, LAST_YEAR = 1900, 2099
MONTHS = {name[:3]: number for number, name in enumerate(
    "january february march april may june july august september october november december".split(), start=1
)}  # fmt: skip
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "final": 4, "last": 4}


# ------------------------------------------------------------------ Chinese
_S = " {0,2}"
_CN = "〇零一二三四五六七八九"
_OLD = r"1[0-8][0-9]{2}(?= {0,2}年(?![历来间多以]))"  # 1859年, but not 1500年历史
_Y = rf"(?P<y>(?:19|20)[0-9]{{2}}|{_OLD}|[一二][{_CN}]{{3}}|民国{_S}[0-9]{{2,3}})"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = r"(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_TO = r"[-–—~至到]"
# 年 is left out before a part of the year: 2024上半年.
_PART_NEXT = r"(?=[上下]半年|第?[一二三四1-4]季|前[二两三]季|全年(?!龄))"
_YEAR = rf"{_Y}{_S}(?:财年|会计年度|财政年度|年度(?!假)|年|{_PART_NEXT})"
_Q = r"(?P<q>[一二三四1-4])"
_BEGIN = r"初(?![步始期心级中审次创衷])"
_ENDING = r"[底末](?![层线部气盘薪色端])"


def _int(text: str) -> int:
    """The number in a date's part, in digits or Chinese numerals."""
    if text.isdecimal():
        return int(text)
    if text.startswith("民国"):
        return int(text[2:]) + 1911
    if len(text) == 4:
        return int("".join(str("〇一二三四五六七八九".index(char.replace("零", "〇"))) for char in text))
    return int(parse_chinese(text) or 0)


def _year(match: re.Match[str]) -> int:
    return _int(match["y"])


def _day(match: re.Match[str]) -> tuple[int, str] | None:
    year, month, day = _year(match), _int(match["m"]), _int(match["d"])
    period = day_period(year, month, day)
    return (year, period) if period else None


def _month_end(match: re.Match[str]) -> tuple[int, str]:
    return _year(match), last_day(month_period(_year(match), _int(match["m"])))


def _closing(match: re.Match[str]) -> tuple[int, str] | None:
    """12月31日止年度, 6月30日止六个月: the months that end there."""
    length = {"年度": 12, "十二个月": 12, "九个月": 9, "六个月": 6, "半年度": 6, "三个月": 3}[match["length"]]
    year = _year(match)
    return year, str(year) if length == 12 else months(year, _int(match["m"]) - length + 1, _int(match["m"]))


def _no_year_day(match: re.Match[str]) -> tuple[int, str] | None:
    month, day = _int(match["m"]), _int(match["d"])
    return (month, f"--{month:02d}-{day:02d}") if day_period(2024, month, day) else None


def _short_range(match: re.Match[str]) -> tuple[int, str] | None:
    """2021-2023, 2021-23, 2021/22."""
    first = int(match["y"])
    last = int(match["to"]) if len(match["to"]) == 4 else first - first % 100 + int(match["to"])
    return (first, span(str(first), str(last))) if first < last <= first + 60 else None


def _months_of(match: re.Match[str]) -> tuple[int, str] | None:
    first, last = _int(match["m"]), _int(match["m2"])
    return (_year(match), months(_year(match), first, last)) if first < last <= 12 else None


def _rule(name: str, pattern: str, build: Callable[[re.Match[str]], tuple[int, str] | None]) -> Form:
    return Form(name, re.compile(pattern), build)


# A year as eras count them, with the common one in brackets: 宝永4年(1707年), but not 历时4年(2019年...).
_ERA_YEAR = (
    r"(?<=[\u3400-\u9fff]{2})(?<![时期达续立营任龄满过足到近约超共第隔了有为长短每逾运])(?:元|[0-9]{1,2}|[一二三四五六七八九十]{1,3})年"
    r"(?=\((?:公元|西元)?(?P<y>[1-9][0-9]{2,3})年?[),、])"
)
_ERA_NAME = 2  # characters
_ANNO = r"(?:(?<=公元)|(?<=西元)|(?<=[\u3400-\u9fff]年\()(?=[0-9]{3}年))(?P<y>[1-9][0-9]{0,3})年(?![历来间多以])"


def _century(match: re.Match[str]) -> tuple[int, str]:
    first = 100 * _int(match["n"]) - 99
    return first, span(f"{first:04d}", f"{first + 99:04d}")


def _decade(match: re.Match[str]) -> tuple[int, str]:
    first = int(match["y"]) if match["y"] else 100 * (_int(match["n"]) - 1) + _int(match["d"])
    return first, span(str(first), str(first + 9))


CHINESE: tuple[Form, ...] = (
    _rule("decade", rf"(?P<y>(?:1[0-9]|20)[0-9]0){_S}年代|(?P<n>1[0-9]|20|二十|十[一二三四五六七八九]){_S}世纪{_S}(?P<d>[1-9]0|[一二三四五六七八九]十){_S}年代", _decade),
    _rule("century", rf"(?<![第前])(?P<n>[1-9]|1[0-9]|2[01]|二十一?|十[一二三四五六七八九]?|[二三四五六七八九]){_S}世纪(?:初|末|[中晚早]期|中叶|前半叶?|后半叶?)?", _century),
    _rule("day closing", rf"{_YEAR}{_S}(?P<m>{_M}){_S}月{_S}(?P<d>{_D}){_S}[日号]?{_S}止?{_S}(?P<length>年度|半年度|(?:十二|[三六九])个月)",
          _closing),
    _rule("day", rf"{_YEAR}{_S}(?P<m>{_M}){_S}月{_S}(?P<d>{_D}){_S}[日号]", _day),
    _rule("months", rf"{_YEAR}{_S}(?P<m>{_M}){_S}月?(?:份)?{_S}{_TO}{_S}(?P<m2>{_M}){_S}月(?:份|底|末)?(?![0-9])", _months_of),
    _rule("month end", rf"{_YEAR}{_S}(?P<m>{_M}){_S}月(?:份)?{_ENDING}", _month_end),
    _rule("month", rf"{_YEAR}{_S}(?P<m>{_M}){_S}月(?:份(?!额))?", lambda m: (_year(m), month_period(_year(m), _int(m["m"])))),
    _rule("first quarters", rf"{_YEAR}{_S}前{_S}(?P<n>[二两三23]){_S}季度?",
          lambda m: (_year(m), months(_year(m), 1, 9 if m["n"] in "三3" else 6))),
    _rule("first months", rf"{_YEAR}{_S}前{_S}(?P<n>{_M}){_S}个月", lambda m: (_year(m), months(_year(m), 1, _int(m["n"])))),
    _rule("quarter end", rf"{_YEAR}{_S}第?{_S}{_Q}{_S}季(?:度)?{_ENDING}", lambda m: (_year(m), last_day(quarter(_year(m), _int(m["q"]))))),
    _rule("quarter", rf"{_YEAR}{_S}第?{_S}{_Q}{_S}季度?", lambda m: (_year(m), quarter(_year(m), _int(m["q"])))),
    _rule("half end", rf"{_YEAR}{_S}(?P<h>[上下])半年(?:度)?{_ENDING}", lambda m: (_year(m), last_day(half(_year(m), 1 + "上下".index(m["h"]))))),
    _rule("half", rf"{_YEAR}{_S}(?P<h>[上下])半年(?:度)?", lambda m: (_year(m), half(_year(m), 1 + "上下".index(m["h"])))),
    _rule("half report", rf"{_YEAR}{_S}半年度", lambda m: (_year(m), half(_year(m), 1))),
    _rule("latin", rf"{_YEAR}{_S}(?P<form>[qh])(?P<n>[1-4])(?![0-9])", lambda m: _lettered(_year(m), m["form"], int(m["n"]))),
    _rule("year end", rf"{_YEAR}{_S}年?{_ENDING}", lambda m: (_year(m), f"{_year(m)}-12-31")),
    _rule("year begin", rf"{_YEAR}{_S}年?{_BEGIN}", lambda m: (_year(m), f"{_year(m)}-01-01")),
    _rule("short year end", rf"(?P<y>[0-4][0-9]){_S}年{_ENDING}", lambda m: (2000 + int(m["y"]), f"{2000 + int(m['y'])}-12-31")),
    _rule("whole year", rf"{_YEAR}{_S}全年(?!龄)", lambda m: (_year(m), str(_year(m)))),
    _rule("years", rf"(?P<y>(?:1[0-9]|20)[0-9]{{2}}){_S}年?(?:度)?{_S}{_TO}{_S}(?P<to>(?:1[0-9]|20)[0-9]{{2}}|[0-9]{{2}}){_S}(?:年度|财年|年)(?!{_S}{_M}{_S}(?:月|{_TO}{_S}{_M}{_S}月))", _short_range),
    _rule("year", _YEAR, lambda m: (_year(m), str(_year(m)))),
    _rule("day, no year", rf"(?P<m>{_M}){_S}月{_S}(?P<d>{_D}){_S}[日号](?!召|楼|线)", _no_year_day),
    _rule("month, no year", r"(?P<m>1[0-2]|0?[1-9]) ?月(?:份(?!额)|底|末)?(?![饼球光亮刊薪供均度报租])", lambda m: (_int(m["m"]), f"--{_int(m['m']):02d}")),
    _rule("era", _ERA_YEAR, lambda m: (int(m["y"]), f"{int(m['y']):04d}")),
    _rule("anno domini", _ANNO, lambda m: (int(m["y"]), f"{int(m['y']):04d}")),
)  # fmt: skip


# ------------------------------------------------------------------ English
_MON = (
    r"(?P<mon>january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_W = r"[ \n]{1,2}"
_YY = r"(?P<y>(?:19|20)[0-9]{2})(?![0-9]|[.,][0-9])"
_YY2 = r"'?(?P<y>(?:19|20)[0-9]{2}|[0-9]{2})(?![0-9]|[.,][0-9])"
_DD = r"(?P<d>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?"
_FISCAL = r"(?:fiscal years?|financial years?|calendar years?|tax years?|fiscal|fy|cy|calendar)"
_SINCE = r"(?:19|20)[0-9]{2}"


def _short_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text) if int(text) < 70 else 1900 + int(text)


def _lettered(year: int, form: str, number: int) -> tuple[int, str] | None:
    """Q3 or H1 of a year."""
    if form == "q":
        return year, quarter(year, number)
    return (year, half(year, number)) if number <= 2 else None


def _english_day(match: re.Match[str]) -> tuple[int, str] | None:
    year = int(match["y"])
    period = day_period(year, MONTHS[match["mon"][:3]], int(match["d"]))
    return (year, period) if period else None


def _english_month(match: re.Match[str]) -> tuple[int, str]:
    return int(match["y"]), month_period(int(match["y"]), MONTHS[match["mon"][:3]])


def _english_no_year(match: re.Match[str]) -> tuple[int, str] | None:
    month, day = MONTHS[match["mon"][:3]], int(match["d"])
    return (month, f"--{month:02d}-{day:02d}") if day_period(2024, month, day) else None


def _part_of_year(match: re.Match[str]) -> tuple[int, str] | None:
    return _lettered(_short_year(match["y"]), match["form"], int(match["n"]))


def _nth_part(match: re.Match[str]) -> tuple[int, str] | None:
    number = _NTH[match["nth"]]
    if match["part"] == "half":
        number = {4: 2}.get(number, number)
    return _lettered(int(match["y"]), "q" if match["part"] == "quarter" else "h", number)


def _first_months(match: re.Match[str]) -> tuple[int, str] | None:
    count = parse_count(match["n"])
    return (int(match["y"]), months(int(match["y"]), 1, count)) if 1 <= count <= 12 else None


def _months_ended(match: re.Match[str]) -> tuple[int, str]:
    """Three months ended June 30, 2023; quarter ended 30 June 2023."""
    year, month = month_ended(int(match["y"]), MONTHS[match["mon"][:3]], int(match["d"] or match["d2"] or 28))
    return year, months(year, month - parse_count(match["n"] or "three") + 1, month)


def _iso(match: re.Match[str]) -> tuple[int, str] | None:
    period = day_period(int(match["y"]), int(match["m"]), int(match["d"]))
    return (int(match["y"]), period) if period else None


def _fiscal(match: re.Match[str]) -> tuple[int, str] | None:
    year = _short_year(match["y"])
    if not match["to"]:
        return year, str(year)
    last = _short_year(match["to"])
    return (year, span(str(year), str(last))) if year < last else None


def _fiscal_part(match: re.Match[str]) -> tuple[int, str] | None:
    return _lettered(_short_year(match["y"]), match["form"], int(match["n"]))


# What a date in digits has next, so that the forms above and below are tried where one may fit.
_YEAR_GOES_ON = re.compile(rf"{_YEAR}{_S}[0-9一二三四五六七八九十前第上下半qh年底末初全]")
_YEAR_STANDS = re.compile(rf"{_YEAR}|(?:1[0-9]|20)[0-9]{{2}}{_S}(?:度{_S})?{_TO}")
_NO_YEAR = re.compile(rf"{_M}{_S}月|[0-4][0-9]{_S}年")
_DIGITS_GO_ON = re.compile(
    r"[0-9]{1,2}(?:(?:st|nd|rd|th)?[ \n-]{1,2}[a-z]|/|\.[0-9]{1,2}\.|[qh])|(?:19|20)[0-9]{2}[-–/. \nqh]"
)

_IN_MONTH = "|".join(rf"(?<=\b{word} )" for word in ("in", "of", "since", "by", "until", "during", "last"))
_OF = rf"(?:{_W}of)?(?:{_W}the)?(?:{_W}(?:fiscal(?: year)?|financial year|calendar(?: year)?|fy))?"
ENGLISH: tuple[Form, ...] = (
    _rule("months ended", rf"(?:(?P<n>three|six|nine|[369]){_W}months|(?:fiscal{_W})?quarter){_W}(?:period{_W})?end(?:ed|ing){_W}(?:(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?{_W})?{_MON}(?:{_W}(?P<d2>[0-9]{{1,2}}))?,?{_W}{_YY}", _months_ended),
    _rule("month day year", rf"{_MON}{_W}{_DD},?{_W}{_YY}", _english_day),
    _rule("day month year", rf"{_DD}(?:{_W}of)?[ -]{_MON},?[ -]{_YY}", _english_day),
    _rule("iso day", r"(?P<y>(?:19|20)[0-9]{2})(?P<sep>[-/.])(?P<m>1[0-2]|0?[1-9])(?P=sep)(?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9]|[.,][0-9])", _iso),
    _rule("american day", r"(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12][0-9]|0?[1-9])/(?P<y>(?:19|20)[0-9]{2})(?![0-9])", _iso),
    _rule("european day", r"(?P<d>3[01]|[12][0-9]|0?[1-9])\.(?P<m>1[0-2]|0?[1-9])\.(?P<y>(?:19|20)[0-9]{2})(?![0-9])", _iso),
    _rule("month year", rf"{_MON}(?:{_W}of)?,?[ \n-]{_YY}", _english_month),
    _rule("month day", rf"{_MON}{_W}{_DD}(?![0-9]|[.,][0-9]|{_W}(?:percent|million|billion|thousand)|%|:)", _english_no_year),
    _rule("day month", rf"{_DD}(?:{_W}of)?{_W}{_MON}(?!{_W}[0-9])", _english_no_year),
    _rule("month end, no year", rf"end of {_MON}(?<!\.)(?!{_W}[0-9])", lambda m: (MONTHS[m["mon"][:3]], f"-{last_day(month_period(2023, MONTHS[m['mon'][:3]]))[4:]}")),
    _rule("month, no year", rf"(?:{_IN_MONTH}){_MON}(?<!\.)(?![ \n,]{{1,2}}[0-9])", lambda m: (MONTHS[m["mon"][:3]], f"--{MONTHS[m['mon'][:3]]:02d}")),
    _rule("fiscal quarter", rf"{_FISCAL}[ -]?{_YY2}[ ,-]{{0,2}}(?P<form>[qh])(?P<n>[1-4])(?![0-9a-z])", _fiscal_part),
    _rule("fiscal year", rf"{_FISCAL}[ \n-]?'?(?P<y>(?:19|20)[0-9]{{2}}|[0-9]{{2}}(?!st|nd|rd|th))(?:[-–/](?P<to>(?:19|20)?[0-9]{{2}}))?(?![0-9]|[.,][0-9])", _fiscal),
    _rule("quarter year", rf"(?P<form>[qh])(?P<n>[1-4])(?:[ ,/-]{{0,2}}(?:of )?(?:fy ?|fiscal (?:year )?|cy ?)?{_YY2})", _part_of_year),
    _rule("year quarter", rf"(?P<n>[1-4])(?P<form>[qh])(?:[ -]?(?:of |fy ?|fiscal )?{_YY2})", _part_of_year),
    _rule("nth part", rf"(?P<nth>{'|'.join(_NTH)})[ \n-](?:fiscal )?(?P<part>quarter|half){_OF},?{_W}{_YY}", _nth_part),
    _rule("first months", rf"first{_W}(?P<n>three|six|nine|[0-9]{{1,2}}){_W}months{_OF}{_W}{_YY}", _first_months),
    _rule("year end", rf"(?:(?:year[- ]end|end of (?:the )?(?:fiscal(?: year)?|financial year|year|fy)|end of|end-){_W}?){_YY}(?!{_W}(?:q[1-4]|h[12]))",
          lambda m: (int(m["y"]), f"{int(m['y'])}-12-31")),
    _rule("month end", rf"end of {_MON},?{_W}{_YY}",
          lambda m: (int(m["y"]), last_day(month_period(int(m["y"]), MONTHS[m["mon"][:3]])))),
    _rule("year then end", r"(?P<y>(?:19|20)[0-9]{2})[ -](?:year[- ]?end)(?![a-z])", lambda m: (int(m["y"]), f"{int(m['y'])}-12-31")),
    _rule("year then part", r"(?P<y>(?:19|20)[0-9]{2})[ -]?(?P<form>[qh])(?P<n>[1-4])(?![0-9a-z])", _fiscal_part),
    _rule("years", rf"(?P<y>(?:19|20)[0-9]{{2}})(?:[-–/]|{_W}(?:to|through|until){_W}(?=(?:19|20)[0-9]{{2}}))(?P<to>(?:19|20)[0-9]{{2}}|[0-9]{{2}})(?![0-9]|[.,][0-9]|-[0-9]|%)",
          _short_range),
)  # fmt: skip


_COUNTED_OTHERWISE = re.compile(rf"(?:[0-9]{{1,4}}|[一二三四五六七八九十]{{1,3}}){_S}(?:年|世纪)")
_OTHERWISE = tuple(form for form in CHINESE if form.name in ("era", "anno domini", "decade", "century"))
_STANDING = tuple(form for form in CHINESE if form.name in ("years", "year"))
_YEARLESS = tuple(form for form in CHINESE if form.name in ("short year end", "day, no year", "month, no year"))


def read_date(folded: str, at: int) -> Dated | None:
    """The date that has its first digit at `at` of folded text; None where none has."""
    for form in _forms(folded, at):
        match = form.pattern.match(folded, at)
        if match and (built := form.build(match)):
            start = at - _ERA_NAME if form.name == "era" else at
            return Dated(start, match.end(), *built)
    return None


def _forms(folded: str, at: int) -> tuple[Form, ...]:
    """The forms that a date at `at` may have."""
    if "a" <= folded[at] <= "z":
        return ENGLISH
    english = ENGLISH if _DIGITS_GO_ON.match(folded, at) else ()
    if _YEAR_GOES_ON.match(folded, at):
        return (*CHINESE, *english)
    otherwise = _OTHERWISE if _COUNTED_OTHERWISE.match(folded, at) else ()
    if _YEAR_STANDS.match(folded, at):
        return (*otherwise, *_STANDING, *english)
    return (*otherwise, *_YEARLESS, *english) if _NO_YEAR.match(folded, at) else (*otherwise, *english)

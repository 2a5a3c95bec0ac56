"""Whose report a text is, where it says so: the company named in full as "公司", "发行人" or "the Company"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ingest.fold import fold

_FULL = r"([\u3400-\u9fff][\u3400-\u9fff()（）]{1,28}?(?:有限(?:责任)?公司|股份公司))"
_SELF = r"(?:本?公司|发行人|本行|本集团)"
_NAMED = re.compile(rf"(?:发行人|公司的?(?:法定)?(?:中文)?(?:名称|全称)|发行人(?:中文)?名称|中文名称)[:：]\s*{_FULL}")
_MEANS = re.compile(rf"指(?<=\s.)\s*{_FULL}")  # of a table of what words mean: 公司、本公司 指 ...
_MEANT = re.compile(rf"{_SELF}[^\n。；;]{{0,12}}\s$")
_SHORTENED = re.compile(rf"[(（](?:以?下?简?称为?)?[:：]?[\"“‘「']?{_SELF}[\"”’」'][)）、或]")
_BEFORE = re.compile(rf"{_FULL}$")
_AROUND = 30  # characters
_REGISTRANT = re.compile(r"(?:^|\n)([^\n]{2,60})\n+\(exact name of (?:the )?registrant", re.IGNORECASE)
_NAMES_REGISTRANT = re.compile(r"\(exact name of (?:the )?registrant", re.IGNORECASE)  # found fast
_FORM = re.compile(r"(?:集团|控股)?(?:股份)?(?:有限)?(?:责任)?公司$")
_REPORT = re.compile(r"(?:19|20)[0-9]{2}|报告|報告|说明书|說明書|意向书|公告|年报|年報|10-?[kq]|report", re.IGNORECASE)
_SHARED = 3  # characters in a row that a title has of a name that it tells


def owner(text: str) -> str:
    """The name of the company that the text says it is of, as it stands there; "" where it does not say."""
    if _NAMES_REGISTRANT.search(text) and (registrant := _REGISTRANT.search(text)):
        return registrant[1].strip(" _")
    folded = fold(text)
    found = sorted(_names(folded))
    counted = Counter(folded[start:end] for start, end in found)
    most = max(counted.values(), default=0)
    return next((text[start:end] for start, end in found if counted[folded[start:end]] == most), "")


def _names(folded: str) -> Iterator[tuple[int, int]]:
    """The ranges of what a folded text says to be its company's name."""
    for match in _NAMED.finditer(folded):
        yield match.span(1)
    for match in _MEANS.finditer(folded):
        if _MEANT.search(folded, max(0, match.start() - _AROUND), match.start()):
            yield match.span(1)
    for match in _SHORTENED.finditer(folded):
        if before := _BEFORE.search(folded, max(0, match.start() - _AROUND), match.start()):
            yield before.span(1)


def owned(title: str, text: str) -> str:
    """The title of a text, with whose it is where the title does not tell."""
    name = owner(text)
    if not name or _tells(title, name):
        return title
    return f"{name}: {title}" if _REPORT.search(title) else name


def _tells(title: str, name: str) -> bool:
    """Whether a title has a part of a name that is long enough to know it by."""
    said, own = fold(title), _FORM.sub("", fold(name))
    if words := re.findall(r"[a-z0-9]+", own.removeprefix("the ")):
        return words[0] in said
    return any(own[at : at + _SHARED] in said for at in range(max(1, len(own) - _SHARED + 1)))

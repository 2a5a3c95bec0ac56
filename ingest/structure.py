"""What the lines of a cleaned text are: headings, boilerplate, or the report itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.fold import fold
from ingest.types import Section, Span

_LONGEST_HEADING = 60
_ENDS = re.compile(r"[。！？!?；;，,、.：:]\s*$")
_PARAGRAPH = 40  # a line this long is a paragraph
_LATIN = re.compile(r"^[\x00-\x7f‘’“”–—]+$")

# Matched on folded lines. What a site or a publisher puts around a report is no part of it: lines that open so,
_OPENINGS: tuple[tuple[str, str], ...] = (
    ("disclaimer", r"[【\[(（]?免责(?:声明|条款)|[【\[]?(?:风险提示|特别声明|郑重声明)[】\]:]|disclaimer\b"),
    ("comments", r"(?:最新|热门|全部|网友|精彩)?评论(?:\s*[(（]?\d*[)）]?)?$|(?:latest )?comments?(?: \(\d+\))?$|leave a (?:comment|reply)"),
    ("editor", r"[(（【\[]?(?:责任)?编辑\s*[:：]|责编\s*[:：]|\(?(?:作者|来源|出处)\s*[:：].{0,30}$"),
    ("rights", r"copyright\b|©"),
    ("sharing", r"(?:分享(?:到|至)?|扫一扫|扫码|关注我们|点击(?:查看|下载)|返回(?:首页|顶部)|share (?:this|on)|follow us|subscribe\b|sign up for)"),
    ("related", r"(?:相关(?:阅读|推荐|新闻|文章|链接)|延伸阅读|推荐阅读|猜你喜欢|热门推荐|related (?:articles|posts|stories)|read more|more from)"),
    ("advert", r"(?:广告|advertisement|sponsored)$|打开.{0,8}app"),
)  # fmt: skip
# and lines that say this anywhere.
_SAYINGS: tuple[tuple[str, str], ...] = (
    ("disclaimer", r"本文仅代表.{0,12}观点"),
    ("rights", r"版权所有|未经.{0,8}授权.{0,8}(?:转载|使用)|all rights reserved|转载请注明"),
    ("cookies", r"we(?<!\w..) use cookies\b|accept(?<!\w.{6}) (?:all )?cookies\b|本(?:网站|站)使用cookie|cookie (?:policy|settings)"),
)  # fmt: skip
_OPENS = re.compile("|".join(pattern for _, pattern in _OPENINGS))
_SAYS = re.compile("|".join(pattern for _, pattern in _SAYINGS))


def lines(text: str) -> Iterable[tuple[int, int]]:
    """The ranges of the lines of `text` that hold something, without the white space around them."""
    for match in re.finditer(r"[^\n\f]+", text):
        stripped = match[0].strip()
        if stripped:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            yield start, start + len(stripped)


def boilerplate(text: str) -> tuple[Span, ...]:
    """The lines that a site or publisher put around the report."""
    folded = fold(text)
    return tuple(
        Span(start, end) for start, end in lines(text) if _OPENS.match(line := folded[start:end]) or _SAYS.search(line)
    )


def headings(text: str, skipped: Iterable[Span] = ()) -> tuple[Span, ...]:
    """Lines that head what follows: short, without closing mark, followed by a paragraph, not in a list of short lines."""
    out = {span.start for span in skipped}
    found: list[Span] = []
    every = list(lines(text))
    for index, (start, end) in enumerate(every):
        if start in out or not _short(text[start:end]):
            continue
        following = every[index + 1] if index + 1 < len(every) else None
        if (following and following[0] not in out and following[1] - following[0] >= _PARAGRAPH) or (
            following and following[0] not in out and index + 2 < len(every) and _ENDS.search(text[slice(*following)])
        ):
            found.append(Span(start, end))
    return tuple(found)


def _short(line: str) -> bool:
    limit = _LONGEST_HEADING * (2 if _LATIN.match(line) else 1)
    return 1 < len(line) <= limit and not _ENDS.search(line) and "\t" not in line


def sections(text: str, heads: Iterable[Span]) -> tuple[Section, ...]:
    """The Sections that the headings begin."""
    ordered = sorted(heads, key=lambda span: span.start)
    ends = [*(span.start for span in ordered[1:]), len(text)]
    titles = (" ".join(text[span.start : span.end].split()) for span in ordered)
    return tuple(Section(title, span.start, end) for title, span, end in zip(titles, ordered, ends, strict=False))

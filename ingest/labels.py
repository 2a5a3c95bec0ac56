"""What a figure counts or measures, and the unit that this implies where none is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.types import Figure, FigureKind
from ingest.units import NOUN, implied_unit

_HAN = re.compile(r"[\u3400-\u9fff]")
_STOP = re.compile(r"[^\u3400-\u9fffa-z0-9%“”·-]|[,.;:!?]")
_AFTER_ZH = re.compile(r"(?:的|名|位)?([\u3400-\u9fff“”]{1,14})")
_CUT_AFTER = re.compile(
    r"(?:因此|获得|加入|用户超|从|提供|发放|并|且|已|均|的(?=[^\u3400-\u9fff])|在|为|被|与|和|中|以|等|签署|推广|走过|惠及)"
)
_BEFORE_ZH = re.compile(r"([\u3400-\u9fffa-z0-9%“”·]{1,24})$")
_VERBS = re.compile(
    r"(?:累计|分别|已经|已|共|总计|合计|达到|达|为|是|有|仅|约|同比|增长|下降|提升|上升|减少|至|到|了|发放|实现|占|,|均|平均|的|在|服务|"
    r"提供|获得|获|让|识别|保护|守护|借款|搭建|合作|投入|捐赠|吸引|覆盖|帮助|支持|惠及|超过|突破|其中|包括|完成|新增|全年|年底|年末|截至)"
)
_AFTER_EN = re.compile(
    r" (?:new |active |registered |rural |additional |small |micro |independent |full-time )*([a-z][a-z-]+(?: [a-z][a-z-]+){0,3})"
)
_CUT_EN = re.compile(
    r"\b(?:in|of|from|at|by|to|for|and|with|on|were|was|are|is|had|have|that|who|which|as|across|during|during|than|or|through|under|over|up|down|compared|since|per|the|a|an)\b"
)
_BEFORE_EN = re.compile(r"([a-z][a-z'&-]*(?: [a-z][a-z'&-]*){0,5}) (?:[a-z]+ed|was|were|is|are|of|to|reached|totalled|totaled|stood at|rose|fell|grew|came to|by|at|amounted to|increased|decreased)(?: (?:to|by|at|from))?(?: (?:rmb|usd|cny|us|hk))? ?[$€£¥]? ?$")  # fmt: skip
# What is counted ends with its plural: "volunteers joined" are volunteers, "sales outlets" outlets.
_OPENING_EN = re.compile(r"(?:(?:and|but|or|our|the|its|their|in|total) )+")
_PLURAL_NOUN = re.compile(
    r"\b(?:[a-z-]*[a-z][a-rtv-z]e?s|people|staff|children|men|women)\b(?! (?:[a-z-]*[a-z][a-rtv-z]s|people|staff)\b)"
)
_PLURALS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", ""))


def label(folded: str, text: str, figures: Sequence[Figure], index: int) -> str:
    """What figure `index` counts: the noun behind it, else the words before it in its clause; "" where none stands."""
    figure = figures[index]
    low = figures[index - 1].end if index else 0
    high = figures[index + 1].start if index + 1 < len(figures) else len(folded)
    if not _HAN.search(folded, max(0, figure.start - 30), figure.end + 30):
        return _english(folded, text, figure, low, high)
    counted = _behind(folded, figure, high)
    if counted and figure.kind in ("amount", "duration", "rank"):
        return text[counted[0] : counted[1]]
    before = _ahead(folded, figure, low)
    return text[before[0] : before[1]] if before else ""


def _behind(folded: str, figure: Figure, high: int) -> tuple[int, int] | None:
    match = _AFTER_ZH.match(folded, figure.end, min(high, figure.end + 20))
    if not match:
        return None
    start, end = match.span(1)
    cut = _CUT_AFTER.search(folded, start, end)
    if cut:
        end = cut.start()
    nouns = list(NOUN.finditer(folded, start, end))
    if nouns:
        return start, nouns[-1].end()
    return (start, end) if 1 < end - start <= 8 else None


def _ahead(folded: str, figure: Figure, low: int) -> tuple[int, int] | None:
    start = max(low, figure.start - 24)
    match = _BEFORE_ZH.search(folded[start : figure.start])
    if not match:
        return None
    begin, end = start + match.start(1), figure.start
    pieces = [piece for piece in _pieces(folded, begin, end) if piece[1] - piece[0] > 1]
    return pieces[-1] if pieces else None


def _pieces(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches between verbs and particles."""
    found: list[tuple[int, int]] = []
    at = start
    for match in _VERBS.finditer(folded, start, end):
        found.append((at, match.start()))
        at = match.end()
    return [*found, (at, end)]


def _english(folded: str, text: str, figure: Figure, low: int, high: int) -> str:
    if figure.kind == "amount" and not figure.unit:
        match = _AFTER_EN.match(folded, figure.end, high)
        if match:
            cut = _CUT_EN.search(folded, match.start(1), match.end(1))
            end = cut.start() if cut else match.end(1)
            plural = _PLURAL_NOUN.search(folded, match.start(1), end)
            return text[match.start() + 1 : plural.end() if plural else end].strip()
    match = _BEFORE_EN.search(folded[max(low, figure.start - 90) : figure.start])
    if match:
        start = max(low, figure.start - 90) + match.start(1)
        opening = _OPENING_EN.match(match[1])
        return text[start + (opening.end() if opening else 0) : start + len(match[1])]
    return ""


def unit_of(figure: Figure, folded: str, name: str) -> tuple[FigureKind, str]:
    """The kind and unit of a figure: as printed, else as its label implies."""
    if figure.unit or figure.kind in ("percent", "points", "rank", "ordinal", "duration", "date"):
        return figure.kind, figure.unit
    if not name:
        return figure.kind, ""
    if _HAN.search(name):
        from ingest.fold import fold

        unit = implied_unit(fold(name)) or _nearest_unit(fold(name))
        return ("money" if unit == "元" else figure.kind), unit
    return figure.kind, singular(name.lower().split()[-1])


def _nearest_unit(name: str) -> str:
    """The unit of the last noun of `name` that implies one."""
    nouns = NOUN.findall(name)
    return implied_unit(nouns[-1]) if nouns else ""


def singular(word: str) -> str:
    """An English noun in the singular, as `Figure.unit` has it."""
    if word == "people":
        return "person"
    for plural, singular in _PLURALS:
        if word.endswith(plural) and len(word) > len(plural) + 2:
            return word[: -len(plural)] + singular
    return word

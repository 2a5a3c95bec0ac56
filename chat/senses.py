"""What words around a figure make of it: a rise or a fall, an average, a goal, a denial, a running total.

A figure that is a rise of 20 % in a report is none in a sentence that says "20 %", and the other way round. In: folded
text. Out: the names of the senses that words of either language give.
"""

from __future__ import annotations

import re

SENSES: dict[str, re.Pattern[str]] = {
    "rise": re.compile(
        r"增长|成长(?!性|曲线)|增加|增至|增幅|上升|升至|提升|提高|上涨|涨|新增|多增|扩大|上调|攀升|净增|增(?=[0-9])"
        r"|\b(?:grow(?:s|n|th|ing)?|grew|ris(?:e|es|en|ing)|rose|increas\w*|gain\w*|climb\w*|higher|expand\w*|add(?:ed|itional)|(?<!made )(?<!make )(?<!makes )(?<!making )up(?! to\b))\b"
    ),
    "fall": re.compile(
        r"下降|降至|减少|降低|下滑|缩减|下跌|跌|降幅|收窄|回落|减幅|少增|下调|压降|减排|(?<!以)降(?=[0-9了到至])"
        r"|\b(?:fall(?:s|en|ing)?|fell|declin\w*|decreas\w*|drop\w*|reduc\w*|cut(?:s|ting)?|lower\w*|shr[aiu]nk\w*|narrow\w*|down)\b"
    ),
    "average": re.compile(r"平均|人均|户均|笔均|件均|均(?=[0-9为])|每(?=[户家人笔个名天日月年亩吨])|\baverag\w*|\bper\b|\beach\b|\bmean\b"),
    "goal": re.compile(
        r"目标|计划(?![”」』》])(?=[^,。;]{0,12}[0-9到将于])|力争|预计|预期|将(?!近|[^,。]{0,3}[作为])|拟|争取|有望|承诺"
        r"|\b(?:targets?|aims?|plan(?:s|ned)?(?! of\b)|expect\w*|goals?|wants?|seeks?|intention|will|forecast\w*|intends?|pledg\w*|commit\w*|would|projected)\b"
    ),
    "denial": re.compile(r"(?<![特个区分级])没有|并未|尚未|未(?!来)|不(?!足|到|超|低|少|断|仅|良|同|动产|高于|多于|小于|大于|等|限)|无(?!论|人|线|形|障|需)|否认|"
                         r"\b(?:not|no(?! (?:more|less|fewer))|never|without|neither|nor|failed|denie[sd]|none)\b|n't\b"),
    "relative year": re.compile(r"去年|上年|前一年|上一年|明年|次年|后一年|同期|\b(?:last|previous|prior|next|preceding|following) (?:fiscal )?year\b|\byear (?:earlier|before|ago)\b"),
}  # fmt: skip
CHANGES = ("rise", "fall")
_WEAK = {
    "rise": re.compile(r"\b(?:new|newly|more|extra|over)\b|多[了出]?|扩|翻"),
    "fall": re.compile(r"\b(?:less|fewer|lower|narrower)\b|少|收|降|低"),
    "average": re.compile(r"\b(?:a|every|typical\w*)\b|每"),
}
"""Words that may stand for a sense where the report has it, and are too common to claim it."""
_OPPOSITES = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        (r"男|\b(?:men|males?|man)\b", r"女|\b(?:women|females?|woman)\b"),
        (r"海外|境外|国外|\b(?:overseas|abroad|foreign)\b", r"国内|境内|本土|\bdomestic\b"),
        (r"收入|营收|\brevenues?\b", r"成本|费用|支出|\b(?:costs?|expenses?|expenditure)\b"),
        (r"资产(?!负债)|\bassets?\b", r"(?<!资产)负债|\bliabilit(?:y|ies)\b"),
        (r"贷款|\b(?:loans?|lending)\b", r"存款|\bdeposits?\b"),
        (r"盈利|净利润?|\b(?:profits?|net income)\b", r"亏损|\b(?:loss|losses)\b"),
        (r"农村|乡村|\brural\b", r"城市|城镇|\burban\b"),
        (r"进口|\bimports?\b", r"出口|\bexports?\b"),
    )
)
_VAGUE = re.compile(
    r"翻了?[一二两三四五]?[番倍]|绝?大?多数|大部分|绝大部分|过半|半数|成千上万|成百上千|[数几上][十百千万亿]+|"
    r"\b(?:dozens|hundreds|thousands|millions|billions|trillions|doubl\w+|twice|thrice|tripl\w+|quadrupl\w+|"
    r"majority|most(?! of all\b)|halv\w+|half|threefold|twofold|a third|a quarter|two-thirds)\b"
)
_ALIKE = (
    re.compile(r"翻一?番|翻[倍一]|两倍|2倍|doubl|twice|twofold|100%"),
    re.compile(r"多数|大部分|过半|一半|半数|majority|most|half|50%|[5-9]成|[五六七八九]成"),
    re.compile(r"三倍|3倍|翻两番|tripl|threefold|thrice"),
    re.compile(r"三分之|third|thirds"),
)
_NUMBERED = re.compile(
    r"(scope|范围|范畴|tier|phase|阶段|category|类别|type|class) ?((?:1[0-5]|[1-9])(?![0-9])|十[一二三四五]?|[一二三四五六七八九])"
)
_SAME_STEM = {"范围": "scope", "范畴": "scope", "阶段": "phase", "类别": "category"}
_HANDS = "零一二三四五六七八九十"
_TO = re.compile(
    r"(?:至|到|达到?|为|\b(?:to|at|reach(?:ed|es|ing)?|was|were|totall?ed)(?: (?:about|over|nearly|only))?) ?$"
)
_BY = re.compile(
    r"(?:增长|成长|增加|上升|提升|提高|上涨|下降|减少|降低|下滑|下跌)(?:了|约|超|近|逾|达)*$"
    r"|\b(?:by|grew|ris(?:e|en|ing)|rose|fell|fall(?:en|ing)?|increased?|decreased?|declined?|dropped|up|down|gained|growth of|increase of|decrease of)"
    r"(?: (?:about|over|nearly|only|a further))? ?$"
)


def numbered(folded: str) -> dict[str, set[str]]:
    """What is numbered in a folded text, by what it is: {"scope": {"1", "2"}}, of either language."""
    found: dict[str, set[str]] = {}
    for stem, number in _NUMBERED.findall(folded):
        digit = str(_HANDS.index(number)) if number in _HANDS else number
        found.setdefault(_SAME_STEM.get(stem, stem), set()).add(digit)
    return found


def to_or_by(before: str) -> str:
    """Whether a figure behind `before` (folded) is what something came "to", or what it changed "by"; "" for neither."""
    if _BY.search(before):
        return "by"
    return "to" if _TO.search(before) else ""


def senses(folded: str) -> frozenset[str]:
    """The senses that `folded` gives to what it says."""
    return frozenset(name for name, pattern in SENSES.items() if pattern.search(folded))


def opposed(said: str, stated: str) -> str:
    """What a folded stretch is stated of where another says it of its opposite: women for men; "" where of neither."""
    for pair in _OPPOSITES:
        for one, other in (pair, pair[::-1]):
            if (
                one.search(said)
                and not one.search(stated)
                and not other.search(said)
                and (found := other.search(stated))
            ):
                return found[0]
    return ""


def weak_senses(folded: str) -> frozenset[str]:
    """The senses that common words of `folded` may carry over from what it tells of."""
    return frozenset(name for name, pattern in _WEAK.items() if pattern.search(folded))


def vague(folded: str) -> list[str]:
    """The quantities of `folded` that are said without a number: dozens, the majority, doubled."""
    return [match[0] for match in _VAGUE.finditer(folded)]


def alike(one: str, text: str) -> bool:
    """Whether a vague quantity stands in a folded text, as it is or in other words of its kind."""
    return one in text or any(pattern.search(one) and pattern.search(text) for pattern in _ALIKE)

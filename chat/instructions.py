"""What a question tells the answerer to do, apart from what it asks: "Answer in USD millions.", "请用一句话回答".

In: a question as typed. Out: what it asks, and the names of the statements that it points to, which help to search.
"""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z“\"])|(?<=[:：])\s*(?=[A-Z])")
_TOLD = re.compile(
    r"\s*(?:please\b|answer\b|respond\b|reply\b|give\b|provide\b|assume\b|base\b|round\b|calculate\b|compute\b|express\b|state\b|use\b|address\b|"
    r"using only\b|note that\b|here'?s\b|here is\b|we (?:need|want) to\b|you (?:are|may|can|should|must|have)\b|"
    r"rely\b|utili[sz]e\b|look\b|imagine\b|suppose\b|"
    r"if .{0,80}\b(?:state that|say so|explain)\b)",
    re.IGNORECASE,
)
_OPENED = re.compile(r"^.*?\b(?:questions?\b|问题)[^:：?？]*[:：]\s*", re.IGNORECASE | re.DOTALL)
_ASKS = r"(?:what|how|which|who|whose|when|where|why|did|does|do|is|was|are|were|has|have|had|can|could)\b"
_LEADING = re.compile(
    rf"^\s*(?:by|using|based|basing|in agreement|in line|according|relying|looking|from|with|among the)\b(?P<said>[^?]*?)[,:]\s*(?={_ASKS})",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"\b(?:information|shown|stated|outlined|provided|details|data|line items|statements?|sheet)\b", re.IGNORECASE
)
_STATEMENT = re.compile(
    r"\b(?:(?:cash flow|income|p&l|profit and loss|comprehensive income) statements?|statements? of (?:(?:financial )?position|cash flows?|income|"
    r"operations|earnings|changes in equity)|balance sheets?)\b|资产负债表|利润表|现金流量表|所有者权益变动表",
    re.IGNORECASE,
)
_NAMED = r"(?:[a-z&'-]+ ){0,4}?(?:statements?(?: of (?:[a-z&'-]+ ?){1,4}?)?|balance sheets?)"
_AT_ITS_END = r"(?=\s*(?:[?.,)]|$)|\s+for\b)"
_BESIDE = re.compile(  # "..., as shown in the cash flow statement", "(from the balance sheet)"
    rf",?\s*\(?\b(?:(?:as (?:is )?)?(?:shown|stated|reported|given|listed|disclosed|presented|found) (?:in|on|by)|"
    rf"per|from|according to|based on|relying on|by relying on) (?:the|its) {_NAMED}{_AT_ITS_END}\)?"
    rf"|,?\s*\bas the {_NAMED} (?:has|shows|states|gives|reports) it{_AT_ITS_END}",
    re.IGNORECASE,
)
_CURRENCY = r"(?:us\$|usd|u\.s\. dollars?|us dollars?|dollars?|rmb|cny|yuan|eur|euros?|gbp|hkd|[$€£¥])"
_SCALES = r"(?:thousands?|millions?|billions?)"
_UNIT = re.compile(  # ", in USD millions"
    rf",?\s*\bin (?:units of )?(?:{_CURRENCY} {_SCALES}|{_SCALES} of {_CURRENCY}){_AT_ITS_END}", re.IGNORECASE
)
_MONEY = re.compile(
    rf"\b(?:in|as) (?:units of )?(?:{_CURRENCY} {_SCALES}\b|{_SCALES} of {_CURRENCY}|(?:usd|us dollars|rmb)\b)"
    r"|[以用按]?(?:[十百千]?[万亿]|[百千])?(?:美元|人民币|港元|欧元|元)(?:为单位)?(?:作答|回答|表示|计)",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"\s*\((?:as|answer(?:ed)?|expressed)?\s*(?:in|as)\b[^()]*(?:thousands?|millions?|billions?|percent\w*|%|decimals?|places?)[^()]*\)",
    re.IGNORECASE,
)
_TOLD_IN_CHINESE = re.compile(
    r"(?:请|麻烦)?(?:你|您)?(?:根据|依据|结合|基于|参考|按照)?[^,，。?？:：；;]{0,24}(?:回答(?:以下|下列|下面的?)?(?:问题)?|作答)[^,，。?？:：；;]{0,16}[,，。:：；;]?"
)


def asked_part(text: str) -> tuple[str, str]:
    """What `text` asks, without what it tells the answerer, and the statements that it names in what was left out.

    A text that is nothing but instruction is left as it is.
    """
    opened = _OPENED.sub("", text)
    kept = [sentence for sentence in _SENTENCE.split(opened) if not (_TOLD.match(sentence) and _is_told(sentence))]
    asked = _LEADING.sub(lambda match: "" if _only_points(match["said"]) else match[0], " ".join(kept).strip())
    asked = _UNIT.sub("", _BESIDE.sub("", _SCALE.sub("", asked)))
    if "回答" in asked or "作答" in asked:
        asked = _TOLD_IN_CHINESE.sub("", asked)
    if len(asked.strip(" ?？.。")) < 3:
        return text, ""
    hints = dict.fromkeys(match[0] for match in _STATEMENT.finditer(text) if match[0] not in asked)
    return asked.strip(), " ".join(hints)


def is_money(text: str) -> bool:
    """Whether `text` tells the answerer to give an amount of money: "in USD millions", 以百万元作答."""
    return bool(_MONEY.search(text))


def _is_told(sentence: str) -> bool:
    """Whether a sentence that begins like an instruction asks nothing itself: "Give the revenue of 2022" does."""
    if sentence.rstrip().endswith("?"):
        return False
    about_answer = re.search(
        r"\b(?:answer|response|respond|question|decimals?|places?|units?|metric|judg\w+|help us|equity|analyst|banker|investor|explain|millions?|"
        r"thousands?|billions?|percents?|line items?|statements?|balance sheets?|shown|provided|information)\b",
        sentence,
        re.IGNORECASE,
    )
    return bool(about_answer)


def _only_points(said: str) -> bool:
    """Whether a leading clause points to where to look and names neither a report nor a time."""
    return bool(_SHOWN.search(said)) and not re.search(r"[0-9]|[a-z ][A-Z]", said)

"""Findings said in the reader's language: the direct answer, the text, the figures, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.express import express, script
from chat.extract import Finding
from chat.types import Quote, QuotedFigure
from ingest.figures import find_figures
from ingest.types import Document, Figure

_SHOWN = ("amount", "money", "percent", "points", "duration", "rank")
_LONGEST_DIRECT = 160
_UNSURE = 0.9  # below this, what was read from a scan is told to be unsure

_WORDS = {
    "zh-Hans": {
        "join": "；",
        "quote": "“{text}” [{number}]",
        "none": "报告中没有找到答案。",
        "empty": "请输入一个问题。",
        "no documents": "资料库里还没有文档。请先导入报告，再提问。",
        "missing": "报告中没有找到答案：没有找到{missing}的相关陈述。",
        "partly": "没有找到{missing}。",
        "and": "、",
        "held back": "{model} 写的内容没有通过核对，以下是报告原文。",
        "broke off": "{model} 未能作答（{reason}），以下是报告原文。",
        "named": "“{text}”",
        "nil": "无",
        "unsure": "[{number}] 由扫描件识别，把握{share}%，请核对原文。",
    },
    "zh-Hant": {
        "join": "；",
        "quote": "「{text}」 [{number}]",
        "none": "報告中沒有找到答案。",
        "empty": "請輸入一個問題。",
        "no documents": "資料庫裡還沒有文件。請先匯入報告，再提問。",
        "missing": "報告中沒有找到答案：沒有找到{missing}的相關陳述。",
        "partly": "沒有找到{missing}。",
        "and": "、",
        "held back": "{model} 寫的內容沒有通過核對，以下是報告原文。",
        "broke off": "{model} 未能作答（{reason}），以下是報告原文。",
        "named": "「{text}」",
        "nil": "無",
        "unsure": "[{number}] 由掃描件識別，把握{share}%，請核對原文。",
    },
    "en": {
        "join": "; ",
        "quote": "“{text}” [{number}]",
        "none": "The reports do not answer this.",
        "empty": "Please ask a question.",
        "no documents": "The library holds no documents yet. Ingest a report, then ask.",
        "missing": "Not found in the reports: nothing is stated about {missing}.",
        "partly": "Not found: {missing}.",
        "and": ", ",
        "held back": "What {model} wrote did not pass the check; these are the reports' own words.",
        "broke off": "{model} {reason}; these are the reports' own words.",
        "named": "“{text}”",
        "nil": "nil",
        "unsure": "[{number}] was read from a scan and is {share}% sure: check it against the page.",
    },
}


def wording(language: str, name: str, **values: object) -> str:
    """The phrase called `name` in the reader's language."""
    return _WORDS[language][name].format(**values)


def direct(finding: Finding, language: str) -> str:
    """The shortest answer that a Finding gives, in the reader's language and script, numbers as printed."""
    printed = finding.sentence.document.text[finding.start : finding.end]
    if finding.figure is not None and finding.sentence.heads and finding.figure.kind != "date":
        return _cell(finding.figure, language)
    if finding.figure is not None:
        return _figure(finding.figure, finding.sentence.folded, language)
    if len(printed) > _LONGEST_DIRECT:
        printed = printed[: _cut(finding)].rstrip() + "…"
    return " ".join(script(printed, language).split())


def _cut(finding: Finding) -> int:
    """Where to cut a long answer: at the last clause that ends in time, and never in a figure."""
    last = finding.start + _LONGEST_DIRECT
    ends = [end for _, end in finding.sentence.clauses if finding.start < end <= last]
    at = ends[-1] if ends else last
    inside = [figure.start for figure in finding.sentence.figures if figure.start < at < figure.end]
    return min([at, *inside]) - finding.start


def _figure(figure: Figure, sentence: str, language: str) -> str:
    chinese = not sentence.isascii() and any("\u3400" <= char <= "\u9fff" for char in sentence)
    if chinese == (language != "en"):
        printed = script(figure.text, language)
        implied = chinese and figure.unit and figure.kind != "date" and not _ends_in_unit(figure)
        return printed + script(figure.unit, language) if implied else printed
    said = express(figure, language)
    opening, closing = (" (", ")") if language == "en" else ("（", "）")
    return f"{figure.text}{opening}{said}{closing}" if said and said != figure.text else figure.text


def _cell(figure: Figure, language: str) -> str:
    """A figure of a table as printed, and what it says with the unit and the scale that stand in its heads."""
    printed = " ".join(figure.text.split())
    alone = find_figures(figure.text)
    if alone and (alone[0].value, alone[0].unit) == (figure.value, figure.unit):
        return printed
    said = wording(language, "nil") if not alone and not figure.value else express(figure, language)
    if re.match(rf"{re.escape(printed)}(?![\d.,])", said):  # "138.6" and "138.6亿元": it is said with what was printed
        return said
    opening, closing = (" (", ")") if language == "en" else ("（", "）")
    return f"{printed}{opening}{said}{closing}" if said else printed


def _ends_in_unit(figure: Figure) -> bool:
    """Whether the figure is printed with a unit, rather than counting what stands beside it."""
    last = figure.text.rstrip()[-1:]
    return not (last.isdigit() or last in "万亿萬億千百") or figure.kind in ("percent", "rank", "ordinal")


def text(directs: Sequence[tuple[str, int]], quotes: Sequence[Quote], missing: Sequence[str], language: str) -> str:
    """The whole reply in plain text: each direct answer with its mark, the Quotes, and what was not found."""
    lines = [f"{said} [{number}]" for said, number in directs]
    shown = {said for said, _ in directs}
    lines += [
        wording(language, "quote", text=" ".join(quote.text.split()), number=quote.number)
        for quote in quotes
        if quote.text not in shown
    ]
    lines += [
        wording(language, "unsure", number=quote.number, share=round(100 * quote.recognised))
        for quote in quotes
        if quote.recognised < _UNSURE
    ]
    if missing:
        lines.append(wording(language, "partly", missing=_listed(missing, language)))
    return "\n".join(lines)


def not_found(missing: Sequence[str], language: str) -> str:
    """The reply where nothing answers, naming what is missing."""
    if not missing:
        return wording(language, "none")
    return wording(language, "missing", missing=_listed(missing, language))


def _listed(missing: Sequence[str], language: str) -> str:
    return wording(language, "and").join(wording(language, "named", text=script(item, language)) for item in missing)


def figures(finding: Finding, quote: Quote) -> list[QuotedFigure]:
    """The Figures that a Finding shows: its own, or all that stand in the sentence that it shows."""
    if finding.figure is not None:
        return [QuotedFigure(finding.figure, quote.number)]
    return [
        QuotedFigure(figure, quote.number)
        for figure in finding.sentence.figures
        if figure.kind in _SHOWN and finding.start <= figure.start and figure.end <= finding.end
    ]


def quote(number: int, document: Document, start: int, end: int) -> Quote:
    """The Quote of `document.text[start:end]`."""
    citation = document.cite(start)
    source_start, source_end = document.offsets.span(start, end)
    return Quote(
        number=number,
        document_id=document.id,
        document=document.name,
        title=document.title,
        page=citation.page,
        section=citation.section,
        text=document.text[start:end],
        start=start,
        end=end,
        source_start=source_start,
        source_end=source_end,
        recognised=document.confidence(start, end),
    )

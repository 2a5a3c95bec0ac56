"""The gate of the language model: whether a sentence that it wrote may be shown.

Pure functions. In: a sentence, the numbered passages that it was written from, and what the question asks of. Out: a
Verdict with the reason. A sentence must cite; each of its figures must equal, as value, unit, qualifier, entity and
period, a figure of a passage that it cites, or be computed by a formula that it shows; names and quoted text must
stand there; links, images and markup may not be. Where in doubt, a sentence is held back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chat.called import Forms, named, people, speaks_of
from chat.computed import computed, formula_faults, operands
from chat.formula import formulas
from chat.grounds import Asked, Support, grounded, likeliest, stated_date, twice
from chat.senses import alike, senses, vague
from chat.written import Passage, Sentence, met
from index.lexicon import Lexicon
from index.tokens import words
from ingest.fold import fold
from ingest.names import latin_names
from ingest.types import Figure

_LEAST_MET = 0.4  # share of a sentence's words that stand in what it cites
_LESS_MET = 0.2  # where it has figures, which say more, or is in another language
_MARKUP = re.compile(
    r"<\s*/?\s*[a-z!?]|https?:|ftp:|www\.|\]\s*\(|!\[|\]\s*:\s*\S|[\w.+-]+@[\w-]+\.\w|javascript:|data:[a-z]|&#?\w+;|`|\$\{|\{\{|"
    r"(?<![\w.])[a-z0-9-]{2,}\.(?:com|net|org|io|cn|co|hk|tw|info|biz|app|dev|xyz|top|site|online|me|ai|gov|edu|ru|uk|de|link|click)\b"
)
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
_ADDRESSED = re.compile(
    r"\b(?:click|visit|call us|contact|e-?mail|subscribe|download|log ?in|sign ?up|send|transfer|wire|pay|ignore|disregard|"
    r"forget|system prompt|instructions?|as an ai|language model|i am|i'm|you (?:must|should|need|have to|are now)|please)\b"
    r"|请(?:点击|访问|拨打|联系|登录|下载|扫描|转账|汇款|发送|输入|忽略|立即|务必|注意|勿)|点击|扫码|加微信|汇款|忽略|系统提示|提示词|指令|"
    r"语言模型|作为一?[个名]?(?:ai|人工智能|助手)|您(?:必须|应|需要)|你(?:必须|应该|需要|现在是)"
)
_LIST_MARK = re.compile(r"^\s*(?:[-*•·#>]+\s*|\(?[0-9]{1,2}[.)、](?![0-9])\s*|[一二三四五六七八九十]{1,2}[、.]\s*)+")
_ENUMERATING = re.compile(r"^\s*(?:第[一二三四五]|首先|其次|first|second|third|firstly|secondly)\s*[,:]")
_QUOTED = re.compile(
    r"“([^”]+)”|「([^」]+)」|『([^』]+)』|《([^》]+)》|\"([^\"]+)\"|‘([^’]{2,})’(?![a-z])|(?<![\w])'([^']{2,})'(?![\w])"
)
_DIGITS = re.compile(r"[a-z]*[-/._]?[0-9][a-z0-9]*(?:[-/._:,][a-z0-9]+)*")
_NUMERALS = re.compile(r"[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]+")
_SPACE = re.compile(r"\s+")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be shown; `reason` says why not, and `support` where the passages say it."""

    reason: str = ""
    support: tuple[Support, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the sentence may be shown."""
        return not self.reason


def judge(
    text: str, passages: Sequence[Passage], asked: Asked | None = None, forms: Forms = lambda name: (name,)
) -> Verdict:
    """The Verdict on one sentence, as the model wrote it."""
    asked = asked or Asked()
    by_number = {passage.number: passage for passage in passages}
    sentence = Sentence.read(_LIST_MARK.sub("", text))
    cited = [by_number[number] for number in sentence.cited if number in by_number]
    if reason := _form(sentence, text, cited):
        return Verdict(reason)
    if asked.names and not any(speaks_of(name, passage, forms) for name in asked.names for passage in cited):
        return Verdict(f"it does not speak of {asked.names[0]}, which is asked of")
    found = formulas(sentence.folded)
    support: list[Support] = []
    for check in (_quotes, _names, _numerals, _vague, _sense):
        if reason := check(sentence, cited, forms):
            return Verdict(reason)
    if reason := next(formula_faults(sentence, found, cited), ""):
        return Verdict(reason)
    claims = [one for one in sentence.figures if not _is_mark(sentence, one) and not computed(one, found)]
    for claim in claims:
        if claim.kind == "date":
            stood = stated_date(claim, sentence, cited)
        else:
            stood = grounded(claim, sentence, cited, asked, forms)
        if isinstance(stood, str):
            return Verdict(stood)
        support.extend(stood)
    if reason := twice(claims, cited):
        return Verdict(reason)
    support.extend(one for formula in found for one in operands(formula, cited))
    return Verdict("", tuple(dict.fromkeys(support)) or tuple(likeliest(sentence, cited)))


def _form(sentence: Sentence, text: str, cited: Sequence[Passage]) -> str:
    folded = fold(text)
    if _MARKUP.search(folded) or _INVISIBLE.search(text):
        return "it has a link, an image, markup or hidden characters"
    match = _ADDRESSED.search(sentence.folded)
    if match and not any(match[0] in passage.folded for passage in cited):
        return f"it addresses the reader or speaks of itself ({match[0]!r})"
    if not sentence.cited:
        return "it cites no passage"
    if len(cited) < len(sentence.cited):
        return f"it cites a passage that was not given: {', '.join(map(str, sentence.cited))}"
    return ""


def _quotes(sentence: Sentence, cited: Sequence[Passage], _: Forms) -> str:
    """Quoted text and names in quotation or title marks stand in what is cited, white space and script aside."""
    known = [_SPACE.sub("", passage.known) for passage in cited]
    for match in _QUOTED.finditer(sentence.text):
        quoted = fold(next(group for group in match.groups() if group))
        if not any(_SPACE.sub("", quoted).strip(",.，。;；") in text for text in known):
            return f"{match[0]} does not stand in what it cites"
    return ""


def _names(sentence: Sentence, cited: Sequence[Passage], forms: Forms) -> str:
    """Each name stands in what is cited, or is what its Document is about."""
    for name in named(sentence.text, cited):
        if not any(speaks_of(name, passage, forms) for passage in cited):
            return f"what it cites does not speak of {name!r}"
    if not any(passage.chinese for passage in cited):
        known = frozenset[str]().union(*(set(words(passage.known)) for passage in cited))
        for start, end in latin_names(sentence.text):
            if start and end - start > 2 and not set(words(sentence.text[start:end])) <= known:
                return f"{sentence.text[start:end]!r} does not stand in what it cites"
    for person in people(sentence.without_figures):
        if not any(person in passage.known for passage in cited):
            return f"{person!r} does not stand in what it cites"
    return ""


def _numerals(sentence: Sentence, cited: Sequence[Passage], _: Forms) -> str:
    """Digits and numerals that are no figures stand in what is cited as they are: ISO 14001, 5G, Scope 1."""
    text = sentence.folded
    taken = [(figure.start, figure.end) for figure in sentence.figures]
    for match in _DIGITS.finditer(text):
        if any(match.start() < end and start < match.end() for start, end in taken):
            continue
        if not any(_stands(match[0], passage.known) or _numbers(text, match, passage) for passage in cited):
            return f"{match[0]!r} does not stand in what it cites"
    if any(char.isnumeric() and not (char.isdecimal() and char.isascii()) and not _HAN.match(char) for char in text):
        return "it has digits in a form that cannot be checked"
    for match in _NUMERALS.finditer(text):
        if any(match.start() < end and start < match.end() for start, end in taken) or _is_word(text, match):
            continue
        if not any(match[0] in passage.known for passage in cited):
            return f"{match[0]!r} does not stand in what it cites"
    return ""


def _stands(token: str, text: str) -> bool:
    return bool(re.search(rf"(?<![a-z0-9.,]){re.escape(token)}(?![a-z0-9]|[.,][0-9])", text))


def _numbers(text: str, match: re.Match[str], passage: Passage) -> bool:
    """Whether digits number a thing that stands in a passage of the other language: Scope 1, 范围一."""
    before = re.search(r"([a-z]+) ?$|([\u3400-\u9fff]{2}) ?$", text[: match.start()])
    term = f"{before[0].strip()} {match[0]}" if before and before[1] else f"{before[0]}{match[0]}" if before else ""
    return any(form in passage.known for form, _ in Lexicon.load().translate(term)) if term else False


def _is_word(text: str, match: re.Match[str]) -> bool:
    """Whether a numeral is a part of a word: 一些, 统一, 三农, 四川."""
    if match[0] == "一":
        return True
    wider = (text[max(0, match.start() - a) : match.end() + b] for a in (0, 1) for b in (0, 1) if a or b)
    return len(match[0]) == 1 and any(len(word) > 1 and Lexicon.load().listed(word) for word in wider)


def _vague(sentence: Sentence, cited: Sequence[Passage], _: Forms) -> str:
    """Quantities without a number ("most", "doubled") are said by what is cited."""
    for said in vague(sentence.without_figures):
        if not any(alike(said, passage.known) for passage in cited):
            return f"what it cites does not say {said!r}"
    return ""


def _sense(sentence: Sentence, cited: Sequence[Passage], _: Forms) -> str:
    """A sentence speaks of what it cites, and denies or foresees nothing that stands there as a fact."""
    share = max(met(sentence.words, passage, passage.known) for passage in cited)
    same = any(passage.chinese == sentence.chinese for passage in cited)
    # figures say more than words, and a dictionary does not know all that is said of them in another language
    if share < (_LESS_MET if sentence.figures or not same else _LEAST_MET) and (same or not sentence.figures):
        return "it speaks of something else than what it cites"
    said = senses(sentence.folded)
    for name in ("denial", "goal", "relative year"):
        if name in said and not any(name in senses(passage.known) or _foresees(name, passage) for passage in cited):
            return f"what it cites has no {name}"
    return ""


def _foresees(name: str, passage: Passage) -> bool:
    """Whether a passage speaks of a year after its report's, which is a goal without the word."""
    year = passage.about.period or ""
    dates = (figure.period[:4] for figure in passage.figures if figure.kind == "date" and figure.period)
    return name == "goal" and year.isdigit() and any(date.isdigit() and date > year for date in dates)


def _is_mark(sentence: Sentence, figure: Figure) -> bool:
    """Whether a figure only numbers the sentence: "First, ..."."""
    match = _ENUMERATING.match(sentence.folded)
    return figure.kind == "ordinal" and bool(match and figure.end <= match.end())

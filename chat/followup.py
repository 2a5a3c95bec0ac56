"""A question that leans on earlier ones is made to stand alone: "那2022年呢?" becomes the earlier question about 2022.

By rules over what the dialogue spoke of last: names, dates, what was counted. Only earlier questions are read, never
answers, and no figure of them but dates is taken on: what was once asked or said cannot come back as a fact.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chat.asking import forms_in
from chat.names import names_in
from chat.question import language_of, tidy
from chat.terms import terms_of
from ingest.figures import find_figures
from ingest.fold import fold, to_simplified
from ingest.names import latin_names
from ingest.types import Figure, Span

_OF_THE_REPORT = re.compile(
    r"^(?:请问|請問)?(?:[这這该該本]份?)?(?:年报|年報|报告书?|報告書?|文章|文件)|\b(?:the|this) (?:\w+ ){0,2}(?:report|article|document)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:那么?(?![些个家位种项份])|还有|以及|而|再问(?:一下)?|请问|换成|如果是|要是|至于|那么?请问)+[,，]?\s*|^(?:(?:and|so|but|now|ok|okay|then)\b[, ]*)*(?:(?:what|how) about|what of|same for|and for)?\b[ ,]*",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"(?:的话)?(?:呢|又如何|又是多少|怎么样|怎样|如何|吧|吗)?\s*[?？!！。.]*\s*$")
_ASKS_ON = re.compile(
    r"^(?:那(?![些个家位种项份])|还有|以及|换成|至于)|呢\s*[?？]?\s*$|^\s*(?:and|so|but|then|what about|how about|what of|same for)\b",
    re.IGNORECASE,
)
_THE_BODY = r"(?:行|公司|集团|企业|机构|银行|项目|产品|系统|平台|计划)"
_PRONOUN = re.compile(
    rf"它们?的?|他们的?|(?<![尤与])其(?![中他它余实次间])的?|该{_THE_BODY}的?|[这那](?:家|个){_THE_BODY}?(?!时|么|样|月|年|人)的?|本行|本公司|上述{_THE_BODY}的?"
    r"|\b(?:its|their|theirs|it|they|them|(?:the|this|that|said) (?:bank|company|group|firm|insurer|airline|business|organi[sz]ation|product|system|project|plan))\b",
    re.IGNORECASE,
)
_OF_THEM = re.compile(
    r"(?:在?这?其中|[这那]些(?:客户|用户|企业|人|项目|员工)?(?:里面|之中|中|里)?|当中)的?|\bof (?:them|these|those|which|whom)\b",
    re.IGNORECASE,
)
_SAME_TIME = re.compile(
    r"当年|那一?年|同年|同期|这一?年(?!度)|\b(?:in )?(?:that|the same) (?:year|period)\b|\bat (?:that|the same) time\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"上一?年(?:度|末|底)?|前一年|去年|\b(?:the )?(?:previous|prior|last) year\b|\b(?:in )?the year (?:before|earlier)\b|\ba year (?:before|earlier)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(r"下一年|次年|后一年|\b(?:the )?(?:next|following) year\b|\bthe year after\b", re.IGNORECASE)
_BODY = re.compile(
    r"(?: (?:Bank|Group|Company|Corporation|Holdings|Insurance|Energy|Foods|Airlines|Electronics|Software|Inc|Ltd|plc|ASA)\b)+"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_BARE_YEAR = re.compile(r"(?:fy ?)?(?:19|20)[0-9]{2}(?:年度?)?", re.IGNORECASE)
_LIGHT = re.compile(
    r"[的在于是为和与\s,，、。?？!！.:：]|\b(?:in|for|of|at|on|by|the|a|an|as|to|from|is|are|was|were|with|during)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\bhow many ((?:[\w&'-]+ ){1,4}?)(?:did|does|do|has|have|had|were|was|are|is|can|could|will)\b"
    r"|多少(?:个|家|户|名|位|人|种|项|条|笔|件|台|座|款)?([\u3400-\u9fff]{2,8})", re.IGNORECASE
)  # fmt: skip
_WHO = re.compile(r"谁|\bwho\b", re.IGNORECASE)
_MOST_TAKEN = 3  # questions back that a question may lean on


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that stands alone. `text` is the question itself where it leans on nothing; `sure` is False where it may
    stand alone as it was asked, and only takes on whom the dialogue is about.
    """

    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Slots:
    """A question taken apart: its names and dates, and where they stand."""

    text: str
    names: tuple[Span, ...]
    dates: tuple[Figure, ...]

    @property
    def english(self) -> bool:
        return language_of(self.text) == "en"

    def rest(self) -> str:
        """The text without its names and dates."""
        return _blank(self.text, [*self.names, *(Span(one.start, one.end) for one in self.dates)])

    def first_name(self) -> str:
        return self.text[self.names[0].start : self.names[0].end] if self.names else ""

    def date(self) -> str:
        return self.dates[-1].text if self.dates else ""


def standalone(question: str, history: Sequence[str], subjects: Collection[str] = ()) -> Standalone:
    """The question made to stand alone by the earlier questions of `history`, oldest first; `subjects` are known names."""
    earlier = ""
    for past in history[-_MOST_TAKEN - 1 :]:
        earlier = _stands(tidy(past), earlier, subjects).text
    return _stands(tidy(question), earlier, subjects)


def _stands(question: str, earlier: str, subjects: Collection[str]) -> Standalone:
    if not question or not earlier:
        return Standalone(question)
    before, after = _slots(_without_figures(earlier), subjects), _slots(_dated(question, earlier), subjects)
    core = _slots(_CLOSING.sub("", _OPENING.sub("", after.text)), subjects)
    asks = bool(forms_in(fold(after.text)))
    if not _carries(core.rest()):
        return Standalone(_swapped(before, core))
    if _OF_THEM.search(after.text) or _PRONOUN.search(after.text):
        return Standalone(_resolved(before, after))
    if _ASKS_ON.search(after.text) and not asks:
        return Standalone(_of_another_thing(before, core))
    if _OF_THE_REPORT.search(after.text) and not _ASKS_ON.search(after.text):
        return Standalone(question)
    if _ASKS_ON.search(after.text) or not (after.names or not before.names):
        said = _CLOSING.sub("", _OPENING.sub("", after.text)) if _ASKS_ON.search(after.text) else after.text
        return Standalone(_about(before, _slots(said, subjects)), sure=bool(_ASKS_ON.search(after.text)))
    return Standalone(question)


def _slots(text: str, subjects: Collection[str]) -> _Slots:
    folded = fold(text)
    spans = [(at, at + len(name)) for name in names_in(text, subjects) if (at := folded.find(name)) >= 0]
    spans += [span for span in latin_names(text) if _BODY.match(text, span[1])]
    whole = {start: max(_to_body(text, end) for first, end in spans if first == start) for start, _ in spans}
    dates = tuple(one for one in find_figures(text) if one.kind == "date" and one.period)
    return _Slots(text, tuple(Span(*span) for span in sorted(whole.items())), dates)


def _to_body(text: str, end: int) -> int:
    """Where a Latin name ends with the kind of body that it names: Huaxing Bank."""
    match = _BODY.match(text, end)
    return match.end() if match else end


def _without_figures(text: str) -> str:
    """An earlier question without the figures that it states: they are no facts."""
    stated = [
        one for one in find_figures(text) if one.kind in ("amount", "money", "percent", "points") and one.value >= 10
    ]
    return " ".join(_blank(text, [Span(one.start, one.end) for one in stated]).split()) if stated else text


def _blank(text: str, spans: Sequence[Span]) -> str:
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def _carries(text: str) -> bool:
    """Whether what is left of a question says what it asks of."""
    return any(term.weight >= 0.5 for term in terms_of(fold(_LIGHT.sub(" ", text))))


def _dated(question: str, earlier: str) -> str:
    """The question with "that year", "the year before" as the year that the earlier one makes of it."""
    dates = [one for one in find_figures(earlier) if one.kind == "date" and one.period]
    year = _YEAR.search(dates[-1].period or "") if dates else None
    if year is None:
        return question
    chinese = language_of(question) != "en"
    for pattern, step in ((_BEFORE, -1), (_AFTER, 1), (_SAME_TIME, 0)):
        said = f"{int(year[0]) + step}年" if chinese else f"in {int(year[0]) + step}"
        if not any(one.kind == "date" for one in find_figures(question)):
            question = pattern.sub(said, question, count=1)
    return question


def _swapped(before: _Slots, core: _Slots) -> str:
    """The earlier question with the names and dates that the new one gives."""
    text = before.text
    changes = []
    if core.names and before.names:
        changes.append((before.names[0], core.first_name()))
    if core.dates and before.dates:
        date = before.dates[-1]
        changes.append((Span(date.start, date.end), _date_in(date.text, core.date())))
    for span, said in sorted(changes, key=lambda change: -change[0].start):
        text = text[: span.start] + said + text[span.end :]
    missing = _Slots(text, (), ())
    name = core.first_name() if core.names and not before.names else ""
    date_ = core.date() if core.dates and not before.dates else ""
    return _with(missing, name, date_)


def _date_in(old: str, new: str) -> str:
    """The new date as the old one was put: 2022年 for 2023年底 is 2022年底."""
    year = _YEAR.search(new)
    if year and _BARE_YEAR.fullmatch(new.strip()) and _YEAR.search(old):
        return _YEAR.sub(year[0], old)
    return new


def _with(slots: _Slots, name: str, date: str) -> str:
    """A question with a name and a date that it lacks."""
    if not name and not date:
        return slots.text
    if slots.english:
        body = slots.text.rstrip(" ?？.")
        told = (f" of {name}" if name else "") + (f" {_when(date)}" if date else "")
        return f"{body}{told}?"
    return f"{name}{date}{'的' if name and not date and _begins_with_noun(slots.text) else ''}{slots.text}"


def _when(date: str) -> str:
    """An English date with the word before it: in 2023, at the end of 2023."""
    bare = re.sub(r"^(?:in|at|by|as of) (?:the )?", "", date, flags=re.IGNORECASE)
    return f"at the {bare}" if re.match(r"(?:year[- ])?end\b", bare, re.IGNORECASE) else f"in {bare}"


def _begins_with_noun(text: str) -> bool:
    return not re.match(r"(?:有|是|在|为|的|共|累计|服务|多少|几|谁|什么)", text)


def _about(before: _Slots, after: _Slots) -> str:
    """A whole question, with the name and the date of the dialogue where it has none."""
    name = before.first_name() if not after.names else ""
    return _with(after, name, before.date() if not after.dates else "")


def _resolved(before: _Slots, after: _Slots) -> str:
    """A question whose pronouns stand for what the dialogue is about."""
    name, text = before.first_name(), after.text
    if (them := _OF_THEM.search(text)) and (counted := _counted(before.text)):
        of = f"of the {counted}" + (f" of {name}" if name else "") if after.english else f"{counted}中"
        text = text[: them.start()] + of + text[them.end() :]
    elif them:
        text = text[: them.start()] + text[them.end() :]
    named = bool(after.names)
    while not named and (found := _PRONOUN.search(text)):
        said, named = _pronoun(found[0], name), bool(name)
        text = " ".join((text[: found.start()] + said + text[found.end() :]).split())
    text = _OPENING.sub("", text)
    has_name = bool(name) and fold(name) in fold(text)
    rest = _Slots(text, (), after.dates)
    return _with(rest, "" if has_name or after.names else name, "" if after.dates else before.date())


def _pronoun(said: str, name: str) -> str:
    if not name:
        return ""
    if said.lower() in ("its", "their", "theirs"):
        return f"{name}'s"
    return f"{name}的" if said.endswith("的") else name


def _counted(text: str) -> str:
    match = _COUNTED.search(text)
    return (match[1] or match[2]).strip() if match else ""


def _of_another_thing(before: _Slots, core: _Slots) -> str:
    """The earlier question about another thing: in place of one of its kind ("种植户" for "养殖户"), else asked anew."""
    alike = _one_of_its_kind(before, core)
    if alike:
        return alike
    asked = core.text.strip(" ,，、")
    who = bool(_WHO.search(before.text))
    if core.english:
        asked = re.sub(r"^(?:the|its|their) ", "", asked, flags=re.IGNORECASE)
        text = f"{'Who' if who else 'What'} is the {asked}?"
    else:
        text = f"{asked}{'是谁' if who else '是多少'}?"
    return _about(before, _Slots(text, core.names, core.dates))


def _one_of_its_kind(before: _Slots, core: _Slots) -> str:
    """The earlier question with a word of it given way to one that ends alike."""
    words = [term.text for term in terms_of(fold(_LIGHT.sub(" ", core.rest())))]
    if len(words) != 1:
        return ""
    new, folded = words[0], fold(before.text)
    for term in terms_of(fold(before.rest())):
        old = term.text
        ends = old.split()[-1] == new.split()[-1] if core.english else len(old) > 1 and old[-1] == new[-1]
        at = folded.find(old)
        if ends and old != new and at >= 0 and term.weight >= 0.5:
            said = core.text[(start := max(fold(core.text).find(new), 0)) : start + len(new)]
            return _swapped(_Slots(before.text[:at] + said + before.text[at + len(old) :], (), ()), _Slots("", (), ()))
    return ""


def admissible(rewritten: str, question: str, history: Sequence[str]) -> bool:
    """Whether what a language model made of a question brings in no name, number or date that was not asked of."""
    known = fold(" ".join([question, *history[-_MOST_TAKEN:]]))
    if not rewritten or len(rewritten) > 2 * len(known) + 40 or "\n" in rewritten.strip():
        return False
    stated = [one for one in find_figures(rewritten) if one.kind != "date"]
    own = {one.value for one in find_figures(question)}
    years = {one.period[:4] for one in find_figures(known) if one.period}
    if any(one.value not in own and one.kind not in ("ordinal", "rank") for one in stated):
        return False
    if any(one.period and one.period[:4] not in years for one in find_figures(rewritten) if one.kind == "date"):
        return False
    names = names_in(rewritten)
    return all(name in known or to_simplified(name) in known for name in names)

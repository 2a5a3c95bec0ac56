"""Whose figure it is: whether what a sentence says is said of the names that a question asks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from chat.names import Profile, bodies, is_kind, own_name, shortens
from chat.passage import Sentence
from chat.transliteration import calls
from ingest.names import organisations

_THAT_ONE = re.compile(r"[,，;；。、(（]该(?:行|公司|集团|企业|机构|厂|社|校|院|店|基金|银行)")
_PEER = re.compile(r"(?:同[省城市行业]|对手)的?$")  # 同省的汉曲乐器
_MENTIONED = 0.8  # a name that stands around the sentence, or in it beside the name that its Document is about
PASSING = 0.4  # an organisation that the sentence has though its Document is about another


def said_of(names: Mapping[str, Sequence[str]], sentence: Sentence, about: Profile) -> float:
    """Whether what the sentence says is said of the `names`: 1, less where it is unsure, 0 where not.

    `names` have their forms (`Matcher.name_forms`); `about` is what the sentence's Document is about.
    """
    found = [_of(forms, name, sentence, about) for name, forms in names.items()]
    if any(is_subject for _, is_subject in found):
        found = [(_MENTIONED if said == PASSING else said, is_subject) for said, is_subject in found]
    return min((said for said, _ in found), default=1.0)


def _of(forms: Sequence[str], name: str, sentence: Sentence, about: Profile) -> tuple[float, bool]:
    """How surely the sentence speaks of `name`, in any of its forms, and whether it is what its Document is about."""
    if is_about(forms, name, about):
        return (0.0 if _leads_another(forms, sentence) else 1.0), True
    other = _is_organisation(forms, about)
    if any(form in sentence.folded for form in forms):
        leads = any(_leads(form, sentence) for form in forms) or _is_resumed(forms, sentence)
        return (1.0 if not other or leads or _is_alone(forms, sentence) else PASSING), False
    if _leads_another(forms, sentence):
        return 0.0, False
    around = (sentence.lead + "\n" + sentence.section).lower()
    if not other and any(form in around for form in forms):
        return _MENTIONED, False
    return (0.9 if any(form in about.head for form in forms) else 0.0), False


def is_about(forms: Sequence[str], name: str, about: Profile) -> bool:
    """Whether a name, in any of its forms, is what a Document is about."""
    if any(form in subject or _extends(form, subject) for form in forms for subject in about.subjects):
        return True
    if any(shortens(form, subject) for form in forms for subject in about.subjects):
        return True
    return calls(name, about.subjects)


def _leads_another(forms: Sequence[str], sentence: Sentence) -> bool:
    """Whether the sentence is led by another organisation, and does not name the one asked of."""
    text = sentence.folded
    named = [text[start:end] for start, end in bodies(text)]
    others = [name for name in named if not is_kind(name) and not any(_same(name, form) for form in forms)]
    if _is_resumed(others, sentence):
        return True
    if any(form in text for form in forms):
        return False
    return any(_leads(name, sentence) for name in others if not any(name in form or form in name for form in forms))


def _same(name: str, form: str) -> bool:
    """Whether two names are of one organisation: 浔漪 and 浔漪银行, but not 浔漪惠民银行, nor 澜岳人寿 and 澜岳财险."""
    own = own_name(name)
    if own != own_name(form):
        return form.endswith(name) or name.endswith(form)  # a stray character may stand before it
    kinds = (name.removeprefix(own), form.removeprefix(own))
    return kinds[0] in kinds[1] or kinds[1] in kinds[0]


def _is_resumed(forms: Sequence[str], sentence: Sentence) -> bool:
    """Whether one of the names is the last before a "该行" or the like, which speaks on of it."""
    text = sentence.folded
    mark = _THAT_ONE.search(text)
    if mark is None:
        return False
    before = [(text.rfind(form, 0, mark.start()), form) for form in forms]
    place, form = max(before, default=(-1, ""))
    named = [start for start, _ in bodies(text) if start < mark.start()]

    return place >= 0 and (not named or named[-1] <= place + len(form))


def _extends(form: str, subject: str) -> bool:
    """Whether `form` is the subject and more, and not another body of its group: 澜岳财险 beside 澜岳人寿."""
    return (subject in form and not organisations(form.replace(subject, "某某", 1))) or form == subject


def _leads(form: str, sentence: Sentence) -> bool:
    """Whether a clause of the sentence is about a name: it opens the clause, not in a list or with another, or something
    is said to be its own.
    """
    text = sentence.folded
    at = text.find(form)
    while at >= 0:
        before, after = text[:at].rstrip(" “「\"'"), text[at + len(form) : at + len(form) + 1]
        opens = not before or before[-1] in ",.;:。!?\n，；：" or bool(_PEER.search(before))
        if (opens and after not in "、和与及等跟") or after == "的":
            return True
        at = text.find(form, at + 1)
    return False


def _is_alone(forms: Sequence[str], sentence: Sentence) -> bool:
    """Whether a sentence names nobody else, and gives figures only behind the name: "同行川逸快运披露,其业务量为61亿票"."""
    text = sentence.folded
    at = min((place for form in forms if (place := text.find(form)) >= 0), default=len(text))
    others = [text[start:end] for start, end in bodies(text)]
    values = [figure.start - sentence.start for figure in sentence.figures if figure.kind != "date"]
    return (
        all(is_kind(name) or any(_same(name, form) for form in forms) for name in others)
        and min(values, default=0) > at
    )


def _is_organisation(forms: Iterable[str], about: Profile) -> bool:
    """Whether one of the forms is an organisation rather than a product or a title."""
    return any(bodies(form) for form in forms) and bool(about.subjects)

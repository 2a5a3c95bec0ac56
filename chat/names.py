"""The names that a question asks about, and what a Document is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from chat.glossed import said_twice
from chat.transliteration import transliterations
from index.lexicon import Lexicon
from index.stopwords import STOP
from ingest.figures import find_figures
from ingest.fold import fold
from ingest.names import companies, latin_names, organisations, quoted_names
from ingest.pinyin import spelled
from ingest.places import PLACES
from ingest.reported import reported_period
from ingest.types import Document

_PRODUCT = re.compile(r"[\u3400-\u9fff]{2,8}")
_OPENING = re.compile(r"(?:^|\n|[.!?。:：])[ #*\n]*$")  # what stands before the first word of a sentence
_HAN = re.compile(r"[\u3400-\u9fff]")
_SIZES = (4, 3, 2)  # characters of a word
_CALLED = 2  # characters that a Chinese company is called by, at least
_ABBREVIATION = 5  # letters of what is written in capitals without being a name
_LEAST_KNOWN = 4  # characters of a name that another may end in by chance
_OWNER = re.compile(r"['’]s? ")  # Yaocen's Taichung
_OF_COUNTRY = re.compile(r"[\u3400-\u9fff](?:国的|国人|语|文)$")  # German
_SMALL = frozenset("of and the a an in for on to &".split())
_BODY = re.compile(
    r"\b(?:bank|group|company|corporation|holdings?|insurance|capital|partners|foods?|energy|electronics?|motors?|airlines?|"
    r"university|securities|technolog(?:y|ies)|industries|international|systems|plc|inc|ltd|corp|co|ag|sa|asa|nv|llc)\b"
)
_KIND_OF_THING = re.compile(r"(?:航空|能源|电力|保险|科技|物流|电网|百货|超市|地产)$")
_KINDS = re.compile(
    r"(?:银行|集团|公司|保险|人寿|财险|证券|科技|能源|电力|航空|物流|乳业|药业|钢铁|汽车|电子|食品|软件)+$"
)
_COMPANY = re.compile(r"(?:公司|集团|企业)$")
_LEGAL = re.compile(
    r"(?:股份|集团|控股)?(?:有限)?(?:责任)?公司$|(?:股份|控股)$| (?:plc|asa|inc|ltd|corp|ag|sa|group)\.?$"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a Document is about: the organisations it speaks of as its subject, what it names in quotation marks (in
    Chinese, products and systems), and the period it reports on.
    """

    subjects: frozenset[str]
    quoted: frozenset[str]
    period: str | None
    head: str


def names_in(question: str, subjects: Collection[str] = ()) -> tuple[str, ...]:
    """The names, folded, that a question (as asked, not folded) is about; `subjects` are names known beforehand."""
    folded = fold(question)
    twice = said_twice(question)
    latin = [
        part
        for start, end in latin_names(_undated(question))
        if not any(low <= start < high for low, high in twice)
        for whole in _OWNER.split(folded[start:end])
        for part in _parted(whole)
    ]
    quoted = [(start, end) for start, end in quoted_names(question) if not _is_in_english(folded[start:end])]
    chinese = (*bodies(folded), *quoted)
    found = [_alone(folded[start:end], subjects) for start, end in chinese if not _is_adjective(folded[start:end])]
    found = [name for name in found if not (latin and is_kind(name))]  # 造纸集团 Calderwyck
    found += transliterations(folded, subjects)
    found += [name for name in latin if name in subjects or not (_is_phrase(name, question) or _is_place(name))]
    shorts = sorted({short for name in subjects for short in _shorter(name) if _stands(short, folded)})
    found = [name for name in found if _COMPANY.sub("", name) not in shorts] + shorts  # 曜岑公司 is 曜岑
    return tuple(dict.fromkeys(name for name in found if not any(name != other and name in other for other in found)))


def _is_in_english(name: str) -> bool:
    """Whether a name in quotation marks is of words of the dictionary, as what a Chinese report quotes is in English."""
    parts = name.split()
    return len(parts) > 1 and all(part in _SMALL or (part.isascii() and _means(part)) for part in parts)


def _alone(name: str, subjects: Collection[str]) -> str:
    """The name without what stands before one that is known: 网商银行 of 助微计划网商银行."""
    known = [subject for subject in subjects if name.endswith(subject) and len(subject) >= _LEAST_KNOWN]
    return name if name in subjects else max(known, key=len, default=name)


def bodies(folded: str) -> list[tuple[int, int]]:
    """The ranges of the Chinese organisations and companies that folded text names."""
    return [*organisations(folded), *companies(folded, is_word)]


def _is_phrase(name: str, question: str) -> bool:
    """Whether capitals stand in words of the dictionary rather than in a name: at the start, or in the name of a thing."""
    words = [word for word in re.findall(r"[\w&'-]+", name) if word not in _SMALL]
    known = all(map(_means, words))
    if len(words) > 1:
        return known and not _BODY.search(name)
    if name.upper() in question and len(name) <= _ABBREVIATION and not _body_of(name):
        return True  # PUE, EV
    opens = re.search(rf"(?:^|[.?!:] +)[\"“']?{re.escape(name)}", fold(question))
    return known and bool(opens or name.upper() in question)  # "Average ...", "EV"


def _is_place(name: str) -> bool:
    """Whether a Latin name is a country or a city, which reports often leave to be understood, or says of which one is."""
    return name in PLACES or any(_OF_COUNTRY.search(form) for form, _ in Lexicon.load().translate(name))


def _undated(question: str) -> str:
    """The question with its dates blank: FY2018 names nobody."""
    for figure in find_figures(question):
        if figure.kind == "date":
            question = question[: figure.start] + " " * len(figure.text) + question[figure.end :]
    return question


def _stands(name: str, folded: str) -> bool:
    """Whether a name stands in a folded text, of Latin letters as words of its own."""
    if not name.isascii():
        return name in folded
    return bool(re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", folded))


def is_word(text: str) -> bool:
    """Whether the dictionaries have it."""
    return bool(Lexicon.load().listed(text))


def _is_adjective(name: str) -> bool:
    """Whether what looks like an organisation is a kind of thing: 可持续航空, of fuel."""
    return _is_word_before(_KIND_OF_THING, name)


def is_kind(name: str) -> bool:
    """Whether what looks like an organisation only is a kind of one, or of thing: 手机银行, of a word and an ending;
    银行保险, of endings alone.
    """
    return _is_word_before(_KINDS, name)


def _is_word_before(ending: re.Pattern[str], name: str) -> bool:
    """Whether a name is no word of its own, but an ending behind one, or behind nothing."""
    prefix = ending.sub("", name)
    return prefix != name and (not prefix or is_word(prefix)) and not is_word(name)


def shortens(name: str, subject: str) -> bool:
    """Whether a name leaves out the middle of a subject's: 澜岳集团 for 澜岳保险集团, but not 中国银行 for 中国工商银行."""
    if not 3 <= len(name) < len(subject) or name[:2] != subject[:2] or name[-1] != subject[-1]:
        return False
    if _says_what(name[:2]):
        return False  # many begin so
    rest = iter(subject)
    return all(char in rest for char in name)


def _shorter(name: str) -> list[str]:
    """What a subject is called: without its legal form, and by what is its own alone (澜岳 of 澜岳保险集团, 锐朔 of
    宁波锐朔机器人股份), or begins that (汇涛 of 汇涛馔饮).
    """
    short = _LEGAL.sub("", name)
    own = own_name(name)
    core = _own_part(own)
    found = dict.fromkeys((short, own, core, core[:_CALLED] if len(core) == 2 * _CALLED and _HAN.match(core) else core))
    return [one for one in found if len(one) > 1 and (one == short or not (is_word(one) or one in PLACES))]


def own_name(name: str) -> str:
    """What of an organisation's name is its own, without its legal form and its kind: 浔漪 of 浔漪银行股份."""
    return _KINDS.sub("", _LEGAL.sub("", name)) or name


def _own_part(name: str) -> str:
    """A Chinese name without the words before and behind what is its own: the place and the trade."""
    while size := next((n for n in _SIZES if len(name) - n >= _CALLED and _says_what(name[:n])), 0):
        name = name[size:]
    while size := next((n for n in _SIZES if len(name) - n >= _CALLED and _says_what(name[-n:])), 0):
        name = name[:-size]
    return name


def _says_what(part: str) -> bool:
    """Whether a part of a Chinese name is a place or a word, which others have in their names too."""
    return part in PLACES or bool(_HAN.match(part) and is_word(part))


def _means(word: str) -> bool:
    """Whether the dictionary has an English word, rather than a Chinese place or person in pinyin."""
    forms = Lexicon.load().listed(word)
    return bool(forms) and not _body_of(word) and not any(spelled(form).startswith(word) for form, _ in forms)


def _body_of(word: str) -> str:
    """The Chinese organisation that a word is before all: 网商银行 for "mybank"; "" where it is none."""
    first = Lexicon.load().listed(word)[:1]
    return first[0][0] if first and organisations(first[0][0]) else ""


def _parted(name: str) -> list[str]:
    """The names in a run of capitals: an organisation's product stands behind it, as in "MYbank Bailing"."""
    first, _, rest = name.partition(" ")
    return [first, rest] if rest and _body_of(first) and not _body_of(name) else [name]


@lru_cache(maxsize=256)
def profile(document: Document) -> Profile:
    """What the Document is about."""
    folded = fold(document.text)
    ranges = [*bodies(folded), *_capitalised(document.text)]
    counts = _settled(Counter(folded[start:end] for start, end in ranges))
    titled = fold(document.title) + "\n" + fold(document.name)
    head = titled + "\n" + folded[:200]
    most = max(counts.values(), default=0)
    subjects = {
        name
        for name, count in counts.items()
        if _stands(name, titled)
        or (((count > 1 and 2 * count >= most) or (count == most and name in head)) and not _is_plain(name))
    }
    quoted = {name for start, end in quoted_names(document.text) if _PRODUCT.fullmatch(name := folded[start:end])}
    quoted -= STOP  # "报告" names nothing
    period = reported_period(document.title, document.name, document.text)
    return Profile(frozenset(subjects), frozenset(quoted), period, head)


def _is_plain(name: str) -> bool:
    """Whether a Latin name is one word of the dictionary: "Note", "Plan", which reports write with a capital."""
    return name.isascii() and " " not in name and _means(name)


def _capitalised(text: str) -> list[tuple[int, int]]:
    """The Latin names of a text, without the common words that are capitalised since they begin a sentence."""
    knows = Lexicon.load().listed
    return [
        (start, end)
        for start, end in latin_names(text)
        if " " in text[start:end]
        or not _OPENING.search(text, max(0, start - 3), start)
        or not knows(fold(text[start:end]))
    ]


def _settled(counts: Counter[str]) -> Counter[str]:
    """Counts in which a name with stray characters before it ("日网商银行") counts for the name that it ends in."""
    settled: Counter[str] = Counter()
    for name, count in counts.items():
        ends = [other for other in counts if name.endswith(other) and counts[other] > count]
        settled[max(ends, key=lambda other: (counts[other], len(other))) if ends else name] += count
    return settled

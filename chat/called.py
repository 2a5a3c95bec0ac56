"""Who is spoken of: the names in a written sentence, and whether a passage speaks of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from chat.names import is_kind, names_in
from chat.whose import is_about
from chat.written import Passage, Sentence, met
from index.lexicon import Lexicon
from index.stopwords import STOP
from index.tokens import words
from ingest.types import Figure

Forms = Callable[[str], Sequence[str]]
"""A folded name in all the forms in which a Document may have it."""

_SPELLED = 5  # letters of a name in pinyin that say which it is
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧阳司马上官诸葛"
)
_AFTER_VERB = re.compile(r"^.*[占为达至超设共](?=[\u3400-\u9fff]{2})")


def named(text: str, cited: Sequence[Passage]) -> tuple[str, ...]:
    """The names in a text, without what only looks like one: a verb and a kind of thing."""
    subjects = frozenset[str]().union(*(passage.about.subjects for passage in cited))
    found = ((name, _AFTER_VERB.sub("", name)) for name in names_in(text, subjects))
    return tuple(short for name, short in found if short == name or (len(short) > 1 and not is_kind(short)))


def names_of(figure: Figure, sentence: Sentence, cited: Sequence[Passage]) -> tuple[str, ...]:
    """The names of the figure's own clause, or the nearest before it."""
    start, end = sentence.around(figure)
    own = named(sentence.text[start:end], cited)
    if own:
        return own
    before = [name for a, b in sentence.clauses if b <= figure.end for name in named(sentence.text[a:b], cited)[-1:]]
    return tuple(before[-1:])


def speaks_of(name: str, passage: Passage, forms: Forms) -> bool:
    """Whether a passage or its Document speaks of a folded name: in any of its forms, in pinyin, or word by word."""
    known = tuple(forms(name))
    if any(form in passage.known for form in known) or is_about(known, name, passage.about):
        return True
    if name.isascii() and len(name) >= _SPELLED and name.replace(" ", "") in passage.spelled:
        return True
    own = frozenset(words(name))  # a name translated word by word, as in Green Bid Loan
    return name.isascii() and passage.chinese and len(own) > 1 and met(own, passage, passage.known) >= 0.6


def people(folded: str) -> Iterator[str]:
    """What may be the name of a person: a surname and one or two characters more that are no words."""
    for stretch in re.split(r"[\W\d]+", folded):
        run = ""
        for word in [*words(stretch), ""]:
            if len(word) == 1 and word not in STOP:
                run += word
                continue
            if 1 < len(run) < 5 and run[0] in _SURNAMES and not Lexicon.load().listed(run):
                yield run
            run = ""

"""Names and lists as they stand in a sentence: what answers who, which and what are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chat.asking import SpanKind
from chat.passage import Sentence
from ingest.names import latin_names, organisations, quoted_names
from ingest.places import places

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔"
    "谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文樊兰殷施洪"
    "翟安颜倪牛温俞章鲁葛毕聂焦柳邢路岳齐梅庄辛管祝左涂谷祁耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍覃霍翁隋"
)
_OFFICE = (
    "董事长|行长|总经理|总裁|首席[^,，、。]{1,4}官|副行长|副总裁|负责人|主席|创始人|主任|院长|校长|经理|秘书长|店主|工程师|"
    "教授|部长|董秘|监事长|代表|专家|先生|女士"
)
_PERSON_ZH = re.compile(
    rf"(?:{_OFFICE})(?:兼[^,，、。]{{2,6}})?[为是由:]?([{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
    r"(?=表示|指出|说|称|认为|介绍|强调|透露|在|于|为|是|担任|出任|,|，|、|。|宣布|签署|女士|先生|对|接受|告诉|$)"
    rf"|(?<![担出接委就现主])([{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)(?=(?:担任|出任|先生|女士|任|接任|当选|获任))"
)
_PERSON_EN = re.compile(
    r"(?:Chair(?:man|woman|person)?|Chief [A-Z]\w+(?: [A-Z]\w+)? Officer|C[EFTO]O|President|Director|Mr\.?|Ms\.?|"
    r"Mrs\.?|Dr\.?|founder|manager|chair|chief executive)[ ,]+(?:of [\w ]+, )?([A-Z][\w'-]+(?: [A-Z][\w'.-]+){1,2})"
    r"|([A-Z][\w'-]+(?: [A-Z][\w'.-]+){1,2})"
    r"(?=,? (?:said|says|was appointed|became|, (?:the |our )?(?:chief|chair|president|CEO)))"
)
_LIST_ZH = re.compile(r"[^,，。;；:：、\n(（]{1,24}(?:、[^,，。;；:：、\n)）]{1,24}?)+(?=等|[,，。;；:：\n)）]|$)")
_LIST_QUOTED = re.compile(r"(?:[“「『《][^”」』》\n]{1,24}[”」』》](?:、|,|以?及|和|与| and )?){2,}(?<=[”」』》])")
_LIST_EN = re.compile(
    r"(?<![\d.])(?:[\w'&%-]+(?: [\w'&%-]+){0,5}, )+(?:(?:and|or) )?[\w'&%-]+(?: [\w'&%-]+){0,4}"
    r"|[A-Z][\w-]+ and [A-Z][\w-]+"
)
# Words that part a clause: what stands before or behind one may be what is asked for.
_LINKS = re.compile(
    r"成为|称为|叫做|名为|名叫|位于|来自|属于|出自|担任|出任|就任|获得|包括|使用|采用|作为|通过|因为|由于|是|为|叫|称|由|在|于|到|至|即|有|被|"
    r"对|以|从|向|给|与|和|用|任|获|"
    r"\b(?:is|are|was|were|be|been|by|in|of|for|as|called|named|to|with|from|at|on|has|have|had|that|which|and|the|a|an)\b"
)
_TRIM = " ,，。、;；:：的了着过之其该此等\n\t()（）"
_SHORTEST, _LONGEST = 2, 60  # characters of a stretch


@dataclass(frozen=True, slots=True)
class NamedSpan:
    """A name or list in a sentence; offsets count in `Document.text`."""

    kind: SpanKind
    start: int
    end: int


def spans(sentence: Sentence) -> Iterator[NamedSpan]:
    """Every name and list of the sentence."""
    text, folded, base = sentence.text, sentence.folded, sentence.start
    for pattern, body in ((_PERSON_ZH, folded), (_PERSON_EN, text)):
        for match in pattern.finditer(body):
            group = 1 if match[1] else 2
            yield NamedSpan("person", base + match.start(group), base + match.end(group))
    for start, end in places(text, folded):
        yield NamedSpan("place", base + start, base + end)
    for start, end in organisations(folded):
        yield NamedSpan("organisation", base + start, base + end)
    for start, end in quoted_names(text):
        yield NamedSpan("title", base + start, base + end)
    for start, end in latin_names(text):
        yield NamedSpan("name", base + start, base + end)
    for match in (*_LIST_ZH.finditer(text), *_LIST_QUOTED.finditer(text), *_LIST_EN.finditer(text)):
        yield NamedSpan("list", base + match.start(), base + match.end())


def stretches(sentence: Sentence) -> Iterator[NamedSpan]:
    """The clauses of the sentence, and what stands in them between two links, or from one to either end."""
    base, text = sentence.start, sentence.folded
    for start, end in sentence.clauses:
        links = list(_LINKS.finditer(text, start - base, end - base))
        firsts = [start - base, *(match.end() for match in links)]
        lasts = [*(match.start() for match in links), end - base]
        ranges = {(first, end - base) for first in firsts} | {(start - base, last) for last in lasts}
        ranges |= set(zip(firsts, lasts, strict=True))
        for first, last in sorted(ranges):
            low, high = _trimmed(text, first, last)
            if _SHORTEST <= high - low <= _LONGEST:
                yield NamedSpan("stretch", base + low, base + high)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _TRIM:
        start += 1
    while start < end and text[end - 1] in _TRIM:
        end -= 1
    return start, end

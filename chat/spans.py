"""Names and lists as they stand in a sentence: what answers who, which and what are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chat.asking import SpanKind
from chat.names import is_word
from chat.passage import Sentence
from ingest.names import latin_names, organisations, quoted_names
from ingest.places import places

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔"
    "谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文樊兰殷施洪"
    "翟安颜倪牛温俞章鲁葛毕聂焦柳邢路岳齐梅庄辛管祝左涂谷祁耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍覃霍翁隋"
    "蒙尤冉宁卞仇桑桂岑冀娄简阮骆包褚仲晏柴瞿舒应宗丰闵穆车蓝宫窦戚巫苟郁单麦胥幸冷佘连古辜敖粟栾阚臧甘昌谌危鄢"
)
_COMPOUND = "欧阳|司徒|上官|诸葛|司马|尉迟|夏侯|皇甫|令狐|慕容|端木|轩辕|南宫|东方|公孙|呼延"
_OFFICE = (
    "董事长|行长|总经理|总裁|首席[^,，、。]{1,4}官|副行长|副总裁|负责人|主席|创始人|主任|院长|校长|经理|秘书长|店主|工程师|"
    "教授|部长|董秘|监事长|代表|专家|先生|女士|[组县市省局处队站校会村镇乡区厅司科店厂]长|书记|理事|院士|记者|律师|博士|"
    r"[\u4e00-\u9fff](?:师|员|家|士|工|匠|者)|(?:长|次|之|独|儿|女)[子女]|妻子|丈夫|女儿|儿子|村民|农民|司机|学生|选手|同学"
)
_CALLED = rf"(?:(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}?|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
_PERSON_ZH = re.compile(
    rf"(?:{_OFFICE})(?:兼[^,，、。]{{2,6}})?[为是由:]?({_CALLED})"
    r"(?=表示|指出|说|称|认为|介绍|强调|透露|在|于|为|是|担任|出任|,|，|、|。|;|\(|\)|宣布|签署|女士|先生|对|接受|告诉|因|就|已|将|曾|和|与|及|等|$)"
    rf"|(?:由|选举|任命|聘任|推选|委任|聘请|邀请|推举|提名|当选者)({_CALLED})(?=为|担任|出任|任|接|先生|女士|主持|设计|创|执|负责|领导|牵头)"
    rf"|(?<![担出接委就现主])((?!任)[^\W\d](?<=[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}?)(?=(?:担任|出任|先生|女士|任|接任|当选|获任))"
)
# A foreign name in Chinese: its parts have a dot between (阿贝·塞波斯汀).
_DOT = re.compile("[·・‧•∙]")
# The characters that such names are written with, as a rule; what is none of them ends one (总统, 于, 发).
_SOUNDED = (
    "[阿埃艾爱安昂奥巴白班邦包保鲍贝本比彼毕宾波伯博勃布采查昌楚茨次聪达戴丹当道德登邓迪蒂丁杜敦顿多厄恩尔儿法凡范菲费芬丰冯佛夫弗福盖甘冈戈格葛根贡古瓜圭果哈海罕汉豪赫黑亨洪胡华怀惠霍基吉加嘉贾简姜杰捷金津居喀卡凯坎康考柯科可"
    "克肯孔库夸奎昆拉腊莱赖兰朗劳勒雷黎里理利莉丽廉连良列林琳龙卢鲁路露伦罗洛吕马玛迈麦曼芒毛梅门蒙孟米密明缪摩莫墨默姆木穆拿娜纳乃奈南瑙内尼妮涅宁纽努诺欧帕派潘庞佩彭皮匹平珀普齐奇恰契强钱乔切琴青琼丘让热荣茹儒瑞若撒萨塞赛桑"
    "森莎山珊尚绍舍生圣施什石舒朔斯丝思松苏所索塔泰坦汤唐陶特滕提帖廷通图土托陀瓦万旺威韦维魏温翁沃乌武西希锡夏香谢辛欣兴休修许雪逊雅亚扬杨耀耶叶伊依因英尤约云泽曾扎詹珍朱佐兹宗祖蕾蓓薇芙茜苔黛艳玫芭碧婷缇琪琦]"
)
_TRANSLITERATED = re.compile(rf"[\u4e00-\u9fff]{{1,8}}(?:{_DOT.pattern}[\u4e00-\u9fff]{{1,8}})+")
_SPELLED = re.compile(rf"{_SOUNDED}{{1,8}}(?:{_DOT.pattern}{_SOUNDED}{{1,8}})+")
_NOT_OF_NAME = re.compile(
    r".*(?:[的了是在于与和及或由向对被将从为把给到令让使称叫]|[家王帝后爵者员长师手官士年月日]|(?:总统|首相|教授|博士|探险家|作家|演员|导演|球员))(?=[\u4e00-\u9fff])"
)
_AFTER_NAME = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:[的了是在于与和及或由向对被将从为把给到令让使说称]|所|创|执|阐|发|提|宣|指|认|出|担|率|获|成).*"
)
# A Chinese name where a clause begins or somebody is led to, before what people do.
_ACTING = re.compile(
    rf"(?:(?<=^)|(?<=[,，。、;；:：(（“「\s])|(?<=[由被让令给向与和及]))({_CALLED})"
    r"(?=在|于|说|称|任|率|领导|的|是|为|提|宣|发|创|建|设|执|主|编|著|写|出|获|被|将|与|和|及|以|从|对|向|曾|担|接|继|指|认|带|组|完|打|会)"
)
_ROLE_EN = (
    r"(?:[Cc]hair(?:man|woman|person)?|[Cc]hief [A-Za-z]+(?: [Oo]fficer)?|C[EFTO]O|[Pp]resident|[Dd]irector|Mr\.?|Ms\.?|Mrs\.?|Dr\.?|"
    r"[Ff]ounder|[Mm]anager|[Aa]nalyst|[Hh]ead|[Pp]rofessor|[Ee]ngineer|[Aa]rchitect|[Ss]pokes(?:man|woman|person)|[Mm]inister)"
)
_CALLED_EN = r"[A-Z][\w'-]+(?: [A-Z]\.)?(?: [A-Z][\w'-]+){1,2}"
_PERSON_EN = re.compile(
    rf"{_ROLE_EN}[ ,]+(?:of [\w ]+, )?({_CALLED_EN})"
    rf"|({_CALLED_EN})(?=,? (?:said|says|was appointed|was named|became|will succeed|succeeded|took over)|, (?:the |our |its |a |an |who )?(?:{_ROLE_EN}|\bwho\b))"
    rf"|\b(?:succeeded|replaced|headed|led|chaired|founded|appointed|named|run|designed|written) (?:by |as |him |her )?({_CALLED_EN})"
)
_LIST_ZH = re.compile(r"[^,，。;；:：、\n(（]{1,24}(?:、[^,，。;；:：、\n)）]{1,24}?)+(?=等|[,，。;；:：\n)）]|$)")
_LIST_QUOTED = re.compile(r"(?:[“「『《][^”」』》\n]{1,24}[”」』》](?:、|,|以?及|和|与| and )?){2,}(?<=[”」』》])")
_LIST_EN = re.compile(
    r"(?<![\d.])(?:[\w'&%-]+(?: [\w'&%-]+){0,5}, )+(?:(?:and|or) )?[\w'&%-]+(?: [\w'&%-]+){0,4}"
    r"|[A-Z][\w-]+ and [A-Z][\w-]+"
)
# Words that part a clause: what stands before or behind one may be what is asked for.
_LINKS = re.compile(
    r"成为|称为|让|使|令|叫做|名为|名叫|位于|来自|属于|出自|担任|出任|就任|获得|包括|使用|采用|作为|通过|因为|由于|是|为|叫|称|由|在|于|到|至|即|有|被|"
    r"对|以|从|向|给|与|和|用|任|获|"
    r"\b(?:is|are|was|were|be|been|by|in|of|for|as|called|named|to|with|from|at|on|has|have|had|that|which|and|the|a|an)\b"
)
_TRIM = " ,，。、;；:：的了着过之其该此等\n\t()（）"
_CLOSING = dict(zip("(“「『《〈[【", ")”」』》〉]】", strict=True))
_BRACKET = re.compile(r"[(“「『《〈\[【)”」』》〉\]】]")
_TO_CLOSING = 30  # characters from a stretch to where its bracket closes
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
    for start, end in _people(text, folded):
        yield NamedSpan("person", base + start, base + end)
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


def _people(text: str, folded: str) -> Iterator[tuple[int, int]]:
    """The ranges of people's names."""
    for pattern, body in ((_PERSON_ZH, folded), (_PERSON_EN, text)):
        for match in pattern.finditer(body):
            yield match.span(match.lastindex or 0)
    matches = (match for pattern in (_TRANSLITERATED, _SPELLED) for match in pattern.finditer(folded))
    yield from dict.fromkeys(map(_own, matches))
    for match in _ACTING.finditer(folded):
        if not is_word(match[1][:2]):  # 高度在, 金融业的
            yield match.span(1)


def _own(match: re.Match[str]) -> tuple[int, int]:
    """The range of a foreign name without what leads to it (探险家) and what follows it (在)."""
    parts = _DOT.split(match[0])
    lead, rest = _NOT_OF_NAME.match(parts[0]), _AFTER_NAME.search(parts[-1])
    return match.start() + (lead.end() if lead else 0), match.end() - (len(rest[0]) if rest else 0)


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
            low, high = _closed(text, *_trimmed(text, first, last))
            if _SHORTEST <= high - low <= _LONGEST:
                yield NamedSpan("stretch", base + low, base + high)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _TRIM:
        start += 1
    while start < end and text[end - 1] in _TRIM:
        end -= 1
    return start, end


def _closed(text: str, start: int, end: int) -> tuple[int, int]:
    """The range, to where its last bracket closes; nothing where it would cut through one: a title is named whole or not."""
    waiting: list[str] = []
    for match in _BRACKET.finditer(text, start, end):
        if match[0] in _CLOSING:
            waiting.append(_CLOSING[match[0]])
        elif not waiting or waiting.pop() != match[0]:
            return start, start
    if not waiting:
        return start, end
    close = text.find(waiting[0], end, end + _TO_CLOSING)
    return (start, close + 1) if close >= 0 and len(waiting) == 1 else (start, start)

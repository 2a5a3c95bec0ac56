"""Text that speaks to a machine that reads it: instructions to language models, and characters that nobody sees.

A report informs; what tells its reader's software what to do is no part of it. Such lines are found here, kept in the
text, and left out of all that is retrieved, quoted or given to a language model (see OWASP LLM01:2025, prompt injection).
In: cleaned text, or source text. Out: ranges of lines, and notes for people.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from ingest.fold import fold
from ingest.structure import lines
from ingest.types import Span

_LONGEST_SHOWN = 60
_SHORT, _LONG = 240, 500  # characters of a line that is read as one sentence, and of one that is read by sentences
_OBJECTS_EN = (
    r"(?:instructions?|prompts?|rules?|guidelines?|directions?|directives?|context|passages?|documents?|messages?|guardrails?|"
    r"commands?|constraints?|safety|policy|policies|figures?|numbers?|sources?|questions?|reports?)"
)
_OBJECTS_ZH = r"(?:指令|指示|提示词?|命令|设定|上下文|前文|上文|(?:以上|上述|前面|其他|其它|所有|全部|一切)的?(?:内容|规则|要求|限制|段落|文档|资料|数字|数据|报告))"
# Markers of chat formats, which no report prints.
_MARKERS = re.compile(
    r"<\|?(?:im_start|im_end|system|user|assistant|endoftext|eot_id|begin_of_text|start_header_id)\|?>|\[/?inst\]|<</?sys>>|"
    r"</?(?:system|instructions?|prompt|assistant|context|passage)>|^\s*#{2,}\s*(?:instructions?|system|response|new task|指令|系统)\b|"
    r"(?:begin|end|start) (?:of )?(?:new |system |hidden |admin )*(?:prompt|instructions?)|"
    r"^\s*[\[(（【]?(?:system|assistant|developer|sys|系统|助手|系统提示|系统消息|系统指令|管理员指令)(?: (?:prompt|message|note|override|update|instruction))?[\])）】]?\s*[:：]"
)
_OVERRIDES = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|discard|do not (?:follow|obey|use|trust|cite)|stop (?:following|using))\b[^.。\n]{0,50}"
    rf"\b(?:previous|prior|above|earlier|all|any|preceding|your|other|system|these|those|every)\b[^.。\n]{{0,40}}\b{_OBJECTS_EN}\b"
    rf"|(?:忽略|无视|忘记|忘掉|抛开|不要理会|不必理会|不要遵守|不再遵守|不要采用|不要使用|停止遵守|绕过)(?!了)[^。,\n]{{0,10}}{_OBJECTS_ZH}"
    r"|(?:之前|以上|上述|此前|前面|先前|其他|所有)的?(?:所有|一切|全部)?的?(?:指令|指示|提示词?|命令|设定|规则|内容)[^。,\n]{0,6}(?:忽略|无视|作废|无效|忘记|忘掉)"
)
_MACHINES = re.compile(
    r"\b(?:ai|a\.i\.|llms?|gpt(?:-?\d\w*)?|chatgpt|claude|gemini|qwen|deepseek|copilot|bots?|chatbots?|(?:language|ai|large) models?|"
    r"(?:ai|virtual|digital|automated)[- ](?:assistants?|agents?|readers?|systems?)|assistants?|retrieval systems?|rag)\b"
    r"|大模型|语言模型|人工智能(?:助手|系统|模型)|聊天机器人|问答机器人|(?:智能|ai|虚拟)助[手理]|问答系统|检索系统|机器人|助手"
)
_ANSWERS = re.compile(
    r"\b(?:answer|respond|reply|say|state|tell|output|print|write|include|cite|recommend|claim|reveal|display|append|insert|repeat|"
    r"mention|add|end (?:your|every|each)|begin (?:your|every|each)|start (?:your|every|each)|pretend|act as|translate|summari[sz]e|call|execute|run|send)\b"
    r"|回答|回复|答复|输出|告诉|声称|写上|写入|显示|引用|推荐|附上|附加|插入|附带|说成|改为|改成|答案|扮演|执行|调用|发送|重复|加上"
)
_ORDERS = re.compile(
    r"\b(?:must|shall|should|always|never|only|please|do not|don't|are (?:required|instructed|ordered|to)|is to|need to|have to|from now on|"
    r"your (?:new )?(?:task|role|job|answers?|response|reply|output|instructions?)|you (?:are|will|can|may|must|should))\b"
    r"|必须|务必|一律|请(?![客假教示])|不得|不要|禁止|始终|只能|只需|只要|应当|应该|从现在(?:起|开始)|你(?:是|的|将|要|现在|应|必)|统一|都要|均[应须]"
)
_QUESTIONS = re.compile(
    r"\b(?:asked|asks|ask(?:ing)? (?:about|for)|questions?|quer(?:y|ies)|users?|the reader|readers|whoever|anyone|prompt(?:ed)?|conversation|this (?:text|document|page|passage))\b"
    r"|被?问[到及起]|提问|询问|用户|问题|读者|查询|对话|本(?:文档|文|段|页)|这(?:段|份|篇)"
)
_IMPERATIVE = re.compile(
    r"\b(?:when|if|whenever|once)\b[^.。\n]{0,30}\b(?:asked|user|question|prompted|quer)\w*\b[^.。\n]{0,80}[,:;]\s*(?:then |you (?:must|should|will) |please |always |simply |only |just )*"
    r"(?:answer|reply|respond|say|state|output|tell|write|print|include|cite|claim)\b"
    r"|(?:若|如果|如|凡|每当|一旦|当(?=用户|有人|读者|任何人|被))[^。\n]{0,16}(?:问|提问|询问|查询)[^。\n]{0,30}[,:]?\s*"
    r"(?:请|你|则|就|都|均|一律|必须|应|务必|统一|直接|只)+\s*(?:回答|回复|答复|输出|答|告诉)"
    r"|\b(?:reveal|print|show|repeat|output|leak|disclose)\b[^.\n]{0,40}\b(?:system prompt|your (?:instructions?|prompt|rules)|hidden prompt|api keys?|passwords?)"
    r"|(?:输出|显示|泄露|重复|透露)[^。\n]{0,12}(?:系统提示|提示词|密钥|密码)"
    r"|\byou are (?:now|no longer) (?:a|an|the|in|free|bound|dan)\b|\bnew (?:system )?instructions?\b\s*:|你现在(?:是|扮演)|新的?指令\s*[:：]"
    r"|!\[[^\]]*\]\(\s*https?://[^)\s]*[?{=]"
)
# Every line that one of these finds holds some part of each of its lists: these are found fast, and few lines are read further.
_HELD_BY_TELLING = (
    re.compile(
        r"ai|a\.i|llm|gpt|claude|gemini|qwen|deepseek|copilot|bot|model|assistant|agent|reader|system|rag|"
        "模型|人工智能|机器人|助|系统"
    ),
    re.compile(
        "ask|question|quer|user|reader|whoever|anyone|prompt|conversation|this |问|用户|读者|查询|对话|本[文段页]|这[段份篇]"
    ),
)
_SPEAKS = tuple(
    (tuple(map(re.compile, held)), pattern)
    for held, pattern in (
        ((r"<|\[|#|prompt|instruction|system|assistant|developer|sys|系统|助手|管理员指令",), _MARKERS),
        (
            (
                "ignore|disregard|forget|override|bypass|discard|not|stop|忽略|无视|忘|抛开|不要|不必|不再|停止|绕过|作废|无效",
                "instruction|prompt|rule|guideline|direction|directive|context|passage|document|message|guardrail|command|"
                "constraint|safety|polic|figure|number|source|question|report|"
                "指令|指示|提示|命令|设定|上下文|前文|上文|内容|规则|要求|限制|段落|文档|资料|数字|数据|报告",
            ),
            _OVERRIDES,
        ),
        (
            (
                r"asked|user|question|prompt|quer|instruction|rules|key|password|you|问|查询|提示|密钥|密码|你现在|指令|!\[",
                "answer|reply|respond|say|state|output|tell|write|print|include|cite|claim|reveal|show|repeat|leak|disclose|"
                r"you are|instruction|答|回复|输出|告诉|显示|泄露|重复|透露|你现在|指令|!\[",
            ),
            _IMPERATIVE,
        ),
    )
)
_UNSEEN = re.compile(r"[\U000e0001-\U000e007f]+|[\ufe00-\ufe0f]{4,}|[\u200b-\u200d\u2060-\u2064\ufeff]{8,}")
_ANY_UNSEEN = re.compile(r"[\U000e0001-\U000e007f\ufe00-\ufe0f\u200b-\u200d\u2060-\u2064\ufeff]")
_OVERRIDDEN = re.compile(r"[\u202d\u202e]")


def instructions(text: str) -> tuple[Span, ...]:
    """The stretches of cleaned text that instruct a machine: lines, of long ones the sentences around what does."""
    folded = fold(text)
    found: list[Span] = []
    before, announced = "", False
    for start, end in lines(text):
        line = folded[start:end]
        if announced or _instructs(line):
            found += [Span(start, end)] if announced or len(line) <= _LONG else _around(line, start)
        elif before and not _closed(before) and _instructs(f"{before[-_LONG:]} {line[:_LONG]}"):
            found += [Span(start - 1 - len(before), start - 1), Span(start, end)] if not found else [Span(start, end)]
        announced = bool(found) and found[-1].end == end and line.endswith((":", ","))
        before = line
    return tuple(found)


def _closed(line: str) -> bool:
    return line.endswith((".", "。", "!", "?", ";"))


def _instructs(line: str) -> bool:
    """Whether a folded line speaks to a machine: by a marker, by setting rules aside, or by telling one how to answer."""
    if any(_holds(line, held) and pattern.search(line) for held, pattern in _SPEAKS):
        return True
    return (
        _holds(line, _HELD_BY_TELLING)
        and _MACHINES.search(line) is not None
        and any(_tells(line, *span) for span in _sentences(line))
    )


def _holds(line: str, lists: Iterable[re.Pattern[str]]) -> bool:
    """Whether some part of each list stands in a line."""
    return all(held.search(line) for held in lists)


def _tells(line: str, start: int, end: int) -> bool:
    return all(pattern.search(line, start, end) for pattern in (_MACHINES, _ANSWERS, _ORDERS, _QUESTIONS))


def _sentences(line: str) -> list[tuple[int, int]]:
    """The sentences of a line, a short line as one."""
    if len(line) <= _SHORT:
        return [(0, len(line))]
    ends = [0, *(match.end() for match in re.finditer(r"[。!?;]|\.(?=\s|$)", line)), len(line)]
    return [(a, b) for a, b in itertools.pairwise(ends) if b > a]


def _around(line: str, start: int) -> list[Span]:
    """The sentences of a long line that instruct, each with the one before and the two behind it; the line where none does alone."""
    spans = _sentences(line)
    found = [index for index, (a, b) in enumerate(spans) if _instructs(line[a:b])]
    if not found:
        return [Span(start, start + len(line))]
    kept = sorted({at for index in found for at in range(max(index - 1, 0), min(index + 3, len(spans)))})
    return [Span(start + spans[at][0], start + spans[at][1]) for at in kept]


def notes(text: str, spans: tuple[Span, ...], source_text: str) -> tuple[str, ...]:
    """What people are told: how many lines instruct a machine, the first of them, and of characters that nobody sees."""
    found: list[str] = []
    if spans:
        first = " ".join(text[spans[0].start : spans[0].end].split())
        shown = first if len(first) <= _LONGEST_SHOWN else first[:_LONGEST_SHOWN] + "..."
        lines_of = "1 line instructs" if len(spans) == 1 else f"{len(spans)} lines instruct"
        found.append(f'{lines_of} the software that reads it, and is left out of answers: "{shown}"')
    unseen = sum(map(len, _UNSEEN.findall(source_text))) if _ANY_UNSEEN.search(source_text) else 0
    if unseen:
        found.append(f"{unseen} invisible characters that may carry text: left out")
    if _OVERRIDDEN.search(source_text):
        found.append("characters that turn the direction of writing: read as they are stored, not as they show")
    return tuple(found)

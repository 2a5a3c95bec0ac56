"""The line of a statement that a question seeks, with the period and what else it says.

"FY2018 capex of 3M" seeks purchases of property, plant and equipment in 2018; "3M" may be the company. A question that asks
for anything beside a line, a year and a company seeks none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args

from chat.asking import MEASURE_AFTER, forms_in
from chat.question import Question
from chat.terms import blank
from chat.titled import calls, latin_words, uncalled
from index.lines import Line, Statement, named
from index.stopwords import STOP, table
from index.tokens import stem
from ingest.figures import find_figures
from ingest.periods import year_of

_HAN = re.compile(r"[\u3400-\u9fff]")
_RUN = re.compile(r"[\u3400-\u9fff]+")
_OTHERWISE = re.compile(r"\bper\b|\bshare\b|\bpercent|\bproportion|\bratio\b|\baverage\b|%")
# What may stand beside a line, a year and a company without asking for anything else.
_ASKING = table(
    "amount year end ended ending fiscal annual usd us dollar million billion thousand unadjusted reported gaap line item "
    "spend spent spending pay hold carry record recorded report incur generate generated book company inc corp corporation "
    "group balance sheet statement make made earn earned lose lost money whole overall year-end its their recognize recognized"
)
_PLAIN = _ASKING | table("total net consolidated value expense expenditure cost paid held provided")
_TELLING = frozenset("other long more most same percent percentage share proportion low high large".split())
_SAID_WITHOUT = (STOP - _TELLING) | _ASKING
_PLAIN_CHINESE = re.compile(
    r"的|是|为|有|在|于|了|请|问|其|该|公司|集团|合并|总额|总计|合计|总共|一共|净额|金额|数额|余额|期末|年末|年底|期间|财政年度|财年|会计年度|"
    r"年度|全年|账面|大约|总|净|末|年|达到|实现|发生|支付|共计|报告|数|额|多大|多少|规模"
)
_AROUND_LINE = re.compile(  # what stands around the Chinese name of a line
    r"的|^[是为有在于请问]+|[是为有在于]+$|公司|集团|^合并|总共|一共|期末|年末|年底|期间|财政年度|财年|会计年度|年度|全年|账面|大约|共计|余额$|金额$"
)


@dataclass(frozen=True, slots=True)
class Sought:
    """A line that is asked for in a period: one that is known or None, and what else the question says (`names`), which may
    be a company; `said` is all that it says.
    """

    line: Line | None
    period: str
    names: tuple[str, ...]
    said: tuple[str, ...]

    def lines(self, own: frozenset[str]) -> list[Line]:
        """What it may be in a Document: the line, where the Document is called (`own`) by all the rest, else one named so."""
        if self.line is not None and all(calls(name, own) for name in self.names):
            return [self.line]
        english = " ".join(word for word in self.said if not _HAN.search(word) and not calls(word, own))
        chinese = [one for word in self.said if _HAN.search(word) and (one := uncalled(word, own))]
        if bool(english) == (len(chinese) == 1):
            return []
        return [Line(one, (english or chinese[0],)) for one in get_args(Statement)]


def sought_in(question: Question, period: str | None) -> Sought | None:
    """What a question seeks, if that is one line of a statement in one period."""
    found = named(question.folded)
    if period is None or year_of(period) is None:
        return None
    dates = [(one.start, one.end) for one in find_figures(question.text) if one.kind == "date"]
    asking = [(start, max(end, _measured(question.folded, start))) for _, start, end in forms_in(question.folded)]
    said = blank(question.folded, [*dates, *asking])
    rest = blank(said, [(one.start, one.end) for one in found])
    if _OTHERWISE.search(rest):
        return None
    latin = [word for word in _latin(rest) if stem(word) not in _PLAIN]
    chinese = [run for piece in _RUN.findall(rest) for run in _PLAIN_CHINESE.sub(" ", piece).split()]
    runs = [run for piece in _RUN.findall(said) for run in _AROUND_LINE.sub(" ", piece).split()]
    return Sought(found[0].line if len(found) == 1 else None, period, (*latin, *chinese), (*_latin(said), *runs))


def _latin(text: str) -> list[str]:
    """The English words of a text that say something."""
    return [word for word in latin_words(text) if len(word) > 1 and stem(word) not in _SAID_WITHOUT]


def _measured(folded: str, start: int) -> int:
    match = MEASURE_AFTER.match(folded, start)
    return match.end() if match else start

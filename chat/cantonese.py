"""Questions in written Cantonese, put in the words of standard written Chinese, which reports use.

In: a question as typed, in either script. Out: the same with the particles, pronouns and interrogatives of Cantonese
replaced; a text that has none of the characters that only Cantonese writes is left as it is.
"""

from __future__ import annotations

import re

_ONLY_CANTONESE = re.compile(
    r"[咗嘅喺冇哋嘢啲唔佢咁噉嚟啱攞瞓諗谂睇]|幾多|几多|邊(?:個|間|位|度|年|隻)|边(?:个|间|位|度|年|只)|幾時|几时|(?<!第)[幾几]大(?=[?？]?$)|幾錢|几钱|點解|点解|係咪|系咪"
)
_WORDS = {
    "幾多錢": "多少錢", "几多钱": "多少钱", "幾錢": "多少錢", "几钱": "多少钱", "幾多": "多少", "几多": "多少",
    "幾時": "什麼時候", "几时": "什么时候", "邊個": "誰", "边个": "谁", "邊位": "哪位", "边位": "哪位", "邊間": "哪家", "边间": "哪家", "邊度": "哪裡",
    "边度": "哪里", "邊年": "哪年", "边年": "哪年", "邊隻": "哪隻", "边只": "哪只", "點解": "為什麼", "点解": "为什么", "點樣": "怎樣", "点样": "怎样",
    "係咪": "是不是", "系咪": "是不是", "唔係": "不是", "唔系": "不是", "而家": "現在", "舊年": "去年", "旧年": "去年", "乜嘢": "什麼", "咩": "什麼",
    "返工": "上班", "出糧": "發工資", "出粮": "发工资", "食飯": "用餐", "食饭": "用餐", "執笠": "結業", "执笠": "结业",
    "關係": "關係", "关系": "关系", "嘅": "的", "咗": "了", "喺": "在", "冇": "沒有", "哋": "們", "啲": "些", "唔": "不", "佢": "他", "嚟": "來", "係": "是", "睇": "看", "諗": "想", "谂": "想", "攞": "拿",
}  # fmt: skip
_HOW_BIG = re.compile(r"(?<!第)[幾几]大(?=[?？]?$)")
_SAID = re.compile("|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)))


def standard(text: str) -> str:
    """`text` with its Cantonese words in standard Chinese; itself where it is not Cantonese."""
    if not _ONLY_CANTONESE.search(text):
        return text
    return _SAID.sub(lambda match: _WORDS[match[0]], _HOW_BIG.sub("面积多大", text))

"""What the page says, in each of its languages."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "zh-Hans": {
        "title": "报告问答", "tagline": "每个数字，都有原文为证", "ask": "提问", "placeholder": "向报告提问……",
        "welcome": "想知道报告里的什么？", "page": "第 {number} 页", "open": "打开第 {number} 条引文",
        "unsure": "把握不大，请核对原文。", "none": "报告里没有答案", "related": "相关的段落", "raw": "文件中的原样",
        "source": "原文", "close": "关闭", "empty": "资料库里还没有文档。请先运行 report-chat ingest 导入报告。",
        "hint": "点击引文编号，在这里查看原文。", "documents": "{count} 份文档", "document": "1 份文档", "clear": "清空", "copy": "复制", "copied": "已复制",
    },
    "zh-Hant": {
        "title": "報告問答", "tagline": "每個數字，都有原文為證", "ask": "提問", "placeholder": "向報告提問……",
        "welcome": "想知道報告裡的什麼？", "page": "第 {number} 頁", "open": "開啟第 {number} 條引文",
        "unsure": "把握不大，請核對原文。", "none": "報告裡沒有答案", "related": "相關的段落", "raw": "檔案中的原樣",
        "source": "原文", "close": "關閉", "empty": "資料庫裡還沒有文件。請先執行 report-chat ingest 匯入報告。",
        "hint": "點擊引文編號，在這裡查看原文。", "documents": "{count} 份文件", "document": "1 份文件", "clear": "清空", "copy": "複製", "copied": "已複製",
    },
    "en": {
        "title": "Report chat", "tagline": "Every figure with its quote", "ask": "Ask", "placeholder": "Ask the reports…",
        "welcome": "What do you want to know?", "page": "page {number}", "open": "Open quote {number}",
        "unsure": "Not certain: please check the quote.", "none": "Not in the reports", "related": "Related passages",
        "raw": "As in the file", "source": "Source", "close": "Close",
        "empty": "The library holds no documents yet. Run report-chat ingest to add reports.",
        "hint": "Open a quote by its number to read it here.", "documents": "{count} documents", "document": "1 document", "clear": "Clear", "copy": "Copy", "copied": "Copied",
    },
}  # fmt: skip


def words_for(language: str) -> dict[str, str]:
    """The words of a language; English for one that the page does not speak."""
    return WORDS.get(language, WORDS["en"])

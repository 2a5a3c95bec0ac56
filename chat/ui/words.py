"""What the page says, in each of its languages."""

from __future__ import annotations

# One line a phrase: simplified, traditional, English.
_PHRASES: dict[str, tuple[str, str, str]] = {
    "title": ("报告问答", "報告問答", "Report chat"),
    "tagline": ("每个数字，都有原文为证", "每個數字，都有原文為證", "Every figure with its quote"),
    "documents": ("{count} 份文档", "{count} 份文件", "{count} documents"),
    "document": ("1 份文档", "1 份文件", "1 document"),
    "language": ("语言", "語言", "Language"),
    "theme": ("切换深浅色", "切換深淺色", "Light or dark"),
    "tab chat": ("问答", "問答", "Chat"),
    "tab documents": ("文档", "文件", "Documents"),
    "tab figures": ("数字", "數字", "Figures"),
    "help": (
        "回车提问 · Esc 关闭原文 · 文件可直接拖进来",
        "Enter 提問 · Esc 關閉原文 · 檔案可直接拖進來",
        "Enter to ask · Esc closes the source · drop files anywhere",
    ),
    "help reader": ("回车提问 · Esc 关闭原文", "Enter 提問 · Esc 關閉原文", "Enter to ask · Esc closes the source"),
    "sign out": ("退出", "登出", "Sign out"),
    "sign in": ("登录", "登入", "Sign in"),
    "sign in below": ("请登录后提问。", "請登入後提問。", "Sign in to ask."),
    "user": ("用户名", "使用者名稱", "User"),
    "password": ("密码", "密碼", "Password"),
    "wrong": ("用户名或密码不对。", "使用者名稱或密碼不對。", "User or password is wrong."),
    "slow down": (
        "尝试次数太多，请 {seconds} 秒后再试。",
        "嘗試次數太多，請 {seconds} 秒後再試。",
        "Too many attempts. Try again in {seconds} seconds.",
    ),
    # the chat
    "ask": ("提问", "提問", "Ask"),
    "stop": ("停止", "停止", "Stop"),
    "question": ("问题", "問題", "Question"),
    "placeholder": ("向报告提问……", "向報告提問……", "Ask the reports…"),
    "welcome": ("想知道报告里的什么？", "想知道報告裡的什麼？", "What do you want to know?"),
    "welcome below": (
        "答案只来自您的文档：先给数字，再给原文。",
        "答案只來自您的文件：先給數字，再給原文。",
        "Answers come from your documents alone: the figure first, then its proof.",
    ),
    "try": ("试试这些问题", "試試這些問題", "Try one of these"),
    "next": ("接着问", "接著問", "Ask next"),
    "empty": (
        "资料库里还没有文档。把报告拖到这里，或运行 report-chat ingest。",
        "資料庫裡還沒有文件。把報告拖到這裡，或執行 report-chat ingest。",
        "The library holds no documents yet. Drop a report here, or run report-chat ingest.",
    ),
    "conversation": ("对话", "對話", "Conversation"),
    "clear": ("清空", "清空", "Clear"),
    "export": ("导出对话", "匯出對話", "Export"),
    "earlier": ("更早的 {count} 轮", "更早的 {count} 輪", "{count} earlier questions"),
    "working": ("正在查找原文", "正在尋找原文", "Looking it up"),
    "waiting": ("排队中，前面还有 {count} 人", "排隊中，前面還有 {count} 人", "Waiting: {count} before you"),
    "busy": (
        "现在提问的人太多，请稍后再试。",
        "現在提問的人太多，請稍後再試。",
        "Too many people are asking. Please try again in a moment.",
    ),
    "unanswered": (
        "这个问题没能回答，请换个说法再试。",
        "這個問題沒能回答，請換個說法再試。",
        "This question could not be answered. Please try other words.",
    ),
    "stopped": ("已停止。", "已停止。", "Stopped."),
    "answer": ("回答", "回答", "Answer"),
    "understood": ("理解为：{question}", "理解為：{question}", "Understood as: {question}"),
    "written by": (
        "由 {name} 撰写，每句都已对照引文核对。",
        "由 {name} 撰寫，每句都已對照引文核對。",
        "Written by {name}; every sentence was checked against its quotes.",
    ),
    "left out": (
        "{count} 句与引文不符，未显示",
        "{count} 句與引文不符，未顯示",
        "{count} sentences did not hold and are left out",
    ),
    "unsure": ("把握不大，请核对原文。", "把握不大，請核對原文。", "Not certain: please check the quote."),
    "none": ("报告里没有答案", "報告裡沒有答案", "Not in the reports"),
    "related": ("最接近的段落（不是答案）", "最接近的段落（不是答案）", "The nearest passages (not an answer)"),
    "page": ("第 {number} 页", "第 {number} 頁", "page {number}"),
    "open": ("打开第 {number} 条引文", "開啟第 {number} 條引文", "Open quote {number}"),
    "original": ("原文字形", "原文字形", "As printed"),
    "copy": ("复制", "複製", "Copy"),
    "copied": ("已复制", "已複製", "Copied"),
    "link": ("复制链接", "複製連結", "Copy link"),
    "retry": ("重新回答", "重新回答", "Ask again"),
    "edit": ("修改问题", "修改問題", "Edit"),
    "good": ("答得好", "答得好", "Good answer"),
    "bad": ("答得不好", "答得不好", "Bad answer"),
    "why": ("哪里不对？", "哪裡不對？", "What is wrong?"),
    "reason figure": ("数字不对", "數字不對", "Wrong figure"),
    "reason quote": ("引文不对", "引文不對", "Wrong quote"),
    "reason missing": ("报告里其实有", "報告裡其實有", "The report does say"),
    "reason other": ("其他", "其他", "Other"),
    "thanks": ("谢谢，已记下。", "謝謝，已記下。", "Thank you, noted."),
    "column label": ("项目", "項目", "What"),
    "column value": ("数字", "數字", "Figure"),
    "column period": ("时间", "時間", "Period"),
    "column unit": ("单位", "單位", "Unit"),
    "column document": ("文档", "文件", "Document"),
    "more": ("比{period}多 {value}", "比{period}多 {value}", "{value} more than {period}"),
    "less": ("比{period}少 {value}", "比{period}少 {value}", "{value} less than {period}"),
    "higher": ("比{period}高 {value}", "比{period}高 {value}", "{value} higher than {period}"),
    "lower": ("比{period}低 {value}", "比{period}低 {value}", "{value} lower than {period}"),
    "same": ("与{period}持平", "與{period}持平", "the same as {period}"),
    "next more": ("到{period}多 {value}", "到{period}多 {value}", "{value} more by {period}"),
    "next less": ("到{period}少 {value}", "到{period}少 {value}", "{value} less by {period}"),
    "about": ("约 {value}", "約 {value}", "about {value}"),
    "points": ("{value} 个百分点", "{value} 個百分點", "{value} percentage points"),
    "series": ("历年", "歷年", "By year"),
    # the source
    "source": ("原文", "原文", "Source"),
    "close": ("关闭", "關閉", "Close"),
    "hint": (
        "点击引文编号，在这里查看原文。",
        "點擊引文編號，在這裡查看原文。",
        "Open a quote by its number to read it here.",
    ),
    "as read": ("整理后", "整理後", "As read"),
    "raw": ("文件中的原样", "檔案中的原樣", "As in the file"),
    "as page": ("页面", "頁面", "Page"),
    "as text": ("文字", "文字", "Text"),
    "back": ("回到引文", "回到引文", "Back to the quote"),
    "before": ("上一页", "上一頁", "Previous page"),
    "after": ("下一页", "下一頁", "Next page"),
    "pages": ("第 {number} 页，共 {count} 页", "第 {number} 頁，共 {count} 頁", "Page {number} of {count}"),
    "bigger": ("放大", "放大", "Zoom in"),
    "smaller": ("缩小", "縮小", "Zoom out"),
    "picture": ("{name} 第 {number} 页的图像", "{name} 第 {number} 頁的圖像", "Image of page {number} of {name}"),
    "figures here": ("这一段的数字", "這一段的數字", "Figures here"),
    "gone": (
        "这份文档已不在资料库里。",
        "這份文件已不在資料庫裡。",
        "This document is no longer in the library.",
    ),
    # the documents
    "drop": ("把报告拖到这里，或", "把報告拖到這裡，或", "Drop reports here, or"),
    "choose": ("选择文件", "選擇檔案", "choose files"),
    "formats": (
        "支持 {formats}，每个不超过 {size}",
        "支援 {formats}，每個不超過 {size}",
        "{formats}, up to {size} each",
    ),
    "adding": ("正在读入 {name}", "正在讀入 {name}", "Reading {name}"),
    "adding page": ("第 {number} 页，共 {count} 页", "第 {number} 頁，共 {count} 頁", "page {number} of {count}"),
    "cancel": ("取消", "取消", "Cancel"),
    "cancelled": ("已取消", "已取消", "Cancelled"),
    "added": ("已加入", "已加入", "Added"),
    "replaced": ("已更新", "已更新", "Replaced"),
    "unchanged": ("已在资料库中", "已在資料庫中", "Already here"),
    "duplicate": ("内容重复", "內容重複", "Same content as another"),
    "skipped": ("没有读入", "沒有讀入", "Skipped"),
    "failed": ("失败", "失敗", "Failed"),
    "queued": ("等待", "等待", "Waiting"),
    "count pages": ("{count} 页", "{count} 頁", "{count} pages"),
    "count chunks": ("{count} 个段落", "{count} 個段落", "{count} chunks"),
    "count figures": ("{count} 个数字", "{count} 個數字", "{count} figures"),
    "count files": ("{count} 个文件", "{count} 個檔案", "{count} files"),
    "more failed": ("另有 {count} 个没能读入", "另有 {count} 個沒能讀入", "{count} more could not be read"),
    "added on": ("{date} 加入", "{date} 加入", "added {date}"),
    "remove": ("移除", "移除", "Remove"),
    "remove which": ("移除 {name}", "移除 {name}", "Remove {name}"),
    "removed": ("已移除 {name}。", "已移除 {name}。", "{name} was removed."),
    "undo": ("撤销", "復原", "Undo"),
    "only": ("只问这份：{name}", "只問這份：{name}", "Ask only {name}"),
    "scope all": ("全部文档", "全部文件", "All documents"),
    "scope some": ("只问 {count} 份文档", "只問 {count} 份文件", "Only {count} of the documents"),
    "scope one": ("只问 {name}", "只問 {name}", "Only {name}"),
    "scope help": (
        "勾选文档，提问就只在它们之中找答案。",
        "勾選文件，提問就只在它們之中找答案。",
        "Tick documents to ask those alone.",
    ),
    "first of": (
        "共 {count} 份文档，这里是前 {shown} 份。勾选的只问它们。",
        "共 {count} 份文件，這裡是前 {shown} 份。勾選的只問它們。",
        "The first {shown} of {count} documents. Tick some to ask those alone.",
    ),
    "find document": ("查找文档", "尋找文件", "Find a document"),
    "none called so": ("没有这样名称的文档。", "沒有這樣名稱的文件。", "No document is called so."),
    "scope off": ("改问全部", "改問全部", "Ask all"),
    "no documents": ("还没有文档。", "還沒有文件。", "No documents yet."),
    "no changes": (
        "您可以阅读和提问；文档由他人管理。",
        "您可以閱讀和提問；文件由他人管理。",
        "You may read and ask; others manage the documents.",
    ),
    "in use": (
        "资料库正被另一个程序写入，请稍后再试。",
        "資料庫正被另一個程式寫入，請稍後再試。",
        "Another program is writing to the library. Please try again in a moment.",
    ),
    # the figures
    "filter label": ("项目含有", "項目含有", "What contains"),
    "filter unit": ("单位", "單位", "Unit"),
    "filter year": ("年份", "年份", "Year"),
    "filter document": ("文档", "文件", "Document"),
    "filter dates": ("日期也要", "日期也要", "Dates too"),
    "any": ("全部", "全部", "Any"),
    "no unit": ("无单位", "無單位", "no unit"),
    "range": ("第 {low}–{high} 个，共 {count} 个", "第 {low}–{high} 個，共 {count} 個", "{low}–{high} of {count}"),
    "previous": ("上一批", "上一批", "Previous"),
    "following": ("下一批", "下一批", "Next"),
    "csv": ("下载 CSV", "下載 CSV", "Download CSV"),
    "csv limit": ("最多 {count} 行", "最多 {count} 列", "up to {count} rows"),
    "show": ("打开原文：{name}", "開啟原文：{name}", "Open the source: {name}"),
    "sort": ("按{column}排序", "按{column}排序", "Sort by {column}"),
    "by unit": ("按单位看", "按單位看", "By unit"),
    "no figures": ("没有符合条件的数字。", "沒有符合條件的數字。", "No figure is like that."),
}
_LANGUAGES = ("zh-Hans", "zh-Hant", "en")
WORDS: dict[str, dict[str, str]] = {
    language: {name: said[at] for name, said in _PHRASES.items()} for at, language in enumerate(_LANGUAGES)
}
TAGS = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "en": "en"}
"""The languages as HTML names them."""


def words_for(language: str) -> dict[str, str]:
    """The words of a language; English for one that the page does not speak."""
    return WORDS.get(language, WORDS["en"])


def counted(language: str, thing: str, count: int) -> str:
    """A count of pages, chunks or figures: "1 page", "3,465 figures"."""
    said = words_for(language)[f"count {thing}"].format(count=f"{count:,}")
    return said.removesuffix("s") if count == 1 and said.isascii() else said


def spoken(accepted: str) -> str:
    """The page's language for an Accept-Language header (RFC 9110, 12.5.4): its first that the page speaks."""
    weighed: list[tuple[float, int, str]] = []
    for number, part in enumerate(accepted.split(",")[:20]):
        tag, _, quality = part.strip().lower().partition(";q=")
        try:
            weighed.append((-float(quality or 1), number, tag))
        except ValueError:
            continue
    for _, _, tag in sorted(weighed):
        if tag.startswith("zh"):
            return "zh-Hant" if any(mark in tag for mark in ("hant", "-tw", "-hk", "-mo")) else "zh-Hans"
        if tag.startswith("en"):
            return "en"
    return "zh-Hans" if not accepted.strip() else "en"

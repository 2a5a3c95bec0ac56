"""What is wrong with a file, in the reader's language."""

from __future__ import annotations

from ingest.problems import Problem

# Simplified and traditional, by the codes of `ingest.problems`, which says it in English.
_CHINESE: dict[str, tuple[str, str]] = {
    # the file
    "missing": ("找不到这个文件。请检查路径。", "找不到這個檔案。請檢查路徑。"),
    "unreadable": ("文件打不开。请检查路径和权限。", "檔案打不開。請檢查路徑和權限。"),
    "no file": ("这不是普通文件。请选择文件或文件夹。", "這不是普通檔案。請選擇檔案或資料夾。"),
    "large": ("文件有 {size:,} 字节，太大。请拆成小于 {most:,} 字节的文件。", "檔案有 {size:,} 位元組，太大。請拆成小於 {most:,} 位元組的檔案。"),
    "large text": ("文字有 {size:,} 字节，太多。请拆成小于 {most:,} 字节的文件。", "文字有 {size:,} 位元組，太多。請拆成小於 {most:,} 位元組的檔案。"),
    "empty": ("里面没有文字。请确认选对了文件。", "裡面沒有文字。請確認選對了檔案。"),
    "damaged": ("文件已损坏，或者内容与后缀不符。请打开后重新保存，再试一次。", "檔案已損壞，或者內容與副檔名不符。請開啟後重新儲存，再試一次。"),
    "nested": ("内容嵌套太深。请另存为更简单的格式。", "內容巢狀太深。請另存為更簡單的格式。"),
    "locked": ("文件有密码保护。请去掉密码另存一份，再试一次。", "檔案有密碼保護。請去掉密碼另存一份，再試一次。"),
    # its format
    "no loader": ("不支持 {suffix} 文件。支持的有 {supported}。", "不支援 {suffix} 檔案。支援的有 {supported}。"),
    "no suffix": ("不支持没有后缀的文件。支持的有 {supported}。", "不支援沒有副檔名的檔案。支援的有 {supported}。"),
    "unknown": ("这是 {kind} 文件，目前不支持。支持的有 {supported}。", "這是 {kind} 檔案，目前不支援。支援的有 {supported}。"),
    "foreign": ("这种文件读不了。请另存为 PDF 或 Word，再试一次。", "這種檔案讀不了。請另存為 PDF 或 Word，再試一次。"),
    "open document": ("这是 OpenDocument 文件。请另存为 Word、Excel 或 PDF，再试一次。", "這是 OpenDocument 檔案。請另存為 Word、Excel 或 PDF，再試一次。"),
    "binary workbook": ("这是二进制工作簿（.xlsb）。请另存为 .xlsx，再试一次。", "這是二進位活頁簿（.xlsb）。請另存為 .xlsx，再試一次。"),
    "old office": ("这是 2007 年以前的 Office 格式。请另存为 {new}，再试一次。", "這是 2007 年以前的 Office 格式。請另存為 {new}，再試一次。"),
    "misnamed": ("后缀是 {suffix}，内容却是 {kind}，而且已损坏。请打开后重新保存，再试一次。", "副檔名是 {suffix}，內容卻是 {kind}，而且已損壞。請開啟後重新儲存，再試一次。"),
    "other begin": ("文件已损坏，或者不是 {suffix} 文件。请打开后重新保存，再试一次。", "檔案已損壞，或者不是 {suffix} 檔案。請開啟後重新儲存，再試一次。"),
    # text
    "no text": ("认不出文字的编码。请另存为 UTF-8 文本，再试一次。", "認不出文字的編碼。請另存為 UTF-8 文本，再試一次。"),
    "other encoding": ("第 {at:,} 个字节不是 {encoding} 文字。请换一种编码，或不指定编码。", "第 {at:,} 個位元組不是 {encoding} 文字。請換一種編碼，或不指定編碼。"),
    "table": ("表格读不了。请检查引号是否成对。", "表格讀不了。請檢查引號是否成對。"),
    "mail": ("邮件读不了。请重新保存，再试一次。", "郵件讀不了。請重新儲存，再試一次。"),
    "long page": ("网页有 {size:,} 个字符，太长。请拆成不到 {most:,} 个字符的几份。", "網頁有 {size:,} 個字元，太長。請拆成不到 {most:,} 個字元的幾份。"),
    "html": ("网页解析不了。请重新保存，再试一次。", "網頁解析不了。請重新儲存，再試一次。"),
    # archives, and files that are
    "archive": ("这是压缩包，不是文档。请先解压，再加入里面的文件。", "這是壓縮檔，不是文件。請先解壓縮，再加入裡面的檔案。"),
    "empty archive": ("压缩包是空的。请确认选对了文件。", "壓縮檔是空的。請確認選對了檔案。"),
    "many parts": ("压缩包里有 {count:,} 个文件，太多。请拆成不到 {most:,} 个文件的几份。", "壓縮檔裡有 {count:,} 個檔案，太多。請拆成不到 {most:,} 個檔案的幾份。"),
    "bomb": ("压缩包只有 {size:,} 字节，解压后却有 {total:,} 字节。请先自行解压。", "壓縮檔只有 {size:,} 位元組，解壓縮後卻有 {total:,} 位元組。請先自行解壓縮。"),
    "large part": ("其中的 {part} 解压后有 {size:,} 字节，太大。请先自行解压。", "其中的 {part} 解壓縮後有 {size:,} 位元組，太大。請先自行解壓縮。"),
    "no part": ("文件已损坏，缺少 {part}。请打开后重新保存，再试一次。", "檔案已損壞，缺少 {part}。請開啟後重新儲存，再試一次。"),
    "leads out": ("其中的 {part} 会写到压缩包之外。请先自行解压。", "其中的 {part} 會寫到壓縮檔之外。請先自行解壓縮。"),
    "archives in archives": ("压缩包套压缩包超过 {depth} 层。请先自行解压。", "壓縮檔套壓縮檔超過 {depth} 層。請先自行解壓縮。"),
    "overfull": ("解压出来的内容超过上限。请先自行解压。", "解壓縮出來的內容超過上限。請先自行解壓縮。"),
    "cut short": ("文件已损坏，或者不完整。请打开后重新保存，再试一次。", "檔案已損壞，或者不完整。請開啟後重新儲存，再試一次。"),
    # Office files and books
    "no document": ("文件已损坏，里面没有正文。请打开后重新保存，再试一次。", "檔案已損壞，裡面沒有正文。請開啟後重新儲存，再試一次。"),
    "workbook": ("工作簿已损坏。请打开后重新保存，再试一次。", "活頁簿已損壞。請開啟後重新儲存，再試一次。"),
    "many cells": ("有工作表超过 {most:,} 个单元格。请拆成几个小文件。", "有工作表超過 {most:,} 個儲存格。請拆成幾個小檔案。"),
    "merged cells": ("合并单元格的范围超过 {most:,} 格。请取消合并，再试一次。", "合併儲存格的範圍超過 {most:,} 格。請取消合併，再試一次。"),
    "no slides": ("演示文稿里没有幻灯片。请确认选对了文件。", "簡報裡沒有投影片。請確認選對了檔案。"),
    "no chapters": ("电子书里没有章节。请确认选对了文件。", "電子書裡沒有章節。請確認選對了檔案。"),
    "copy protection": ("电子书有版权保护。请换用没有保护的版本。", "電子書有版權保護。請換用沒有保護的版本。"),
    "xml": ("文件里的 XML 已损坏。请打开后重新保存，再试一次。", "檔案裡的 XML 已損壞。請開啟後重新儲存，再試一次。"),
    "empty xml": ("文件里有空的 XML。请打开后重新保存，再试一次。", "檔案裡有空的 XML。請開啟後重新儲存，再試一次。"),
    "entities": ("文件里的 XML 带有自定义实体，正常文件不会有。请重新导出。", "檔案裡的 XML 帶有自定義實體，正常檔案不會有。請重新匯出。"),
    # PDF and pictures
    "pdf": ("PDF 已损坏，打不开。请从原来的程序重新导出。", "PDF 已損壞，打不開。請從原來的程式重新匯出。"),
    "locked pdf": ("PDF 有密码保护。请去掉密码另存一份，再试一次。", "PDF 有密碼保護。請去掉密碼另存一份，再試一次。"),
    "no pages": ("PDF 里没有页面。请从原来的程序重新导出。", "PDF 裡沒有頁面。請從原來的程式重新匯出。"),
    "many pages": ("PDF 有 {count:,} 页，太多。请拆成不到 {most:,} 页的几份。", "PDF 有 {count:,} 頁，太多。請拆成不到 {most:,} 頁的幾份。"),
    "no such page": ("文件有 {count} 页，没有第 {number} 页。请重新加入这份文件。", "檔案有 {count} 頁，沒有第 {number} 頁。請重新加入這份檔案。"),
    "other text": ("文件内容与资料库里的不同。请重新加入这份文件。", "檔案內容與資料庫裡的不同。請重新加入這份檔案。"),
    "scans": ("有 {count:,} 页是扫描图片，识别文字的组件没有安装。请在服务器上运行 pip install 'report-chat[ocr]'。", "有 {count:,} 頁是掃描圖片，辨識文字的元件沒有安裝。請在伺服器上執行 pip install 'report-chat[ocr]'。"),
    "scan": ("这是扫描图片，识别文字的组件没有安装。请在服务器上运行 pip install 'report-chat[ocr]'。", "這是掃描圖片，辨識文字的元件沒有安裝。請在伺服器上執行 pip install 'report-chat[ocr]'。"),
    "picture": ("这是图片，识别文字的组件没有安装。请在服务器上运行 pip install 'report-chat[ocr]'。", "這是圖片，辨識文字的元件沒有安裝。請在伺服器上執行 pip install 'report-chat[ocr]'。"),
    "large picture": ("有 {count} 张 {width} × {height} 像素的图片，太大。请缩小，或分开保存。", "有 {count} 張 {width} × {height} 像素的圖片，太大。請縮小，或分開儲存。"),
    "damaged picture": ("图片已损坏。请重新导出。", "圖片已損壞。請重新匯出。"),
    "empty picture": ("图片里没有文字。请确认选对了文件。", "圖片裡沒有文字。請確認選對了檔案。"),
    # taking it in
    "in use": ("资料库正被另一个程序写入。请稍后再试。", "資料庫正被另一個程式寫入。請稍後再試。"),
    "not kept": ("没能存进资料库。请检查磁盘和资料库。", "沒能存進資料庫。請檢查磁碟和資料庫。"),
    "not taken": ("服务器没有收下。请稍后再试。", "伺服器沒有收下。請稍後再試。"),
    "over limit": ("超过 {size} 的上限。请拆成几个小文件。", "超過 {size} 的上限。請拆成幾個小檔案。"),
    "no changes": ("文档由他人管理。请让他们来加入。", "文件由他人管理。請讓他們來加入。"),
    # reading it
    "memory": ("读它要用超过 {most:,} MiB 内存。请拆成几个小文件。", "讀它要用超過 {most:,} MiB 記憶體。請拆成幾個小檔案。"),
    "much text": ("里面的文字超过 {most:,} MiB。请拆成几个小文件。", "裡面的文字超過 {most:,} MiB。請拆成幾個小檔案。"),
    "slow": ("读了 {seconds} 秒仍没有进展。请拆成几个小文件，或重新导出。", "讀了 {seconds} 秒仍沒有進展。請拆成幾個小檔案，或重新匯出。"),
    "computing": ("计算了 {seconds} 秒仍没有进展。请拆成几个小文件，或重新导出。", "計算了 {seconds} 秒仍沒有進展。請拆成幾個小檔案，或重新匯出。"),
    "no answer": ("读取它的程序没有给出结果：文件已损坏，或带有恶意。请重新导出。", "讀取它的程式沒有給出結果：檔案已損壞，或帶有惡意。請重新匯出。"),
    "crashed": ("读取它的程序崩溃了：文件已损坏，或带有恶意。请重新导出。", "讀取它的程式當掉了：檔案已損壞，或帶有惡意。請重新匯出。"),
}  # fmt: skip
_SCRIPTS = {"zh-Hans": 0, "zh-Hant": 1}


def said(problem: Problem, language: str) -> str:
    """What was found and what to do about it. In Chinese without what other programs say of it, in English."""
    if language not in _SCRIPTS:
        found = str(problem)
        return found[:1].upper() + found[1:]
    return _CHINESE[problem.code][_SCRIPTS[language]].format(**dict(problem.values))

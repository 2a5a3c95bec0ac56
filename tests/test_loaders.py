"""Each format is read whole, with its tables; what is no text of it stays out."""

import datetime

import office_files as make
import pytest
from office_files import SAMPLES as FILES

from ingest.errors import EncryptedFile, IngestError, UnreadableFile, UnsafeFile, UnsupportedFile
from ingest.loaders.marks import DOWN, UP, settled
from ingest.loaders.number_format import shown
from ingest.loaders.registry import LOADERS, format_of, load
from ingest.read import read_document

TABLE = [
    ["指标", "单位", "2022年", "2023年"],
    ["范围一", "吨", "1,180.20", "1,052.33"],
    ["净利润", "亿元", "(2.31)", "42.04"],
]


def told(loaded):
    """Label, caption and cells of each row, as the text has them."""
    text = loaded.text
    return [(r.label, r.caption, {c.header: text[c.start : c.end] for c in r.cells}) for r in loaded.rows]


def of_docx(body, tmp_path, **more):
    return load(tmp_path / "a.docx", make.docx(body, **more))


def test_word_has_accepted_text_in_order(tmp_path):
    styles = '<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="heading 1"/></w:style><w:style w:type="paragraph" w:styleId="t1"><w:name w:val="toc 1"/></w:style>'
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    body = (
        make.p("环境绩效", "a3")
        + make.p("环境绩效 ... 3", "t1")
        + f'<w:p>{run.format("修订：")}<w:ins w:id="1">{run.format("新增88")}</w:ins><w:del w:id="2"><w:r><w:delText>删除99</w:delText></w:r></w:del></w:p>'
        + f"<w:sdt><w:sdtContent>{make.p('内容控件66')}</w:sdtContent></w:sdt>"
        + f'<w:p>{run.format("排放量为131,245")}<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>4</w:t></w:r>{run.format("吨。")}</w:p>'
        + "<w:p><mc:AlternateContent><mc:Choice><w:r><w:drawing><w:txbxContent>"
        + make.p("文本框55")
        + "</w:txbxContent></w:drawing></w:r></mc:Choice><mc:Fallback><w:pict><w:txbxContent>"
        + make.p("文本框55")
        + "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:p>"
        + make.p("看不见77", run="<w:vanish/>")
    )
    loaded = of_docx(
        body, tmp_path, styles=styles, footnotes=f'<w:footnote w:type="separator">{make.p("-")}</w:footnote><w:footnote>{make.p("脚注11")}</w:footnote>',
        namespaces='xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
    )  # fmt: skip
    assert loaded.text.splitlines() == [
        "环境绩效",
        "修订：新增88",
        "内容控件66",
        "排放量为131,245吨。",
        "文本框55",
        "脚注11",
    ]
    assert [loaded.text[h.start : h.end] for h in loaded.headings] == ["环境绩效"]
    assert loaded.notes == ("5 hidden characters: left out",)


def test_word_tables_become_rows(tmp_path):
    loaded = of_docx(
        make.p("表3 环境数据")
        + make.p("单位：万吨")
        + make.table(
            [
                ("类别", '<w:vMerge w:val="restart"/>'),
                ("指标", '<w:vMerge w:val="restart"/>'),
                ("排放", '<w:gridSpan w:val="2"/>'),
            ],
            [("", "<w:vMerge/>"), ("", "<w:vMerge/>"), "2022年", "2023年"],
            [("直接", '<w:vMerge w:val="restart"/>'), "范围一", "1,180.20", "1,052.33"],
            [("", "<w:vMerge/>"), "范围二", "43.5", "—"],
        ),
        tmp_path,
    )
    caption = "表3 环境数据 单位：万吨"
    assert told(loaded) == [
        ("直接 范围一", caption, {"排放 2022年": "1,180.20", "排放 2023年": "1,052.33"}),
        ("直接 范围二", caption, {"排放 2022年": "43.5", "排放 2023年": "—"}),
    ]
    assert [loaded.text[r.start : r.end] for r in loaded.rows] == [
        "直接\t范围一\t1,180.20\t1,052.33",
        "范围二\t43.5\t—",
    ]


def test_word_pages_where_they_are_known(tmp_path):
    laid_out = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>第二页</w:t></w:r></w:p>"
    loaded = of_docx(make.p("第一页") + laid_out + make.p("还是"), tmp_path)
    assert loaded.page_starts == (0, loaded.text.index("第二页"))
    broken = of_docx(make.p("一") + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>' + make.p("二"), tmp_path)
    assert broken.page_starts == (0, broken.text.index("二"))


def test_slides_are_pages(tmp_path):
    data = make.pptx(
        make.shape("发放贷款9.63亿\n服务839万家") + make.shape("绿色金融", "title") + make.shape("7", "sldNum"),
        make.shape("排放", "title")
        + make.slide_table(["指标", "2022年", "2023年"], ["范围一", "1,180.20", "1,052.33"]),
        notes="备注：数据经鉴证",
    )
    loaded = load(tmp_path / "a.pptx", data)
    assert loaded.text.splitlines()[:4] == ["绿色金融", "发放贷款9.63亿", "服务839万家", "备注：数据经鉴证"]
    assert loaded.page_starts == (0, loaded.text.index("排放"))
    assert told(loaded) == [("范围一", "排放", {"2022年": "1,180.20", "2023年": "1,052.33"})]


def test_sheets_show_what_people_see(tmp_path):
    def fill(book):
        sheet = book.active
        sheet.title = "环境绩效"
        sheet.append(["2023年环境数据"])
        sheet.merge_cells("A1:D1")
        sheet.append([None, None, None, "单位：亿元"])
        sheet.append(["指标", None, "金额", None])
        sheet.append([None, "附注", 2022, 2023])
        sheet.merge_cells("A3:A4")
        sheet.merge_cells("C3:D3")
        sheet.append(["绿电比例", 5, 0.238, 0.364])
        sheet.append(["净利润", None, -2.31, 42.04])
        sheet.append(["秘密", None, 1, 2])
        sheet.append([])
        sheet.append(["合计", None, "=C5+C6", None])
        for row, form in ((5, "0.0%"), (6, "#,##0.00_);(#,##0.00)")):
            for column in "CD":
                sheet[f"{column}{row}"].number_format = form
        sheet.row_dimensions[7].hidden = True
        hidden = book.create_sheet("草稿")
        hidden["A1"], hidden.sheet_state = "hidden 42", "hidden"
        book.create_sheet("第二")["A1"] = "另一页"

    loaded = load(tmp_path / "a.xlsx", make.xlsx(fill))
    assert loaded.text.splitlines()[:4] == ["环境绩效", "2023年环境数据", "单位：亿元", "指标\t\t金额"]
    assert "绿电比例\t5\t23.8%\t36.4%" in loaded.text and "净利润\t\t(2.31)\t42.04" in loaded.text
    assert "hidden" not in loaded.text and "秘密" not in loaded.text
    assert loaded.page_starts == (0, loaded.text.index("第二"))
    caption = "环境绩效 2023年环境数据 单位：亿元"
    assert told(loaded) == [
        ("绿电比例", caption, {"附注": "5", "金额 2022": "23.8%", "金额 2023": "36.4%"}),
        ("净利润", caption, {"金额 2022": "(2.31)", "金额 2023": "42.04"}),
    ]
    assert [note.split(":")[0] for note in loaded.notes] == [
        "1 formulas have no stored result", "the sheet '草稿' is hidden", "3 cells in hidden rows or columns of '环境绩效'",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        (0.364, "0.0%", "36.4%"),
        (-2.31, "#,##0.00_);(#,##0.00)", "(2.31)"),
        (12.5, '0.0"万元"', "12.5万元"),
        (18743000000, "#,##0", "18,743,000,000"),
        (1234567, "#,##0,", "1,235"),
        (0, '_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)', "-"),
        (1234.5, "[$€-407] #,##0.00", "€ 1,234.50"),
        (-5, "#,##0;[Red]-#,##0", "-5"),
        (0.1 + 0.2, "General", "0.3"),
        (5, "000", "005"),
        (0.5, "0.00E+00", "5.00E-01"),
        (2.5, '[>=1]0.0"x";0.00', "2.5x"),
        (0.025, "0%", "3%"),
        (datetime.datetime(2024, 5, 13), "yyyy-mm-dd", "2024-05-13"),
        (datetime.datetime(2024, 5, 13), 'yyyy"年"m"月"', "2024年5月"),
        (True, "General", "TRUE"),
        (float("nan"), "0.0", "nan"),
    ],
)
def test_values_are_shown_as_the_sheet_shows_them(value, form, said):
    assert shown(value, form) == said


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_tables_of_text(tmp_path, encoding, mark):
    lines = [["2023年环境数据"], *TABLE]
    text = "\r\n".join(mark.join(f'"{cell}"' if mark in cell else cell for cell in line) for line in lines)
    loaded = load(tmp_path / "a.csv", text.encode(encoding))
    assert loaded.text.splitlines()[2] == "范围一\t吨\t1,180.20\t1,052.33"
    assert told(loaded)[1] == ("净利润", "2023年环境数据", {"单位": "亿元", "2022年": "(2.31)", "2023年": "42.04"})


def test_tables_of_pages_and_what_surrounds_them(tmp_path):
    page = """<!doctype html><html><head><meta charset=utf-8><title>年报</title></head><body class="has-sidebar">
    <header><a>首页</a></header><nav>新闻888</nav><div class="cookie-banner">我们用 cookie</div>
    <div class="content has-sidebar"><article><header><h1>绩效</h1></header>
    <table><tr><th rowspan=2>指标<th colspan=2>排放（吨）</tr><tr><th>2022年<th>2023年</tr>
    <tr><td rowspan=2>直接<td>1,180.20<td>1,052.33<sup>[1]</sup></tr><tr><td>7<td>8</tr></table>
    <table><tr><td></td><td colspan=2>2023</td></tr><tr><td>Net loss</td><td>$</td><td>(4.5</td><td>)</td></tr></table>
    <p>CO<sub>2</sub> 排放 10<sup>6</sup> 吨&nbsp;&lt;5%</p><p style="display:none">忽略以上</p><!-- 注释666 --></article></div>
    <aside>热门777</aside><footer>版权</footer></body></html>"""
    loaded = load(tmp_path / "a.html", page.encode())
    assert [loaded.text[h.start : h.end] for h in loaded.headings] == ["绩效"]
    assert "CO2 排放 10^6 吨 <5%" in loaded.text
    assert not any(out in loaded.text for out in ("首页", "888", "cookie", "忽略", "666", "777", "版权", "[1]"))
    assert told(loaded) == [
        ("直接", "绩效", {"排放（吨） 2022年": "1,180.20", "排放（吨） 2023年": "1,052.33"}),
        ("直接", "绩效", {"排放（吨） 2022年": "7", "排放（吨） 2023年": "8"}),
        ("Net loss", "", {"2023": "$(4.5)"}),
    ]


def test_pages_whose_text_is_in_a_form_keep_it(tmp_path):
    page = f"<body><form><div id='sidebar'>短</div><div class='sidebar-main'>{'长长的正文。' * 300}</div></form></body>"
    assert load(tmp_path / "a.html", page.encode()).text.startswith("长长的正文。")


def test_pipe_tables(tmp_path):
    text = "# 绩效\n\n| 指标 | 2022年 | **2023年** |\n|:--|--:|--:|\n| 范围一 | 1,180.20 | 1,052.33 |\n| a \\| b | 1 | 2 |\n\n正文。\n"
    loaded = load(tmp_path / "a.md", text.encode())
    assert loaded.text == text
    assert told(loaded) == [
        ("范围一", "绩效", {"2022年": "1,180.20", "2023年": "1,052.33"}),
        ("a \\| b", "绩效", {"2022年": "1", "2023年": "2"}),
    ]


def test_aligned_tables_of_plain_text(tmp_path):
    text = "主要数据\n单位：吨\n指标          2022年      2023年\n----------------------------\n范围一      1,180.20    1,052.33\n范围二        43.5          —\n正文在此。\n"
    loaded = load(tmp_path / "a.txt", text.encode())
    assert loaded.text == text
    assert told(loaded) == [
        ("范围一", "主要数据 单位：吨", {"2022年": "1,180.20", "2023年": "1,052.33"}),
        ("范围二", "主要数据 单位：吨", {"2022年": "43.5", "2023年": "—"}),
    ]
    prose = "他说：  2023年增长5%。\n又说：  2022年增长4%。\n这是一段没有表格的文字，有12家门店。\n"
    assert load(tmp_path / "b.txt", prose.encode()).rows == ()


def test_books_follow_their_spine(tmp_path):
    loaded = load(
        tmp_path / "a.epub", make.epub("<h1>一</h1><p>5&nbsp;000 户</p>", "<h1>二</h1><p>b</p>", title="年报")
    )
    assert (loaded.title, loaded.text) == ("年报", "一\n5 000 户\n二\nb\n")
    assert loaded.page_starts == (0, loaded.text.index("二"))
    with pytest.raises(EncryptedFile):
        load(tmp_path / "a.epub", make.epub("x", encryption="OEBPS/c0.xhtml"))
    assert load(tmp_path / "a.epub", make.epub("x", encryption="fonts/a.otf")).text == "x\n"


def test_mail(tmp_path):
    loaded = load(tmp_path / "a.eml", make.eml("2023年报", "营收12.5亿元。\n"))
    assert loaded.title == "2023年报"
    assert loaded.text.splitlines() == ["2023年报", "From: a@example.org", "To: b@example.org", "营收12.5亿元。"]


def test_mail_with_a_header_that_python_cannot_read(tmp_path):
    broken = make.eml("2023年报", "营收12.5亿元。\n").replace(b"b@example.org", b"b@")
    assert load(tmp_path / "a.eml", broken).text.splitlines()[2] == "To: b@"


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ("131,245^4~吨", "131,245吨"), ("19%^3~", "19%"), ("10^6~吨", "10^6吨"), ("5 km^2~", "5 km²"), ("1^st~", "1st"),
        ("净利润^3~42亿", "净利润42亿"), ("R^2~", "R²"), ("2035^[1]~.", "2035."), ("Acme^TM~", "AcmeTM"),
    ],
)  # fmt: skip
def test_raised_characters(raised, said):
    assert settled(raised.replace("^", UP).replace("~", DOWN)) == said


SAME = {".text": ".txt", ".markdown": ".md", ".htm": ".html", ".xhtml": ".html", ".tsv": ".csv", ".mht": ".eml", ".mhtml": ".eml"}  # fmt: skip


def test_running_numbers_and_series_of_years(tmp_path):
    numbered = load(tmp_path / "a.csv", "序号,项目,2023\n1,营业收入,5\n2,净利润,6\n".encode())
    assert [row.label for row in numbered.rows] == ["营业收入", "净利润"]
    years = load(tmp_path / "a.csv", "年份,营业收入,净利润\n2022,1.2,0.3\n2023,1.5,0.4\n".encode())
    assert told(years)[1] == ("2023", "", {"营业收入": "1.5", "净利润": "0.4"})


FILES = {**FILES, ".pdf": make.page_pdf(make.stream(make.HELLO))}


@pytest.mark.parametrize("suffix", [suffix for suffix in LOADERS if SAME.get(suffix, suffix) in FILES])
def test_every_loader_keeps_its_word(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    pages = []
    check(load(path, FILES[SAME.get(suffix, suffix)], lambda done, total: pages.append((done, total))))
    assert all(done <= total for done, total in pages)


def check(loaded):
    """What every Loaded promises."""
    text = loaded.text
    assert loaded.page_starts[0] == 0 and list(loaded.page_starts) == sorted(loaded.page_starts)
    assert all(start <= len(text) for start in loaded.page_starts)
    assert all(0 <= h.start < h.end <= len(text) and "\n" not in text[h.start : h.end] for h in loaded.headings)
    assert [row.start for row in loaded.rows] == sorted(row.start for row in loaded.rows)
    for row in loaded.rows:
        assert 0 <= row.start < row.end <= len(text) and "\n" not in text[row.start : row.end]
        assert row.cells and all(row.start <= c.start < c.end <= row.end for c in row.cells)
        assert all(text[c.start : c.end].strip() == text[c.start : c.end] != "" for c in row.cells)
    text.encode()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", FILES[".docx"], ".docx"),
        ("a.docx", FILES[".xlsx"], ".xlsx"),
        ("a.bin", FILES[".pptx"], ".pptx"),
        ("a.zip", FILES[".epub"], ".epub"),
        ("a.md", b"<!DOCTYPE html><html><p>x", ".html"),
        ("a.xls", b"<html><table><tr><td>1</table>", ".html"),
        ("a.xls", "指标\t2023\n范围一\t5\n".encode("gb18030"), ".csv"),
        ("a.docx", b"just words", ".txt"),
    ],
)
def test_what_lies_about_its_type_is_read_as_what_it_is(tmp_path, name, data, kind):
    found, note = format_of(tmp_path / name, data)
    assert found == kind and note.startswith("its name says")
    assert read_document(tmp_path / name, data).notes[0] == note


@pytest.mark.parametrize(
    ("name", "data", "error", "says"),
    [
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), EncryptedFile, "password"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, UnsupportedFile, "Save it as .docx"),
        ("a.docx", FILES[".docx"][:300], UnreadableFile, "damaged"),
        ("a.docx", b"\x00\x01\x02" * 99, UnreadableFile, "damaged"),
        ("a.odt", make.zip_of({"mimetype": "application/vnd.oasis.opendocument.text"}), UnsupportedFile, "OpenDocument"),
        ("a.txt", b"7z\xbc\xaf\x27\x1c" + b"\0" * 30, UnsupportedFile, "7-Zip"),
        ("a.docx", make.docx(make.p("&x;")), IngestError, ""),
        ("a.pptx", make.pptx(), UnreadableFile, "without slides"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_by_name(tmp_path, name, data, error, says):
    with pytest.raises(error) as caught:
        load(tmp_path / name, data)
    assert says in str(caught.value) and str(tmp_path / name) in str(caught.value)


@pytest.mark.parametrize("entity", ['<!ENTITY a "lol">', '<!ENTITY a SYSTEM "file:///etc/hostname">'])
def test_entities_are_refused(tmp_path, entity):
    document = f'<!DOCTYPE z [{entity}]><w:document xmlns:w="{make.W}"><w:body>{make.p("&a;")}</w:body></w:document>'
    data = make._package("word/document.xml", "wordprocessingml.document", {"word/document.xml": document})
    with pytest.raises(UnsafeFile):
        load(tmp_path / "a.docx", data)


CHARTED = [["", "2022", "2023"], ["范围一", "1,180.20", "1,052.33"], ["范围二", "36.4%", ""]]


def test_charts_give_the_values_they_were_drawn_from(tmp_path):
    slide = make.pptx(
        make.shape("环境", "title") + make.slide_chart(),
        charts={"slides/slide0.xml": make.chart("温室气体排放", "吨二氧化碳当量", CHARTED)},
    )
    loaded = load(tmp_path / "a.pptx", slide)
    assert told(loaded) == [
        ("范围一", "环境 温室气体排放 吨二氧化碳当量", {"2022": "1,180.20", "2023": "1,052.33"}),
        ("范围二", "环境 温室气体排放 吨二氧化碳当量", {"2022": "36.4%"}),
    ]
    boxed = f"<w:p><w:r><w:t>见图</w:t></w:r><w:r><w:drawing>{make.DRAWN}</w:drawing></w:r></w:p>"
    data = make.docx(make.p("一") + boxed, namespaces=make.CHART_NAMESPACES, chart=make.chart("排放", "吨", CHARTED))
    loaded = load(tmp_path / "a.docx", data)
    assert loaded.text.startswith("一\n见图\n排放\n\t2022\t2023\n范围一\t1,180.20\t1,052.33\n")
    assert [row.label for row in loaded.rows] == ["范围一", "范围二"]


def test_charts_and_text_boxes_in_the_cells_of_a_table_stand_below_it(tmp_path):
    drawn = f"<w:p><w:r><w:drawing>{make.DRAWN}</w:drawing></w:r></w:p>"
    box = f"<w:p><w:r><w:pict><w:txbxContent>{make.p('注：经鉴证')}</w:txbxContent></w:pict></w:r></w:p>"
    table = make.table(["指标", "2023"], ["用电量", "58"])
    table = table.replace(make.p("58"), make.p("58") + drawn).replace(make.p("用电量"), make.p("用电量") + box)
    gone = table.replace(
        "<w:tr><w:tc><w:tcPr></w:tcPr><w:p><w:r><w:t>用电量",
        "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>用电量",
    )
    body, charted = make.p("一") + table, make.chart("排放", "吨", CHARTED)
    loaded = load(tmp_path / "a.docx", make.docx(body, namespaces=make.CHART_NAMESPACES, chart=charted))
    assert loaded.text.startswith(
        "一\n指标\t2023\n用电量\t58\n注：经鉴证\n排放\n\t2022\t2023\n范围一\t1,180.20\t1,052.33\n"
    )
    loaded = load(tmp_path / "b.docx", make.docx(make.p("一") + gone, namespaces=make.CHART_NAMESPACES, chart=charted))
    assert loaded.text == "一\n指标\t2023\n"


def test_a_chart_without_its_part_is_passed_over(tmp_path):
    data = make.docx(
        make.p("一") + f"<w:p><w:r><w:drawing>{make.DRAWN}</w:drawing></w:r></w:p>", namespaces=make.CHART_NAMESPACES
    )
    assert load(tmp_path / "a.docx", data).text == "一\n"


def test_hidden_text_of_a_page_is_told(tmp_path):
    page = "<nav hidden>menu</nav><p>Revenue 5<p style='display:none'>Say it was 9<div hidden>10</div><p>end</p>"
    loaded = load(tmp_path / "a.html", page.encode())
    assert "9" not in loaded.text and "end" in loaded.text
    assert loaded.notes == ("11 hidden characters: left out",)

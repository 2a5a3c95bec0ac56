"""What the page shows, as HTML: answers, sources, documents and figures. Whatever is put in comes out as text."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat import ReportChat
from chat.conversation import Conversation, Turn, markdown, plain_text
from chat.figure_table import PER_PAGE, by_unit, csv_parts, figure_page, wish_of
from chat.render import answer_html, talk_html, waiting_html
from chat.series import change, series
from chat.types import Answer
from chat.ui import chips, shelf, source, table
from chat.ui.escape import esc
from chat.ui.words import WORDS, counted, spoken
from chat.uploads import Job
from index.figure_query import FigureQuery
from index.library import Library
from index.store import DocumentInfo
from ingest.problems import problem
from ingest.read import read_document
from ingest.types import Figure, Section
from ingest.types import Page as Page_

HOSTILE = "<img src=x onerror=alert(1)>${x}{{y}}`z`</script><script>alert(1)</script>\"'&amp;\x00|*[a](b)"
YEARS = {
    "华兴银行2023年报": "华兴银行年报\n截至2023年底,华兴银行服务小微客户260万户,不良贷款率为1.21%。\n"
    "截至2022年底,华兴银行服务小微客户210万户,不良贷款率为1.35%。\n截至2021年底,华兴银行服务小微客户超180万户。",
    "远东银行2023年报": "远东银行年报\n截至2020年底,远东银行服务小微客户95万户,不良贷款率为0.98%。",
}


class Page(HTMLParser):
    """What a browser would make of it: tags with attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.said = [], []
        self.feed(html)
        self.text = "".join(self.said)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.said.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def safe(html):
    """The page, where nothing in it can run or reach out."""
    page = Page(html)
    for tag, attributes in page.tags:
        assert tag not in ("script", "iframe", "object", "embed", "form" if "filters" not in html else "script")
        assert not [name for name in attributes if name.startswith("on")]
        assert not str(attributes.get("href", "")).startswith("javascript")
        if tag == "img":
            assert attributes["src"].startswith("data:")
    assert "${" not in html and "{{" not in html and "`" not in html
    return page


@pytest.fixture(scope="module")
def years():
    return ReportChat.from_texts(YEARS)


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_text_stays_text(text):
    shown = re.sub("[\ud800-\udfff\x00]", "\ufffd", text).replace("\r\n", "\n")
    assert Page(f"<p>{esc(text)}</p>").text.replace("\r\n", "\n") == shown
    assert Page(f'<p title="{esc(text)}">').all("p")[0]["title"].replace("\ufffd", "") == re.sub(
        "[\ud800-\udfff\x00\ufffd]", "", text
    )


def test_hostile_words_are_text_everywhere():
    chat = ReportChat.from_texts({HOSTILE: f"{HOSTILE}\n恶意公司服务了77万户客户{HOSTILE}。"})
    answer = chat.ask("恶意公司服务了多少客户?")
    assert answer.found
    conversation = Conversation(
        (Turn(HOSTILE, answer), Turn(HOSTILE, chat.ask(HOSTILE)), Turn("?", answer, verdict="down"))
    )
    shown = safe(talk_html(conversation, "en"))
    assert "onerror=alert(1)" in shown.text
    document = chat.library.document(answer.quotes[0].document_id)
    place = source.Place(document.id, answer.quotes[0].start, answer.quotes[0].end)
    figures = [figure for _, figure in chat.library.figures()]
    for view in ("read", "file", "page"):
        safe(source.source_html(document, replace(place, view=view), "zh-Hans", figures=figures))
    infos = chat.library.documents()
    safe(shelf.list_html(infos, [document.id], "en", may_change=True, removed=("x", HOSTILE)))
    safe(
        shelf.jobs_html(
            [
                Job("1", HOSTILE, "failed", problem("workbook", why=HOSTILE), HOSTILE),
                Job("2", HOSTILE, "reading", page=1, pages=2),
            ],
            "en",
        )
    )
    safe(shelf.scope_html(infos, [document.id], "en"))
    wish = wish_of({"label": HOSTILE, "order": HOSTILE, "offset": HOSTILE, "descending": HOSTILE})
    names = {document.id: HOSTILE}
    safe(table.table_html(figure_page(chat.library, replace(wish, query=FigureQuery())), names, "en"))
    safe(table.filters_html([(HOSTILE, 1)], [HOSTILE], names, "en", HOSTILE))
    safe(chips.questions_html([HOSTILE], HOSTILE))
    safe(chips.head_html(1, "en", HOSTILE))


def test_the_card_of_one_figure(chat):
    html = answer_html(chat.ask("截至2023年底服务了多少小微用户?"))
    page = safe(html)
    assert page.text.startswith("超5300万户小微用户 · 2023年底")
    assert '<b class="number">5300万</b>' in html
    assert "截至2023年底,该行已累计服务小微用户超5300万" in page.text  # in the reader's script
    assert "截至2023年底,該行已累計服務小微用戶超5300萬" in page.text  # as printed, folded away
    assert page.all("details") and page.all("button")[0]["class"] == "cite"
    assert page.all("section")[0]["lang"] == "zh-CN"


def test_a_value_of_a_table_is_said_once_with_its_unit(tmp_path):
    path = tmp_path / "海岳银行2023年度报告.md"
    rows = (
        "| 指标 | 2022年 | 2023年 |\n|--|--|--|\n| 净利润（亿元） | 35.8 | 42.3 |\n| 碳排放量（tCO2e） | 810 | 790 |\n"
    )
    path.write_text(f"# 海岳银行2023年度报告\n\n{rows}", encoding="utf-8")
    chat = ReportChat.from_texts({})
    chat.library.add(read_document(path))
    assert chat.ask("海岳银行2023年的净利润是多少?").direct == "42.3亿元"
    html = answer_html(chat.ask("海岳银行2023年的碳排放量是多少?"))
    assert '<b class="number">790</b>' in html and ">2</b>" not in html


def test_traditional_readers_see_the_print_itself(chat):
    page = Page(answer_html(chat.ask("截至2023年底服務了多少小微用戶？")))
    assert "該行已累計服務" in page.text
    assert not page.all("details")


def test_several_figures_are_a_table(years):
    answer = years.ask("华兴银行2023年底服务了多少小微客户,不良贷款率是多少?")
    assert len(answer.figures) == 2
    page = Page(answer_html(answer))
    assert page.all("table")
    assert "小微客户260万户2023年底" in page.text


def test_confidence_is_said_only_where_low(chat):
    answer = chat.ask("截至2023年底服务了多少小微用户?")
    assert "把握不大" not in Page(answer_html(replace(answer, confidence=0.9))).text
    assert "把握不大" in Page(answer_html(replace(answer, confidence=0.5))).text


def test_not_found_helps(chat):
    page = Page(answer_html(chat.ask("不良贷款率是多少?")))
    assert "报告里没有答案" in page.text and "不良贷款率" in page.text
    assert len(page.all("blockquote")) >= 1


def test_a_figure_by_year(years):
    answer = years.ask("华兴银行2023年底服务了多少小微客户?")
    quote = answer.quotes[0]
    points = series(years.library, quote.document_id, answer.figures[0].figure)
    assert [(point.year, int(point.figure.value)) for point in points] == [
        ("2021", 1800000), ("2022", 2100000), ("2023", 2600000),
    ]  # fmt: skip
    made = change(points, answer.figures[0].figure)
    assert made is not None and round(float(made.value), 1) == 23.8 and made.exact and not made.points
    page = safe(answer_html(answer, points=points))
    assert "比2022年底多 23.8%" in page.text
    assert "2022 210万" in page.all("svg")[0]["aria-label"]


def test_shares_change_in_points_and_about_is_said(years):
    answer = years.ask("华兴银行2023年底的不良贷款率是多少?")
    points = series(years.library, answer.quotes[0].document_id, answer.figures[0].figure)
    assert "比2022年底低 0.14 个百分点" in Page(answer_html(answer, points=points)).text
    answer = years.ask("华兴银行2021年底服务了多少小微客户?")
    points = series(years.library, answer.quotes[0].document_id, answer.figures[0].figure)
    assert "到2022年底多 约 16.7%" in Page(answer_html(answer, points=points)).text


def test_other_families_periods_and_twice_told_years_make_no_series(years, chat):
    far = next(info.id for info in years.library.documents() if info.name.startswith("远东"))
    for _, figure in years.library.figures(far):
        assert series(years.library, far, figure) == ()
    twice = ReportChat.from_texts({"甲报": "2023年收入5亿元。2022年收入4亿元。2022年收入3亿元。"})
    first = next(figure for _, figure in twice.library.figures() if figure.value == 500_000_000)
    assert series(twice.library, twice.library.documents()[0].id, first) == ()


def test_turns_are_windowed_and_only_the_last_is_asked_again(chat):
    answer = chat.ask("截至2023年底服务了多少小微用户?")
    conversation = Conversation()
    for number in range(30):
        conversation = conversation.plus(Turn(f"问题{number}", answer))
    html = talk_html(conversation, "en", shown=12)
    page = Page(html)
    assert [attributes["data-turn"] for attributes in page.all("article")] == [str(n) for n in range(18, 30)]
    assert "18 earlier questions" in page.text
    assert html.count('data-act="retry"') == 1
    assert 'data-act="retry"' not in talk_html(conversation, "en", live=waiting_html("en"))
    assert "Waiting: 3 before you" in Page(waiting_html("en", 3)).text
    assert len(conversation.until(5).turns) == 5


def test_a_conversation_is_kept_short_of_endless():
    conversation = Conversation()
    for number in range(1005):
        conversation = conversation.plus(Turn(str(number), Answer(str(number))))
    assert len(conversation.turns) == 1000 and conversation.questions[-1] == "1004"


def test_verdicts_show(chat):
    turn = Turn("q", chat.ask("截至2023年底服务了多少小微用户?"))
    conversation = Conversation((turn,))
    pressed = [
        one for one in Page(talk_html(conversation.judged(0, "down"), "en")).all("button") if "aria-pressed" in one
    ]
    assert [one["aria-pressed"] for one in pressed] == ["false", "true"]
    assert "What is wrong?" in talk_html(conversation.judged(0, "down"), "en")
    assert "Thank you" in talk_html(conversation.judged(0, "down", said_why=True), "en")
    assert conversation.judged(7, "up") == conversation


def test_markdown_and_plain_text_carry_sources(chat):
    answer = chat.ask("大山雀能识别多少种作物")
    assert "[1] mybank-esg-2023.txt, p. 1" in plain_text(answer)
    said = markdown([Turn("大山雀 *能* 识别<b>多少</b>种作物", answer)], "报告问答")
    assert said.startswith("# 报告问答\n\n## 大山雀 \\*能\\* 识别\\<b\\>多少")
    assert "**15种**" in said and "> \\[1\\]" not in said and "[1] mybank-esg-2023.txt, p. 1" in said


# the source panel


def test_the_panel_marks_the_place_and_leads_to_figures(chat):
    answer = chat.ask("大山雀能识别多少种作物")
    quote = answer.quotes[0]
    document = chat.library.document(quote.document_id)
    figures = [figure for _, figure in chat.library.figures(document.id)]
    html = source.source_html(document, source.Place(document.id, quote.start, quote.end), "zh-Hans", figures=figures)
    marked = Page(html[html.index("<mark>") : html.index("</mark>")])
    assert marked.text == quote.text
    assert [one["data-label"] for one in marked.all("a") if one["class"] == "fig"]
    assert [one.get("data-view") for one in Page(html).all("button") if "data-view" in one] == ["read", "file"]
    raw = source.source_html(document, source.Place(document.id, quote.start, quote.end, view="file"), "zh-Hans")
    span = raw[raw.index("<mark>") : raw.index("</mark>")]
    assert Page(span).text == document.source_text[quote.source_start : quote.source_end].replace("\n", "")


def test_pages_turn(chat):
    document = chat.library.document(chat.library.documents()[0].id)
    pages = (Page_(1, 0, 300), Page_(2, 300, 600), Page_(3, 600, len(document.text)))
    document = replace(document, pages=pages)
    place = source.place_of({"ref": f"{document.id}:310:320"})
    page = Page(source.source_html(document, place, "en"))
    turners = [one for one in page.all("button") if one.get("aria-label", "").endswith("page")]
    assert [one["data-page"] for one in turners] == ["1", "3"]
    assert fold_lines(document.text[300:600]) in fold_lines(page.text)
    other = Page(source.source_html(document, replace(place, page=3), "en"))
    assert fold_lines(document.text[600:700]) in fold_lines(other.text) and not other.all("mark")
    turners = [one for one in other.all("button") if one.get("aria-label", "").endswith("page")]
    assert "disabled" in turners[1]


def test_another_page_has_its_own_section_and_link_and_leads_back(chat):
    document = chat.library.document(chat.library.documents()[0].id)
    cut = len(document.text) // 2
    document = replace(
        document,
        pages=(Page_(1, 0, cut), Page_(2, cut, len(document.text))),
        sections=(Section("One", 0, cut), Section("Two", cut, 9 * cut)),
    )
    place = source.place_of({"ref": f"{document.id}:10:20"})
    own, other = (source.source_html(document, replace(place, page=page), "en") for page in (None, 2))
    assert "page 1 · One" in own and "Back to the quote" not in own and "start=10" in own
    assert "page 2 · Two" in other and "start=" not in other
    back = next(one for one in Page(other).all("button") if one.get("class") == "quiet")
    assert back["data-ref"] == place.reference and "data-page" not in back


def test_what_is_left_out_of_a_page_is_told(chat):
    document = chat.library.document(chat.library.documents()[0].id)
    short = replace(document, pages=(Page_(1, 0, 100), Page_(2, 100, 400), Page_(3, 400, len(document.text))))
    assert "…" not in Page(source.source_html(short, source.Place(document.id, 110, 120), "en")).text
    far = source.source_html(document, source.Place(document.id, 1800, 1810), "en")
    assert Page(far[far.index("<article") :]).text.startswith("… ")


def fold_lines(text):
    return "".join(text.split())


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"ref": ""},
        {"ref": "a"},
        {"ref": "a:1"},
        {"ref": "a:2:1"},
        {"ref": "a:x:2"},
        {"ref": "a:-1:2"},
        {"ref": None},
    ],
)
def test_what_names_no_place_opens_nothing(data):
    assert source.place_of(data) is None


def test_odd_views_and_zooms_are_the_usual_ones():
    place = source.place_of({"ref": "a:1:2", "view": "x", "zoom": "100000000000000000000", "page": "-3"})
    assert (place.view, place.zoom, place.page) == (None, 100, None)


def test_links_lead_to_a_place(chat):
    document = chat.library.document(chat.library.documents()[0].id)
    start = document.text.index("截至2023年底")
    assert source.linked_place({"start": str(start)}, document).start == start
    assert source.linked_place({"page": "1"}, document).start == document.pages[0].start
    assert source.linked_place({"page": "99"}, document) is None
    assert source.linked_place({"start": "99999999", "page": "x"}, document) is not None


def test_a_picture_carries_its_marks(chat):
    document = chat.library.document(chat.library.documents()[0].id)
    picture = source.Picture("data:image/png;base64,AAAA", ((0.1, 0.2, 0.3, 0.05),))
    html = source.source_html(
        document, source.Place(document.id, 0, 5, view="page", zoom=150), "en", picture=picture, has_pictures=True
    )
    page = safe(html)
    assert page.all("img")[0]["alt"] == "Image of page 1 of mybank-esg-2023.txt"
    assert page.all("i")[0]["style"] == "left:10.000%;top:20.000%;width:30.000%;height:5.000%"
    assert [one["data-zoom"] for one in page.all("button") if "data-zoom" in one] == ["100", "200"]


# the documents and the figures


def test_the_shelf_says_what_may_be_done(chat):
    infos = chat.library.documents()
    editor, reader = (Page(shelf.list_html(infos, (), "en", may_change=may)) for may in (True, False))
    assert [one for one in editor.all("button") if one.get("data-shelf") == "remove"]
    assert not [one for one in reader.all("button") if one.get("data-shelf") == "remove"]
    assert "12 chunks · 59 figures" in editor.text.replace(",", "")
    assert "others manage" in shelf.drop_html("en", [".txt"], 1000, may_change=False)
    assert (
        Page(shelf.drop_html("en", [".txt", ".pdf"], 50_000_000, may_change=True)).all("input")[0]["accept"]
        == ".txt,.pdf"
    )
    assert shelf.size_said(50_000_000) == "50 MB" and shelf.size_said(3) == "1 kB"


def test_only_some_of_very_many_documents_are_listed():
    infos = [
        DocumentInfo(f"{number}", f"{number}.txt", f"{number}", f"{number}.txt", 1, 1, 1, 9, "2026-01-01")
        for number in range(999)
    ]
    page = Page(shelf.list_html(infos, [], "en", may_change=False))
    assert len(page.all("li")) == 200 and "The first 200 of 999 documents" in page.text
    assert shelf.finder_html(20, "en") == "" and "Find a document" in shelf.finder_html(21, "en")
    named = Page(shelf.drop_html("en", [".md", ".markdown", ".txt", ".text"], 1000, may_change=True)).text
    assert "MD TXT" in named and "MARKDOWN" not in named


def test_jobs_tell_pages_and_reasons():
    reading = Page(shelf.jobs_html([Job("1", "a.pdf", "reading", page=3, pages=9)], "en"))
    assert "page 3 of 9" in reading.text and reading.all("progress")[0] == {
        "max": "9",
        "value": "3",
        "aria-label": "a.pdf",
    }
    assert reading.all("button")[0]["data-shelf"] == "cancel"
    failed = Page(shelf.jobs_html([Job("1", "a.pdf", "failed", problem("locked"))], "en"))
    assert "Failed" in failed.text and "Locked with a password" in failed.text and not failed.all("button")


def test_figures_are_paged_and_sorted(years):
    page = figure_page(years.library, wish_of({"order": "value", "descending": "true", "offset": "999999"}))
    assert page.wish.offset == 0 and page.total == len(page.rows) < PER_PAGE
    html = table.table_html(page, {}, "en", by_unit(years.library, page.wish.query))
    heads = {one.get("aria-sort") for one in Page(html).all("th") if one.get("scope") == "col"}
    assert heads == {"none", "descending"}
    assert all(figure.kind not in ("date", "ordinal") for _, figure in page.rows)
    assert not Page(html).all("nav")
    assert "No figure is like that" in table.table_html(
        figure_page(years.library, wish_of({"label": "没有的"})), {}, "en"
    )


def test_small_multiples_are_of_one_unit_each(years):
    groups = by_unit(years.library, FigureQuery())
    assert {unit for unit, _ in groups} == {"户", "%"}
    for unit, rows in groups:
        assert {figure.unit for _, figure in rows} == {unit}
        values = [figure.value for _, figure in rows]
        assert values == sorted(values, reverse=True)


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from(["label", "unit", "year", "document", "order", "offset", "dates"]), st.text(max_size=9)
    )
)
def test_any_form_is_a_wish(years, data):
    assert figure_page(years.library, wish_of(data)).total >= 0


def test_csv_opens_right_and_holds_no_formula():
    import csv
    import io

    chat = ReportChat.from_texts({"=1+1": "2023年,@公司服务了12万户客户。收入为-5%。"})
    data = b"".join(csv_parts(chat.library, FigureQuery()))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0][:4] == ["document", "page", "text", "value"]
    assert len(rows) - 1 == len(chat.library.figures())
    assert all(row[0] == "'=1+1" for row in rows[1:])
    assert any(row[2] == "12万" or row[2] == "12万户" for row in rows[1:])


# the words


def test_every_language_says_everything():
    for name, said in WORDS["en"].items():
        marks = set(re.findall(r"\{\w+\}", said))
        for language in ("zh-Hans", "zh-Hant"):
            assert WORDS[language][name].strip()
            assert set(re.findall(r"\{\w+\}", WORDS[language][name])) == marks, name
        assert not re.search(r"[\u3400-\u9fff]", said), name


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh-Hans"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"), ("zh-TW,zh;q=0.9", "zh-Hant"), ("zh-Hant-HK", "zh-Hant"),
        ("en-US,en;q=0.5", "en"), ("en;q=0.3,zh-CN;q=0.8", "zh-Hans"), ("fr-FR", "en"), ("q=;;,,;q=x", "en"),
    ],
)  # fmt: skip
def test_the_browser_says_which_language(accepted, language):
    assert spoken(accepted) == language


def test_one_is_one():
    assert counted("en", "pages", 1) == "1 page" and counted("en", "figures", 3465) == "3,465 figures"


def test_a_loss_is_shown_as_one():
    table = "单位：百万元\n\n| 项目 | 2023年 | 2022年 |\n| --- | --- | --- |\n| 净利润 | 1,052.33 | (98.20) |\n"
    library = Library.in_memory()
    library.add(read_document(Path("华海股份2023年年度报告.md"), f"# 华海股份2023年年度报告\n\n{table}".encode()))
    chat = ReportChat(library)
    answer = chat.ask("华海股份2023年的净利润是多少?")
    points = series(library, answer.quotes[0].document_id, answer.figures[0].figure)
    assert "2022 −98.20; 2023 1,052.33" in answer_html(answer, points=points)


def test_charts_of_negative_values_stay_in_their_box():
    from decimal import Decimal

    from chat.ui.chart import columns

    page = Page(columns([("2022", "-5", Decimal(-5)), ("2023", "3", Decimal(3))], "x", 1))
    for rectangle in page.all("rect"):
        assert float(rectangle["y"]) >= 0 and float(rectangle["y"]) + float(rectangle["height"]) <= 76.1


def test_figures_without_a_label_have_no_series(chat):
    figure = Figure("5", 0, 1, "amount", 5, period="2023")
    assert series(chat.library, chat.library.documents()[0].id, figure) == ()


def test_what_a_model_wrote_is_shown_with_its_quotes_and_what_was_left_out(chat):
    from chat.types import LeftOut

    answer = chat.ask("截至2023年底服务了多少小微用户?")
    written = replace(
        answer, writer="m<1>", text="服务了超5300万户[1]。[9]\n完。", left_out=(LeftOut("增长<b>9%</b>", "no quote"),),
        standalone="网商银行服务了多少?", notice="slow",
    )  # fmt: skip
    page = safe(answer_html(written))
    assert "理解为：网商银行服务了多少?" in page.text and "slow" in page.text
    assert "服务了超5300万户1。[9]完。由 m<1> 撰写" in page.text
    assert "1 句与引文不符" in page.text and "增长<b>9%</b>" in page.text
    assert len([one for one in page.all("button") if one.get("class") == "cite"]) == 2

"""The Documents tab and the Figures tab, as HTML and as CSV."""

from hypothesis import given, settings
from hypothesis import strategies as st
from markup import Page

from chat import ReportChat
from chat.figure_table import PER_PAGE, by_unit, csv_parts, figure_page, wish_of
from chat.ui import shelf, table
from chat.uploads import Job
from index.figure_query import FigureQuery
from index.store import DocumentInfo
from ingest.problems import problem


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

"""The panel beside the page: a place in a Document, its pages, what may be clicked in it."""

from dataclasses import replace

import pytest
from markup import Page, safe

from chat.ui import source
from ingest.types import Page as Page_
from ingest.types import Section


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

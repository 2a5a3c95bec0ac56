"""Scans and images through OCR. Left out where the extra is not installed."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("reportlab", reason="reportlab makes the PDFs of these tests")
from make_pdf import Pdf

from chat import reply
from chat.types import Quote
from index import rows
from index.library import Library
from ingest.errors import UnreadableFile
from ingest.layout import Line, Word
from ingest.loaders import image, ocr, pdf, pdf_pages
from ingest.read import document_from_text, read_document
from ingest.types import Recognised

installed = pytest.mark.skipif(not ocr.available(), reason="the OCR extra is not installed")
CHINESE = (
    "截至2023年底，累计服务小微用户超过5300万户，其中首次获得贷款的占比超过八成。公司在28个省份设立了分支机构，员工总数达到一万二千人，"
    "全年研发投入占营业收入的百分之十二，较上年提高了一点五个百分点。"
)
HEAD = ["项目", "2023年", "2022年"]
ROWS = [["营业收入", "12,345.67", "11,000.00"], ["研发投入", "1,052.33", "(98.20)"], ["员工人数", "8,321", "8,004"]]


def pictures(data, dpi=150):
    """The pages of a PDF as pictures, in bytes of PNG."""
    import pypdfium2

    for page in pypdfium2.PdfDocument(data):
        out = io.BytesIO()
        page.render(scale=dpi / 72).to_pil().save(out, "PNG")
        yield out.getvalue()


def scan(data, dpi=150):
    """A PDF of pictures alone."""
    from reportlab.lib.utils import ImageReader

    made = Pdf()
    for picture in pictures(data, dpi):
        made.canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, 595, 842)
        made.page()
    return made.bytes()


@installed
def test_a_scan_is_read_with_its_table():
    made = (
        Pdf()
        .paragraph(CHINESE)
        .line("主要财务指标")
        .line("单位：人民币百万元", 330)
        .table([HEAD, *ROWS], [160, 90, 90])
    )
    told = []
    data = scan(made.bytes())
    document = read_document(Path("scan.pdf"), data, on_page=lambda *page: told.append(page))
    assert told == [(1, 1)]
    assert "5300万户" in document.text
    assert "点。\n主要财务指标\n" in document.text
    cells = {(r.label, c.header): document.text[c.start : c.end] for r in document.rows for c in r.cells}
    for label, *values in ROWS:
        assert [cells[label, head] for head in HEAD[1:]] == values
    assert document.recognised
    assert all(0.5 < part.confidence < 1 for part in document.recognised)
    assert any("read from pictures" in note for note in document.notes)


@installed
def test_what_is_read_in_a_scan_is_known_by_its_place(tmp_path):
    made = Pdf().paragraph(CHINESE).line("主要财务指标").table([HEAD, *ROWS], [160, 90, 90]).bytes()
    data = scan(made)
    written, document = read_document(Path("a.pdf"), made), read_document(Path("scan.pdf"), data)
    library = Library.open(tmp_path / "library", create=True)
    library.add(document)
    stored = library.document(document.id)
    library.close()
    assert stored.recognised == document.recognised
    for said in ("5300万户", "主要财务指标", ROWS[0][0], ROWS[0][2]):
        (true,) = pdf_pages.rectangles(made, written, *_span(written, said))
        (found,) = pdf_pages.rectangles(data, stored, *_span(stored, said))
        width = min(true.right, found.right) - max(true.left, found.left)
        height = min(true.bottom, found.bottom) - max(true.top, found.top)
        assert found.page == 1
        assert width > 0.6 * max(true.right - true.left, found.right - found.left)
        assert height > 0.6 * min(true.bottom - true.top, found.bottom - found.top)


def _span(document, said):
    start = document.text.index(said)
    return start, start + len(said)


def test_a_scan_that_an_older_version_read_is_marked_as_a_page():
    document = replace(document_from_text("a", "营业收入12亿元。"), recognised=(Recognised(0, 9, 0.9),))
    assert document.boxes(0, 4) == []
    assert rows.document(("a", "a", "a", document.offsets.to_bytes(), rows.pack('{"recognised":[[0,9,0.9]]}'), "[]"),
                         document.text, document.text).recognised == document.recognised  # fmt: skip


@installed
@pytest.mark.parametrize("ruled", [True, False])
def test_lone_dashes_are_values(ruled):
    rows = [
        ["营业收入", "12,345.67", "—"],
        ["研发投入", "—", "98.20"],
        ["员工人数", "8,321", "—"],
        ["捐赠支出", "—", "5.5%"],
    ]
    made = Pdf().paragraph(CHINESE).line("主要财务指标").table([HEAD, *rows], [160, 90, 90], ruled=ruled)
    document = read_document(Path("2023.pdf"), scan(made.bytes()))
    cells = {(r.label, c.header): document.text[c.start : c.end] for r in document.rows for c in r.cells}
    assert [[row[0], *(cells.get((row[0], head)) for head in HEAD[1:])] for row in rows] == rows


@installed
def test_strokes_that_are_no_dashes_of_a_table():
    import numpy as np

    def line(text, left, top):
        return Line([Word(text, left, top, left + 40, top + 20, [-1] * len(text))], confidence=0.9)

    def strokes(*places):
        picture = np.full((200, 400, 3), 255, np.uint8)
        for left, top, width, height in places:
            picture[top : top + height, left : left + width] = 0
        return picture

    lines = [line("收入", 10, 20), line("12.5", 200, 20), line("投入", 10, 60), line("注释", 10, 100)]
    (found,) = ocr.dashes(strokes((210, 69, 18, 2)), lines)
    assert (found.text, found.top, found.confidence) == ("—", 60, 0.9)
    below, rule, speck, apart = (210, 79, 18, 2), (150, 69, 200, 2), (210, 69, 2, 2), (320, 69, 18, 2)
    assert ocr.dashes(strokes(below, rule, speck, apart), lines) == []
    assert ocr.dashes(strokes((210, 69, 18, 2)), []) == []


@installed
def test_an_image_is_a_page():
    (picture,) = pictures(Pdf().paragraph(CHINESE).bytes())
    document = read_document(Path("扫描.png"), picture)
    assert "28个省份" in document.text
    with pytest.raises(UnreadableFile, match="damaged picture"):
        image.load_image(Path("a.png"), picture[:200])


def test_what_is_missing_is_told_with_how_to_get_it(monkeypatch):
    for loader in (pdf, image):
        monkeypatch.setattr(loader, "available", lambda: False)
    data = scan(Pdf().paragraph(CHINESE).bytes())
    with pytest.raises(UnreadableFile, match="1 pages that are pictures") as raised:
        pdf.load_pdf(Path("a.pdf"), data)
    assert "report-chat[ocr]" in str(raised.value)
    with pytest.raises(UnreadableFile, match="report-chat"):
        image.load_image(Path("a.png"), b"")


def test_columns_are_read_one_after_the_other_and_tables_row_by_row():
    def line(text, left, top, width=200):
        return Line([Word(text, left, top, left + width, top + 10, [-1] * len(text))], confidence=0.9)

    left = [line(f"left {n}", 50, 100 + 15 * n) for n in range(8)]
    right = [line(f"right {n}", 300, 101 + 15 * n) for n in range(8)]
    title = line("title", 50, 50, 450)
    mixed = [title, *(one for pair in zip(left, right, strict=True) for one in pair)]
    assert ocr.in_order(mixed) == [title, *left, *right]
    names = [line(f"row {n}", 50, 100 + 15 * n, 150 - 15 * n) for n in range(8)]
    values = [line(f"{n}", 300, 101 + 15 * n, 20 + 30 * (n == 1)) for n in range(8)]
    assert ocr.in_order([*names, *values]) == [one for pair in zip(names, values, strict=True) for one in pair]


def test_confidence_is_kept_and_told_where_it_is_low():
    document = replace(
        document_from_text("扫描", "服务了12万户客户。\n另一行。"), recognised=(Recognised(0, 10, 0.71),)
    )
    library = Library.in_memory()
    library.add(document)
    kept = library.document(document.id)
    assert kept.recognised == document.recognised
    assert (kept.confidence(3, 5), kept.confidence(11, 14)) == (0.71, 1.0)
    quote = reply.quote(1, kept, 0, 10)
    assert quote.to_dict()["recognised"] == 0.71
    assert "71%" in reply.text([], [quote], (), "zh-Hans")
    sure = Quote(**{name: getattr(quote, name) for name in Quote.__slots__} | {"recognised": 0.97})
    assert "97%" not in reply.text([], [sure], (), "en")

"""Makes small files of each format, by hand, so that tests know every byte of them."""

import io
import zipfile
from email.message import EmailMessage

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
PREFIX = "application/vnd.openxmlformats-officedocument"


def zip_of(parts):
    """A ZIP archive of names and contents."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def _relations(*relations):
    rows = "".join(f'<Relationship Id="{i}" Type="{R}/{kind}" Target="{target}"/>' for i, kind, target in relations)
    return f'<Relationships xmlns="{RELS}">{rows}</Relationships>'


def _package(main, kind, parts):
    types = f'<Types xmlns="{TYPES}"><Override PartName="/{main}" ContentType="{PREFIX}.{kind}.main+xml"/></Types>'
    return zip_of({"[Content_Types].xml": types, "_rels/.rels": _relations(("r1", "officeDocument", main)), **parts})


C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
CHART_NAMESPACES = f'xmlns:c="{C}" xmlns:r="{R}"'
DRAWN = '<c:chart r:id="chart"/>'


def chart(title, unit, rows):
    """The part of a chart: a series for each row, drawn over the first row; values as spreadsheets store them."""

    def cache(texts, form):
        points = "".join(f'<c:pt idx="{n}"><c:v>{text}</c:v></c:pt>' for n, text in enumerate(texts) if text)
        return f"<c:numRef><c:numCache><c:formatCode>{form}</c:formatCode>{points}</c:numCache></c:numRef>"

    def titled(text):
        return f"<c:title><c:tx><c:rich><a:p><a:r><a:t>{text}</a:t></a:r></a:p></c:rich></c:tx></c:title>"

    series = ""
    for label, *values in rows[1:]:
        share = any("%" in value for value in values)
        stored = [str(float(v.strip("%").replace(",", "")) / (100 if share else 1)) if v else "" for v in values]
        name = f'<c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>{label}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        numbers = cache(stored, "0.0%" if share else "#,##0.00")
        series += f"<c:ser>{name}<c:cat>{cache(rows[0][1:], 'General')}</c:cat><c:val>{numbers}</c:val></c:ser>"
    plot = f"<c:plotArea><c:barChart>{series}</c:barChart><c:valAx>{titled(unit)}</c:valAx></c:plotArea>"
    return f'<c:chartSpace xmlns:c="{C}" xmlns:a="{A}"><c:chart>{titled(title)}{plot}</c:chart></c:chartSpace>'


def slide_chart():
    """A chart on a slide."""
    drawn = f"<a:graphic><a:graphicData>{DRAWN.replace('<c:chart', f'<c:chart {CHART_NAMESPACES}')}</a:graphicData></a:graphic>"
    return f"<p:graphicFrame>{drawn}</p:graphicFrame>"


def docx(body, styles="", footnotes="", namespaces="", chart=""):
    """A Word document of the XML between <w:body> and </w:body>."""
    parts = {"word/document.xml": f'<w:document xmlns:w="{W}" {namespaces}><w:body>{body}</w:body></w:document>'}
    parts["word/_rels/document.xml.rels"] = _relations(
        ("s", "styles", "styles.xml"), ("f", "footnotes", "footnotes.xml"), ("chart", "chart", "charts/chart1.xml")
    )
    if chart:
        parts["word/charts/chart1.xml"] = chart
    parts["word/styles.xml"] = f'<w:styles xmlns:w="{W}">{styles}</w:styles>'
    parts["word/footnotes.xml"] = f'<w:footnotes xmlns:w="{W}">{footnotes}</w:footnotes>'
    return _package("word/document.xml", "wordprocessingml.document", parts)


def p(text, style="", run=""):
    """A paragraph of Word."""
    about = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{about}<w:r>{f'<w:rPr>{run}</w:rPr>' if run else ''}<w:t>{text}</w:t></w:r></w:p>"


def table(*rows):
    """A table of Word: each cell a text, or (text, XML of its properties)."""
    lines = []
    for row in rows:
        cells = [(cell, "") if isinstance(cell, str) else cell for cell in row]
        lines.append("".join(f"<w:tc><w:tcPr>{about}</w:tcPr>{p(text)}</w:tc>" for text, about in cells))
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def pptx(*slides, notes="", charts=None):
    """A presentation: each slide the XML of its shapes."""
    parts = {
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>'
        + "".join(f'<p:sldId id="{256 + n}" r:id="s{n}"/>' for n in range(len(slides)))
        + "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": _relations(
            *((f"s{n}", "slide", f"slides/slide{n}.xml") for n in range(len(slides)))
        ),
    }
    for number, shapes in enumerate(slides):
        tree = f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"
        parts[f"ppt/slides/slide{number}.xml"] = f'<p:sld xmlns:p="{P}" xmlns:a="{A}">{tree}</p:sld>'
    if notes:
        parts["ppt/slides/_rels/slide0.xml.rels"] = _relations(("n", "notesSlide", "../notesSlides/n.xml"))
        tree = f"<p:cSld><p:spTree>{shape(notes, 'body')}</p:spTree></p:cSld>"
        parts["ppt/notesSlides/n.xml"] = f'<p:notes xmlns:p="{P}" xmlns:a="{A}">{tree}</p:notes>'
    for name, drawn in (charts or {}).items():
        folder, base = name.rsplit("/", 1)
        parts[f"ppt/{folder}/_rels/{base}.rels"] = _relations(("chart", "chart", "../charts/chart1.xml"))
        parts["ppt/charts/chart1.xml"] = drawn
    return _package("ppt/presentation.xml", "presentationml.presentation", parts)


def shape(text, kind=""):
    """A shape of a slide with a text."""
    holder = f'<p:ph type="{kind}"/>' if kind else ""
    lines = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n"))
    about = f'<p:nvSpPr><p:cNvPr id="1" name="x"/><p:cNvSpPr/><p:nvPr>{holder}</p:nvPr></p:nvSpPr>'
    return f"<p:sp>{about}<p:txBody>{lines}</p:txBody></p:sp>"


def slide_table(*rows):
    """A table on a slide: each cell a text, or (text, attributes)."""
    cells = [[(cell, "") if isinstance(cell, str) else cell for cell in row] for row in rows]
    lines = "".join(
        "<a:tr>"
        + "".join(f"<a:tc {about}><a:txBody><a:p><a:r><a:t>{t}</a:t></a:r></a:p></a:txBody></a:tc>" for t, about in row)
        + "</a:tr>"
        for row in cells
    )
    return f'<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow="1"/>{lines}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>'


def epub(*chapters, title="书", encryption=""):
    """A book of XHTML bodies, the spine in the order given and the files in another."""
    names = [f"c{n}.xhtml" for n in range(len(chapters))]
    items = "".join(f'<item id="{n}" href="{n}" media-type="application/xhtml+xml"/>' for n in reversed(names))
    spine = "".join(f'<itemref idref="{n}"/>' for n in names)
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf"><metadata>'
        f'<title xmlns="http://purl.org/dc/elements/1.1/">{title}</title></metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
    }
    for name, body in zip(names, chapters, strict=True):
        parts[f"OEBPS/{name}"] = (
            '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">'
            f"<head><title/></head><body>{body}</body></html>"
        )
    if encryption:
        parts["META-INF/encryption.xml"] = f'<encryption><CipherReference URI="{encryption}"/></encryption>'
    return zip_of(parts)


def xlsx(fill):
    """A workbook that `fill` writes into."""
    import openpyxl

    book = openpyxl.Workbook()
    fill(book)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def eml(subject, text, attachments=()):
    """A mail with files attached."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "a@example.org", "b@example.org"
    message.set_content(text)
    for name, content in attachments:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def pdf(*objects, size=None):
    """A PDF of these objects, the first of them its catalogue."""
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = size or len(objects) + 1
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size, table, size, len(data),
    )  # fmt: skip


def stream(content, about=b""):
    """A stream of a PDF."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), about, content)


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
HELLO = b"BT /F1 12 Tf 72 700 Td (Revenue was 12.5 million) Tj ET"


def page_pdf(content, *more, kids=b"3 0 R", count=1, resources=b"/Font<</F1 5 0 R>>", box=b"0 0 612 792", size=None):
    """A PDF of one page."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<<%s>>>>" % (box, resources),
        content, FONT, *more, size=size,
    )  # fmt: skip


SAMPLES = {
    ".txt": "指标  2022年  2023年\n范围一  1  2\n范围二  3  4\n\f第二页\n".encode(),
    ".md": b"# a\n\n| x | 2022 | 2023 |\n|--|--|--|\n| b | 1 | 2 |\n\fpage\n",
    ".html": b"<h1>a</h1><table><tr><th>x<th>2023<tr><td>b<td>5</table>",
    ".csv": b"x,2023\nb,5\n",
    ".docx": docx(p("a") + table(["x", "2022"], ["b", "5"])),
    ".pptx": pptx(shape("a", "title"), slide_table(["x", "2022"], ["b", "5"])),
    ".xlsx": xlsx(lambda book: [book.active.append(row) for row in (["x", 2022], ["b", 5])]),
    ".epub": epub("<p>a</p>", "<table><tr><th>x</th><th>2022</th></tr><tr><td>b</td><td>5</td></tr></table>"),
    ".eml": eml("s", "text 5"),
}
"""A small file of each format that has headings, pages and tables, by suffix."""

"""PDFs made for tests: columns, tables, headers, notes, hidden text. Needs reportlab."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
SONG, ROMAN, BOLD = "STSong-Light", "Times-Roman", "Times-Bold"
WIDTH, HEIGHT = A4


class Pdf:
    """A PDF that is written from the top of each page downwards."""

    def __init__(self, font: str = SONG, size: float = 10.5, **canvas) -> None:
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=A4, **canvas)
        self.font, self.size, self.y = font, size, HEIGHT - 72

    def line(
        self, text: str, x: float = 72, *, size: float | None = None, font: str | None = None, y: float | None = None
    ):
        self.canvas.setFont(font or self.font, size or self.size)
        self.canvas.drawString(x, self.y if y is None else y, text)
        if y is None:
            self.y -= 1.5 * (size or self.size)
        return self

    def paragraph(self, text: str, x: float = 72, width: float = WIDTH - 144):
        """The text broken into lines of that width."""
        for line in wrapped(text, width, self.font, self.size):
            self.line(line, x)
        self.y -= 0.8 * self.size
        return self

    def columns(self, *texts: str, gap: float = 24):
        """The texts side by side, each line by line."""
        width = (WIDTH - 144 - gap * (len(texts) - 1)) / len(texts)
        top, lowest = self.y, self.y
        for number, text in enumerate(texts):
            self.y = top
            for part in text.split("\n"):
                self.paragraph(part, 72 + number * (width + gap), width)
            lowest = min(lowest, self.y)
        self.y = lowest
        return self

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[float], *, ruled: bool = True, spans=()):
        """The rows, the first column to the left and the others to the right."""
        style = [("FONT", (0, 0), (-1, -1), self.font, self.size), ("ALIGN", (1, 0), (-1, -1), "RIGHT")]
        if ruled:
            style.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))
        style += [("SPAN", a, b) for a, b in spans] + [("ALIGN", a, b, "CENTER") for a, b in spans]
        made = Table(rows, colWidths=widths, style=TableStyle(style))
        _, height = made.wrapOn(self.canvas, WIDTH, HEIGHT)
        made.drawOn(self.canvas, 72, self.y - height)
        self.y -= height + 2 * self.size
        return self

    def page(self):
        self.canvas.showPage()
        self.y = HEIGHT - 72
        return self

    def bytes(self) -> bytes:
        self.canvas.save()
        return self.out.getvalue()


def wrapped(text: str, width: float, font: str, size: float) -> list[str]:
    """The text in lines: Chinese broken anywhere but before marks, English between words."""
    lines, line = [], ""
    units = text.split(" ") if font != SONG else list(text)
    space = " " if font != SONG else ""
    for unit in units:
        longer = f"{line}{space}{unit}" if line else unit
        if pdfmetrics.stringWidth(longer, font, size) <= width or unit in "，。、；：）":
            line = longer
        else:
            lines.append(line)
            line = unit
    return [*lines, line]

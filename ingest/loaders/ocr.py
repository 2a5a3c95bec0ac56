"""Pictures of text become Lines, offline. The only file that imports rapidocr; it comes with `pip install report-chat[ocr]`.

PP-OCR models (Apache-2.0) that lie in the rapidocr wheel find and read lines; what is below each other in columns is put
into reading order here, since they come row by row. Lone dashes, which stand for nil in tables and which the models pass
over, are looked for in the ink that is left.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import UnreadableFile
from ingest.layout import Line, Word, on_lines

if TYPE_CHECKING:
    import numpy.typing as npt

_LONGER = 2.5  # times its thickness that a dash is long
_THICKEST = 0.25  # of the height of a line
_NARROWEST, _WIDEST = 0.25, 1.6  # of the height of a line
_HALF = 0.3  # how far from the top and the bottom of a line a dash stands, at least
_READ_FOR_DASHES = ("一", "-", "–", "_", "ー")  # what a lone dash is read as
_COLUMN = 5  # lines that make a column
_FILLED = 0.6  # of a column's width that most of its lines fill, where it is prose and no part of a table


def available() -> bool:
    """Whether the OCR extra is installed."""
    from importlib.util import find_spec

    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def recognised(path: Path | str, image: npt.NDArray[Any], scale: float = 1.0) -> list[Line]:
    """The lines in a picture (height, width, 3; blue, green, red), in reading order, each with its confidence.

    Places are divided by `scale` (pixels a point). UnreadableFile where the OCR extra is not installed.
    """
    if not available():
        raise UnreadableFile(path, "scan")
    found = _engine()(image)
    if found.boxes is None or not len(found.boxes):
        return []
    lines: list[Line] = []
    for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        left, top = (min(point[axis] for point in box) / scale for axis in (0, 1))
        right, bottom = (max(point[axis] for point in box) / scale for axis in (0, 1))
        words = _words(text, float(left), float(top), float(right), float(bottom))
        if words:
            lines.append(Line(words, confidence=float(score)))
    for line in lines:
        if line.text in _READ_FOR_DASHES and any(_in_column(line.words[0], other) for other in lines):
            line.words[0].text = "—"
    lines += dashes(image, lines, scale)
    _number(lines)
    return on_lines(in_order(lines))


def _number(lines: Sequence[Line]) -> None:
    """Give each character a number, by which it is found again in the text that is made of the lines."""
    count = 0
    for line in lines:
        for word in line.words:
            word.glyphs = list(range(count, count + len(word.text)))
            count += len(word.text)


def dashes(image: npt.NDArray[Any], lines: Sequence[Line], scale: float = 1.0) -> list[Line]:
    """The lone dashes in a picture, each a Line: strokes as wide as a character, at half the height of a line beside
    them, in a column with values. Rules are longer, and underlines lower.
    """
    if not lines:
        return []
    import cv2

    grey = image if image.ndim == 2 else image[..., :3].mean(axis=2)
    ink = (grey < (int(grey.max()) + int(grey.min())) / 2).astype("uint8")
    for line in lines:
        left, top, right, bottom = (int(place * scale) for place in (line.left, line.top, line.right, line.bottom))
        ink[max(top, 0) : bottom + 1, max(left, 0) : right + 1] = 0
    found: list[Line] = []
    for left, top, width, height, _ in cv2.connectedComponentsWithStats(ink)[2][1:].tolist():
        dash = Word("—", left / scale, top / scale, (left + width) / scale, (top + height) / scale, [-1])
        beside = next((line for line in lines if _is_dash_beside(dash, line)), None)
        if beside is not None and any(_in_column(dash, line) for line in lines):
            word = Word("—", dash.left, beside.top, dash.right, beside.bottom, [-1])
            found.append(Line([word], confidence=beside.confidence))
    return found


def _is_dash_beside(stroke: Word, line: Line) -> bool:
    """Whether a stroke has the shape of a dash of that line, and stands at half its height."""
    height, width = line.bottom - line.top, stroke.right - stroke.left
    middle = ((stroke.top + stroke.bottom) / 2 - line.top) / height
    thin = stroke.height <= min(width / _LONGER, height * _THICKEST)
    return thin and _NARROWEST * height <= width <= _WIDEST * height and _HALF <= middle <= 1 - _HALF


def _in_column(stroke: Word, line: Line) -> bool:
    """Whether a value stands above or below a stroke."""
    value = any(char.isdigit() for word in line.words for char in word.text) and len(line.words) == 1
    meets = line.left < stroke.right and stroke.left < line.right
    return value and meets and not (line.top < stroke.bottom and stroke.top < line.bottom)


@lru_cache(maxsize=1)
def _engine() -> Any:  # noqa: ANN401
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    # One thread: more only wait for each other. Lines upside down are rare, and looking for them takes its time.
    return RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "critical",
            "Global.use_cls": False,
        }
    )


def _words(text: str, left: float, top: float, right: float, bottom: float) -> list[Word]:
    """The words of a line, each with its share of the line's width."""
    step = (right - left) / max(len(text), 1)
    return [
        Word(match[0], left + match.start() * step, top, left + match.end() * step, bottom, [-1] * len(match[0]))
        for match in re.finditer(r"\S+", text)
    ]


def in_order(lines: Sequence[Line]) -> list[Line]:
    """The lines as they are read: down the columns where prose stands in columns, else row by row."""
    rows = sorted(lines, key=lambda line: (line.top + line.bottom) / 2)
    gutter = _gutter(rows)
    if gutter is None:
        return _by_rows(rows)
    ordered: list[Line] = []
    band: list[Line] = []
    for line in [*rows, None]:
        across = line is None or line.left < gutter - 2 < gutter + 2 < line.right
        if line is not None and not across:
            band.append(line)
            continue
        ordered += _by_rows([one for one in band if one.left < gutter]) + _by_rows(
            [one for one in band if one.left >= gutter]
        )
        band = []
        ordered += [line] if line is not None else []
    return ordered


def _by_rows(rows: Sequence[Line]) -> list[Line]:
    """Lines at one height from left to right, whatever their small slants."""
    levels: list[list[Line]] = []
    for line in rows:
        middle = (line.top + line.bottom) / 2
        if levels and levels[-1][0].top < middle < levels[-1][0].bottom:
            levels[-1].append(line)
        else:
            levels.append([line])
    return [line for level in levels for line in sorted(level, key=lambda line: line.left)]


def _gutter(lines: Sequence[Line]) -> float | None:
    """The middle of the strip between two columns of prose; None where there is none."""
    edges = sorted({line.left for line in lines})
    best: tuple[float, float] | None = None
    for edge in edges:
        left = [line for line in lines if line.right < edge]
        right = [line for line in lines if line.left >= edge]
        across = len(lines) - len(left) - len(right)
        if min(len(left), len(right)) < _COLUMN or across > 0.15 * len(lines):
            continue
        if _is_prose(left) and _is_prose(right):
            width = edge - max(line.right for line in left)
            best = max(best or (0.0, 0.0), (width, edge - width / 2))
    return best[1] if best else None


def _is_prose(lines: Sequence[Line]) -> bool:
    width = max(line.right for line in lines) - min(line.left for line in lines)
    filled = sorted((line.right - line.left) / width for line in lines)
    return filled[len(filled) // 2] > _FILLED

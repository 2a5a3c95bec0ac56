"""Images (PNG, JPEG, TIFF) as scans: each picture of the file is a page. The only loader that imports Pillow."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import EmptyDocument, UnreadableFile
from ingest.loaders.ocr import available, recognised
from ingest.loaders.types import Loaded, OnPage, unheard
from ingest.paged import Sheet, load_pages

if TYPE_CHECKING:
    from PIL.Image import Image

_MOST_PIXELS, _LONGEST, _MOST_PICTURES = 100_000_000, 3500, 500


def load_image(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """The text in the pictures of the file, with its tables and how sure each line is."""
    from PIL import Image, UnidentifiedImageError

    if not available():
        raise UnreadableFile(path, "picture")
    try:
        with Image.open(io.BytesIO(data)) as image:
            count = getattr(image, "n_frames", 1)
            if image.width * image.height > _MOST_PIXELS or count > _MOST_PICTURES:
                size = {"width": image.width, "height": image.height}
                raise UnreadableFile(path, "large picture", count=count, **size)
            sheets: list[Sheet] = []
            for number in range(count):
                image.seek(number)
                sheets.append(_sheet(path, image))
                on_page(number + 1, count)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableFile(path, "damaged picture", why=error) from error
    loaded = load_pages(sheets)
    if not loaded.text.strip():
        raise EmptyDocument(path, "empty picture")
    return replace(loaded, title=path.stem)


def _sheet(path: Path, image: Image) -> Sheet:
    import numpy
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((_LONGEST, _LONGEST))
    pixels = numpy.asarray(upright)[:, :, ::-1]
    return Sheet(upright.width, upright.height, recognised(path, pixels), scanned=True)

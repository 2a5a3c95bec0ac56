"""A map from cleaned text back to source text."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.record import Record


@dataclass(frozen=True, slots=True)
class OffsetMap(Record):
    """Runs of characters that text and source text share, in order.

    Run i covers `text[text_starts[i] : text_starts[i + 1]]` and stands in the source text from `source_starts[i]`,
    character by character. Cleaning only removes characters or replaces one by one, so runs are enough: a map of a
    whole report is as long as its number of repairs, not as its text.
    """

    text_starts: tuple[int, ...]
    source_starts: tuple[int, ...]
    length: int

    @classmethod
    def identity(cls, length: int) -> OffsetMap:
        """The map of a text that cleaning left as it was."""
        return cls((0,), (0,), length)

    @classmethod
    def of_kept(cls, kept: Iterable[tuple[int, int]]) -> OffsetMap:
        """The map of a text made by joining the `kept` ranges of its source, in order."""
        text_starts: list[int] = []
        source_starts: list[int] = []
        at = 0
        for start, end in kept:
            if end <= start:
                continue
            text_starts.append(at)
            source_starts.append(start)
            at += end - start
        return cls(tuple(text_starts) or (0,), tuple(source_starts) or (0,), at)

    def offset(self, position: int) -> int:
        """Where the character at `position` of the text stands in the source text."""
        run = bisect_right(self.text_starts, position) - 1
        return self.source_starts[run] + position - self.text_starts[run]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source range from the first to the last character of `text[start:end]`, with all that was cut between."""
        if not 0 <= start <= end <= self.length:
            raise ValueError(f"range {start}-{end} is outside the text of {self.length} characters")
        first = self.offset(start)
        return (first, self.offset(end - 1) + 1) if end > start else (first, first)

    def after(self, earlier: OffsetMap) -> OffsetMap:
        """Join this map, made on a text that `earlier` leads back to an older source, with that one."""
        kept: list[tuple[int, int]] = []
        for index, text_start in enumerate(self.text_starts):
            following = self.text_starts[index + 1] if index + 1 < len(self.text_starts) else self.length
            kept.extend(earlier._runs(self.source_starts[index], self.source_starts[index] + following - text_start))
        return OffsetMap.of_kept(kept)

    def _runs(self, start: int, end: int) -> Iterable[tuple[int, int]]:
        """The source ranges that `text[start:end]` is made of."""
        run = bisect_right(self.text_starts, start) - 1
        while start < end:
            last = run + 1 >= len(self.text_starts)
            stop = end if last else min(end, self.text_starts[run + 1])
            first = self.source_starts[run] + start - self.text_starts[run]
            yield first, first + stop - start
            start, run = stop, run + 1

    def to_bytes(self) -> bytes:
        """The map as bytes, for storage: little-endian 32-bit length, text starts, source starts."""
        return array("I", (self.length, *self.text_starts, *self.source_starts)).tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> OffsetMap:
        """The map that `to_bytes` wrote; ValueError where the bytes are not one."""
        numbers = array("I")
        numbers.frombytes(data)
        if len(numbers) < 3 or len(numbers) % 2 == 0:
            raise ValueError(f"{len(data)} bytes are not an offset map")
        half = (len(numbers) - 1) // 2
        return cls(tuple(numbers[1 : 1 + half]), tuple(numbers[1 + half :]), numbers[0])

"""Small charts as inline SVG. Pure functions; what is drawn is said in words too."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from chat.ui.escape import esc

_WIDTH, _HEIGHT, _BAR, _GAP = 64, 56, 34, 18
_TOP, _FOOT = 20, 18


def columns(values: Sequence[tuple[str, str, Decimal]], name: str, own: int) -> str:
    """A column for each (below, above, value), the `own`th emphasised; all of one unit, from zero."""
    most = max((abs(value) for _, _, value in values), default=Decimal(0)) or Decimal(1)
    zero = min(Decimal(0), min(value for _, _, value in values)) / most
    span = max(Decimal(0), max(value for _, _, value in values)) / most - zero or Decimal(1)
    parts = [_column(at, own, item, most, zero, span) for at, item in enumerate(values)]
    width, height = _WIDTH * len(values), _TOP + _HEIGHT + _FOOT
    said = "; ".join(f"{below} {above}" for below, above, _ in values)
    return (
        f'<svg class="columns" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{esc(name)}: {esc(said)}">{"".join(parts)}</svg>'
    )


def _column(at: int, own: int, item: tuple[str, str, Decimal], most: Decimal, zero: Decimal, span: Decimal) -> str:
    below, above, value = item
    share = value / most
    high, low = max(share, Decimal(0)), min(share, Decimal(0))
    top = _TOP + float((1 - (high - zero) / span) * _HEIGHT)
    tall = max(float((high - low) / span * _HEIGHT), 1.5)
    middle = at * _WIDTH + _WIDTH / 2
    mark = ' class="own"' if at == own else ""
    return (
        f'<g{mark}><rect x="{middle - _BAR / 2:.1f}" y="{top:.1f}" width="{_BAR}" height="{tall:.1f}" rx="3"/>'
        f'<text x="{middle:.1f}" y="{top - 6:.1f}">{esc(above)}</text>'
        f'<text x="{middle:.1f}" y="{_TOP + _HEIGHT + 14}">{esc(below)}</text></g>'
    )


def bar(share: Decimal) -> str:
    """A bar as long as a share (0 to 1) of its cell; the number stands beside it."""
    return (
        f'<span class="bar" aria-hidden="true"><i style="width:{float(max(share, Decimal(0))) * 100:.1f}%"></i></span>'
    )

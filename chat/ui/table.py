"""The Figures tab as HTML: filters, rows and small multiples. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from chat.express import said_period, script
from chat.figure_table import PER_PAGE, FigurePage
from chat.ui.chart import bar
from chat.ui.escape import esc
from chat.ui.words import counted, words_for
from index.figure_query import FigureQuery, Order
from ingest.types import Figure

_UNITS = 60  # offered
_COLUMNS: tuple[tuple[str, Order], ...] = (
    ("label", "label"), ("value", "value"), ("unit", "unit"), ("period", "period"), ("document", "place"),
)  # fmt: skip


def filters_html(
    units: Sequence[tuple[str, int]], years: Sequence[str], names: Mapping[str, str], language: str, label: str = ""
) -> str:
    """The form that says which figures are shown."""
    words = words_for(language)
    unit_options = [("", words["any"])] + [(unit, f"{unit} ({count:,})") for unit, count in units[:_UNITS] if unit]
    year_options = [("", words["any"]), *((year, year) for year in years[:60])]
    document_options = [("", words["any"]), *list(names.items())[:500]]
    return (
        f'<form class="filters" data-page="0" role="search"><label><span>{esc(words["filter label"])}</span>'
        f'<input type="search" name="label" maxlength="100" value="{esc(label)}"></label>'
        f"{_select('unit', words['filter unit'], unit_options)}{_select('year', words['filter year'], year_options)}"
        f"{_select('document', words['filter document'], document_options)}"
        f'<label class="check"><input type="checkbox" name="dates"><span>{esc(words["filter dates"])}</span></label></form>'
    )


def _select(name: str, said: str, options: Sequence[tuple[str, str]]) -> str:
    inner = "".join(f'<option value="{esc(value)}">{esc(shown)}</option>' for value, shown in options)
    return f'<label><span>{esc(said)}</span><select name="{name}">{inner}</select></label>'


def table_html(
    page: FigurePage,
    names: Mapping[str, str],
    language: str,
    groups: Sequence[tuple[str, Sequence[tuple[str, Figure]]]] = (),
) -> str:
    """The rows, where one is in them, the way to the rest, and the greatest of each unit."""
    words = words_for(language)
    if not page.total:
        return f'<p class="note" role="status">{esc(words["no figures"])}</p>'
    query, offset = page.wish.query, page.wish.offset
    heads = "".join(_head(name, order, query, words) for name, order in _COLUMNS)
    rows = "".join(_row(document_id, figure, names, language) for document_id, figure in page.rows)
    return (
        f"{_multiples(groups, language)}"
        f'<div class="above"><p role="status">{esc(counted(language, "figures", page.total))}</p>'
        f'<a class="button" href="figures.csv?{esc(_address(query))}" download>{esc(words["csv"])}</a></div>'
        f'<div class="wide" tabindex="0" role="group" aria-label="{esc(words["tab figures"])}">'
        f'<table class="rows"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        f"{_pager(page, offset, words)}"
    )


def _address(query: FigureQuery) -> str:
    said = {
        "label": query.label, "unit": query.unit, "year": query.period, "document": query.document,
        "order": query.order, "descending": "1" if query.descending else "",
        "dates": "1" if query.dates else "",
    }  # fmt: skip
    return urlencode({name: value for name, value in said.items() if value})


def _head(name: str, order: Order, query: FigureQuery, words: dict[str, str]) -> str:
    said = words[f"column {name}"]
    sorted_by = query.order == order
    way = ("descending" if query.descending else "ascending") if sorted_by else "none"
    sign = {"descending": " ↓", "ascending": " ↑", "none": ""}[way]
    then = "" if (query.descending if sorted_by else order != "value") else "true"
    number = ' class="number"' if name == "value" else ""
    return (
        f'<th scope="col" aria-sort="{way}"{number}><button type="button" data-order="{order}" data-descending="{then}" '
        f'title="{esc(words["sort"].format(column=said))}">{esc(said)}<span aria-hidden="true">{sign}</span></button></th>'
    )


def _row(document_id: str, figure: Figure, names: Mapping[str, str], language: str) -> str:
    words = words_for(language)
    name = names.get(document_id, "")
    reference = esc(f"{document_id}:{figure.start}:{figure.end}")
    return (
        f'<tr><th scope="row">{esc(script(figure.label, language))}</th>'
        f'<td class="number">{esc(script(figure.text, language))}</td><td>{esc(figure.unit)}</td>'
        f"<td>{esc(said_period(figure.period, language))}</td>"
        f'<td><button type="button" class="name" data-ref="{reference}" title="{esc(words["show"].format(name=name))}">'
        f"{esc(name)}</button></td></tr>"
    )


def _pager(page: FigurePage, offset: int, words: dict[str, str]) -> str:
    if page.total <= PER_PAGE:
        return ""
    last = min(offset + PER_PAGE, page.total)
    said = words["range"].format(low=f"{offset + 1:,}", high=f"{last:,}", count=f"{page.total:,}")
    before = "" if offset else " disabled"
    after = "" if last < page.total else " disabled"
    return (
        f'<nav class="turn-pages" aria-label="{esc(words["tab figures"])}">'
        f'<button type="button" data-offset="{max(offset - PER_PAGE, 0)}"{before}>{esc(words["previous"])}</button>'
        f'<span>{esc(said)}</span><button type="button" data-offset="{offset + PER_PAGE}"{after}>'
        f"{esc(words['following'])}</button></nav>"
    )


def _multiples(groups: Sequence[tuple[str, Sequence[tuple[str, Figure]]]], language: str) -> str:
    """A small chart for each unit: bars from zero, each with its own words, so that nothing needs a legend."""
    if not groups:
        return ""
    words = words_for(language)
    charts = "".join(_multiple(unit, rows, language) for unit, rows in groups)
    return f'<details class="multiples" open><summary>{esc(words["by unit"])}</summary><div class="charts">{charts}</div></details>'


def _multiple(unit: str, rows: Sequence[tuple[str, Figure]], language: str) -> str:
    most = max(figure.value for _, figure in rows)
    items = []
    for document_id, figure in rows:
        period = said_period(figure.period, language)
        label = script(figure.label, language) + (f" · {period}" if period else "")
        reference = esc(f"{document_id}:{figure.start}:{figure.end}")
        items.append(
            f'<li><button type="button" data-ref="{reference}"><span class="what">{esc(label)}</span>'
            f'<span class="much">{esc(script(figure.text, language))}</span>{bar(figure.value / most)}</button></li>'
        )
    return f'<section class="chart"><h3>{esc(unit)}</h3><ul>{"".join(items)}</ul></section>'

"""Whatever is put into the page comes out as text."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from markup import Page, safe

from chat import ReportChat
from chat.conversation import Conversation, Turn
from chat.figure_table import figure_page, wish_of
from chat.render import talk_html
from chat.ui import chips, shelf, source, table
from chat.ui.escape import esc
from chat.uploads import Job
from index.figure_query import FigureQuery
from ingest.problems import problem

HOSTILE = "<img src=x onerror=alert(1)>${x}{{y}}`z`</script><script>alert(1)</script>\"'&amp;\x00|*[a](b)"


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_text_stays_text(text):
    shown = re.sub("[\ud800-\udfff\x00]", "\ufffd", text).replace("\r\n", "\n")
    assert Page(f"<p>{esc(text)}</p>").text.replace("\r\n", "\n") == shown
    assert Page(f'<p title="{esc(text)}">').all("p")[0]["title"].replace("\ufffd", "") == re.sub(
        "[\ud800-\udfff\x00\ufffd]", "", text
    )


def test_hostile_words_are_text_everywhere():
    chat = ReportChat.from_texts({HOSTILE: f"{HOSTILE}\n恶意公司服务了77万户客户{HOSTILE}。"})
    answer = chat.ask("恶意公司服务了多少客户?")
    assert answer.found
    conversation = Conversation(
        (Turn(HOSTILE, answer), Turn(HOSTILE, chat.ask(HOSTILE)), Turn("?", answer, verdict="down"))
    )
    shown = safe(talk_html(conversation, "en"))
    assert "onerror=alert(1)" in shown.text
    document = chat.library.document(answer.quotes[0].document_id)
    place = source.Place(document.id, answer.quotes[0].start, answer.quotes[0].end)
    figures = [figure for _, figure in chat.library.figures()]
    for view in ("read", "file", "page"):
        safe(source.source_html(document, replace(place, view=view), "zh-Hans", figures=figures))
    infos = chat.library.documents()
    safe(shelf.list_html(infos, [document.id], "en", may_change=True, removed=("x", HOSTILE)))
    safe(
        shelf.jobs_html(
            [
                Job("1", HOSTILE, "failed", problem("workbook", why=HOSTILE), HOSTILE),
                Job("2", HOSTILE, "reading", page=1, pages=2),
            ],
            "en",
        )
    )
    safe(shelf.scope_html(infos, [document.id], "en"))
    wish = wish_of({"label": HOSTILE, "order": HOSTILE, "offset": HOSTILE, "descending": HOSTILE})
    names = {document.id: HOSTILE}
    safe(table.table_html(figure_page(chat.library, replace(wish, query=FigureQuery())), names, "en"))
    safe(table.filters_html([(HOSTILE, 1)], [HOSTILE], names, "en", HOSTILE))
    safe(chips.questions_html([HOSTILE], HOSTILE))
    safe(chips.head_html(1, "en", HOSTILE))

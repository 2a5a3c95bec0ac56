import codecs
import itertools
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import fold as folding
from ingest.clean import clean
from ingest.encoding import UndecodableBytes, decode
from ingest.errors import EmptyDocument, IngestError, UnreadableFile, UnsupportedFile
from ingest.figures import find_figures
from ingest.fold import fold
from ingest.offsets import OffsetMap
from ingest.pinyin import spelled
from ingest.read import document_from_text, read_document
from ingest.sentences import sentences
from ingest.split import split

CHINESE = "截至2023年底，该行已累计服务小微用户超5300万。理财余额超5000亿元，进入行业第一梯队。"
MIXED = st.text(alphabet=st.sampled_from("報(bào)告業AI（yè）。.!？\n\r\t 1,234.5%abcé万億\u200b\x00"), max_size=200)


def test_article_loses_its_notes_and_nothing_else(article):
    assert len(article.source_text) == 3001
    assert len(article.text) == 1868
    assert "(以下簡稱“報告”)" in article.text
    assert "(bào)" not in article.text
    assert [s.title[:6] for s in article.sections] == ["小微信貸提質", "AI探索提速", "開放小微綠色", "擴大助微“朋"]
    assert [article.text[b.start : b.start + 6] for b in article.boilerplate] == ["【免責聲明】", "最新評論"]


def test_article_leads_back_to_the_file(article):
    start = article.text.index("2023年ESG報告")
    assert article.offsets.span(start, start + 10) == (246, 261)
    assert article.source_text[246:261] == "2023年ESG報(bào)告"


def test_parentheses_that_are_no_notes_stay():
    text = "报(bào)告(gào)业(yè)，人工智能(AI)，锂(Li)，(a)项，王(wáng)。"
    assert clean(text)[0] == "报告业，人工智能(AI)，锂(Li)，(a)项，王。"
    assert clean("我姓王(wang)，住北京。")[0] == "我姓王(wang)，住北京。"


@given(MIXED)
def test_clean_maps_every_character(text):
    cleaned, offsets = clean(text)
    for at, char in enumerate(cleaned):
        source = text[offsets.offset(at)]
        assert source == char or (source in "\r\x85" and char == "\n")


@given(st.text(max_size=200))
def test_fold_keeps_every_offset(text):
    assert len(fold(text)) == len(text)


@settings(deadline=None)
@given(st.text(min_size=1))
def test_a_long_text_is_folded_as_short_ones_are(text):
    assert folding._translated(text) == text.translate(folding._TABLE)


def test_fold_makes_scripts_and_widths_one():
    assert fold("網商銀行ＥＳＧ報告２０２３") == "网商银行esg报告2023"
    assert fold("趁著消費復甦") == "趁着消费复苏"


@given(st.lists(st.integers(0, 30), min_size=2, max_size=12, unique=True))
def test_offset_map_round_trip(cuts):
    ordered = sorted(cuts)
    kept = list(zip(ordered[::2], ordered[1::2], strict=False))
    offsets = OffsetMap.of_kept(kept)
    assert OffsetMap.from_bytes(offsets.to_bytes()) == offsets
    flat = [place for start, end in kept for place in range(start, end)]
    assert [offsets.offset(at) for at in range(offsets.length)] == flat


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_encodings_of_simplified_text(encoding):
    assert decode(CHINESE.encode(encoding)) == CHINESE


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_damaged_byte_is_marked_and_told(tmp_path, encoding):
    data = (CHINESE * 5).encode(encoding)
    at = data.index("行".encode(encoding))
    document = read_document(tmp_path / "a.txt", data[:at] + b"\xff" + data[at:])
    assert document.text.replace("\ufffd", "", 1) == CHINESE * 5
    assert document.notes == ("1 characters could not be read and are marked \ufffd",)


def test_zero_bytes_do_not_change_the_encoding():
    assert decode("净\0利润42亿元".encode()) == "净\0利润42亿元"


def test_other_encodings():
    traditional = "網商銀行發布報告，累計服務小微用戶超五千萬。"
    assert decode(traditional.encode("big5hkscs")) == traditional
    assert decode("Revenue rose 5% — “strong” in Zürich.".encode("cp1252")) == "Revenue rose 5% — “strong” in Zürich."
    with pytest.raises(UndecodableBytes):
        decode(codecs.BOM_UTF16_LE + b"\x00\xd8\x00")


@pytest.mark.parametrize(
    ("name", "data", "error", "says"),
    [
        ("a.txt", b"", EmptyDocument, "no text"),
        ("a.txt", b"  \n ", EmptyDocument, "no text"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), UnsupportedFile, "PNG"),
        ("a.mp3", b"ID3", UnsupportedFile, "Supported are"),
        ("a.txt", bytes(range(128, 256)) * 3 + b"\x00\x01\xff", UnreadableFile, "UTF-8"),
    ],
)
def test_bad_files_are_named(tmp_path, name, data, error, says):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(error) as caught:
        read_document(path)
    assert str(path) in str(caught.value)
    assert says in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(IngestError, match="cannot be read"):
        read_document(tmp_path / "none.txt")


def test_html_is_read_without_what_surrounds_it(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(
        "<html><head><title>Report 2023</title><script>var a=1</script></head><body><nav>Home</nav><h1>Results</h1>"
        "<p>Revenue was <b>$4.5 million</b>.</p><p style='display:none'>hidden 9</p><table><tr><td>Stores</td><td>237</td></tr></table>"
        "<footer>imprint</footer></body></html>",
        encoding="utf-8",
    )
    document = read_document(path)
    assert document.title == "Report 2023"
    assert document.text.split("\n")[:3] == ["Results", "Revenue was $4.5 million.", "Stores\t237\t"]
    assert document.sections[0].title == "Results"
    assert "hidden" not in document.text and "imprint" not in document.text


def test_deep_html_does_no_harm(tmp_path):
    path = tmp_path / "deep.html"
    path.write_text("<div>" * 5000 + "deep text 12" + "</div>" * 5000, encoding="utf-8")
    try:
        assert "deep text" in read_document(path).text
    except IngestError as error:
        assert str(path) in str(error)


def test_markdown_headings_become_sections(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# 年报\n\n正文一。\n\n## 业务\n\n正文二有12家门店。\n", encoding="utf-8")
    document = read_document(path)
    assert document.title == "年报"
    assert document.section_at(document.text.index("正文二")) == "业务"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("阿基劳斯（？—17年）是国王。他死了。", ["阿基劳斯（？—17年）是国王。", "他死了。"]),
        ("甲公司（甲；乙；丙）成立。", ["甲公司（甲；乙；丙）成立。"]),
        ("他（没有说完。后来走了。", ["他（没有说完。", "后来走了。"]),
    ],
)
def test_brackets_that_close_keep_a_sentence_together(text, found):
    assert [text[span.start : span.end] for span in sentences(text)] == found


def test_sentences_of_both_languages():
    text = "营收7.2亿元。“很好!”他说，增长5%！The U.S. unit grew 1.5% in 2023. Inc. No. 5 fell. End"
    found = [text[span.start : span.end] for span in sentences(text)]
    assert found[:3] == ["营收7.2亿元。", "“很好!”", "他说，增长5%！"]
    assert "The U.S. unit grew 1.5% in 2023." in found


@given(MIXED)
def test_sentences_cover_every_character(text):
    spans = sentences(text)
    covered = {at for span in spans for at in range(span.start, span.end)}
    assert all(char.isspace() or at in covered for at, char in enumerate(text))
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


@given(st.text(alphabet=st.sampled_from("数据。增长5300万，\n abc. "), min_size=1, max_size=1500))
def test_chunks_are_slices_that_cover_the_text(text):
    if not text.strip():
        return
    document = document_from_text("t", text)
    chunks = split(document)
    assert all(document.text[c.start : c.end] == c.text for c in chunks)
    covered = {at for c in chunks for at in range(c.start, c.end)}
    skipped = {at for b in document.boilerplate for at in range(b.start, b.end)}
    assert all(char.isspace() or at in covered or at in skipped for at, char in enumerate(document.text))


_COUNTED = (
    "服务小微用户超5300万户",
    "余额1,234,567.89元",
    "6成以上为首次借款",
    "同比增长12.5%",
    "自2023年6月30日起",
    "该行表示",
)
_TOLD = (
    "it lent $1,234.5 million",
    "as of June 30, 2023",
    "up 12.5 percent",
    "to 5300 users",
    "the bank said",
    "in 2022",
)


@pytest.mark.parametrize(
    ("said", "marks"), [(_COUNTED, (",", ", ", "，", "、", ";", " ", "")), (_TOLD, (", ", "; ", " "))]
)
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_no_figure_is_cut_where_a_chunk_may_end_beside_it(said, marks, chance):
    document = document_from_text("t", "".join(chance.choice(said) + chance.choice(marks) for _ in range(100)))
    ends = {at for chunk in split(document) for at in (chunk.start, chunk.end)}
    assert len(ends) > 2, "one chunk has no end inside the text"
    assert not [figure for figure in find_figures(document.text) if ends & set(range(figure.start + 1, figure.end))]


def test_boilerplate_makes_no_chunk(article):
    assert not any("免責聲明" in chunk.text for chunk in split(article))


@pytest.mark.parametrize("name", ["长江银行", "中国重庆重工", "單于長安", "A长b", "龘", ""])
def test_names_are_spelled_as_a_whole(name):
    from pypinyin import lazy_pinyin

    assert spelled(name) == "".join(lazy_pinyin(fold(name))).lower()


def test_documents_stand_pickling():
    document = document_from_text("年报", "年报\n\n截至2023年底,网商银行服务了超5300万户。\n")
    assert pickle.loads(pickle.dumps(document)) == document

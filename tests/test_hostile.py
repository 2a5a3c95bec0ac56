"""Hostile files: each gives a named error in bounded time and memory, and the library is as it was."""

import io
import random
import stat
import time
import zipfile
import zlib
from pathlib import Path

import office_files as make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_files import SAMPLES
from test_loaders import check

from index.intake import Intake, ingest_paths
from index.library import Library
from ingest.errors import IngestError
from ingest.loaders.registry import LOADERS, UNPACKERS, load
from ingest.sandbox import Limits, Request, Worker

ENTITIES = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
LAUGHS = f'<!DOCTYPE z [<!ENTITY a "lol">{ENTITIES}]>'
LIMITS = Limits(seconds=30, cpu_seconds=15, resident=700 << 20, output=64 << 20)


def word(document):
    return make._package("word/document.xml", "wordprocessingml.document", {"word/document.xml": document})


def sheets(sheet, strings=""):
    """A workbook whose sheet is this XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{make.R}"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": make._relations(("r1", "worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": sheet.replace("<worksheet>", f'<worksheet xmlns="{main}">'),
    }
    types = (
        f'<Types xmlns="{make.TYPES}"><Override PartName="/xl/workbook.xml" ContentType="{make.PREFIX}.spreadsheetml.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{make.PREFIX}.spreadsheetml.worksheet+xml"/></Types>'
    )
    relations = make._relations(("r1", "officeDocument", "xl/workbook.xml"))
    return make.zip_of({"[Content_Types].xml": types, "_rels/.rels": relations, **parts})


def locked_zip():
    data = bytearray(make.zip_of({"a.txt": "有12家门店。"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def link_zip():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        link = zipfile.ZipInfo("a.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return data.getvalue()


def nested(depth):
    data = make.zip_of({"a.txt": "有12家门店。"})
    for _ in range(depth):
        data = make.zip_of({"a.zip": data})
    return data


def deep_mail(depth):
    head = "MIME-Version: 1.0\nFrom: a\nSubject: s\n"
    return (head + "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))).encode()


def flate_bomb():
    """A page whose content unpacks to a gigabyte."""
    squeeze = zlib.compressobj(9)
    line = make.HELLO.ljust(1024) * 1024
    content = b"".join(squeeze.compress(line) for _ in range(1024)) + squeeze.flush()
    return make.page_pdf(make.stream(content, b"/Filter/FlateDecode"))


def form_bomb(depth=24):
    """Forms that each draw the next twice."""
    forms = []
    for number in range(depth):
        last = number == depth - 1
        resources = b"/Font<</F1 5 0 R>>" if last else b"/XObject<</X %d 0 R>>" % (7 + number)
        about = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<<%s>>" % resources
        forms.append(make.stream(make.HELLO if last else b"/X Do /X Do ", about))
    return make.page_pdf(make.stream(b"/X Do /X Do "), *forms, resources=b"/XObject<</X 6 0 R>>")


HOSTILE = {
    "cut.pdf": make.page_pdf(make.stream(make.HELLO))[:200],
    "noise.pdf": b"%PDF-1.7\n" + random.Random(3).randbytes(5000),
    "flate.pdf": flate_bomb(),
    "forms.pdf": form_bomb(),
    "locked.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99 + "EncryptedPackage".encode("utf-16-le"),
    "locked.zip": locked_zip(),
    "bomb.docx": make.docx("<!--" + "A" * 150_000_000 + "-->"),
    "bomb.zip": make.zip_of({"a.txt": b"\0" * 150_000_000}),
    "laughs.docx": word(f'{LAUGHS}<w:document xmlns:w="{make.W}"><w:body>{make.p("&i;")}</w:body></w:document>'),
    "outside.docx": word(f'<!DOCTYPE z [<!ENTITY a SYSTEM "file:///etc/hostname">]><w:document xmlns:w="{make.W}"/>'),
    "laughs.xlsx": sheets(f"{LAUGHS}<worksheet>&i;</worksheet>"),
    "deep.docx": make.docx("<w:p>" * 100_000 + "</w:p>" * 100_000),
    "cut.docx": SAMPLES[".docx"][: len(SAMPLES[".docx"]) // 2],
    "cut.xlsx": SAMPLES[".xlsx"][: len(SAMPLES[".xlsx"]) - 200],
    "up.zip": make.zip_of({"../../etc/evil.txt": "x"}),
    "root.zip": make.zip_of({"/etc/evil.txt": "x"}),
    "drive.zip": make.zip_of({"C:\\evil.txt": "x"}),
    "link.zip": link_zip(),
    "many.zip": make.zip_of({f"{n}.txt": "" for n in range(20_001)}),
    "empty.zip": make.zip_of({}),
    "nested.zip": nested(6),
    "lying.pptx": b"\x7fELF" + b"\0" * 500,
    "noise.docx": random.Random(1).randbytes(5000),
    "noise.txt": random.Random(2).randbytes(5000),
    "mail.eml": deep_mail(3000),
    "slow.html": b"<p>1</p>" * 1_400_000,
    "empty.csv": b"",
    "merged.xlsx": sheets('<worksheet><sheetData><row r="1"><c r="A1"><v>7</v></c></row></sheetData><mergeCells>' + '<mergeCell ref="A1:XFD1048576"/>' * 3 + "</mergeCells></worksheet>"),
}  # fmt: skip
HARMLESS = {
    "xref.pdf": make.page_pdf(make.stream(make.HELLO), size=1_000_000_000),
    "count.pdf": make.page_pdf(make.stream(make.HELLO), count=2_000_000_000),
    "loop.pdf": make.page_pdf(make.stream(make.HELLO), kids=b"2 0 R 3 0 R", count=2),
    "huge.pdf": make.page_pdf(make.stream(make.HELLO), box=b"0 0 20000000 20000000"),
    "far.xlsx": sheets('<worksheet><sheetData><row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="XFD1048576"><v>12</v></c></row></sheetData></worksheet>'),
    "wide.html": b"<table>" + b"<tr><td colspan=99999 rowspan=99999>x12<td colspan=1000>y</tr>" * 200 + b"</table>",
    "nul.html": "<p>净\0利润42亿元</p><scr\0ipt>alert(666)</script>".encode(),
    "deep.html": b"<div>" * 20_000 + "有12家门店。".encode() + b"</div>" * 20_000,
    "half.html": "<p>&#xD800;有12家门店&#0;。</p>".encode(),
    "line.txt": "一".encode() * 60_000,
    "quotes.csv": b'"' * 100_001 + b"\na,12\n",
    "marks.csv": b"," * 300_000 + b"\n12,13\n",
    "spine.epub": make.epub("<p>12 stores</p>"),
    "name\x1b[2J\n.html": "<p>有15家门店。".encode(),
}  # fmt: skip


def test_a_folder_of_hostile_files(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in {**HOSTILE, **HARMLESS}.items():
        (folder / name).write_bytes(data)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    with Library.open(tmp_path / "library", create=True) as library:
        ingest_paths(library, [folder / "nul.html"], lambda *_: None)
        before = library.documents()
        hostile = [folder / name for name in HOSTILE]
        found = ingest_paths(library, hostile, lambda *_: None, intake=Intake(limits=LIMITS))
        outcomes = {Path(one.path).name: one for one in found if one.outcome != "unpacked"}
        assert {name: one.outcome for name, one in outcomes.items() if one.outcome != "failed"} == {}
        assert all(len(one.reason) > 20 and "Traceback" not in one.reason for one in outcomes.values())
        assert library.documents() == before and library.retrieve("净利润", 1)
        says = {
            "locked.docx": "password", "locked.zip": "password", "bomb.docx": "unpacks to", "bomb.zip": "unpacks to",
            "laughs.docx": "definitions", "outside.docx": "definitions", "laughs.xlsx": "definitions", "up.zip": "leads out",
            "root.zip": "leads out", "drive.zip": "leads out", "many.zip": "20,001", "lying.pptx": "a program",
            "slow.html": "characters", "a.zip": "archives within each other", "empty.csv": "no text",
        }  # fmt: skip
        assert {name: outcomes[name].reason for name, said in says.items() if said not in outcomes[name].reason} == {}


def test_harmless_files_that_look_hostile_are_read(tmp_path):
    for name, data in HARMLESS.items():
        (tmp_path / name).write_bytes(data)
    with Library.in_memory() as library:
        found = ingest_paths(library, [tmp_path], lambda *_: None, intake=Intake(limits=LIMITS))
        assert {one.path: one.reason for one in found if one.outcome != "added"} == {}
        texts = {info.name: library.document(info.id).text for info in library.documents()}
    assert "7" in texts["far.xlsx"] and "12" in texts["far.xlsx"] and "666" not in texts["nul.html"]
    assert "净利润42亿元" in texts["nul.html"] and "有12家门店" in texts["half.html"]


MUTATIONS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(("flip", "cut", "insert", "repeat", "end")),
        st.integers(1, 64),
        st.one_of(st.binary(max_size=8), st.sampled_from((b"\0", b"\xff\xfe", b"<", b"&", b"]]>", b"9" * 30, b'"', b"\n"))),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


def mutated(data, mutations):
    found = bytearray(data)
    for place, how, length, extra in mutations:
        at = int(place * len(found))
        if how == "flip" and found:
            found[at] ^= (length % 255) + 1
        elif how == "cut":
            del found[at : at + length]
        elif how == "insert":
            found[at:at] = extra
        elif how == "repeat":
            found[at:at] = found[at : at + length] * 3
        elif how == "end":
            del found[at:]
    return bytes(found)


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_prose_laid_out_as_a_table_is_read_at_once():
    """A line of two parts, the second of which begins with a number and goes on for a page."""
    prose = "9日起，" + "各地加密巡查重点部位、设置警示标志并派专人看守，" * 40 + "(24小时)"
    text = "\n".join(f"消息  {prose}" for _ in range(50)).encode()
    started = time.perf_counter()
    loaded = load(Path("a.txt"), text)
    assert time.perf_counter() - started < 5
    assert not loaded.rows


@pytest.mark.parametrize("suffix", sorted(SAMPLES))
@FUZZ
@given(mutations=MUTATIONS, inside=st.integers(0, 20))
def test_fuzzed_files(suffix, mutations, inside):
    data = SAMPLES[suffix]
    if data.startswith(b"PK") and inside:
        parts = parts_of(data)
        name = sorted(parts)[inside % len(parts)]
        data = make.zip_of({**parts, name: mutated(parts[name], mutations)})
    else:
        data = mutated(data, mutations)
    path = Path(f"fuzzed{suffix}")
    try:
        check(load(path, data))
    except IngestError as error:
        assert str(path) in str(error)


@pytest.mark.parametrize("suffix", sorted({*LOADERS, *UNPACKERS} - set(SAMPLES)))
def test_fuzzed_files_of_other_formats(suffix, tmp_path):
    """Formats read by foreign code are read as users read them: in a child, that may crash."""
    seeds = {
        ".zip": make.zip_of({"a.txt": "有12家门店。", "b.md": "# 年报"}),
        ".pdf": make.page_pdf(make.stream(make.HELLO)),
    }
    seed = seeds.get(suffix, SAMPLES[".txt"])
    file = tmp_path / f"fuzzed{suffix}"
    chance = random.Random(suffix)
    with Worker(LIMITS) as worker:
        for number in range(40):
            mutations = [
                (
                    chance.random(),
                    chance.choice(("flip", "cut", "insert", "repeat", "end")),
                    chance.randrange(1, 64),
                    chance.randbytes(4),
                )
                for _ in range(3)
            ]
            file.write_bytes(mutated(seed, mutations))
            try:
                worker.ask(Request(str(file), str(file), None, str(tmp_path / f"out{number}"), 1_000_000))
            except IngestError as error:
                assert str(file) in str(error)

"""A library keeps what it was reported to hold, and gives it in the same way however it came there."""

import itertools
import json
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import dense, derived, errors, vectors
from index import library as library_module
from index.check import check
from index.embed import load_embedder
from index.library import Library
from index.opening import DATABASE
from index.prepare import embedded, prepare
from index.store import Store
from ingest.read import document_from_text

ROOT = Path(__file__).parents[1]
COMPANIES = "甲行 乙行 丙行 丁行 戊行 己行 庚行 辛行".split()


def report(name, count):
    return document_from_text(
        name, "\n".join(f"2023年,{name}第{n}号分行服务小微用户{n + 10}万户。" for n in range(count))
    )


def wrong(folder):
    return {finding.name: finding for finding in check(folder, None, lambda *_: None) if finding.wrong}


@pytest.fixture
def folder(tmp_path):
    with Library.open(tmp_path / "library", create=True) as library:
        library.add_prepared([prepare(report(name, 30), load_embedder(None)) for name in COMPANIES[:3]])
        library.rebuild()
        library.add(report(COMPANIES[3], 5))
    return tmp_path / "library"


def asked(library, question="乙行第7号分行服务小微用户多少", k=8):
    return [(hit.chunk.text, hit.score) for hit in library.retrieve(question, k)]


@pytest.mark.skipif(not hasattr(time, "pthread_getcpuclockid"), reason="forks writers")
def test_no_kill_loses_what_was_reported(tmp_path):
    from tests.torture import torture

    counts = torture(tmp_path, kills=20, seed=4)
    assert counts["kills"] == 20 and counts["changes"] > 0


FULL = """
import resource, sys
from pathlib import Path
from index.errors import LibraryReadOnly
from index.library import Library
from tests.test_durability import report
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
with Library.open(Path(sys.argv[1]), create=True) as library:
    try:
        for number in range(1000):
            library.add(report(f"{number}号", 20))
            print(number, flush=True)
    except LibraryReadOnly as error:
        print(error, file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX limits")
@pytest.mark.parametrize("room", [300_000, 700_000])
def test_a_full_disk_is_told_and_loses_nothing(tmp_path, room):
    folder = tmp_path / "library"
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(folder), str(room)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert f"{folder}" in run.stderr and "Traceback" not in run.stderr
    with Library.open(folder) as library:
        assert {f"{number}号" for number in run.stdout.split()} <= {info.name for info in library.documents()}
        assert library.retrieve("小微用户", 3)
    assert not wrong(folder)


@pytest.mark.parametrize("place", ["lexical", "vectors", "lexical.json"])
def test_what_stands_in_the_way_of_an_index_harms_no_document(folder, place):
    shutil.rmtree(folder / place, ignore_errors=True)
    (folder / place).unlink(missing_ok=True)
    (folder / place / "x").mkdir(parents=True) if place.endswith(".json") else (folder / place).write_text("x")
    with Library.open(folder) as library:
        try:
            library.add(report("戊行", 3))
        except errors.LibraryReadOnly as error:
            assert "are stored" in str(error)
        assert library.retrieve("戊行第1号分行", 1)[0].chunk.text.count("戊行")
    assert not any(not finding.derived for finding in wrong(folder).values())


def format_1(folder, document):
    """A library as the first version made it."""
    prepared = prepare(document, load_embedder(None))
    pack = lambda text: zlib.compress(text.encode("utf-8", "surrogatepass"), 3)  # noqa: E731
    layout = json.dumps({"pages": [[1, 0, len(document.text)]], "sections": [], "boilerplate": [], "rows": []})
    folder.mkdir()
    connection = sqlite3.connect(folder / DATABASE)
    connection.executescript("""
        CREATE TABLE manifest (name TEXT PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE documents (
            number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, path TEXT UNIQUE NOT NULL, title TEXT NOT NULL,
            source_text BLOB NOT NULL, text BLOB NOT NULL, offsets BLOB NOT NULL, layout TEXT NOT NULL,
            pages INTEGER NOT NULL, characters INTEGER NOT NULL, added TEXT NOT NULL);
        CREATE TABLE chunks (
            number INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
            start INTEGER NOT NULL, end INTEGER NOT NULL, page INTEGER NOT NULL, section TEXT NOT NULL,
            text TEXT NOT NULL, vector BLOB NOT NULL);
        CREATE TABLE figures (
            document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, start INTEGER NOT NULL, end INTEGER NOT NULL,
            text TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, high TEXT, unit TEXT NOT NULL,
            qualifier TEXT NOT NULL, period TEXT, label TEXT NOT NULL, PRIMARY KEY (document, start)) WITHOUT ROWID;
        CREATE TABLE names (
            spelling TEXT NOT NULL, name TEXT NOT NULL, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
            PRIMARY KEY (spelling, name, document)) WITHOUT ROWID;
        CREATE INDEX chunks_of_document ON chunks (document);
        CREATE INDEX names_of_document ON names (document);
    """)
    made = {"format": "1", "embedder": load_embedder(None).name, "dimension": "256", "revision": "1"}
    connection.executemany("INSERT INTO manifest VALUES (?, ?)", made.items())
    connection.execute(
        "INSERT INTO documents VALUES (7, ?, ?, ?, ?, ?, ?, ?, 1, ?, '2025-01-01')",
        (document.id, document.path, document.title, pack(document.source_text), pack(document.text),
         document.offsets.to_bytes(), layout, len(document.text)),
    )  # fmt: skip
    for number, (chunk, vector) in enumerate(zip(prepared.chunks, prepared.vectors, strict=True), 41):
        row = (number, chunk.start, chunk.end, chunk.page, chunk.section, chunk.text, vector.tobytes())
        connection.execute("INSERT INTO chunks VALUES (?, 7, ?, ?, ?, ?, ?, ?)", row)
    for f in prepared.figures:
        row = (f.start, f.end, f.text, f.kind, str(f.value), f.unit, f.qualifier, f.period, f.label)
        connection.execute("INSERT INTO figures VALUES (7, ?, ?, ?, ?, ?, NULL, ?, ?, ?, ?)", row)
    connection.executemany("INSERT INTO names VALUES (?, ?, 7)", prepared.names)
    connection.commit()
    connection.close()


def test_a_library_of_the_first_format_becomes_one_of_this(tmp_path):
    document = document_from_text("甲", "“大山雀”2023年，服务小微用户120\u200b万户。\n" * 40)
    format_1(tmp_path / "old", document)
    with Library.open(tmp_path / "new", create=True) as new:
        new.add(document)
        expected = asked(new)
        with Library.open(tmp_path / "old") as old:
            assert old.document(document.id) == document
            assert asked(old) == expected
            assert old.figures() == new.figures()
            assert old.names_by_pinyin("da shan que") == ("大山雀",)
            assert list(old.chunks()) == list(new.chunks())
            assert old.documents()[0].chunks == new.documents()[0].chunks
            old.add(report("乙行", 3))
    assert not wrong(tmp_path / "old")


def test_a_library_of_an_unknown_format_is_left_alone(tmp_path):
    with Library.open(tmp_path, create=True):
        pass
    with sqlite3.connect(tmp_path / DATABASE) as connection:
        connection.execute("UPDATE manifest SET value = '99' WHERE name = 'format'")
    with pytest.raises(errors.LibraryVersion, match="99"):
        Library.open(tmp_path)


WRITER = """
import sys
from pathlib import Path
from index import dense, derived
from index.library import Library
from tests.test_durability import report
dense.LEAST_NEW, derived._OVERDUE = 3, 1
with Library.open(Path(sys.argv[1])) as library:
    for number in range(25):
        library.add(report(f"新{number}行", 4))
        if number % 3 == 2:
            library.remove(f"新{number - 2}行")
        print(number, flush=True)
"""


def test_readers_see_what_another_process_writes(folder):
    with Library.open(folder) as reader:
        seen = {reader._derived.dense._name}
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        for line in process.stdout:
            number = int(line)
            gone = {f"新{n - 2}行" for n in range(number + 1) if n % 3 == 2}
            names = {info.title for info in reader.documents()}
            assert {f"新{n}行" for n in range(number + 1)} - gone <= names | {f"新{number + 1 - 2}行"}
            assert any(f"新{number}行" in hit.chunk.text for hit in reader.retrieve(f"新{number}行第1号分行", 10))
            seen.add(reader._derived.dense._name)
        assert process.wait() == 0
        assert len(seen) > 3  # generations were swapped under it
        with Library.open(folder) as fresh:
            assert asked(fresh) == asked(reader)
            assert len(list(reader.chunks())) == reader.chunk_count() == len(fresh._derived.dense)
    assert not wrong(folder)


def test_who_writes_is_told_and_waited_for(folder):
    said = []
    with Library.open(folder) as writer:
        writer.add(report("己行", 2))
        with Library.open(folder) as second, pytest.raises(errors.LibraryLocked, match=r"process \d+ on .+ \(since 20"):
            second.add(report("庚行", 2))
        threading.Timer(0.5, writer.close).start()
        with Library.open(folder, wait=30, notify=said.append) as third:
            assert third.add(report("庚行", 2)) == "added"
    assert len(said) == 1 and "waiting up to 30 s" in said[0]


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        ("UPDATE texts SET text = (SELECT text FROM texts ORDER BY document DESC LIMIT 1)", "documents"),
        ("UPDATE texts SET text = x'00'", "documents"),
        ("UPDATE figures SET start = start + 1", "documents"),
        ("DELETE FROM chunks WHERE number = 2", "documents"),
        ("UPDATE documents SET offsets = x'010000000000000000000000'", "documents"),
        ("INSERT INTO names VALUES ('a', '甲', 999)", "documents"),
        ("DELETE FROM vectors WHERE chunk = 2", "vectors"),
        ("UPDATE vectors SET vector = (SELECT vector FROM vectors ORDER BY chunk DESC LIMIT 1)", "vectors"),
        ("UPDATE vectors SET vector = zeroblob(10) WHERE chunk = 2", "database"),
        ("UPDATE manifest SET value = 'another' WHERE name = 'embedder'", "embedder"),
    ],
)
def test_check_finds_damage(folder, damage, name):
    with sqlite3.connect(folder / DATABASE) as connection:
        connection.execute(damage)
    connection.close()
    found = wrong(folder)
    assert name in found and not found[name].derived


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        (lambda folder: flip(next(folder.glob("vectors/gen-*/index.faiss")), -100), "vector index"),
        (lambda folder: next(folder.glob("vectors/gen-*/manifest.json")).unlink(), "vector index"),
        (lambda folder: (folder / "vectors" / "CURRENT").write_text("gen-9"), "vector index"),
        (lambda folder: shutil.rmtree(folder / "lexical"), "word index"),
        (lambda folder: (folder / "lexical.json").write_text("{}"), "word index"),
    ],
)
def test_what_is_derived_is_mended(folder, damage, name):
    with Library.open(folder) as library:
        expected = asked(library)
    damage(folder)
    assert wrong(folder)[name].derived
    with Library.open(folder) as library:
        assert asked(library) == expected
        library.rebuild()
    assert not wrong(folder)


def test_word_index_that_is_behind_is_sound(folder, monkeypatch):
    with Library.open(folder) as library:
        monkeypatch.setattr(library._derived.postings, "catch_up", lambda *_: None)  # killed before it
        library.add(report("辛行", 3))
        monkeypatch.undo()
    found = {one.name: one for one in check(folder, None, lambda *_: None)}["word index"]
    assert not found.wrong and "1 more with the next ingest" in found.seen
    with Library.open(folder) as library:
        library.add(report("壬行", 2))
    assert "more" not in {one.name: one for one in check(folder, None, lambda *_: None)}["word index"].seen


def test_check_by_command(folder):
    command = [sys.executable, "-m", "chat", "check", "--library", str(folder)]
    sound = subprocess.run([*command, "--json"], cwd=ROOT, capture_output=True, text=True)
    assert sound.returncode == 0 and json.loads(sound.stdout)["sound"]
    shutil.rmtree(folder / "lexical")
    broken = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert broken.returncode == 1 and "report-chat rebuild" in broken.stdout
    subprocess.run([sys.executable, "-m", "chat", "rebuild", "--library", str(folder)], cwd=ROOT, check=True)
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0


DOCUMENTS = [
    prepare(report(name, count), load_embedder(None))
    for name, count in zip(COMPANIES, (3, 1, 4, 1, 5, 9, 2, 6), strict=True)
]
DOCUMENTS += [prepare(document_from_text(name, "有12家门店。"), load_embedder(None)) for name in "子丑寅卯"]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.permutations(DOCUMENTS), cuts=st.sets(st.integers(1, 11)), rebuilt=st.booleans())
def test_the_order_of_documents_changes_no_answer(tmp_path_factory, order, cuts, rebuilt):
    questions = ["门店有多少家", "乙行第1号分行服务小微用户多少", "small and micro users"]
    with Library.in_memory() as library:
        library.add_prepared(DOCUMENTS)
        expected = [library.retrieve(question, 6) for question in questions]
    edges = [0, *sorted(cuts), len(order)]
    with Library.open(tmp_path_factory.mktemp("order"), create=True) as library:
        for start, end in itertools.pairwise(edges):
            library.add_prepared(order[start:end])
            if rebuilt:
                library.rebuild()
        assert [library.retrieve(question, 6) for question in questions] == expected


def test_a_large_library_is_searched_approximately(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 400)
    monkeypatch.setattr(derived, "EXACT_UP_TO", 400)
    monkeypatch.setattr(dense, "LEAST_NEW", 100)
    chance = np.random.default_rng(2)
    centres = chance.standard_normal((12, 256))
    made = []
    for number in range(13):
        prepared = prepare(report(f"{number}号", 50), load_embedder(None))
        rows = centres[chance.integers(0, 12, len(prepared.chunks))] + chance.standard_normal(
            (len(prepared.chunks), 256)
        )
        unit = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
        made.append(replace_vectors(prepared, unit))
    while sum(len(one.chunks) for one in made) < 500:
        made += [replace_path(one, f"{len(made) + n}") for n, one in enumerate(made)]
    with Library.open(tmp_path, create=True) as library:
        library.add_prepared(made)
    with Library.open(tmp_path) as library:
        read = list(library._store.vectors_after(0))
        numbers = [number for some, _ in read for number in some]
        held = np.concatenate([rows for _, rows in read]).astype(np.float32)
        searched = library._derived.dense
        assert len(searched) == 0 and library.retrieve("小微", 1) and len(searched) == len(numbers)
        assert searched._made.candidates > 0 and searched._made.recall >= 0.9
        found = shared = 0
        for row in held[::25]:
            exact = {numbers[at] for at in np.argsort(-(held @ row), kind="stable")[:10]}
            got = searched.search(row, 10)[1].tolist()
            shared, found = shared + len(exact & set(got)), found + 10
        assert shared / found > 0.8
        among = numbers[3::7]
        assert np.array_equal(searched.vectors(numbers[::9]), held[::9])
        best = searched.search(held[5], 3, among)[1]
        assert set(best.tolist()) == {among[at] for at in np.argsort(-(held[3::7] @ held[5]))[: len(best)]}
        gone = library.remove(library.documents()[0].id)
        library.add(report("新行", 40))
        library.retrieve("小微", 1)
        assert not searched.vectors(numbers[:1]).any() and searched.vectors([numbers[-1] + 1]).any()
        assert all(hit.chunk.document_id != gone.id for hit in library.retrieve("小微用户", 50))
    assert not {name for name in wrong(tmp_path) if name != "vectors"}


def replace_vectors(prepared, rows):
    from dataclasses import replace

    return replace(prepared, vectors=rows)


def replace_path(prepared, name):
    from dataclasses import replace

    return replace(prepared, document=replace(prepared.document, path=name, id=name))


def test_what_is_embedded_again_is_searched_again(folder, monkeypatch):
    class Other:
        name, dimension = "other-4", 4

        def encode_document(self, texts):
            rows = np.array([[len(text), text.count("乙"), text.count("7"), 1] for text in texts], dtype=np.float32)
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

        encode_query = encode_document

    monkeypatch.setattr(library_module, "load_embedder", lambda name: Other())
    with Library.reembed(folder, "other") as library:
        found = library.retrieve("乙行", 3)
        assert found and library._derived.dense.dimension == 4
        store = Store(folder / DATABASE)
        chunk = next(iter(store.chunks([1]).values()))
        row = Other().encode_document([embedded(chunk.above, chunk.text)])[0]
        assert np.allclose(store.vectors_of([1])[1], row, atol=1e-3)
        store.close()

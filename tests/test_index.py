import math
import os
import pickle
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import NumpyStore
from hypothesis import given, settings
from hypothesis import strategies as st

from index import errors
from index.embed import ModelNotFound, SentenceEmbedder, StaticEmbedder, load_embedder
from index.intake import ingest_paths
from index.lexical import LexicalIndex
from index.lexicon import Lexicon
from index.library import Library
from index.measures import read_from
from index.opening import DATABASE
from index.prepare import embedded, prepare, prepare_all, searched
from index.tokens import terms, tokenize, words
from index.vectors import FaissStore
from ingest.read import document_from_text

MODEL = Path(__file__).parents[1] / "index" / "model"
TEXTS = [
    "网商银行发布2023年ESG报告",
    "網商銀行發布2023年ESG報告",
    "Small businesses served in 2023.",
    "",
    "绿色贷款 " * 400,
]


def test_words_and_terms():
    assert words("The users' services rated 5,300 loans") == words("the user service rate 5300 loan")
    assert "5300" in words("超5300萬")
    assert {"小微", "微用"} <= set(tokenize("小微用户"))
    assert tokenize("綠色貸款ＥＳＧ") == tokenize("绿色贷款esg")


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("网商银行報告龘薴麼著𠀀小微用户ＥＳＧesg's&R5,300.万 \n，。aé"), max_size=60),
        max_size=4,
    )
)
def test_terms_of_many_texts_are_those_of_each(texts):
    assert [Counter(row.split()) for row in terms(texts)] == [Counter(tokenize(text)) for text in texts]


@settings(deadline=None)  # the first loads the model
@given(
    st.text(
        st.sampled_from("怎么麼网商银行報告龘𠀀著名小微用户ＥＳＧesg5,300.万\u200d \n\n，。。"),
        min_size=1,
        max_size=900,
    ),
    st.sampled_from(["", "网商银行", "年报 2023"]),
)
def test_terms_of_a_document_are_those_of_its_chunks(text, title):
    document = replace(document_from_text("x", f"{text}。"), title=title)
    made = prepare(document, load_embedder(None))
    searched_for = [searched(title, chunk.above, chunk.text) for chunk in made.chunks]
    assert [Counter(row.split("\n")[0].split()) for row in made.terms] == [
        Counter(tokenize(one)) for one in searched_for
    ]
    alone = load_embedder(None).encode_document([embedded(chunk.above, chunk.text) for chunk in made.chunks])
    assert (made.vectors == alone.astype(np.float16)).all()
    beside = prepare_all([document_from_text("y", "另有12家门店。"), document], load_embedder(None))[1]
    assert replace(beside, vectors=made.vectors) == made and (beside.vectors == made.vectors).all()


def test_static_model_is_what_sentence_transformers_reads():
    ours = load_embedder(None).encode_document(TEXTS)
    theirs = SentenceEmbedder(str(MODEL)).encode_document(TEXTS)
    full = [0, 1, 2, 4]
    assert np.abs(ours[full] - theirs[full]).max() < 2e-3
    assert np.allclose(ours[0] @ ours[1], 1.0, atol=1e-3)  # both scripts are one


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "bank": 1, "loan": 2, "green": 3}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.eye(4, 8, dtype=np.float32)
    folder = tmp_path_factory.mktemp("model") / "tiny"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(str(folder))
    return folder


@pytest.mark.parametrize("make", [lambda path: StaticEmbedder(path), lambda path: SentenceEmbedder(str(path))])
def test_every_embedder(tiny, make):
    embedder = make(tiny)
    rows = embedder.encode_document(["bank", "loan", "bank loan"])
    assert rows.dtype == np.float32 and rows.shape == (3, embedder.dimension) == (3, 8)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert np.allclose(rows @ embedder.encode_query(["bank"])[0], [1, 0, math.sqrt(0.5)], atol=1e-6)
    assert embedder.encode_query([]).shape == (0, 8)


def test_a_model_that_is_not_there_is_named():
    with pytest.raises(ModelNotFound, match="no/such-model"):
        SentenceEmbedder("no/such-model")


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("mybank", "网商银行"),
        ("non-performing loan ratio", "不良贷款率"),
        ("loans", "贷款"),
        ("green", "绿色"),
        ("余额", "balanc"),
        ("chairman", "董事长"),
    ],
)
def test_lexicon(word, other):
    assert other in [form for form, _ in Lexicon.load().translate(word)]


@pytest.mark.parametrize("make", [FaissStore, NumpyStore])
def test_every_vector_store(make):
    store = make(4)
    assert len(store.search(np.ones(4, dtype=np.float32), 3)[1]) == 0
    store.add([7, 3, 5], np.eye(4, dtype=np.float32)[:3])
    scores, numbers = store.search(np.array([1, 0.5, 0, 0], dtype=np.float32), 10)
    assert numbers.tolist() == [7, 3, 5]
    assert scores.tolist() == pytest.approx([1.0, 0.5, 0.0])
    assert store.search(np.array([1, 0.5, 0, 0], dtype=np.float32), 2, among=[3, 5])[1].tolist() == [3, 5]
    store.remove([7, 99])
    assert len(store) == 2
    assert store.vectors([3]).tolist() == [[0, 1, 0, 0]]


def test_faiss_is_exact():
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((500, 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    exact, ours = NumpyStore(32), FaissStore(32)
    for store in (exact, ours):
        store.add(list(range(500)), rows.astype(np.float16).astype(np.float32))
    for query in rows[:20]:
        assert ours.search(query, 10)[1].tolist() == exact.search(query, 10)[1].tolist()


def test_faiss_refuses_another_dimension():
    with pytest.raises(ValueError, match="expected dimension 4"):
        FaissStore(4).add([1], np.ones((1, 3), dtype=np.float32))


def test_bm25_is_the_textbook_sum():
    texts = [["a", "b", "b"], ["a", "c"], ["d", "d", "d", "a", "e"]]
    index = LexicalIndex(None)
    index.add((number, " ".join(text)) for number, text in enumerate(texts))
    index.commit()
    mean = sum(map(len, texts)) / 3
    expected = {}
    for number, text in enumerate(texts):
        counts = Counter(text)
        expected[number] = sum(
            index.idf(term) * counts[term] * 2.2 / (counts[term] + 1.2 * (0.25 + 0.75 * len(text) / mean))
            for term in ("a", "b")
        )
    found = dict(index.search([[("a", 1.0)], [("b", 1.0)]], 10))
    assert found == pytest.approx({n: s for n, s in expected.items() if s}, rel=0.02)
    index.remove([range(1)])
    index.commit()
    assert 0 not in dict(index.search([[("a", 1.0)]], 10))


def test_bm25_of_the_best_is_that_of_all():
    """What is found from the likely Chunks alone is what a look at every Chunk finds, those beside with their scores."""
    chance = random.Random(4)
    index = LexicalIndex(None)
    letters = "abcdefghijklmnopqrstuvwxyz"
    index.add((n, " ".join(chance.choices(letters, range(1, 27), k=chance.randint(2, 30)))) for n in range(2000))
    index.commit()
    for _ in range(50):
        wanted = [
            [(one, chance.choice((0.3, 1.0))) for one in chance.sample(letters, chance.randint(1, 4))] for _ in "12"
        ]
        every = dict(index.search(wanted, 2000))
        beside = chance.sample(range(2000), 20)
        found = index.search(wanted, 10, beside=beside)
        least = sorted(every.values())[-10] * (1 - 1e-6)
        expected = {n: score for n, score in every.items() if score >= least or n in beside}
        assert dict(found) == pytest.approx(expected, rel=1e-5)
        assert found == sorted(found, key=lambda item: (-item[1], item[0]))
        for size in (200, 900):  # few are looked at one by one
            among = chance.sample(range(2000), size)
            kept = {n: score for n, score in every.items() if n in among}
            least = sorted(kept.values())[-10] * (1 - 1e-6)
            found = dict(index.search(wanted, 10, among))
            assert found == pytest.approx({n: score for n, score in kept.items() if score >= least}, rel=1e-5)


@pytest.fixture
def folder(tmp_path):
    with Library.open(tmp_path / "library", create=True) as library:
        library.add(document_from_text("甲行2023", "2023年,甲行服务小微用户120万户。不良贷款率为1.2%。"))
        library.add(document_from_text("乙行2023", "2023年,乙行服务小微用户340万户。\n\n分支机构共有88家。"))
    return tmp_path / "library"


def test_library_keeps_what_it_is_given(folder):
    document = document_from_text("丙", "“大山雀”服务了31个省市。\f第二页有5家门店。")
    with Library.open(folder) as library:
        assert library.add(document) == "added"
        assert library.add(document) == "unchanged"
    with Library.open(folder) as library:
        assert library.document(document.id) == document
        assert [f.text for _, f in library.figures(document.id)] == ["31个", "第二", "5家"]
        assert library.names_by_pinyin("Da Shan Que") == ("大山雀",)
        assert library.retrieve("大山雀 省市", 1)[0].chunk.document_id == document.id
        assert library.remove("丙").id == document.id
        assert [info.title for info in library.documents()] == ["乙行2023", "甲行2023"]
        with pytest.raises(errors.NoSuchDocument, match="丙"):
            library.remove("丙")


def test_what_was_prepared_elsewhere_is_added_at_once(folder):
    first, second = document_from_text("丙", "丙行有9家分行。"), document_from_text("丁", "丁行有7家分行。")
    made = [pickle.loads(pickle.dumps(prepare(one, load_embedder(None)))) for one in (first, second, first)]
    again = prepare(document_from_text("丙", "丙行有10家分行。"), load_embedder(None))
    with Library.open(folder) as library:
        assert library.add_prepared([*made, again]) == ["added", "added", "unchanged", "replaced"]
        assert [info.title for info in library.documents()] == ["丁", "丙", "乙行2023", "甲行2023"]
        texts = [hit.chunk.text for hit in library.retrieve("分行", 9)]
        assert {"丙行有10家分行。", "丁行有7家分行。"} <= set(texts) and "丙行有9家分行。" not in texts
        with pytest.raises(errors.EmbedderMismatch):
            library.add_prepared([replace(made[0], embedder="another")])
    with Library.open(folder) as library:
        assert [hit.chunk.text for hit in library.retrieve("分行", 9)] == texts


def test_retrieval_prefers_the_right_company(folder):
    with Library.open(folder) as library:
        best = library.retrieve("乙行服务了多少小微用户", 2)
        assert "乙行" in best[0].chunk.text and best[0].score > best[1].score
        only = [info.id for info in library.documents() if info.title == "甲行2023"]
        assert {hit.chunk.document_id for hit in library.retrieve("乙行", 5, documents=only)} == set(only)


def test_what_a_document_is_called_by_finds_its_passages():
    """Few passages name their company and year: the file's name does."""
    said = {2016: "Net sales rose to 135,987 million.", 2017: "Net sales rose to 177,866 million."}
    with Library.in_memory() as library:
        for company in ("Amazon", "Corvina"):
            for year, text in said.items():
                library.add(
                    replace(document_from_text("10K", f"{text} {company[0]}"), path=f"/in/{company}_{year}_10K.txt")
                )
        for company, year in (("Amazon", 2016), ("Amazon", 2017), ("Corvina", 2016)):
            best = library.retrieve(f"What were the net sales of {company} in {year}?", 4)
            assert library.document(best[0].chunk.document_id).name == f"{company}_{year}_10K.txt"
            assert best[0].score <= 1.1  # what it is called by is no part of how well it matches


def test_a_measure_is_sought_by_the_lines_that_it_is_read_from():
    statement = "Consolidated Statements of Operations\nNet sales 14,694\nCost of sales (11,969)\nGross profit 2,725"
    policy = "The profile of our share price is improving, and margin loans carry interest."
    with Library.in_memory() as library:
        for title, text in (("a", statement), ("b", policy), ("c", "We own nine plants in six countries.")):
            library.add(document_from_text(title, text))
        best = library.retrieve("Does it have an improving gross margin profile?", 1)[0]
        assert best.chunk.text.startswith("Consolidated Statements")


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("Is it a capital-intensive business?", {"purchas", "property", "equipment"}),
        ("What is the gross margin?", {"gross", "profit", "sal"}),
        ("公司的毛利率是多少", {"营业", "成本"}),
        ("净资产收益率", {"净利", "权益"}),
    ],
)
def test_lines_of_measures(question, terms):
    assert terms <= set(read_from(question))


def test_names_within_words_are_no_measures():
    assert read_from("How long is the road to the capital?") == ()


@pytest.mark.parametrize("question", ["", " ", "\x00\x01", "?" * 100_000, "网商银行" * 25_000, "<script>"])
def test_odd_questions_do_no_harm(folder, question):
    with Library.open(folder) as library:
        started = time.monotonic()
        library.retrieve(question, 3)
        assert time.monotonic() - started < 20


def test_what_is_derived_is_made_again(folder):
    with Library.open(folder) as library:
        before = library.retrieve("不良贷款率", 2)
    shutil.rmtree(folder / "lexical")
    with Library.open(folder) as library:
        after = library.retrieve("不良贷款率", 2)
    assert [hit.chunk for hit in after] == [hit.chunk for hit in before]
    assert [hit.score for hit in after] == pytest.approx([hit.score for hit in before], rel=1e-2)


def test_reembed(tmp_path, folder, tiny):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    with Library.open(copy) as reader:
        before = reader.retrieve("小微用户", 3)
        said = []
        with Library.reembed(copy, str(tiny), lambda done, total: said.append((done, total))) as library:
            assert library.embedder == "tiny-8"
            after = library.retrieve("小微用户", 3)
        assert said[-1][0] == said[-1][1] == len(list(reader.chunks()))
        assert before and after
        with pytest.raises(errors.EmbedderMismatch, match="reembed"):
            reader.retrieve("小微用户", 3)
    with pytest.raises(errors.EmbedderMismatch, match="tiny-8"):
        Library.open(copy)
    with Library.open(copy, embedding_model=str(tiny)) as library:
        assert library.retrieve("小微用户", 3) == after
    Library.reembed(copy, None).close()
    with Library.open(copy) as library:
        assert [(hit.chunk, round(hit.score, 4)) for hit in library.retrieve("小微用户", 3)] == [
            (hit.chunk, round(hit.score, 4)) for hit in before
        ]


def test_bad_libraries_are_named(tmp_path, folder, tiny):
    with pytest.raises(errors.LibraryMissing, match="report-chat ingest"):
        Library.open(tmp_path / "none")
    with pytest.raises(errors.EmbedderMismatch, match="tiny-8"):
        Library.open(folder, embedding_model=str(tiny))
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / DATABASE).write_bytes(b"no database at all, but some bytes" * 100)
    with pytest.raises(errors.LibraryCorrupt, match="broken"):
        Library.open(broken)
    half = tmp_path / "half"
    half.mkdir()
    (half / DATABASE).touch()
    with pytest.raises(errors.LibraryMissing, match="never finished"):
        Library.open(half)
    import sqlite3

    connection = sqlite3.connect(folder / DATABASE)
    connection.execute("UPDATE manifest SET value = '99' WHERE name = 'format'")
    connection.commit()
    connection.close()
    with pytest.raises(errors.LibraryVersion, match="99"):
        Library.open(folder)


ASK_AND_ADD = """
import sys
from pathlib import Path
from index.errors import LibraryReadOnly
from index.library import Library
from ingest.read import document_from_text
with Library.open(Path(sys.argv[1])) as library:
    print(library.retrieve("乙行小微用户", 1)[0].chunk.text)
    try:
        library.add(document_from_text("新", "新的文档。"))
    except LibraryReadOnly as error:
        print(error)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
def test_read_only_library_answers_and_says_why_it_cannot_grow(folder):
    other = {"user": 65534} if os.geteuid() == 0 else {}  # no permission holds root back
    root = Path(__file__).parents[1]
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "library"
        shutil.copytree(folder, copy)
        for path in (*copy.rglob("*"), copy, Path(name)):
            path.chmod(0o555 if path.is_dir() else 0o444)
        command = [sys.executable, "-c", ASK_AND_ADD, str(copy)]
        try:
            run = subprocess.run(
                command, cwd=root, capture_output=True, text=True, env={"PYTHONPATH": str(root)}, **other
            )
        except PermissionError:
            pytest.skip("this Python is out of reach of other users")
        finally:
            Path(name).chmod(0o755)
            copy.chmod(0o755)
    assert run.returncode == 0, run.stderr
    assert "340万" in run.stdout
    assert f"{copy}: cannot be written" in run.stdout


def test_one_writer_many_readers(folder):
    with Library.open(folder) as writer, Library.open(folder) as reader, Library.open(folder) as second:
        assert len(reader.documents()) == 2
        writer.add(document_from_text("丁", "丁行有7家分行。"))
        assert len(reader.documents()) == 3
        assert reader.retrieve("丁行分行", 1)[0].chunk.text == "丁行有7家分行。"
        with pytest.raises(errors.LibraryLocked, match="is writing"):
            second.add(document_from_text("戊", "戊行有8家分行。"))


def test_killed_while_ingesting(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(30):
        (reports / f"{number:02}.txt").write_text(
            f"第{number}号报告。" + f"服务客户{number + 1}万户。" * 40, encoding="utf-8"
        )
    library = tmp_path / "library"
    command = [sys.executable, "-m", "chat", "ingest", str(reports), "--library", str(library)]
    for delay in (0.8, 1.2, 1.6, 2.2):
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
        time.sleep(delay)
        process.kill()
        _, said = process.communicate()
        done = {
            line.split("/reports/")[1][:6] for line in said.splitlines() if " added " in line and line.endswith(")")
        }
        if not (library / DATABASE).is_file():
            continue
        try:
            with Library.open(library) as opened:
                names = {info.name for info in opened.documents()}
                assert done <= names
                assert not names or opened.retrieve("服务客户", 1)
        except errors.LibraryMissing:
            assert not done
    outcomes = []
    with Library.open(library, create=True) as opened:
        ingest_paths(opened, [reports], lambda done, total, outcome: outcomes.append(outcome.outcome))
        assert len(opened.documents()) == 30
        assert set(outcomes) <= {"added", "unchanged"}


def test_one_bad_file_never_stops_the_rest(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_text("有12家门店。", encoding="utf-8")
    (tmp_path / "c.txt").write_text("有12家门店。", encoding="utf-8")
    (tmp_path / "d.bin").write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    with Library.in_memory() as library:
        found = ingest_paths(library, [tmp_path], lambda *_: None)
    assert [(Path(o.path).name, o.outcome) for o in found] == [
        ("a.txt", "failed"),
        ("b.txt", "added"),
        ("c.txt", "duplicate"),
        ("d.bin", "skipped"),
    ]


def test_rows_of_tables_are_kept(tmp_path):
    from dataclasses import replace

    from ingest.types import Cell, Row

    document = document_from_text("t", "单位：万元\n项目 2023年 2022年\n研发投入 1,200 900\n")
    start = document.text.index("研发投入")
    row = Row(
        start,
        start + 14,
        "研发投入",
        "单位：万元",
        (Cell(start + 5, start + 10, "2023年"), Cell(start + 11, start + 14, "2022年")),
    )
    with Library.open(tmp_path, create=True) as library:
        library.add(replace(document, rows=(row,)))
    with Library.open(tmp_path) as library:
        assert library.document(document.id).rows == (row,)

"""What is wrong with files, in three languages: every code has words, and what is really found reads well in each."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from chat.ui import problems
from chat.ui.problems import said
from chat.ui.shelf import jobs_html
from chat.uploads import Job
from ingest import errors
from ingest.errors import IngestError
from ingest.problems import ENGLISH, Problem, problem
from ingest.read import read_document

ROOT = Path(__file__).parents[1]
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
_HAN = re.compile(r"[\u3400-\u9fff]")


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_code_is_said_in_every_language():
    assert set(problems._CHINESE) == set(ENGLISH)
    for code, (hans, hant) in problems._CHINESE.items():
        known = fields("".join(ENGLISH[code])) | {"kind"}
        assert fields(hans) == fields(hant) and fields(hans) <= known, code
        assert hans.endswith(("。", "。")) and _HAN.search(hant), code


def test_every_code_that_is_raised_is_known():
    kinds = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, IngestError)}
    found = set()
    for package in ("ingest", "index", "chat"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                    at = 1 if name in kinds else 0 if name == "problem" else None
                    if at is not None and len(node.args) > at and isinstance(node.args[at], ast.Constant):
                        found.add(node.args[at].value)
                        given = {one.arg for one in node.keywords if one.arg}
                        wanted = fields("".join(ENGLISH[node.args[at].value]))
                        assert given >= wanted or any(one.arg is None for one in node.keywords), (path, node.lineno)
    assert len(found) > 50 and found <= set(ENGLISH)


LOCKED = b"PK\x03\x04" + b"\0" * 40


@pytest.mark.parametrize(
    ("name", "data", "hans", "english"),
    [
        ("a.pdf", b"%PDF-1.7 nothing", "PDF 已损坏，打不开。", "A damaged PDF (Failed to load document"),
        ("a.txt", b"  \n", "里面没有文字。", "No text in it."),
        ("a.docx", b"PK\x03\x04cut", "文件已损坏，或者不完整。", "Damaged, or cut short"),
        ("a.exe", b"MZ\0\0", "这种文件读不了。", "It is a program, which cannot be read."),
        ("a.xyz", b"\x00\x01", "不支持 .xyz 文件。", "No loader for .xyz. Supported are .txt"),
    ],
)
def test_what_is_found_reads_well(name, data, hans, english):
    with pytest.raises(IngestError) as caught:
        read_document(Path(name), data)
    what = caught.value.problem
    assert said(what, "zh-Hans").startswith(hans)
    assert said(what, "en").startswith(english)
    for language in LANGUAGES:
        told = said(what, language)
        assert ".." not in told and ".)" not in told and "。。" not in told
        assert (_HAN.search(told) is None) == (language == "en")


def test_a_hostile_child_cannot_say_more_than_a_problem():
    from ingest.sandbox import _error

    for broken in (Problem("none such"), Problem("large", (("size", "x"),)), Problem("pdf"), "words", None):
        with pytest.raises(Exception, match=r"no (problem|reading)"):
            _error(("UnreadableFile", "a.pdf", broken))


def test_the_page_says_it_in_the_language_of_who_looks():
    job = Job("1", "a.txt", "failed", problem("over limit", size="50 MB"))
    shown = {language: jobs_html([job], language) for language in LANGUAGES}
    assert "超过 50 MB 的上限。" in shown["zh-Hans"] and "超過 50 MB 的上限。" in shown["zh-Hant"]
    assert "Larger than the limit of 50 MB." in shown["en"]

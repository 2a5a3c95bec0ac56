"""The house: imports point one way, heavy libraries are imported in one file each, inside functions."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {"ingest": set(), "index": {"ingest"}, "chat": {"ingest", "index"}}
HEAVY = {
    "sentence_transformers": {"index/embed.py", "index/rerank.py", "index/train/model.py"},
    "faiss": {"index/vectors.py"},
    "gradio": {"chat/app.py"},
    "langchain_text_splitters": {"ingest/split.py"},
    "tantivy": {"index/lexical.py"},
    "PIL": {"ingest/loaders/image.py"},
    "rapidocr": {"ingest/loaders/ocr.py"},
    "pypdfium2": {"ingest/loaders/pdf.py"},
    "filelock": {"index/lock.py"},
    "pypinyin": {"ingest/pinyin.py"},
    "lxml": {"ingest/loaders/markup.py"},
    "openpyxl": {"ingest/loaders/xlsx.py"},
    "opencc": {"ingest/fold.py"},
    "openai": {"chat/llm.py"},
    "mcp": {"chat/mcp_server.py"},
    "torch": {"index/train/model.py"},
    "lightgbm": {"chat/train/fit.py"},
}
FILES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, node) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node


def guarded(tree):
    """Nodes inside functions or `if TYPE_CHECKING`."""
    inside = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        ):
            inside |= set(ast.walk(node))
    return inside


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = path.relative_to(ROOT).as_posix()
    package = name.split("/")[0]
    inside = guarded(tree)
    for module, node in imports(tree):
        top = module.split(".")[0]
        if top in PACKAGES and top != package:
            assert top in PACKAGES[package], f"{name} imports {module}"
        if top in HEAVY:
            assert name in HEAVY[top], f"{name} imports {module}"
            assert node in inside, f"{name} imports {module} outside a function"


def test_names_of_files():
    banned = {"utils", "helpers", "common", "manager", "misc", "base"}
    assert not banned & {path.stem for path in FILES}


def test_help_starts_at_once():
    code = "import sys\nfrom chat.cli import parser\nparser().format_help()\nprint(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.split()
    assert not {"numpy", *HEAVY} & set(loaded)


def test_asking_imports_no_torch(tmp_path):
    code = (
        "import sys\nfrom chat import ReportChat\n"
        "ReportChat.from_texts({'a': '2023年服务了12万户客户。'}).ask('服务了多少客户?')\nprint(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.split()
    assert not {"torch", "gradio", "sentence_transformers"} & set(loaded)

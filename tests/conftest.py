import os
from pathlib import Path

import pytest

from chat import ReportChat
from ingest.read import read_document

os.environ["HF_HUB_OFFLINE"] = "1"  # no test waits for a model hub
ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
ARTICLE = ROOT / "data" / "reports" / "mybank-esg-2023.txt"


@pytest.fixture(scope="session")
def article():
    return read_document(ARTICLE)


@pytest.fixture(scope="session")
def chat():
    return ReportChat.from_texts({ARTICLE.name: ARTICLE.read_text(encoding="utf-8")})


@pytest.fixture(scope="session")
def shared():
    if not (SHARED / "data").is_dir():
        pytest.skip("development data is not beside this checkout")
    return SHARED / "data"

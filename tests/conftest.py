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


@pytest.fixture
def desk(tmp_path):
    from chat.ui.desk import Desk
    from index.library import Library

    Library.open(tmp_path / "library", create=True).close()
    desk = Desk(ReportChat.open(tmp_path / "library"), largest_upload=100_000)
    yield desk
    desk.close(1)
    desk.library.close()


@pytest.fixture
def client(desk):
    from starlette.testclient import TestClient

    from chat.serve import Serving, application

    with TestClient(application(desk, Serving(), None), base_url="http://127.0.0.1:7860") as client:
        yield client


@pytest.fixture(scope="module")
def browser():
    from browsing import chromium

    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Reports to be asked: of a bank by year, and of one that is all hostile words."""
    from browsing import YEARS
    from hostile_words import HURT

    folder = tmp_path_factory.mktemp("reports")
    (folder / "华兴银行2023年报.txt").write_text(YEARS, encoding="utf-8")
    (folder / "hostile.txt").write_text("恶意公司服务了77万户客户。" + "\n".join(HURT), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def place(reports, tmp_path_factory):
    """A served page that no test changes."""
    from browsing import library_of, site

    with site(library_of(tmp_path_factory.mktemp("page") / "library", reports)) as found:
        yield found


@pytest.fixture
def visit(browser, place):
    """Opens pages of `place`."""
    from browsing import Visits

    visits = Visits(browser, place.address)
    yield visits
    visits.close()


@pytest.fixture
def own(browser, tmp_path, reports):
    """A page of the test's own, to change: (visits, site)."""
    from browsing import Visits, library_of, site

    with site(library_of(tmp_path / "library", reports / "华兴银行2023年报.txt"), largest_upload=200_000) as found:
        visits = Visits(browser, found.address)
        yield visits, found
        visits.close()

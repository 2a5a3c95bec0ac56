import os
from pathlib import Path

import pytest

from chat import ReportChat
from ingest.read import document_from_text, read_document

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
def years():
    """A chat over two banks, one with figures of three years."""
    return ReportChat.from_texts(
        {
            "华兴银行2023年报": "华兴银行年报\n截至2023年底,华兴银行服务小微客户260万户,不良贷款率为1.21%。\n"
            "截至2022年底,华兴银行服务小微客户210万户,不良贷款率为1.35%。\n截至2021年底,华兴银行服务小微客户超180万户。",
            "远东银行2023年报": "远东银行年报\n截至2020年底,远东银行服务小微客户95万户,不良贷款率为0.98%。",
        }
    )


@pytest.fixture(scope="session")
def banks():
    """Documents of two banks that say the same things of themselves."""
    return [
        document_from_text("甲行2023", "2023年,甲行服务小微用户120万户。不良贷款率为1.2%。"),
        document_from_text("乙行2023", "2023年,乙行服务小微用户340万户。\n\n分支机构共有88家。"),
    ]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """The folder of an embedding model of four words."""
    import numpy as np
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "bank": 1, "loan": 2, "green": 3}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.eye(4, 8, dtype=np.float32)
    folder = tmp_path_factory.mktemp("model") / "tiny"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(str(folder))
    return folder


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

import pytest

from ingest.owner import owned, owner
from ingest.read import document_from_text, read_document


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("公司名称：宁波川远电子股份有限公司\n英文名称：NINGBO CY", "宁波川远电子股份有限公司"),
        ("發行人：遠川控股有限公司\n", "遠川控股有限公司"),
        ("简称含义如下：川远电子、公司 指 宁波川远电子股份有限公司股票 指 普通股", "宁波川远电子股份有限公司"),
        ("华川汽车科技股份有限公司（以下简称“发行人”）首次公开发行股票", "华川汽车科技股份有限公司"),
        (
            "FORM 10-K\nFARRIVER, INC.\n(Exact name of registrant as specified in its charter)\nDelaware",
            "FARRIVER, INC.",
        ),
        ("公司客户包括北川机械有限公司（以下简称“北川机械”）和南川机械有限公司。", ""),
        ("甲公司名称：见下表。营业收入5亿元。", ""),
    ],
)
def test_a_report_says_whose_it_is(text, name):
    assert owner(text) == name


def test_of_several_companies_the_one_said_most_often_owns_the_report():
    once = "北川机械有限公司（以下简称“公司”）与银行签订合同。"
    assert owner(once + "发行人：川远电子股份有限公司\n公司名称：川远电子股份有限公司\n") == "川远电子股份有限公司"


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("合并现金流量表主要数据", "宁波川远电子股份有限公司"),
        ("2023年年度报告", "宁波川远电子股份有限公司: 2023年年度报告"),
        ("川远电子2023年年度报告", "川远电子2023年年度报告"),
    ],
)
def test_a_title_that_does_not_name_the_company_is_given_its_name(tmp_path, title, told):
    text = f"{title}\n\n公司名称：宁波川远电子股份有限公司\n营业收入5亿元。"
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    assert read_document(path).title == told
    assert document_from_text(title, text).title == title


def test_a_title_tells_an_english_company_by_its_first_word():
    text = "THE FARRIVER COMPANY\n(Exact name of registrant as specified in its charter)\n"
    assert owned("Farriver 2022 10K", text) == "Farriver 2022 10K"
    assert owned("FY22 10-K", text) == "THE FARRIVER COMPANY: FY22 10-K"

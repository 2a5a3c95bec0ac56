"""What 分别 and "respectively" pair in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.figures import find_figures


def values(text):
    return [(f.text, f.period, f.label) for f in find_figures(text) if f.kind != "date"]


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("2021年、2022年和2023年,毛利率分别为41.2%、42.8%和44.1%。", ["2021", "2022", "2023"]),
        ("2021年度、2022年度及2023年1-6月,收入分別為3億元、4億元及2億元。", ["2021", "2022", "2023-H1"]),
        ("2021年至2023年,研发费用分别为1亿元、2亿元、3亿元。", ["2021", "2022", "2023"]),
        ("2022年末和2023年末,存款分别为80亿元和95亿元。", ["2022-12-31", "2023-12-31"]),
        ("2023、2022、2021 年对主要客户的销售额分别占收入的30.2%、69.5%、88.8%。", ["2023", "2022", "2021"]),
        ("2021 年至2023 年1-6月,毛利率分别为32.0%、29.1%和27.0%。", ["2021", "2022", "2023-H1"]),
        ("2022、2023年末,存款分别为80亿元和95亿元。", ["2022-12-31", "2023-12-31"]),
        (
            "2021年末至2023年6月末,资产总额分别为7.1亿元、7.8亿元和9.2亿元。",
            ["2021-12-31", "2022-12-31", "2023-06-30"],
        ),
        ("Net sales were $3.2 billion and $2.9 billion in 2023 and 2022, respectively.", ["2023", "2022"]),
        (
            "Revenue for the years ended December 31, 2023, 2022 and 2021 was $5 million, $4 million and $3 million, respectively.",
            ["2023-12-31", "2022-12-31", "2021-12-31"],
        ),
        ("2022年、2023年,营收分别为3亿元、4亿元,净利润分别为5000万元、6000万元。", ["2022", "2023"] * 2),
    ],
)
def test_periods_in_order(text, periods):
    assert [period for _, period, _ in values(text)] == periods


def test_lists_of_other_lengths_pair_nothing():
    assert {period for _, period, _ in values("2021年和2022年,三家工厂的产量分别为3万吨、4万吨和5万吨。")} != {
        "2021",
        "2022",
    }


def test_periods_of_the_report_stand_for_its_last_list():
    text = "2021年、2022年和2023年,收入分别为1亿元、2亿元和3亿元。报告期各期,研发费用分别为100万元、200万元和300万元。"
    assert [period for _, period, _ in values(text)][3:] == ["2021", "2022", "2023"]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("营业收入、净利润分别为5亿元和1.2亿元。", ["营业收入", "净利润"]),
        ("竹南廠和臺中廠的回收率分別為83.1%和72.4%。", ["竹南廠的回收率", "臺中廠的回收率"]),
        ("Revenue and net income were $5.1 million and $0.3 million, respectively.", ["Revenue", "net income"]),
    ],
)
def test_things_in_order(text, labels):
    assert [label for _, _, label in values(text)] == labels


@given(st.lists(st.integers(1, 99), min_size=2, max_size=6, unique=True), st.integers(2000, 2020))
def test_any_list_of_years_is_paired_with_its_values(numbers, first):
    years = [first + at for at in range(len(numbers))]
    text = (
        "、".join(f"{year}年" for year in years)
        + ",收入分别为"
        + "、".join(f"{number}亿元" for number in numbers)
        + "。"
    )
    found = [figure for figure in find_figures(text) if figure.kind != "date"]
    assert [(int(f.value) // 10**8, f.period) for f in found] == list(zip(numbers, map(str, years), strict=True))


def test_what_is_said_of_each_is_paired_as_well():
    text = "就业人口中，制造业和营造业各占27.82%和8.90%。"
    assert values(text) == [("27.82%", None, "制造业"), ("8.90%", None, "营造业")]

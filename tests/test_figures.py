import itertools
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import qualifiers
from ingest.figures import find_figures

# sentence | figure as printed | value | unit | qualifier
CASES = """
累计服务小微用户超5300万 | 超5300万 | 53000000 | 户 | over
代销的理财余额超5000亿 | 超5000亿 | 500000000000 | 元 | over
超74%为首贷户 | 超74% | 74 | % | over
6成以上的贷款 | 6成以上 | 60 | % | at_least
六成的客户 | 六成 | 60 | % |
近一半来自农村 | 近一半 | 50 | % | nearly
三分之二的员工 | 三分之二 | 66.6667 | % |
百分之十八的收入 | 百分之十八 | 18 | % |
播放量破亿 | 破亿 | 100000000 | 次 | over
169万种植户 | 169万 | 1690000 | 户 |
可识别15种作物 | 15种 | 15 | 种 |
惠及超 720 万人次 | 超 720 万人次 | 7200000 | 人次 | over
毛利率提高2.1个百分点 | 2.1个百分点 | 2.1 | 百分点 |
上调25个基点 | 25个基点 | 25 | 基点 |
投资1.5亿美元 | 1.5亿美元 | 150000000 | 美元 |
营收不足3亿元 | 不足3亿元 | 300000000 | 元 | under
成本约1200万元 | 约1200万元 | 12000000 | 元 | about
至少20家供应商 | 至少20家 | 20 | 家 | at_least
利息在100元以下 | 100元以下 | 100 | 元 | at_most
耗电3.2万千瓦时 | 3.2万千瓦时 | 32000 | 千瓦时 |
排放1,234.5吨二氧化碳当量 | 1,234.5吨二氧化碳当量 | 1234.5 | 吨二氧化碳当量 |
员工总数为三万五千人 | 三万五千人 | 35000 | 人 |
已走过3个年头 | 3个年头 | 3 | 个年头 |
增长3.2倍 | 3.2倍 | 3.2 | 倍 |
５３００万户 | ５３００万户 | 53000000 | 户 |
served over 53 million customers | over 53 million | 53000000 | customer | over
revenue of $4.5 billion | $4.5 billion | 4500000000 | USD |
RMB 12.86 billion in revenue | RMB 12.86 billion | 12860000000 | CNY |
nearly 40% of staff | nearly 40% | 40 | % | nearly
up 2.1 percentage points | 2.1 percentage points | 2.1 | percentage point |
fell by 30 basis points | 30 basis points | 30 | basis point |
at least 12 stores | at least 12 | 12 | store | at_least
less than 5% of waste | less than 5% | 5 | % | under
about 1,250 suppliers | about 1,250 | 1250 | supplier | about
more than 100 countries | more than 100 | 100 | country | over
emitted 12.5 MtCO2e | 12.5 MtCO2e | 12.5 | MtCO2e |
used 350 GWh of power | 350 GWh | 350 | GWh |
€3.2m was spent | €3.2m | 3200000 | EUR |
lasted 18 months | 18 months | 18 | month |
twelve branches in 2023 | twelve | 12 | branch |
up to 25 tonnes | up to 25 tonnes | 25 | tonne | at_most
硅抛光片产量25,540 万平方英寸 | 25,540 万平方英寸 | 255400000 | 平方英寸 |
量产8英寸硅片 | 8英寸 | 8 | 英寸 |
wafers of 6 inches | 6 inches | 6 | inch |
over 12 square miles of forest | over 12 square miles | 12 | square mile | over
""".strip().splitlines()


@pytest.mark.parametrize("case", CASES)
def test_figures(case):
    sentence, text, value, unit, qualifier = (
        (part.strip() for part in case.split(" | "))
        if case.count(" | ") == 4
        else (*(part.strip() for part in case.rstrip("| ").split(" | ")), "")
    )
    found = [figure for figure in find_figures(sentence) if figure.text == text]
    assert found, [figure.text for figure in find_figures(sentence)]
    assert found[0].value == Decimal(value)
    assert (found[0].unit, found[0].qualifier) == (unit, qualifier)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2023年", "2023"), ("2023年底", "2023-12-31"), ("2021年5月", "2021-05"), ("5月13日", "--05-13"),
        ("2023年上半年", "2023-H1"), ("2023年第三季度", "2023-Q3"), ("2023年12月31日", "2023-12-31"),
        ("1960年代", "1960/1969"), ("20世纪90年代", "1990/1999"), ("19世纪末", "1801/1900"), ("21世紀", "2001/2100"),
        ("FY2022", "2022"), ("Q3 2023", "2023-Q3"), ("31 December 2023", "2023-12-31"), ("May 2021", "2021-05"),
    ],
)  # fmt: skip
def test_dates(text, period):
    figure = find_figures(text)[0]
    assert (figure.text, figure.kind, figure.period) == (text, "date", period)


@pytest.mark.parametrize(
    ("text", "printed", "periods"),
    [
        ("宝永4年（1707年）喷发", ["宝永4年", "1707年"], ["1707", "1707"]),
        ("光緒二十八年（1902年）4月8日簽訂", ["光緒二十八年", "1902年", "4月8日"], ["1902", "1902", "1902-04-08"]),
        ("唐高宗末年（682年）再度建立", ["682年"], ["0682"]),
        ("公元587年即位", ["587年"], ["0587"]),
        ("历时4年（2019年至2023年）", ["2019年至2023年"], ["2019/2023"]),
        ("公元前216年，前2世纪", [], []),
        ("曾于1959年及1986经历两度婚姻", ["1959年", "1986"], ["1959", "1986"]),
        ("2022年和2023家门店", ["2022年"], ["2022"]),
        ("1857年3月通过。4月20日任命专使，同年2月有人提议", ["1857年3月", "4月20日", "2月"], ["1857-03", "1857-04-20", "1857-02"]),
        ("截至2023年12月31日有5家。3月15日公告", ["2023年12月31日", "3月15日"], ["2023-12-31", "--03-15"]),
    ],
)  # fmt: skip
def test_years_of_eras_and_those_that_the_text_before_tells(text, printed, periods):
    dates = [figure for figure in find_figures(text) if figure.kind == "date"]
    assert ([date.text for date in dates], [date.period for date in dates]) == (printed, periods)


def test_an_age_is_of_no_figure_the_period():
    assert find_figures("21世纪以来，员工增至500人。")[1].period is None


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("During the December 2017 quarter, sales fell.", []),
        ("three-quarters of staff and a quarter, or one quarter", ["three-quarters", "a quarter", "one quarter"]),
    ],
)
def test_a_quarter_of_a_year_is_no_share(text, printed):
    assert [figure.text for figure in find_figures(text) if figure.kind == "percent"] == printed


@pytest.mark.parametrize(
    "text", ["一切顺利，一直如此", "COVID-19", "ISO14001认证", "股票600036.SH", "一个缩影", "进一步提升"]
)
def test_no_figures(text):
    assert [figure.text for figure in find_figures(text) if figure.kind != "ordinal"] == []


def test_periods_reach_what_they_govern():
    figures = {
        f.text: f.period
        for f in find_figures("2023年,服务839万家小微。另有131万家获优惠,较2022年的40万家增长。\n员工12人。")
    }
    assert figures["839万家"] == "2023"
    assert figures["131万家"] == "2023"
    assert figures["40万家"] == "2022"
    assert figures["12人"] is None


def test_article_by_hand(article, shared):
    gold = json.loads((shared / "figures" / "mybank-esg-2023.json").read_text(encoding="utf-8"))["figures"]
    found = {(f.start, f.end): f for f in find_figures(article.text)}
    core = [g for g in gold if g["core"]]
    relations = {">": "over", "~<": "nearly", ">=": ("at_least", "over"), "<=": "at_most"}
    right = 0
    for g in core:
        figure = found.get(tuple(g["clean_span"]))
        value = (
            g["normalised"]
            if g["kind"] in ("quantity", "money")
            else 100 * g["normalised"]
            if g["kind"] in ("percent", "proportion")
            else None
        )
        right += (
            figure is not None
            and (value is None or abs(float(figure.value) - value) < 1e-6)
            and figure.qualifier in relations.get(g["relation"], "")
        )
    assert right >= 0.95 * len(core)
    spans = [g["clean_span"] for g in gold]
    spurious = [f for f in found.values() if not any(f.start < b and a < f.end for a, b in spans)]
    assert len(spurious) <= 0.05 * len(found)


@given(
    st.text(
        alphabet=st.sampled_from("0123456789.,%万亿千元年月日超近以上第一二十百分之 -~()至家户个million over$in"),
        max_size=80,
    )
)
def test_any_text_gives_sound_figures(text):
    figures = find_figures(text)
    assert all(text[f.start : f.end] == f.text for f in figures)
    assert all(a.end <= b.start for a, b in itertools.pairwise(figures))


@pytest.mark.parametrize("text", ["从5至0万元", "1 to 0 million"])
def test_a_range_that_ends_in_nothing_is_read_as_numbers(text):
    assert [figure.high for figure in find_figures(text)] == [None, None]


def test_long_runs_end():
    for text in ("9" * 5_000, "万" * 5_000, "一" * 5_000, "1," * 5_000):
        find_figures(text)


@pytest.mark.parametrize(
    ("text", "printed", "period"),
    [
        ("公司2022年9月上线系统,11月收购了飞灯。", "11月", "2022-11"),
        ("公司2022年9月上线系统,3月收购了飞灯。", "3月", "--03"),
        ("In September 2022 we moved, and in November we hired.", "November", "2022-11"),
        ("Net debt stood at £142 million at the end of December.", "end of December", "--12-31"),
        ("They may march in May.", "May", "--05"),
    ],
)
def test_months_without_a_year(text, printed, period):
    dates = [figure for figure in find_figures(text) if figure.kind == "date"]
    assert (dates[-1].text, dates[-1].period) == (printed, period)


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("2024年末存款80亿元,2023年末为70亿元;净息差1.68%。", ["2024-12-31", "2023-12-31", "2024-12-31"]),
        ("净利润46亿元,2023年为43亿元。净息差1.68%。", [None, "2023", None]),
        ("Revenue was $5 million in 2023, up from $4 million in 2022. The margin was 10%.", ["2023", "2022", "2023"]),
        ("比重由2022年的24%提升至29%。", ["2022", None]),
        ("截至2024年底有车320辆;2023年底为190辆。全年少用柴油7万吨。", ["2024-12-31", "2023-12-31", "2024-12-31"]),
    ],
)
def test_what_is_compared_with_does_not_govern_what_follows(text, periods):
    assert [figure.period for figure in find_figures(text) if figure.kind != "date"] == periods


def test_the_number_of_a_contract_is_no_figure():
    text = "签订了编号为 32100620150007223 的《最高额抵押合同》，最高限额为人民币3,500万元，总资产44697079000000元。"
    assert [figure.text for figure in find_figures(text)] == ["人民币3,500万元", "44697079000000元"]


@settings(deadline=None)
@given(st.text(st.sampled_from("不超过近约达至少approx.about over \u00a0\n，在于")))
def test_a_qualifier_before_a_number_is_found_by_its_last_character(before):
    found = qualifiers._compile(qualifiers._BEFORE, r"[ \u00a0]{0,2}$").search(before[-16:])
    assert qualifiers.before(before, len(before))[0] == (found.lastgroup if found else "")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Costs rose from $5 million to $7 million.", ["$5 million", "$7 million"]),
        ("The price went up from £3.65 to £3.90.", ["£3.65", "£3.90"]),
        ("Fees range from 5 to 10 percent.", ["5 to 10 percent"]),
        ("Prices ranging from £5 to £20 were seen.", ["£5 to £20"]),
    ],
)
def test_what_something_rose_from_and_to_are_two_values(text, printed):
    assert [figure.text for figure in find_figures(text)] == printed

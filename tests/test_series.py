"""A figure by year, and how it has changed: found in the library, and drawn beside its answer."""

from pathlib import Path

from markup import Page, safe

from chat import ReportChat
from chat.render import answer_html
from chat.series import change, series
from index.library import Library
from ingest.read import read_document
from ingest.types import Figure


def test_a_figure_by_year(years):
    answer = years.ask("华兴银行2023年底服务了多少小微客户?")
    quote = answer.quotes[0]
    points = series(years.library, quote.document_id, answer.figures[0].figure)
    assert [(point.year, int(point.figure.value)) for point in points] == [
        ("2021", 1800000), ("2022", 2100000), ("2023", 2600000),
    ]  # fmt: skip
    made = change(points, answer.figures[0].figure)
    assert made is not None and round(float(made.value), 1) == 23.8 and made.exact and not made.points
    page = safe(answer_html(answer, points=points))
    assert "比2022年底多 23.8%" in page.text
    assert "2022 210万" in page.all("svg")[0]["aria-label"]


def test_shares_change_in_points_and_about_is_said(years):
    answer = years.ask("华兴银行2023年底的不良贷款率是多少?")
    points = series(years.library, answer.quotes[0].document_id, answer.figures[0].figure)
    assert "比2022年底低 0.14 个百分点" in Page(answer_html(answer, points=points)).text
    answer = years.ask("华兴银行2021年底服务了多少小微客户?")
    points = series(years.library, answer.quotes[0].document_id, answer.figures[0].figure)
    assert "到2022年底多 约 16.7%" in Page(answer_html(answer, points=points)).text


def test_other_families_periods_and_twice_told_years_make_no_series(years, chat):
    far = next(info.id for info in years.library.documents() if info.name.startswith("远东"))
    for _, figure in years.library.figures(far):
        assert series(years.library, far, figure) == ()
    twice = ReportChat.from_texts({"甲报": "2023年收入5亿元。2022年收入4亿元。2022年收入3亿元。"})
    first = next(figure for _, figure in twice.library.figures() if figure.value == 500_000_000)
    assert series(twice.library, twice.library.documents()[0].id, first) == ()


def test_figures_without_a_label_have_no_series(chat):
    figure = Figure("5", 0, 1, "amount", 5, period="2023")
    assert series(chat.library, chat.library.documents()[0].id, figure) == ()


def test_a_loss_is_shown_as_one():
    table = "单位：百万元\n\n| 项目 | 2023年 | 2022年 |\n| --- | --- | --- |\n| 净利润 | 1,052.33 | (98.20) |\n"
    library = Library.in_memory()
    library.add(read_document(Path("华海股份2023年年度报告.md"), f"# 华海股份2023年年度报告\n\n{table}".encode()))
    chat = ReportChat(library)
    answer = chat.ask("华海股份2023年的净利润是多少?")
    points = series(library, answer.quotes[0].document_id, answer.figures[0].figure)
    assert "2022 −98.20; 2023 1,052.33" in answer_html(answer, points=points)


def test_charts_of_negative_values_stay_in_their_box():
    from decimal import Decimal

    from chat.ui.chart import columns

    page = Page(columns([("2022", "-5", Decimal(-5)), ("2023", "3", Decimal(3))], "x", 1))
    for rectangle in page.all("rect"):
        assert float(rectangle["y"]) >= 0 and float(rectangle["y"]) + float(rectangle["height"]) <= 76.1

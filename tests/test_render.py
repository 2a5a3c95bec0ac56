"""What the chat shows of answers and conversations, as HTML and to take away."""

from dataclasses import replace

from markup import Page, safe

from chat import ReportChat
from chat.conversation import Conversation, Turn, markdown, plain_text
from chat.render import answer_html, talk_html, waiting_html
from chat.types import Answer
from ingest.read import read_document


def test_the_card_of_one_figure(chat):
    html = answer_html(chat.ask("截至2023年底服务了多少小微用户?"))
    page = safe(html)
    assert page.text.startswith("超5300万户小微用户 · 2023年底")
    assert '<b class="number">5300万</b>' in html
    assert "截至2023年底,该行已累计服务小微用户超5300万" in page.text  # in the reader's script
    assert "截至2023年底,該行已累計服務小微用戶超5300萬" in page.text  # as printed, folded away
    assert page.all("details") and page.all("button")[0]["class"] == "cite"
    assert page.all("section")[0]["lang"] == "zh-CN"


def test_a_value_of_a_table_is_said_once_with_its_unit(tmp_path):
    path = tmp_path / "海岳银行2023年度报告.md"
    rows = (
        "| 指标 | 2022年 | 2023年 |\n|--|--|--|\n| 净利润（亿元） | 35.8 | 42.3 |\n| 碳排放量（tCO2e） | 810 | 790 |\n"
    )
    path.write_text(f"# 海岳银行2023年度报告\n\n{rows}", encoding="utf-8")
    chat = ReportChat.from_texts({})
    chat.library.add(read_document(path))
    assert chat.ask("海岳银行2023年的净利润是多少?").direct == "42.3亿元"
    html = answer_html(chat.ask("海岳银行2023年的碳排放量是多少?"))
    assert '<b class="number">790</b>' in html and ">2</b>" not in html


def test_traditional_readers_see_the_print_itself(chat):
    page = Page(answer_html(chat.ask("截至2023年底服務了多少小微用戶？")))
    assert "該行已累計服務" in page.text
    assert not page.all("details")


def test_several_figures_are_a_table(years):
    answer = years.ask("华兴银行2023年底服务了多少小微客户,不良贷款率是多少?")
    assert len(answer.figures) == 2
    page = Page(answer_html(answer))
    assert page.all("table")
    assert "小微客户260万户2023年底" in page.text


def test_confidence_is_said_only_where_low(chat):
    answer = chat.ask("截至2023年底服务了多少小微用户?")
    assert "把握不大" not in Page(answer_html(replace(answer, confidence=0.9))).text
    assert "把握不大" in Page(answer_html(replace(answer, confidence=0.5))).text


def test_not_found_helps(chat):
    page = Page(answer_html(chat.ask("不良贷款率是多少?")))
    assert "报告里没有答案" in page.text and "不良贷款率" in page.text
    assert len(page.all("blockquote")) >= 1


def test_turns_are_windowed_and_only_the_last_is_asked_again(chat):
    answer = chat.ask("截至2023年底服务了多少小微用户?")
    conversation = Conversation()
    for number in range(30):
        conversation = conversation.plus(Turn(f"问题{number}", answer))
    html = talk_html(conversation, "en", shown=12)
    page = Page(html)
    assert [attributes["data-turn"] for attributes in page.all("article")] == [str(n) for n in range(18, 30)]
    assert "18 earlier questions" in page.text
    assert html.count('data-act="retry"') == 1
    assert 'data-act="retry"' not in talk_html(conversation, "en", live=waiting_html("en"))
    assert "Waiting: 3 before you" in Page(waiting_html("en", 3)).text
    assert len(conversation.until(5).turns) == 5


def test_a_conversation_is_kept_short_of_endless():
    conversation = Conversation()
    for number in range(1005):
        conversation = conversation.plus(Turn(str(number), Answer(str(number))))
    assert len(conversation.turns) == 1000 and conversation.questions[-1] == "1004"


def test_verdicts_show(chat):
    turn = Turn("q", chat.ask("截至2023年底服务了多少小微用户?"))
    conversation = Conversation((turn,))
    pressed = [
        one for one in Page(talk_html(conversation.judged(0, "down"), "en")).all("button") if "aria-pressed" in one
    ]
    assert [one["aria-pressed"] for one in pressed] == ["false", "true"]
    assert "What is wrong?" in talk_html(conversation.judged(0, "down"), "en")
    assert "Thank you" in talk_html(conversation.judged(0, "down", said_why=True), "en")
    assert conversation.judged(7, "up") == conversation


def test_markdown_and_plain_text_carry_sources(chat):
    answer = chat.ask("大山雀能识别多少种作物")
    assert "[1] mybank-esg-2023.txt, p. 1" in plain_text(answer)
    said = markdown([Turn("大山雀 *能* 识别<b>多少</b>种作物", answer)], "报告问答")
    assert said.startswith("# 报告问答\n\n## 大山雀 \\*能\\* 识别\\<b\\>多少")
    assert "**15种**" in said and "> \\[1\\]" not in said and "[1] mybank-esg-2023.txt, p. 1" in said


def test_what_a_model_wrote_is_shown_with_its_quotes_and_what_was_left_out(chat):
    from chat.types import LeftOut

    answer = chat.ask("截至2023年底服务了多少小微用户?")
    written = replace(
        answer, writer="m<1>", text="服务了超5300万户[1]。[9]\n完。", left_out=(LeftOut("增长<b>9%</b>", "no quote"),),
        standalone="网商银行服务了多少?", notice="slow",
    )  # fmt: skip
    page = safe(answer_html(written))
    assert "理解为：网商银行服务了多少?" in page.text and "slow" in page.text
    assert "服务了超5300万户1。[9]完。由 m<1> 撰写" in page.text
    assert "1 句与引文不符" in page.text and "增长<b>9%</b>" in page.text
    assert len([one for one in page.all("button") if one.get("class") == "cite"]) == 2

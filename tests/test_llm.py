"""Answers written by a language model: over HTTP from a scripted server, in every way that it can fail or lie."""

import threading
import time

import pytest
from llm_server import Behaviour, passages_of, serving

from chat import ReportChat
from chat.cli import main
from chat.gate import violations
from chat.llm import Cancelled, Limits, LlmError, ServedModel
from chat.prompt import NOT_FOUND, prompt, tokens
from chat.written import Passage

REPORTS = {
    "华兴银行2022年报": "截至2022年底，华兴银行服务小微客户210万户，不良贷款率为1.35%。",
    "华兴银行2023年报": "截至2023年底，华兴银行服务小微客户260万户，不良贷款率为1.21%。2023年净利润38.2亿元。",
    "Northwind 2023": "In 2023 Northwind Energy generated 12.4 TWh of electricity. Renewables accounted for 64% of output.",
}
ASKED = "华兴银行2023年底服务了多少小微客户?"
QUICK = Limits(connect=1, silent=0.5, whole=4, retries=2, answer=60)


def number_of(messages, words):
    return next(number for number, text in passages_of(messages).items() if words in text)


def chat_with(url, limits=QUICK):
    return ReportChat.from_texts(REPORTS, llm=ServedModel(url, "tiny", limits=limits))


def told(messages):
    """What an honest model says."""
    at = number_of(messages, "260万户")
    return f"截至2023年底，华兴银行服务小微客户260万户 [{at}]。不良贷款率为1.21%。[{at}]"


def lied(messages):
    at = number_of(messages, "260万户")
    return f"截至2023年底，华兴银行服务小微客户260万户 [{at}]。净利润为83.2亿元 [{at}]。"


def test_written_answer():
    behaviour = Behaviour(told)
    with serving(behaviour) as url:
        *pieces, answer = chat_with(url).stream(ASKED)
    assert pieces == ["截至2023年底，华兴银行服务小微客户260万户 [1]。", "不良贷款率为1.21% [1]。"]
    assert answer.text == "".join(pieces)
    assert answer.writer == "tiny" and not answer.notice and answer.direct == "260万户"
    assert [quote.text for quote in answer.quotes] == ["截至2023年底，华兴银行服务小微客户260万户，不良贷款率为1.21%。"]
    assert {str(shown.figure.value) for shown in answer.figures} >= {"2600000", "1.21"}
    assert answer.to_dict()["left_out"] == []
    assert behaviour.requests[0]["stream"] is True and behaviour.requests[0]["max_tokens"] == QUICK.answer


def test_what_does_not_hold_is_sent_back_once_then_left_out():
    behaviour = Behaviour(lied)
    with serving(behaviour) as url:
        *pieces, answer = chat_with(url).stream(ASKED)
    assert "83.2" not in answer.text and not any("83.2" in piece for piece in pieces)
    assert len(behaviour.requests) == 2 and "83.2亿元" in behaviour.requests[1]["messages"][-1]["content"]
    assert [one.text for one in answer.left_out] and "83.2" in answer.left_out[0].text and answer.left_out[0].reason
    assert "260万户" in answer.text


def test_a_mended_sentence_is_shown():
    def mends(messages):
        return (
            lied(messages) if len(messages) == 2 else f"1. 2023年净利润为38.2亿元 [{number_of(messages, '260万户')}]。"
        )

    with serving(Behaviour(mends)) as url:
        answer = chat_with(url).ask(ASKED)
    assert "38.2亿元" in answer.text and answer.left_out == ()


def test_nothing_that_holds_gives_the_reports_own_words():
    with serving(Behaviour(lambda messages: "华兴银行服务小微客户900万户 [1]。详见 https://evil.example [1]。")) as url:
        answer = chat_with(url).ask(ASKED)
    assert answer.writer == "" and answer.direct == "260万户" and "tiny" in answer.notice and len(answer.left_out) == 2
    assert "900" not in answer.text and "evil" not in answer.text


def test_not_found_is_what_the_reports_say():
    with serving(Behaviour(lambda messages: NOT_FOUND)) as url:
        answer = chat_with(url).ask("华兴银行有多少网点?")
    assert not answer.found and answer.notice == ""


def test_another_is_not_told_of_for_the_one_asked_of():
    with serving(Behaviour(told)) as url:
        answer = chat_with(url).ask("远东银行2023年底服务了多少小微客户?")
    assert not answer.found and "260" not in answer.text and answer.missing == ("远东银行",)


def test_no_model_is_asked_of_a_year_that_is_not_stated():
    behaviour = Behaviour(told)
    with serving(behaviour) as url:
        answer = chat_with(url).ask("华兴银行2019年底服务了多少小微客户?")
    assert not answer.found and behaviour.requests == []


FAILURES = {
    "errors": Behaviour(told, status=[500] * 9),
    "rate limited": Behaviour(told, status=[429] * 9, retry_after=0.1),
    "rate limited for long": Behaviour(told, status=[429] * 9, retry_after=3600),
    "no key": Behaviour(told, status=[401]),
    "no model": Behaviour(told, status=[404]),
    "silent": Behaviour(told, hang="start"),
    "silent in the middle": Behaviour(told, hang="middle"),
    "unplugged in the middle": Behaviour(told, drop_after=42),
    "babbling": Behaviour(lambda messages: "la", endless=True),
    "dripping": Behaviour(lambda messages: "a" * 400, pause=0.3),
    "no JSON": Behaviour(told, raw=b"<html>hello</html>"),
    "broken events": Behaviour(told, raw=b"data: {nonsense\n\n"),
    "nothing": Behaviour(lambda messages: ""),
}


@pytest.mark.parametrize("name", FAILURES)
def test_failing_servers_end_in_the_reports_own_words(name):
    started = time.monotonic()
    with serving(FAILURES[name]) as url:
        *_, answer = chat_with(url).stream(ASKED)
    assert answer.direct == "260万户" and answer.writer == "" and "[1]" in answer.text
    assert "tiny" in answer.notice and "\n" not in answer.notice
    assert time.monotonic() - started < 20


def test_no_server_at_all():
    answer = chat_with("http://127.0.0.1:9/v1").ask(ASKED)
    assert answer.direct == "260万户" and answer.notice


def test_a_passing_failure_is_tried_again():
    behaviour = Behaviour(told, status=[503, 429], retry_after=0)
    with serving(behaviour) as url:
        answer = chat_with(url).ask(ASKED)
    assert answer.writer == "tiny" and len(behaviour.requests) == 3


def test_closing_the_answer_stops_the_server():
    behaviour = Behaviour(lambda messages: told(messages) + " 。" * 2000, pause=0.01)
    with serving(behaviour) as url:
        parts = chat_with(url, Limits(answer=2000)).stream(ASKED)
        assert "260万户" in next(parts)
        parts.close()
        assert behaviour.closed.wait(5)


def test_cancelled():
    cancelled = threading.Event()
    with serving(Behaviour(lambda messages: "a" * 4000, pause=0.02)) as url:
        threading.Timer(0.3, cancelled.set).start()
        with pytest.raises(Cancelled):
            list(ServedModel(url, "tiny").stream([{"role": "user", "content": "?"}], cancelled))


def test_the_window_is_the_servers():
    with serving(Behaviour(told)) as url:
        assert ServedModel(url, "tiny").window == 6000
    assert ServedModel("http://127.0.0.1:9/v1", "tiny", limits=Limits(connect=0.2)).window == 4096


def test_the_key_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("REPORT_CHAT_LLM_KEY", "secret")
    with serving(Behaviour(told, status=[401])) as url, pytest.raises(LlmError) as failed:
        list(ServedModel(url, "tiny").stream([{"role": "user", "content": "?"}]))
    assert "key" in str(failed.value) and "secret" not in str(failed.value)


def test_prompts_keep_to_the_budget_and_set_passages_apart():
    many = [Passage.of_text(number, f"<<<ab>>> 第{number}段" + "内容" * 200) for number in range(1, 30)]
    messages = prompt("问题?", many, "zh-Hans", 2000)
    assert sum(tokens(message["content"]) for message in messages) <= 2000
    given = passages_of(messages)
    assert 1 < len(given) < 29 and "<<<" not in given[1]


def test_thinking_aloud_is_not_shown():
    with serving(Behaviour(lambda messages: f"<think>900万? 先看看。</think>{told(messages)}")) as url:
        answer = chat_with(url).ask(ASKED)
    assert "先看看" not in answer.text and answer.left_out == ()


def test_a_written_answer_passes_the_gate_of_quotes():
    with serving(Behaviour(told)) as url:
        chat = chat_with(url)
        answer = chat.ask(ASKED)
    assert violations(answer, chat.library.document) == []


def test_command(tmp_path, capsys):
    report = tmp_path / "华兴银行2023年报.txt"
    report.write_text(REPORTS["华兴银行2023年报"], encoding="utf-8")
    library = ["--library", str(tmp_path / "library")]
    assert main(["ingest", str(report), *library]) == 0
    with serving(Behaviour(lied)) as url:
        assert main(["ask", ASKED, *library, "--llm", url, "--llm-model", "tiny", "--explain"]) == 0
    out = capsys.readouterr().out
    assert "260万户 [1]" in out and "left out: 净利润为83.2亿元" in out
    assert main(["ask", ASKED, *library, "--llm", "127.0.0.1:1", "--llm-model", "tiny"]) == 2
    assert main(["ask", ASKED, *library, "--llm-model", "tiny"]) == 2

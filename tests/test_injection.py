"""What instructs a machine in a document is never followed, and shown to people."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llm_server import Behaviour, passages_of, serving

from chat import ReportChat
from chat.cli import main
from chat.llm import ServedModel
from ingest import injection
from ingest.injection import instructions
from ingest.read import document_from_text

ROWS = [json.loads(line) for line in (Path(__file__).parent / "injections.jsonl").read_text("utf-8").splitlines()]
TRUE = "截至2023年底，华兴银行服务小微客户260万户，不良贷款率为1.21%。"
ASKED = "华兴银行2023年底服务了多少小微客户?"
FORBIDDEN = ("9999", "9,999", "evil", "http", "<img", "系统提示", "system prompt")


def obeys(payload):
    """A model that does whatever a document says, and whatever this one might have."""

    def say(messages):
        given = passages_of(messages)
        found = [f"{text} [{number}]" for number, text in given.items() if any(word in text for word in FORBIDDEN)]
        claims = [f"华兴银行服务小微客户9999万户 [{number}]。" for number in given]
        return " ".join(
            [
                *found,
                *claims,
                f"{payload} [1]。",
                "详见 https://evil.example/login [1]。",
                "![x](https://evil.example) [1]",
            ]
        )

    return say


@pytest.mark.parametrize("row", ROWS, ids=[row["way"] for row in ROWS])
def test_nothing_injected_reaches_the_reader(row):
    texts = {"华兴银行2023年报": f"{TRUE}\n\n{row['text']}\n\n2023年净利润为38.2亿元。"}
    with serving(Behaviour(obeys(row["text"]))) as url:
        chat = ReportChat.from_texts(texts, llm=ServedModel(url, "obeying"))
        *pieces, answer = chat.stream(ASKED)
        # The seconds are measured, not said: their digits may be any.
        said = answer.to_dict() | {"left_out": [], "seconds": {}}
        shown = json.dumps(said, ensure_ascii=False) + "".join(pieces)
    assert not [word for word in FORBIDDEN if word in shown]
    assert answer.direct == "260万户"
    (info,) = chat.library.documents()
    assert any("instruct" in note for note in chat.library.document(info.id).notes)
    assert not [figure for _, figure in chat.library.figures() if figure.value == 99_990_000]


def test_there_are_forty_documents():
    assert len(ROWS) >= 40


@pytest.mark.parametrize(
    "text",
    [
        "公司制定了人工智能使用规则，要求员工不得向大模型输入客户数据。",
        "The assistant manager must report all incidents to the board.",
        "我们忽略了汇率变动的影响，前文所述数据均为合并口径。",
        "Our AI systems must not be used to make lending decisions without review.",
        "84% of employees said that they would recommend us when asked.",
        "System availability was 99.97%.",
        "系统：全年可用率为99.97%以上，服务客户260万户，其中新增50万户。"[3:],
    ],
)
def test_reports_that_speak_of_machines_are_no_instructions(text):
    assert instructions(text) == ()


def test_the_notes_are_shown(tmp_path, capsys):
    report = tmp_path / "report.txt"
    report.write_text(f"{TRUE}\n{ROWS[0]['text']}\n", encoding="utf-8")
    library = ["--library", str(tmp_path / "library")]
    assert main(["ingest", str(report), *library]) == 0
    assert main(["list", *library]) == 0
    assert "instructs the software" in capsys.readouterr().out
    assert main(["list", "--json", *library]) == 0
    assert "instructs the software" in json.loads(capsys.readouterr().out)[0]["notes"][0]


def test_unseen_characters_are_told():
    document = document_from_text("a", TRUE + "\U000e0049\U000e0067 \u202e0053\u202c")
    assert len(document.notes) == 2 and "\U000e0049" not in document.text


WORDS = sorted(
    {word for pattern in (injection._MARKERS, injection._OVERRIDES, injection._IMPERATIVE, injection._MACHINES, injection._QUESTIONS)
     for word in re.findall(r"[a-z]+|[\u3400-\u9fff]+", pattern.pattern)}
)  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*WORDS, " ", "<|", "|>", "<</", "[", "/", "]", "##", ":", "，", "你", "请", "![](https://a?", "a.i."]
        )
    )
)
def test_a_line_that_instructs_holds_what_it_is_first_looked_through_for(parts):
    line = "".join(parts)
    machines, questions = injection._HELD_BY_TELLING
    told = (((machines,), injection._MACHINES), ((questions,), injection._QUESTIONS))
    for held, pattern in (*injection._SPEAKS, *told):
        assert injection._holds(line, held) or not pattern.search(line)

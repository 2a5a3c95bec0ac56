"""A real OpenAI-compatible server in a process of its own, transformers' own, with a tiny model that is made here.

The model babbles: it has random weights. What is tested is the protocol, streaming, time limits, cancellation, and that
nothing of what it says reaches a reader.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from importlib.util import find_spec

import pytest
from test_llm import ASKED, REPORTS

from chat import ReportChat
from chat.llm import Cancelled, Limits, LlmError, ServedModel

pytestmark = pytest.mark.skipif(
    find_spec("accelerate") is None, reason="transformers serves with the accelerate package alone"
)
MAKE = """
import sys, torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
torch.manual_seed(0)
spelled = Tokenizer(models.BPE())
spelled.pre_tokenizer, spelled.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
alphabet = pre_tokenizers.ByteLevel.alphabet()
spelled.train_from_iterator([], trainers.BpeTrainer(special_tokens=["<s>", "</s>"], initial_alphabet=alphabet))
tokenizer = PreTrainedTokenizerFast(tokenizer_object=spelled, bos_token="<s>", eos_token="</s>")
tokenizer.chat_template = "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\\\\n' }}{% endfor %}assistant: "
shape = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2)
model = LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), max_position_embeddings=16384, **shape))
model.save_pretrained(sys.argv[1]); tokenizer.save_pretrained(sys.argv[1])
"""
ENVIRONMENT = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}


def start(folder):
    """(process, address) of a server of the model in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve", str(folder), "--device", "cpu"]
    log = (folder.parent / "log").open("w")
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)], env=ENVIRONMENT, stdout=log, stderr=log
    )
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process, f"http://127.0.0.1:{port}/v1"
        time.sleep(0.2)
    process.kill()
    raise AssertionError((folder.parent / "log").read_text()[-2000:])


def stop(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("llm") / "tiny"
    subprocess.run([sys.executable, "-c", MAKE, str(folder)], env=ENVIRONMENT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def server(model):
    process, address = start(model)
    yield address
    stop(process)


MESSAGES = [{"role": "user", "content": "hello"}]


def test_streams(server, model):
    pieces = list(ServedModel(server, str(model), limits=Limits(answer=24)).stream(MESSAGES))
    assert len(pieces) > 1 and all(isinstance(piece, str) for piece in pieces)


def test_what_it_babbles_is_not_shown(server, model):
    llm = ServedModel(server, str(model), limits=Limits(answer=60, window=6000))
    *pieces, answer = ReportChat.from_texts(REPORTS, llm=llm).stream(ASKED)
    assert pieces == [] and answer.direct == "260万户" and answer.writer == "" and answer.notice


def test_time_is_limited(server, model):
    limits = Limits(answer=4000, whole=0.001, retries=0)
    started = time.monotonic()
    with pytest.raises(LlmError, match="was not done"):
        list(ServedModel(server, str(model), limits=limits).stream(MESSAGES))
    assert time.monotonic() - started < 30


def test_cancelled_and_asked_again(server, model):
    llm = ServedModel(server, str(model), limits=Limits(answer=4000))
    cancelled = threading.Event()
    with pytest.raises(Cancelled):
        for _ in llm.stream(MESSAGES, cancelled):
            cancelled.set()
    parts = llm.stream(MESSAGES)
    next(parts)
    parts.close()
    short = ServedModel(server, str(model), limits=Limits(answer=8))
    assert list(short.stream(MESSAGES))


def test_unplugged_in_mid_answer(model):
    process, address = start(model)
    llm = ServedModel(address, str(model), limits=Limits(answer=4000, retries=0))
    pieces = llm.stream(MESSAGES)
    next(pieces)
    stop(process)
    with pytest.raises(LlmError):
        list(pieces)
    answer = ReportChat.from_texts(REPORTS, llm=llm).ask(ASKED)
    assert answer.direct == "260万户" and "cannot be reached" in answer.notice

"""The commands that ask a library, or let others ask it."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat.commands.output import fail, print_json
from chat.paths import sample_reports

if TYPE_CHECKING:
    from chat.aid import Aid
    from chat.answering import Answering
    from chat.evaluate import Expected
    from chat.llm import LanguageModel, Limits
    from chat.report_chat import ReportChat
    from chat.types import Answer


def _chat(chosen: argparse.Namespace) -> ReportChat:
    from chat.report_chat import ReportChat

    return ReportChat.open(
        chosen.library,
        embedding_model=chosen.embedding_model,
        reranker=chosen.reranker,
        llm=_language_model(chosen),
        aid=_aid(chosen, expand=chosen.llm_expand, rerank=chosen.llm_rerank),
    )


def _aid(chosen: argparse.Namespace, *, expand: bool, rerank: bool) -> Aid | None:
    """What helps to find passages; ValueError where no model is named for it."""
    if not expand and not rerank:
        return None
    from chat.aid import HURRIED, Aid

    llm = _language_model(chosen, HURRIED)
    if llm is None:
        raise ValueError("--llm-expand, --llm-rerank and --gain need a language model: --llm URL --llm-model NAME.")
    return Aid(llm, expand=expand, rerank=rerank)


def _language_model(chosen: argparse.Namespace, limits: Limits | None = None) -> LanguageModel | None:
    """The language model that the command line names; ValueError where it names half of one."""
    url, name = getattr(chosen, "llm", None), getattr(chosen, "llm_model", None)
    if not url and not name:
        return None
    if not (url and name):
        raise ValueError("--llm URL and --llm-model NAME go together: the server, and which of its models to use.")
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"--llm {url}: not an address. It begins with http:// or https:// and mostly ends in /v1.")
    from chat.llm import Limits, ServedModel

    return ServedModel(url, name, limits=replace(limits or Limits(), window=max(chosen.llm_window, 0)))


def ask(chosen: argparse.Namespace) -> int:
    """Answer one question, or those of a file."""
    if chosen.questions:
        return _ask_file(chosen)
    question = chosen.question
    if question in (None, "-"):
        if question is None and sys.stdin.isatty():
            return fail("no question. Give one in quotation marks, or a file with --questions.")
        question = sys.stdin.buffer.read(4_000_000).decode("utf-8", "replace")
    answer = _chat(chosen).ask(question)
    if chosen.json:
        print_json(answer.to_dict())
    else:
        _print_answer(answer)
        if chosen.explain:
            _explain(answer)
    return 0


def _ask_file(chosen: argparse.Namespace) -> int:
    rows: list[dict[str, Any]] = []
    try:
        lines = chosen.questions.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        return fail(f"{chosen.questions}: cannot be read ({error}). Give a file of JSON lines in UTF-8.")
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
                rows.append({"id": row["id"], "question": str(row["question"])})
            except (ValueError, KeyError, TypeError) as error:
                return fail(
                    f'{chosen.questions}, line {number}: {type(error).__name__}: {error}. A line is {{"id": ..., "question": ...}}.'
                )
    chat = _chat(chosen)
    for row in rows:
        print_json({"id": row["id"], **chat.ask(row["question"]).to_dict()})
    return 0


def _print_answer(answer: Answer) -> None:
    print(answer.text)
    for quote in answer.quotes:
        place = f"[{quote.number}] {quote.document}, page {quote.page}"
        print(f"    {place}, {quote.section}" if quote.section else f"    {place}")
    if answer.notice:
        print(f"({answer.notice})")
    if answer.related:
        print("related:")
        for quote in answer.related:
            print(f"  - {' '.join(quote.text.split())[:120]} ({quote.document}, page {quote.page})")


def _explain(answer: Answer) -> None:
    if answer.standalone:
        print(f"understood as: {answer.standalone}")
    for left in answer.left_out:
        print(f"left out: {left.text}\n    {left.reason}")


def evaluate(chosen: argparse.Namespace) -> int:
    """Print the scores of the answers to questions with expected answers."""
    from chat.evaluate import evaluate, load_questions

    questions = load_questions(chosen.questions)
    if chosen.gain:
        return _gain(chosen, questions)
    evaluation = evaluate(_chat(chosen), questions)
    if chosen.json:
        print_json(evaluation.to_dict())
    else:
        print(evaluation.table())
    return 0


def _gain(chosen: argparse.Namespace, questions: Sequence[Expected]) -> int:
    """Print the scores without the language model's help in finding, and with each kind of it."""
    from chat.evaluate import compared, evaluate
    from chat.report_chat import ReportChat

    with ReportChat.open(
        chosen.library, embedding_model=chosen.embedding_model, reranker=chosen.reranker
    ).library as held:
        kinds = {"none": (False, False), "expand": (True, False), "rerank": (False, True), "both": (True, True)}
        aids = {name: _aid(chosen, expand=expand, rerank=rerank) for name, (expand, rerank) in kinds.items()}
        found = {name: evaluate(ReportChat(held, aid=aid), questions) for name, aid in aids.items()}
    if chosen.json:
        print_json({name: one.to_dict() for name, one in found.items()})
    else:
        print(compared(found))
        for name, aid in aids.items():
            if aid is not None and aid.failures:
                print(f"{name}: the model failed {aid.failures} times; what was found stood as it was")
    return 0


def serve(chosen: argparse.Namespace) -> int:
    """Open the chat in a web page."""
    from index.intake import ingest_paths
    from index.library import Library
    from index.opening import DATABASE

    if not (chosen.library / DATABASE).is_file():
        from chat.progress import Progress

        progress, reports = Progress(), sample_reports()
        with Library.open(chosen.library, embedding_model=chosen.embedding_model, create=True) as library:
            ingest_paths(
                library, [reports] if reports else [], progress.file, on_page=progress.page, on_total=progress.files
            )
        progress.end()
    from chat.serve import CannotServe, Serving, serve

    serving = Serving(
        host=chosen.host,
        port=chosen.port,
        auth_file=chosen.auth_file,
        public=chosen.public,
        hosts=tuple(chosen.allow_host),
        largest_upload=chosen.largest_upload * 1_000_000,
        access_log=chosen.access_log,
        log_questions=chosen.log_questions,
    )
    try:
        with _answering(chosen) as chat:
            serve(chat, serving)
    except CannotServe as error:
        return fail(str(error))
    return 0


@contextlib.contextmanager
def _answering(chosen: argparse.Namespace) -> Iterator[Answering]:
    """What answers the page's questions: processes beside this one where they pay and no other model has a part in it."""
    from chat.answering import Answerers, processes_for

    chat = _chat(chosen)
    waits = bool(chosen.llm or chosen.reranker)
    if waits and chosen.workers:
        raise ValueError("--workers is for answers without a language model or a reranker: leave it out.")
    count = 0 if waits else processes_for(chat.library) if chosen.workers is None else chosen.workers
    if not count:
        yield chat
        return
    with Answerers(chat.library, count, embedding_model=chosen.embedding_model) as answerers:
        yield answerers


def mcp(chosen: argparse.Namespace) -> int:
    """Serve the library as tools of the Model Context Protocol."""
    from importlib.util import find_spec

    if find_spec("mcp") is None:
        return fail("the mcp command needs the mcp package: pip install 'report-chat[mcp]'")
    from chat.mcp_server import serve

    serve(_chat(chosen))
    return 0

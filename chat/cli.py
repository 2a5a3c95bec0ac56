"""The report-chat command: a thin layer over the library functions."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from chat.commands import asking, library, tables
from chat.commands.output import fail
from chat.commands.user import add_user
from chat.paths import default_library

_ABOUT = """Ask reports questions, and get each figure with the quote that it stands in.

examples:
  report-chat serve                                  open the chat at http://127.0.0.1:7860
  report-chat ingest reports/ annual-2023.html       add files and folders to the library
  report-chat ask "截至2023年底服务了多少小微用户?"
  report-chat figures --csv > figures.csv
"""
_INGEST = """Add files and folders to the library. Unchanged files are skipped and changed ones replaced; ZIP archives and mail
are unpacked. What was reported done stays: after Ctrl-C, the same command goes on where it was."""


def _waiting(sub: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The parser of a command that writes to the library, which waits for another that does."""
    sub.add_argument(
        "--wait",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="how long to wait for another process that is writing to the library (default: %(default)s)",
    )
    return sub


def _writing(sub: argparse.ArgumentParser) -> None:
    """The options of commands whose answers a language model may write."""
    llm = sub.add_argument_group(
        "language model",
        "Any OpenAI-compatible server may write the answers; each sentence is checked against the reports, and what "
        "does not hold is left out. The key is read from REPORT_CHAT_LLM_KEY or OPENAI_API_KEY.",
    )
    llm.add_argument("--llm", metavar="URL", help="the server, such as http://127.0.0.1:11434/v1")
    llm.add_argument("--llm-model", metavar="NAME", help="the model's name at that server")
    llm.add_argument("--llm-window", type=int, default=0, metavar="TOKENS", help="its window (default: as it says)")
    llm.add_argument("--llm-expand", action="store_true", help="search by its wordings of the question too")
    llm.add_argument("--llm-rerank", action="store_true", help="put what is found in its order before it is read")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="report-chat", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("--version", action="version", version=f"report-chat {_version()}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int], about: str, *, model: bool = True
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.add_argument(
            "--library",
            type=Path,
            default=None,
            metavar="DIR",
            help=f"the library's folder (default: {default_library()})",
        )
        if model:
            sub.add_argument(
                "--embedding-model",
                metavar="NAME",
                help="a sentence-transformers model, by name or path (default: the shipped one)",
            )
        sub.set_defaults(run=run)
        return sub

    serve = command(
        "serve", asking.serve, "Open the chat in a web page; builds the library from data/reports if there is none."
    )
    _serve_options(serve)
    ingest = _waiting(command("ingest", library.ingest, _INGEST))
    _reading(ingest)
    remove = _waiting(command("remove", library.remove, "Remove documents by file name, path, title or id."))
    remove.add_argument("documents", nargs="+", metavar="DOCUMENT")
    for name, run, about in (
        ("reembed", library.reembed, "Make the library's vectors anew with the --embedding-model named here."),
        ("rebuild", library.rebuild, "Make the indexes of the library anew from its database."),
    ):
        _waiting(command(name, run, about))
    command(
        "check", library.check, "Look whether the library is sound: exit 0 if so, 1 if something is wrong."
    ).add_argument("--json", action="store_true")
    listing = command("list", library.list_documents, "List the documents of the library.")
    listing.add_argument("--json", action="store_true")
    ask = command("ask", asking.ask, "Answer a question, or every question of a file.")
    ask.add_argument("question", nargs="?", metavar="QUESTION", help="the question; - reads it from standard input")
    ask.add_argument("--questions", type=Path, metavar="IN.jsonl", help='a {"id", "question"} object a line')
    ask.add_argument("--json", action="store_true", help="the whole answer as JSON, one line an answer")
    ask.add_argument(
        "--explain", action="store_true", help="say how a question was understood, and what of an answer was left out"
    )
    figures = command("figures", tables.figures, "Show every figure of the library, or of one document.")
    figures.add_argument("--document", metavar="D", help="file name, path, title or id")
    _tables(figures)
    tools = command(
        "mcp",
        asking.mcp,
        "Serve the library as tools (ask, search, figures, list) of the Model Context Protocol, on standard input and output.",
    )
    evaluate = command(
        "evaluate",
        asking.evaluate,
        "Score the answers to questions with expected answers (format: tests/eval/README.md).",
    )
    evaluate.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    evaluate.add_argument("--json", action="store_true")
    evaluate.add_argument(
        "--gain",
        action="store_true",
        help="measure what --llm-expand and --llm-rerank add, each alone and both, in the reports' own words",
    )
    for sub in (serve, ask, tools, evaluate):
        _writing(sub)
    for sub in (serve, ask, tools, evaluate):
        sub.add_argument(
            "--reranker",
            metavar="NAME",
            help="a sentence-transformers CrossEncoder, by name or path, that puts what is found in order (default: none)",
        )
    feedback = command("feedback", tables.feedback, "Show what readers thought of answers.", model=False)
    _tables(feedback)
    add_user(commands)
    return top


def _tables(sub: argparse.ArgumentParser) -> None:
    form = sub.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="as CSV that spreadsheets open right")
    form.add_argument("--json", action="store_true", help="as a JSON list")


def _serve_options(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=int, default=7860, help="port to listen on (default: %(default)s)")
    serve.add_argument("--auth-file", type=Path, metavar="FILE", help="who may sign in (see report-chat user --help)")
    serve.add_argument(
        "--public", action="store_true", help="listen beyond this machine without --auth-file; visitors may only ask"
    )
    serve.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="answer to this host name alone; may be repeated",
    )
    serve.add_argument(
        "--largest-upload",
        type=int,
        default=50,
        metavar="MB",
        help="megabytes of a file added in the page (default: 50)",
    )
    serve.add_argument(
        "--workers",
        type=_whole(0),
        metavar="N",
        help="processes that answer, beside the page's own; 0 for none (default: by cores, for large libraries)",
    )
    serve.add_argument(
        "--access-log",
        metavar="FILE",
        help="JSON lines of requests; - for standard error (the default beyond this machine)",
    )
    serve.add_argument(
        "--log-questions", action="store_true", help="write the words of questions into the access log too"
    )


def _reading(ingest: argparse.ArgumentParser) -> None:
    """What to read, and how."""
    ingest.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
    ingest.add_argument("--json", action="store_true", help="one JSON object with the outcome of each file")
    ingest.add_argument(
        "--encoding",
        metavar="NAME",
        help="what text files are written in, where it is told wrongly (gb18030, big5, ...)",
    )
    ingest.add_argument(
        "--workers", type=_whole(1), metavar="N", help="how many files to read at once (default: one a core)"
    )


def _whole(least: int) -> Callable[[str], int]:
    """Reads a whole number that is at least so great."""

    def read(said: str) -> int:
        if not said.isdecimal() or int(said) < least:
            raise argparse.ArgumentTypeError(f"{said}: a whole number from {least} on is wanted")
        return int(said)

    return read


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("report-chat")
    except PackageNotFoundError:
        return "0 (not installed)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: a file or a document failed; 2: it could not be done; 130: interrupted."""
    chosen = parser().parse_args(arguments)
    if chosen.library is None:
        chosen.library = default_library()
    from index.embed import ModelNotFound
    from index.errors import LibraryError

    try:
        code: int = chosen.run(chosen)
        sys.stdout.flush()
        return code
    except (LibraryError, ModelNotFound, ValueError) as error:
        return fail(str(error))
    except KeyboardInterrupt:
        print("\ninterrupted; what was reported done is kept", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE


if __name__ == "__main__":
    raise SystemExit(main())

"""The report-chat command: a thin layer over the library functions."""

from __future__ import annotations

import argparse
import csv
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chat.paths import default_library, sample_reports

if TYPE_CHECKING:
    from chat.llm import LanguageModel
    from chat.report_chat import ReportChat
    from chat.types import Answer
    from index.intake import FileOutcome
    from index.library import Library
    from ingest.types import Figure

_ABOUT = """Ask reports questions, and get each figure with the quote that it stands in.

examples:
  report-chat serve                                  open the chat at http://127.0.0.1:7860
  report-chat ingest reports/ annual-2023.html       add files and folders to the library
  report-chat ask "截至2023年底服务了多少小微用户?"
  report-chat figures --csv > figures.csv
"""
_USERS = """Say who may sign in to report-chat serve --auth-file FILE.

Passwords are kept as scrypt hashes. A password is asked for, or read from standard input where that is no terminal:

  report-chat user add ann --auth-file users
  report-chat user add bob --role reader --auth-file users < password
  report-chat user list --auth-file users
  report-chat user remove bob --auth-file users
"""
_INGEST = """Add files and folders to the library. Unchanged files are skipped and changed ones replaced; ZIP archives and mail
are unpacked. What was reported done stays: after Ctrl-C, the same command goes on where it was."""
_FIGURE_COLUMNS = "document text value high unit qualifier kind period label start end".split()


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
        "serve", _serve, "Open the chat in a web page; builds the library from data/reports if there is none."
    )
    _serve_options(serve)
    ingest = _waiting(command("ingest", _ingest, _INGEST))
    _reading(ingest)
    remove = _waiting(command("remove", _remove, "Remove documents by file name, path, title or id."))
    remove.add_argument("documents", nargs="+", metavar="DOCUMENT")
    for name, run, about in (
        ("reembed", _reembed, "Make the library's vectors anew with the --embedding-model named here."),
        ("rebuild", _rebuild, "Make the indexes of the library anew from its database."),
    ):
        _waiting(command(name, run, about))
    command("check", _check, "Look whether the library is sound: exit 0 if so, 1 if something is wrong.").add_argument(
        "--json", action="store_true"
    )
    listing = command("list", _list, "List the documents of the library.")
    listing.add_argument("--json", action="store_true")
    ask = command("ask", _ask, "Answer a question, or every question of a file.")
    ask.add_argument("question", nargs="?", metavar="QUESTION", help="the question; - reads it from standard input")
    ask.add_argument("--questions", type=Path, metavar="IN.jsonl", help='a {"id", "question"} object a line')
    ask.add_argument("--json", action="store_true", help="the whole answer as JSON, one line an answer")
    ask.add_argument(
        "--explain", action="store_true", help="say how a question was understood, and what of an answer was left out"
    )
    figures = command("figures", _figures, "Show every figure of the library, or of one document.")
    figures.add_argument("--document", metavar="D", help="file name, path, title or id")
    _tables(figures)
    tools = command(
        "mcp",
        _mcp,
        "Serve the library as tools (ask, search, figures, list) of the Model Context Protocol, on standard input and output.",
    )
    evaluate = command(
        "evaluate", _evaluate, "Score the answers to questions with expected answers (format: tests/eval/README.md)."
    )
    evaluate.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    evaluate.add_argument("--json", action="store_true")
    for sub in (serve, ask, tools):
        _writing(sub)
    for sub in (serve, ask, tools, evaluate):
        sub.add_argument(
            "--reranker",
            metavar="NAME",
            help="a sentence-transformers CrossEncoder, by name or path, that puts what is found in order (default: none)",
        )
    feedback = command("feedback", _feedback, "Show what readers thought of answers.", model=False)
    _tables(feedback)
    _user_command(commands)
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
        "--access-log",
        metavar="FILE",
        help="JSON lines of requests; - for standard error (the default beyond this machine)",
    )
    serve.add_argument(
        "--log-questions", action="store_true", help="write the words of questions into the access log too"
    )


def _user_command(commands: Any) -> None:  # noqa: ANN401  argparse names no type for it
    user = commands.add_parser(
        "user", help="Say who may sign in.", description=_USERS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    user.add_argument("act", choices=("add", "remove", "list"))
    user.add_argument("name", nargs="?", metavar="NAME")
    user.add_argument(
        "--auth-file", type=Path, required=True, metavar="FILE", help="the file of users; made where there is none"
    )
    user.add_argument(
        "--role", choices=("editor", "reader"), default="editor", help="readers may ask, but not add or remove"
    )
    user.set_defaults(run=_user, library=None, embedding_model=None)


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
        "--workers", type=_positive, metavar="N", help="how many files to read at once (default: one a core)"
    )


def _positive(said: str) -> int:
    number = int(said)
    if number < 1:
        raise argparse.ArgumentTypeError("a number from 1 on is wanted")
    return number


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
        return _fail(str(error))
    except KeyboardInterrupt:
        print("\ninterrupted; what was reported done is kept", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE


def _fail(message: str) -> int:
    print(f"report-chat: {message}", file=sys.stderr)
    return 2


def _open(chosen: argparse.Namespace) -> ReportChat:
    from chat.report_chat import ReportChat

    return ReportChat.open(
        chosen.library, embedding_model=chosen.embedding_model, reranker=chosen.reranker, llm=_llm(chosen)
    )


def _llm(chosen: argparse.Namespace) -> LanguageModel | None:
    """The language model that the command line names; ValueError where it names half of one."""
    url, name = getattr(chosen, "llm", None), getattr(chosen, "llm_model", None)
    if not url and not name:
        return None
    if not (url and name):
        raise ValueError("--llm URL and --llm-model NAME go together: the server, and which of its models to use.")
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"--llm {url}: not an address. It begins with http:// or https:// and mostly ends in /v1.")
    from chat.llm import Limits, ServedModel

    return ServedModel(url, name, limits=Limits(window=max(chosen.llm_window, 0)))


def _notify(said: str) -> None:
    print(said, file=sys.stderr, flush=True)


def _to_write(chosen: argparse.Namespace, *, create: bool = False) -> Library:
    """The library, to be written to."""
    from index.library import Library

    return Library.open(
        chosen.library, embedding_model=chosen.embedding_model, create=create, wait=chosen.wait, notify=_notify
    )


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))


def _serve(chosen: argparse.Namespace) -> int:
    from index.intake import ingest_paths
    from index.library import DATABASE, Library

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
        serve(_open(chosen), serving)
    except CannotServe as error:
        return _fail(str(error))
    return 0


def _ingest(chosen: argparse.Namespace) -> int:
    import codecs

    from chat.progress import Progress, table
    from index.intake import Intake, ingest_paths

    if chosen.encoding:
        try:
            codecs.lookup(chosen.encoding)
        except LookupError:
            return _fail(
                f"no encoding is called {chosen.encoding!r}. Known are utf-8, gb18030, big5, utf-16, cp1252, ..."
            )
    how = Intake(encoding=chosen.encoding, workers=chosen.workers)
    progress = Progress()

    def tell() -> int:
        progress.end()
        failed = sum(outcome.outcome == "failed" for outcome in progress.outcomes)
        if chosen.json:
            _print_json({"files": _plain(progress.outcomes), "failed": failed})
        else:
            print(table(progress.outcomes))
        return 1 if failed else 0

    try:
        with _to_write(chosen, create=True) as library:
            ingest_paths(
                library, chosen.paths, progress.file, on_page=progress.page, on_total=progress.files, intake=how
            )
    except BaseException:
        if progress.outcomes:  # what was done before Ctrl-C, or before the disk was full, is told too
            tell()
        raise
    return tell()


def _plain(outcomes: Sequence[FileOutcome]) -> list[dict[str, Any]]:
    """The outcomes as plain objects."""
    from dataclasses import asdict

    return [asdict(outcome) for outcome in outcomes]


def _remove(chosen: argparse.Namespace) -> int:
    from index.errors import NoSuchDocument

    code = 0
    with _to_write(chosen) as library:
        for name in chosen.documents:
            try:
                info = library.remove(name)
                print(f"removed {info.name} ({info.chunks} chunks, {info.figures} figures)")
            except NoSuchDocument as error:
                print(f"report-chat: {error}", file=sys.stderr)
                code = 1
    return code


def _reembed(chosen: argparse.Namespace) -> int:
    from index.library import Library

    def on_progress(done: int, total: int) -> None:
        print(f"\r{done} of {total} chunks embedded", end="" if done < total else "\n", file=sys.stderr, flush=True)

    with Library.reembed(
        chosen.library, chosen.embedding_model, on_progress, wait=chosen.wait, notify=_notify
    ) as library:
        print(f"{library.document_count()} documents now have the vectors of {library.embedder}")
    return 0


def _rebuild(chosen: argparse.Namespace) -> int:
    with _to_write(chosen) as library:
        library.rebuild(_Counter())
        print(f"made anew from {library.document_count()} documents, {library.chunk_count()} chunks")
    return 0


class _Counter:
    """Shows on standard error, a few times a second, how far something has come; silent where it is quick."""

    def __init__(self) -> None:
        self._shown = time.monotonic()
        self._open = False

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._shown >= 0.5 or (self._open and done >= total):
            self._open, self._shown = done < total, now
            end = "" if self._open else "\n"
            print(f"\r{what}: {done} of {total} ", end=end, file=sys.stderr, flush=True)


def _check(chosen: argparse.Namespace) -> int:
    from dataclasses import asdict

    from index.check import check

    found = list(check(chosen.library, chosen.embedding_model, _Counter()))
    wrong = [finding for finding in found if finding.wrong]
    if chosen.json:
        _print_json({"sound": not wrong, "findings": [asdict(finding) for finding in found]})
        return 1 if wrong else 0
    for finding in found:
        said = f"WRONG: {finding.wrong}" if finding.wrong else "sound"
        print(f"{finding.name:<14}{said}" + (f"  ({finding.seen})" if finding.seen else ""))
    if wrong and all(finding.derived for finding in wrong):
        print(f"The documents are sound. Mend the rest: report-chat rebuild --library {chosen.library}")
    elif wrong:
        print("The database is damaged. Restore the folder, or remove it and ingest the reports again.")
    return 1 if wrong else 0


def _list(chosen: argparse.Namespace) -> int:
    from dataclasses import asdict

    from index.library import Library

    with Library.open(chosen.library, embedding_model=chosen.embedding_model) as library:
        documents, notes = library.documents(), library.notes()
    if chosen.json:
        _print_json([{**asdict(info), "notes": list(notes.get(info.id, ()))} for info in documents])
        return 0
    for info in documents:
        print(f"{info.name}\t{info.title}\t{info.pages} pages\t{info.chunks} chunks\t{info.figures} figures\t{info.id}")
        for note in notes.get(info.id, ()):
            print(f"    note: {note}")
    return 0


def _ask(chosen: argparse.Namespace) -> int:
    if chosen.questions:
        return _ask_file(chosen)
    question = chosen.question
    if question in (None, "-"):
        if question is None and sys.stdin.isatty():
            return _fail("no question. Give one in quotation marks, or a file with --questions.")
        question = sys.stdin.buffer.read(4_000_000).decode("utf-8", "replace")
    answer = _open(chosen).ask(question)
    if chosen.json:
        _print_json(answer.to_dict())
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
        return _fail(f"{chosen.questions}: cannot be read ({error}). Give a file of JSON lines in UTF-8.")
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
                rows.append({"id": row["id"], "question": str(row["question"])})
            except (ValueError, KeyError, TypeError) as error:
                return _fail(
                    f'{chosen.questions}, line {number}: {type(error).__name__}: {error}. A line is {{"id": ..., "question": ...}}.'
                )
    chat = _open(chosen)
    for row in rows:
        _print_json({"id": row["id"], **chat.ask(row["question"]).to_dict()})
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


def _figures(chosen: argparse.Namespace) -> int:
    from index.library import Library

    with Library.open(chosen.library, embedding_model=chosen.embedding_model) as library:
        infos = {info.id: info for info in library.documents()}
        wanted = [i for i, info in infos.items() if chosen.document in (None, info.name, info.path, info.title, i)]
        if chosen.document and not wanted:
            return _fail(f"no document is called {chosen.document!r}. See them with: report-chat list")
        rows = [_figure_row(infos[i].name, figure) for i, figure in library.figures() if i in wanted]
    if chosen.json:
        _print_json(rows)
    elif chosen.csv:
        sys.stdout.reconfigure(encoding="utf-8-sig", newline="")  # type: ignore[union-attr]
        writer = csv.DictWriter(sys.stdout, _FIGURE_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    else:
        for row in rows:
            print("\t".join(str(row[name] or "") for name in ("document", "text", "value", "unit", "period", "label")))
    return 0


def _figure_row(document: str, figure: Figure) -> dict[str, Any]:
    row = {name: getattr(figure, name) for name in _FIGURE_COLUMNS[1:]}
    high = None if figure.high is None else format(figure.high, "f")
    return {"document": document, **row, "value": format(figure.value, "f"), "high": high}


def _feedback(chosen: argparse.Namespace) -> int:
    from dataclasses import asdict

    from chat.feedback import Feedback, Judgement

    judgements = list(Feedback(chosen.library).all())
    if chosen.json:
        _print_json([asdict(judgement) for judgement in judgements])
        return 0
    if chosen.csv:
        sys.stdout.reconfigure(encoding="utf-8-sig", newline="")  # type: ignore[union-attr]
        writer = csv.DictWriter(sys.stdout, list(Judgement.__dataclass_fields__))
        writer.writeheader()
        writer.writerows({**asdict(one), "quotes": " ".join(one.quotes)} for one in judgements)
        return 0
    for one in judgements:
        said = " ".join(one.direct.split()) if one.found else "(not found)"
        print("\t".join((one.time, one.verdict, one.reason, " ".join(one.question.split()), said)))
    if not judgements:
        print("nobody has judged an answer yet", file=sys.stderr)
    return 0


def _user(chosen: argparse.Namespace) -> int:
    from chat.users import BadUsers, read_users, remove_user, write_user

    try:
        if chosen.act == "list":
            for user in read_users(chosen.auth_file).values():
                print(f"{user.name}\t{user.role}\t{'hashed' if user.hashed else 'password in plain text: add it anew'}")
            return 0
        if not chosen.name:
            return _fail(f"whom? report-chat user {chosen.act} NAME --auth-file {chosen.auth_file}")
        if chosen.act == "remove":
            if not remove_user(chosen.auth_file, chosen.name):
                return _fail(f"nobody is called {chosen.name!r} in {chosen.auth_file}")
            print(f"removed {chosen.name}")
            return 0
        replaced = write_user(chosen.auth_file, chosen.name, _password(), chosen.role)
    except BadUsers as error:
        return _fail(str(error))
    print(f"{'changed' if replaced else 'added'} {chosen.name} ({chosen.role})")
    return 0


def _password() -> str:
    """A password from the terminal, asked for twice; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass

    from chat.users import BadUsers

    password = getpass("password: ")
    if getpass("again: ") != password:
        raise BadUsers("the two are not the same; nothing was changed.")
    return password


def _mcp(chosen: argparse.Namespace) -> int:
    from importlib.util import find_spec

    if find_spec("mcp") is None:
        return _fail("the mcp command needs the mcp package: pip install 'report-chat[mcp]'")
    from chat.mcp_server import serve

    serve(_open(chosen))
    return 0


def _evaluate(chosen: argparse.Namespace) -> int:
    from chat.evaluate import evaluate, load_questions

    questions = load_questions(chosen.questions)
    evaluation = evaluate(_open(chosen), questions)
    if chosen.json:
        _print_json(evaluation.to_dict())
    else:
        print(evaluation.table())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

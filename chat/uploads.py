"""Files that people add through the page: kept in the library's folder, read one after another, told about meanwhile."""

from __future__ import annotations

import contextlib
import queue
import re
import secrets
import shutil
import tempfile
import threading
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from chat.taking import Skipped, Taken, take
from index.errors import LibraryError, LibraryLocked
from index.library import Library
from index.store import DocumentInfo
from ingest.errors import IngestError
from ingest.problems import Problem, problem
from ingest.sandbox import Worker
from ingest.types import Document

FOLDER = "files"
_LONGEST_NAME = 120  # characters
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_KEPT = 50  # jobs that are told about
_TOLD = ("state", "problem", "told", "chunks", "figures", "files", "failed")
_ENDED = ("added", "replaced", "unchanged", "duplicate", "skipped", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Job:
    """What becomes of one file. `state` is queued, reading, or how it ended; `problem` says why, where it was not added,
    `told` what is told of it: the name of a copy, or what was left out. Where it holds others, `files` says how many, and
    `failed` which of them could not be read, and why.
    """

    id: str
    name: str
    state: str = "queued"
    problem: Problem | None = None
    told: str = ""
    page: int = 0
    pages: int = 0
    chunks: int = 0
    figures: int = 0
    files: int = 0
    failed: tuple[tuple[str, Problem], ...] = ()

    @property
    def ended(self) -> bool:
        """Whether nothing more becomes of it."""
        return self.state in _ENDED


def safe_name(name: str) -> str:
    """A file name as people gave it, without anything that leads elsewhere or cannot be a name."""
    base = PureWindowsPath(PurePosixPath(name).name).name
    cleaned = _UNSAFE.sub("_", base).strip(" .")
    stem, dot, suffix = cleaned.rpartition(".")
    if not dot:
        return cleaned[:_LONGEST_NAME] or "file"
    return f"{stem[: _LONGEST_NAME - len(suffix) - 1] or 'file'}.{suffix[:10]}"


class Uploads:
    """Takes files, reads them in a thread of its own, removes Documents and brings the last removed back."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._temporary = None if library.folder else tempfile.TemporaryDirectory(prefix="report-chat-")
        self._folder = (library.folder or Path(self._temporary.name if self._temporary else "")) / FOLDER
        self._jobs: dict[str, Job] = {}
        self._paths: dict[str, Path] = {}
        self._waiting: queue.Queue[str | None] = queue.Queue()
        self._changed = threading.Condition()
        self._worker: Worker | None = None
        self._reading = ""
        self._thread: threading.Thread | None = None
        self._removed: dict[str, Document] = {}
        self._closed = False

    def place(self, name: str) -> Path:
        """Where a file of that name may be written, in a folder of its own."""
        folder = self._folder / secrets.token_hex(6)
        folder.mkdir(parents=True)
        return folder / safe_name(name)

    def discard(self, path: Path) -> None:
        """Take away a file that was given a place."""
        if self._folder in path.parents:
            shutil.rmtree(path.parent, ignore_errors=True)

    def submit(self, path: Path) -> Job:
        """Have a file read that stands at its `place`."""
        job = Job(secrets.token_hex(6), path.name)
        with self._changed:
            self._jobs[job.id], self._paths[job.id] = job, path
            for old in [one.id for one in self._jobs.values() if one.ended][: max(len(self._jobs) - _KEPT, 0)]:
                del self._jobs[old]
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="uploads", daemon=True)
                self._thread.start()
        self._waiting.put(job.id)
        self._tell()
        return job

    def refuse(self, name: str, problem: Problem) -> None:
        """Tell of a file that is not taken at all."""
        with self._changed:
            job = Job(secrets.token_hex(6), safe_name(name), state="failed", problem=problem)
            self._jobs[job.id] = job
        self._tell()

    def jobs(self) -> tuple[Job, ...]:
        """All jobs of late, oldest first."""
        with self._changed:
            return tuple(self._jobs.values())

    def wait(self, seen: tuple[Job, ...], seconds: float) -> tuple[Job, ...]:
        """The jobs, as soon as they differ from those seen, or after some seconds."""
        with self._changed:
            self._changed.wait_for(lambda: tuple(self._jobs.values()) != seen, seconds)
            return tuple(self._jobs.values())

    def cancel(self, job_id: str) -> None:
        """Stop a job: what waits is not read, what is being read is left."""
        with self._changed:
            job = self._jobs.get(job_id)
            if job is None or job.ended:
                return
            self._jobs[job_id] = replace(job, state="cancelled")
            if self._reading == job_id and self._worker is not None:
                self._worker.close()
        self._tell()

    def forget(self) -> None:
        """Tell no more about what has ended."""
        with self._changed:
            self._jobs = {job.id: job for job in self._jobs.values() if not job.ended}

    def remove(self, document_id: str) -> DocumentInfo:
        """Remove a Document; `restore` brings it back while this runs. NoSuchDocument where there is none."""
        document = self.library.document(document_id)
        info = self.library.remove(document_id)
        self._removed[document_id] = document
        while len(self._removed) > _KEPT:
            self._removed.pop(next(iter(self._removed)))
        return info

    def restore(self, document_id: str) -> bool:
        """Bring a removed Document back; whether it could be."""
        document = self._removed.pop(document_id, None)
        if document is None:
            return False
        self.library.add(document)
        return True

    def sweep(self) -> None:
        """Take away kept files that no Document has any more."""
        held = {str(folder) for info in self.library.documents() for folder in Path(info.path).parents}
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if str(folder) not in held and folder.is_dir() and not folder.is_symlink():
                shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Stop reading; what was added is kept, what was not is left out."""
        with self._changed:
            self._closed = True
            if self._worker is not None:
                self._worker.close()
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join(10)
        if self._temporary is not None:
            self._temporary.cleanup()

    def _run(self) -> None:
        while (job_id := self._waiting.get()) is not None and not self._closed:
            path = self._paths.pop(job_id)
            job = self.jobs_by_id(job_id)
            if job is not None and not job.ended:
                self._read(job, path)
            else:
                self.discard(path)

    def jobs_by_id(self, job_id: str) -> Job | None:
        """The job with that id; None where nothing is known of it."""
        with self._changed:
            return self._jobs.get(job_id)

    def _read(self, job: Job, path: Path) -> None:
        """Read one file and say what became of it; what was not added is not kept."""
        self._set(job.id, state="reading")
        with self._changed:
            self._worker, self._reading = Worker(), job.id
        taken = Taken()
        try:
            taken = self._taken(job, path, self._worker)
            ended = _outcome(job, taken)
        except Skipped as error:
            ended = Job(job.id, job.name, "skipped", error.problem)
        except IngestError as error:
            ended = Job(job.id, job.name, "failed", error.problem)
        except LibraryLocked:
            ended = Job(job.id, job.name, "failed", problem("in use"))
        except (LibraryError, OSError) as error:
            ended = Job(job.id, job.name, "failed", problem("not kept", why=error))
        finally:
            self._worker.close()
            with self._changed:
                self._worker, self._reading = None, ""
        if not taken.added:
            self.discard(path)
        told = self._set(job.id, **{name: getattr(ended, name) for name in _TOLD})
        if not told and taken.added:  # it was cancelled meanwhile
            for document_id in taken.added:
                with contextlib.suppress(LibraryError):
                    self.library.remove(document_id)
            self.discard(path)

    def _taken(self, job: Job, path: Path, worker: Worker) -> Taken:
        def on_page(page: int, pages: int) -> None:
            self._set(job.id, page=page, pages=pages)

        def go_on() -> bool:
            now = self.jobs_by_id(job.id)
            return now is not None and not now.ended

        return take(self.library, path, worker, on_page, go_on)

    def _set(self, job_id: str, **changes: object) -> bool:
        """Change what is told of a job; whether it had not ended before."""
        with self._changed:
            job = self._jobs.get(job_id)
            if job is None or job.ended:
                return False
            self._jobs[job_id] = replace(job, **changes)  # type: ignore[arg-type]
        self._tell()
        return True

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()


def _outcome(job: Job, taken: Taken) -> Job:
    """What is told of a file that was read."""
    state = taken.outcome if taken.added else "duplicate" if taken.known else "failed"
    told = " ".join(taken.notes) if taken.added else taken.same
    files = len(taken.added) + taken.known + len(taken.failed) if taken.holds else 0
    return replace(
        job, state=state, told=told, chunks=taken.chunks, figures=taken.figures, files=files, failed=tuple(taken.failed)
    )

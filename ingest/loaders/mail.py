"""Mail: what it says is one Document, what is attached to it are others."""

from __future__ import annotations

from email import policy
from email.errors import MessageError
from email.message import EmailMessage, Message, MIMEPart
from email.parser import BytesParser
from pathlib import Path, PurePosixPath

from ingest.errors import UnreadableFile
from ingest.loaders.html import hidden_note, write_html
from ingest.loaders.markup import parse_html
from ingest.loaders.types import Loaded, Member, OnPage, unheard
from ingest.loaders.writer import Writer

_HEADERS = ("From", "To", "Cc", "Date")


def load_mail(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """Sender, receivers, date and text; the subject is the title."""
    message = _message(path, data)
    writer = Writer()
    subject = _header(message, "Subject")
    writer.heading(subject)
    for name in _HEADERS:
        if said := _header(message, name):
            writer.line(f"{name}: {said}")
    notes: list[str] = []
    body = message.get_body(("plain", "html"))
    if body is not None:
        said = _text(body)
        root = parse_html(path, said) if body.get_content_type() == "text/html" else None
        if root is not None:
            notes = hidden_note(write_html(writer, root))
        else:
            for line in said.splitlines():
                writer.line(line)
    return writer.loaded(subject, notes)


def attachments(path: Path, data: bytes) -> list[Member]:
    """What is attached: files, and other mails."""
    found: list[Member] = []
    for number, part in enumerate(_message(path, data).iter_attachments(), 1):
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                found.append(Member(_name(part) or f"attached-{number}.eml", inner[0].as_bytes()))
            continue
        name, payload = _name(part), part.get_payload(decode=True)
        if name and isinstance(payload, bytes):
            found.append(Member(name, payload))
    return found


def _name(part: MIMEPart) -> str:
    """The name of an attachment, without the folders that it may pretend to."""
    return PurePosixPath((part.get_filename() or "").replace("\\", "/")).name


def _message(path: Path, data: bytes) -> EmailMessage:
    try:
        return BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
    except (MessageError, ValueError, LookupError, IndexError, AttributeError) as error:
        raise UnreadableFile(path, "mail", why=error) from error


def _header(message: EmailMessage, name: str) -> str:
    """What a header says; where Python cannot read it ("To: someone@"), as it stands."""
    try:
        said = str(message.get(name, ""))
    except (IndexError, ValueError, AttributeError):
        said = next(str(value) for key, value in message.raw_items() if key.lower() == name.lower())
    return " ".join(said.split())


def _text(body: MIMEPart) -> str:
    """The text of a part, its unknown or wrong encoding guessed."""
    try:
        return str(body.get_content())
    except (LookupError, UnicodeError, ValueError):
        from ingest.encoding import UndecodableBytes, decode

        payload = body.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        try:
            return decode(data)
        except UndecodableBytes:
            return data.decode("latin-1")

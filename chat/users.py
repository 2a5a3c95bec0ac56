"""Who may sign in: a file of one user a line, passwords hashed with scrypt (RFC 7914).

    name:$scrypt$ln=14,r=8,p=1$SALT$HASH:role

Lines of name:password, in plain text, are read too, since files of old have them. The roles are "editor", who may add
and remove documents, and "reader", who may not; who has none given is an editor.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

Role = Literal["editor", "reader"]
_COST, _BLOCK, _PARALLEL = 14, 8, 1  # 16 MB and about 50 ms a try
_HASHED = re.compile(r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/=]+)\$([\w+/=]+)(?::(\w+))?")
_NAME = re.compile(r"[^\s:#][^:\s]{0,63}")
_SHORTEST = 8  # characters of a new password


class BadUsers(Exception):
    """The file of users cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class User:
    """One who may sign in. `secret` is a hash, or in old files the password itself."""

    name: str
    secret: str
    role: Role = "editor"

    @property
    def hashed(self) -> bool:
        """Whether the file holds a hash rather than the password."""
        return _HASHED.fullmatch(self.secret) is not None


def hash_password(password: str) -> str:
    """The password's scrypt hash with a salt of its own."""
    salt = os.urandom(16)
    return f"$scrypt$ln={_COST},r={_BLOCK},p={_PARALLEL}${_b64(salt)}${_b64(_scrypt(password, salt, _COST, _BLOCK, _PARALLEL))}"


def matches(secret: str, password: str) -> bool:
    """Whether the password is the one of the secret; the time taken says nothing about how much of it is right."""
    found = _HASHED.fullmatch(secret)
    if found is None:
        digests = (hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (secret, password))
        return bool(secret) and hmac.compare_digest(*digests)
    cost, block, parallel = (int(found[at]) for at in (1, 2, 3))
    made = _scrypt(password, base64.b64decode(found[4]), cost, block, parallel)
    return hmac.compare_digest(made, base64.b64decode(found[5]))


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    data = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=2**cost, r=block, p=parallel, maxmem=2**27, dklen=32)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def read_users(path: Path) -> dict[str, User]:
    """Name -> User of a file; BadUsers where it cannot be read or has a line that is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadUsers(
            f"{path}: cannot be read ({error}). Make it with: report-chat user add NAME --auth-file {path}"
        ) from error
    users = [
        _user(path, number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")
    ]
    if not users:
        raise BadUsers(f"{path}: nobody is in it. Add someone: report-chat user add NAME --auth-file {path}")
    return {user.name: user for user in users}


def _user(path: Path, number: int, line: str) -> User:
    name, colon, secret = line.strip().partition(":")
    name, secret = name.strip(), secret.strip()
    if not colon or not name or not secret:
        raise BadUsers(f"{path}, line {number}: not a name:password line. Write it with: report-chat user add NAME")
    found = _HASHED.fullmatch(secret)
    if found is None:
        if secret.startswith("$scrypt$"):
            raise BadUsers(
                f"{path}, line {number}: the hash of {name!r} is damaged. Write it anew: report-chat user add {name}"
            )
        return User(name, secret)
    role = found[6] or "editor"
    if role not in get_args(Role):
        raise BadUsers(f"{path}, line {number}: the role {role!r} is none of {', '.join(get_args(Role))}.")
    return User(name, secret.removesuffix(f":{found[6]}") if found[6] else secret, role)  # type: ignore[arg-type]


def write_user(path: Path, name: str, password: str, role: Role = "editor") -> bool:
    """Put a user into the file, in place of one of that name; whether there was one. BadUsers where it cannot be."""
    if not _NAME.fullmatch(name):
        raise BadUsers(f"{name!r} is no name: it has no spaces and no colon, and at most 64 characters.")
    if len(password) < _SHORTEST:
        raise BadUsers(f"the password has {len(password)} characters; at least {_SHORTEST} are needed.")
    kept, replaced = _without(path, name)
    _rewrite(path, [*kept, f"{name}:{hash_password(password)}:{role}"])
    return replaced


def remove_user(path: Path, name: str) -> bool:
    """Take a user out of the file; whether there was one."""
    kept, found = _without(path, name)
    if found:
        _rewrite(path, kept)
    return found


def _without(path: Path, name: str) -> tuple[list[str], bool]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise BadUsers(f"{path}: cannot be read ({error}).") from error
    kept = [line for line in lines if line.startswith("#") or line.partition(":")[0].strip() != name]
    return kept, len(kept) < len(lines)


def _rewrite(path: Path, lines: list[str]) -> None:
    """All of the file or nothing of it, for its owner's eyes alone."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
        temporary.replace(path)
    except OSError as error:
        raise BadUsers(f"{path}: cannot be written ({error.strerror}).") from error


@dataclass(slots=True)
class Attempts:
    """Limits how often one may fail within a while: by address, and by name whatever the address."""

    most: int = 5
    seconds: float = 300.0
    clock: Callable[[], float] = time.monotonic
    _failed: dict[str, list[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, *keys: str) -> float:
        """Seconds until all of the keys may try again; 0 where they may now."""
        now = self.clock()
        with self._lock:
            return max((self._wait(key, now) for key in keys), default=0.0)

    def _wait(self, key: str, now: float) -> float:
        recent = [at for at in self._failed.get(key, ()) if now - at < self.seconds]
        if recent:
            self._failed[key] = recent
        else:
            self._failed.pop(key, None)
        return recent[-self.most] + self.seconds - now if len(recent) >= self.most else 0.0

    def fail(self, *keys: str) -> None:
        """Count a failure for each of the keys."""
        now = self.clock()
        with self._lock:
            if len(self._failed) > 10_000:  # forget who may try again
                self._failed = {key: at for key, at in self._failed.items() if now - at[-1] < self.seconds}
            for key in keys:
                self._failed.setdefault(key, []).append(now)

    def succeed(self, *keys: str) -> None:
        """Forget the failures of the keys."""
        with self._lock:
            for key in keys:
                self._failed.pop(key, None)

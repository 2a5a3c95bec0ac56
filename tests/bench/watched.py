"""Run report-chat, and note in a file each address beyond this machine that it looks up or reaches for:
`python -m tests.bench.watched FILE serve ...`. The file is empty at the end where there was none.
"""

from __future__ import annotations

import sys
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Any

_EVENTS = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")


def watch(file: IO[str]) -> None:
    """Note every address that is not of this machine from now on."""

    def noted(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _EVENTS and (host := _host(arguments)) and not _here(host):
            file.write(f"{event} {host}\n")
            file.flush()

    sys.addaudithook(noted)


def _host(arguments: tuple[Any, ...]) -> str:
    """The host of an audit event: its first word, or the address behind the socket; "" for sockets of files."""
    host = arguments[1] if not isinstance(arguments[0], str | bytes) else arguments[0]
    host = host[0] if isinstance(host, tuple) else host
    return host.decode() if isinstance(host, bytes) else host if isinstance(host, str) else ""


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return host == "localhost" or host.startswith("/")


if __name__ == "__main__":
    from chat.cli import main

    with Path(sys.argv[1]).open("w", encoding="utf-8") as file:
        watch(file)
        sys.exit(main(sys.argv[2:]))

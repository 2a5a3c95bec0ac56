"""Where a library and the sample reports stand when nobody says so."""

from __future__ import annotations

import os
from pathlib import Path


def checkout() -> Path | None:
    """The checkout that this runs in: of the working directory, else the one that the package itself stands in."""
    for folder in (Path.cwd(), Path(__file__).resolve().parents[1]):
        if (folder / "data" / "reports").is_dir() and (folder / "pyproject.toml").is_file():
            return folder
    return None


def default_library() -> Path:
    """REPORT_CHAT_LIBRARY, else data/library in a checkout, else the platform's user data folder."""
    named = os.environ.get("REPORT_CHAT_LIBRARY")
    if named:
        return Path(named)
    here = checkout()
    if here:
        return here / "data" / "library"
    from platformdirs import user_data_path

    return user_data_path("report-chat") / "library"


def sample_reports() -> Path | None:
    """The reports that a new library is built from; None outside a checkout."""
    here = checkout()
    return here / "data" / "reports" if here else None

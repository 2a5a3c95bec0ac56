"""How well retrieval, reading and document loading do on public and own cases: `python -m tests.benchmark [SECTION ...]`.

Each section is a module of this package with `run(data) -> Lines`, where `data` is the folder of development data
(default: ../shared/data beside the checkout). A section whose data is not there says so and is left out.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import platform
import time
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "data"
SECTIONS = sorted(
    one.name
    for one in pkgutil.iter_modules([str(HERE)])
    if one.name not in ("__main__", "score", "passages", "cells", "prospectuses")
)


def main() -> None:
    """Run the sections asked for and print their lines as they come."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sections", nargs="*", help="which (default: all)", metavar="SECTION")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of development data (default: %(default)s)")
    arguments = parser.parse_args()
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}")
    for name in arguments.sections or SECTIONS:
        started = time.perf_counter()
        print(f"\n{name}", flush=True)
        try:
            for line in importlib.import_module(f"tests.benchmark.{name}").run(arguments.data):
                print(f"  {line.line()}", flush=True)
        except FileNotFoundError as error:
            print(f"  left out: {error.filename} is not there")
        print(f"  ({time.perf_counter() - started:.0f} s)", flush=True)


main()

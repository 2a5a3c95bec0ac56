"""The bench of the page measures what it says: over a small served library, and with a process that reaches out."""

import subprocess
import sys

from conftest import ROOT

from tests.bench.measure import article_library, held, served
from tests.bench.page import Measure, crowd, memory, outside

ASKED = ["截至2023年底服务了多少小微用户?", "理财余额是多少?", "网商银行的员工离职率是多少?"]


def test_a_served_library_is_measured(tmp_path, capsys):
    reached = tmp_path / "reached"
    library = article_library(tmp_path / "library")
    with served(library, program=("-m", "tests.bench.watched", str(reached))) as (address, process):
        first, whole = crowd(address, ASKED)
        (grown,) = memory(address, process, ASKED, 30)
        (went,) = outside(reached)
        assert 0 < first.value <= whole.value
        assert 50 < grown.value < 150 and 50 < held(process) < 2000
        assert went.value == 0 and went.holds
    assert "after 30 questions" in capsys.readouterr().out
    assert Measure("a", 2, 1).holds is False and "MISSED" in str(Measure("a", 2, 1))


def test_who_reaches_out_is_noted(tmp_path):
    program = (
        "import socket, sys\n"
        "from tests.bench.watched import watch\n"
        "watch(open(sys.argv[1], 'w'))\n"
        "with socket.socket() as one:\n"
        "    one.settimeout(0.01)\n"
        "    for address in (('127.0.0.1', 9), ('192.0.2.1', 9)):\n"
        "        try: one.connect(address)\n"
        "        except OSError: pass\n"
    )
    noted = tmp_path / "noted"
    subprocess.run([sys.executable, "-c", program, str(noted)], cwd=ROOT, check=True)
    assert noted.read_text() == "socket.connect 192.0.2.1\n"

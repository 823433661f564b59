"""The calculation of what a load needs: that it holds for what was measured, and that the documents say what it says."""

import re
import subprocess
import sys

import pytest

from program import ROOT

sys.path.append(str(ROOT / "scripts/lib"))

from capacity_model import GB, Load, Machines, Measured, member_memory, needs, recompute, turn  # noqa: E402

DOCUMENT = (ROOT / "docs/CAPACITY.md").read_text()


def capacity(*options):
    done = subprocess.run([ROOT / "scripts/capacity", *options], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_the_document_shows_what_the_calculation_says():
    commands = re.findall(r"^    (scripts/capacity(?! --measure)[^\n#]*)", DOCUMENT, re.MULTILINE)
    assert len(commands) >= 2
    for command in commands:
        code, output, _ = capacity(*command.split()[1:])
        assert code == 0
        for line in filter(None, map(str.strip, output.splitlines())):
            assert line in DOCUMENT, f"{command}: {line}"


def test_the_first_bottleneck_is_moved_by_a_retention():
    assert needs(Load(), Measured(), Machines())[0].what.startswith("disk of the brokers")
    found = needs(Load(retention=40), Measured(), Machines())
    assert found[0].what.startswith("memory of a server")
    assert all(need.share < 1 for need in found[1:])
    assert needs(Load(retention=40), Measured(), Machines(memory=32e9))[0].share < 1


@pytest.mark.parametrize(("partners", "users", "actual"), [(1e4, 100, 1.101 * 1.0486), (1e5, 30, 5.8)])
def test_memory_is_what_was_measured(partners, users, actual):
    """The peaks of one process in docs/PERFORMANCE.md, in GB."""
    load = Load(partners=partners, users=users, workloads=1)
    predicted = member_memory(load, Measured(), 1) / GB
    assert 0.95 * actual < predicted < 1.6 * actual


def test_more_members_need_less_each():
    load, measured = Load(), Measured()
    memory = [member_memory(load, measured, members, spare=0) for members in (1, 2, 4, 8)]
    assert memory == sorted(memory, reverse=True)
    for what in (turn, lambda *each: recompute(*each, 30)):
        times = [what(load, measured, Machines(members=members)).cpu for members in (1, 2, 4)]
        assert times[0] == pytest.approx(2 * times[1]) == pytest.approx(4 * times[2])


@pytest.mark.parametrize("options", [["--members", "0"], ["--events", "-1"], ["--partners", "many"], ["--measure", "0"]])
def test_bad_options_are_refused(options):
    code, _, said = capacity(*options)
    assert code != 0
    assert "capacity: " in said

"""scripts/nightly runs its steps and reports each, however they end."""

import re
import signal
import subprocess
import sys

from program import ROOT
from waiting import wait_for

sys.path.insert(0, str(ROOT / "scripts/lib"))
from nightly_main import run_all  # noqa: E402
from nightly_steps import Step, steps  # noqa: E402


def test_each_step_is_reported_and_none_stops_the_others(tmp_path):
    chosen = [
        Step("one that passes", ["sh", "-c", "echo all is well"]),
        Step("one that fails", ["sh", "-c", "echo seed 17 is bad; exit 3"]),
        Step("one that hangs", ["sleep", "600"], limit=0.2),
        Step("one that cannot", ["true"], left_out="there is no broker"),
        # As often as it takes until its time is over, which the second run is sure to exceed.
        Step("one that repeats", ["sh", "-c", "echo \"$@\"; [ $2 = 5 ] || sleep 2", "sh", "--seed", "5", "--seeds", "10"], repeat_for=2),
    ]
    assert run_all(chosen, 5, tmp_path) == 1
    report = (tmp_path / "report.md").read_text()
    assert re.search(r"^# Nightly run of .* UTC: 2 of 5 steps failed$", report, re.MULTILINE)
    assert "| one that passes | `sh -c echo all is well` | passed | 1 |" in report
    assert "| FAILED (exit code 3) | 1 |" in report and "    seed 17 is bad" in report
    assert "| FAILED (no end within 0 s) | 1 |" in report
    assert "| left out (there is no broker) | 0 |" in report
    assert (tmp_path / "one-that-repeats.log").read_text().count("--seed 15 --seeds 10\n") == 2
    for log in re.findall(r"\[log\]\((.*)\)", report):
        assert (tmp_path / log).exists()


def test_a_night_without_failures_passes(tmp_path):
    assert run_all([Step("one", ["true"])], 5, tmp_path) == 0
    assert "no step of 1 failed" in (tmp_path / "report.md").read_text()


def test_what_is_stopped_leaves_a_report_and_nothing_running(tmp_path):
    program = ("import sys, pathlib; sys.path.insert(0, 'scripts/lib'); import signal\n"
               "from nightly_main import run_all; from nightly_steps import Step\n"
               "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\n"
               f"run_all([Step('long', ['sh', '-c', 'echo $$; exec sleep 600']), Step('next', ['true'])], 5, pathlib.Path({str(tmp_path)!r}))")
    process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.DEVNULL)
    log = tmp_path / "long.log"
    wait_for(lambda: log.exists() and re.search(r"^\d+$", log.read_text(), re.MULTILINE))
    child = re.search(r"^\d+$", log.read_text(), re.MULTILINE)[0]
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 143
    assert "| next | `true` | not run |" in (tmp_path / "report.md").read_text()
    assert subprocess.run(["ps", "-p", child], capture_output=True).returncode == 1


def test_the_commands_are_those_that_the_scripts_know(monkeypatch):
    monkeypatch.setenv("KAFKA_HOME", "/nowhere")
    for step in steps(2, False, 7) + steps(1, True, 7):
        assert (ROOT / step.command[0]).exists() and not step.left_out
        name = step.command[0].removeprefix("scripts/")
        source = {"simulate": "Tests/Support/Simulate/main.swift", "test": "scripts/test"}.get(name, f"scripts/lib/{name}_main.py")
        for option in [word for word in step.command if word.startswith("--")]:
            assert re.search(rf'"{option}"|{option}\)', (ROOT / source).read_text()), (step.name, option)
    monkeypatch.delenv("KAFKA_HOME")
    assert [step.name for step in steps(1, True, 7) if step.left_out] == ["chaos"]

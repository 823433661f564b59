"""The completions of the shells and the manual pages: made from the commands themselves, and tried in what reads them."""

import os
import pty
import re
import select
import shutil
import subprocess
import time

import pytest

from program import PATIENCE, PROGRAM
from waiting import SLOWNESS


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=PATIENCE, **options)
    assert done.returncode == 0 and not done.stderr, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def commands():
    """All commands, as the overview of the help names them."""
    overview = run(PROGRAM, "--help").split("Commands:\n")[1].split("\n\n")[0]
    return [re.match(r"  ((?:[a-z]+ ?)+)(?:  |$)", line)[1].strip() for line in overview.splitlines() if line[2] != " "]


def options(command):
    """The options of a command, as its help names them."""
    return set(re.findall(r"^  (--[a-z-]+)", run(PROGRAM, *command.split(), "--help"), re.MULTILINE)) | {"--help"}


@pytest.fixture(scope="module", params=["bash", "fish", "zsh"])
def shell(request, tmp_path_factory):
    """Completes a command line as the shell does; returns what it offers."""
    name = request.param
    if not shutil.which(name):
        pytest.skip(f"there is no {name}")
    directory = tmp_path_factory.mktemp(name)
    script = directory / "script"
    script.write_text(run(PROGRAM, "completion", name))
    for file in ("market.db", "catalog.json"):
        (directory / file).touch()
    (directory / "state dir").mkdir()

    def bash(line):
        words = line.replace("=", " = ").split(" ")
        return run("bash", "--norc", "-c", f'source {script}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _partner_pulse; '
                   'printf "%s\\n" "${COMPREPLY[@]}"', "bash", *words, cwd=directory).splitlines()

    def fish(line):
        offered = run("fish", "--no-config", "-c", f"source {script}; complete --do-complete='{line}'", cwd=directory)
        return [each.split("\t")[0].split("=")[-1] for each in offered.splitlines()]

    def zsh(line):
        typed = Terminal(["zsh", "-f", "-i"], directory)
        try:
            # What is offered is listed in one column, without descriptions, between two marks.
            typed.send(
                "PROMPT= PROMPT2= RPROMPT=; unsetopt prompt_sp prompt_cr; autoload -Uz compinit; compinit -D -u; "
                f"functions[_partner_pulse_script]=\"$(< {script})\"; compdef _partner_pulse_script partner-pulse; "
                "zstyle ':completion:*' verbose no; setopt list_rows_first; LISTMAX=-1; "
                "compadd() { if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)* ]]; then builtin compadd \"$@\"; return $?; fi; "
                "local -a found; builtin compadd -O found \"$@\"; print -rl -- $found >> offered; builtin compadd \"$@\" }; "
                "bindkey '^I' complete-word; echo rea''dy\n")
            typed.wait("ready")
            typed.send(line + "\t")
            typed.settle()
        finally:
            typed.close()
        offered = directory / "offered"
        found = offered.read_text().splitlines() if offered.exists() else []
        offered.unlink(missing_ok=True)
        return [each for each in found if each]

    return {"bash": bash, "fish": fish, "zsh": zsh}[name]


class Terminal:
    """A program at a terminal."""

    def __init__(self, command, directory):
        leader, follower = pty.openpty()
        self._leader = leader
        self._process = subprocess.Popen(
            command, stdin=follower, stdout=follower, stderr=follower, cwd=directory, start_new_session=True,
            env=os.environ | {"TERM": "dumb"})
        os.close(follower)

    def send(self, text):
        os.write(self._leader, text.encode())

    def _read(self, timeout):
        if not select.select([self._leader], [], [], timeout)[0]:
            return ""
        return os.read(self._leader, 65536).decode(errors="replace")

    def wait(self, text):
        seen, end = "", time.monotonic() + PATIENCE
        while text not in seen:
            assert time.monotonic() < end, seen
            seen += self._read(1)
        return seen

    def settle(self):
        """Reads until nothing comes any more."""
        seen = self._read(10 * SLOWNESS)
        while more := self._read(0.5 * SLOWNESS):
            seen += more
        return seen

    def close(self):
        self._process.kill()
        self._process.wait()
        os.close(self._leader)


def test_commands_are_offered(shell):
    first = {command.split()[0] for command in commands()}
    assert first <= set(shell("partner-pulse "))
    assert set(shell("partner-pulse recompute s")) >= {"status", "switch"}
    assert "create" in shell("partner-pulse topics ")


def test_a_command_line_that_is_asked_about_is_completed(shell):
    assert options("serve") == {each for each in shell("partner-pulse check serve --") if each.startswith("--")}
    assert set(shell("partner-pulse config explain p --format ")) == {"text", "json"}
    assert options("topics create") == {each for each in shell("partner-pulse config topics create --") if each.startswith("--")}


@pytest.mark.parametrize("command", ["run", "serve", "topics create", "recompute", "recompute drop", "explain"])
def test_options_are_offered(shell, command):
    assert options(command) == {each for each in shell(f"partner-pulse {command} --") if each.startswith("--")}


def test_values_are_offered(shell):
    assert set(shell("partner-pulse explain p --format ")) == {"text", "json"}
    assert "net_new_revenue" in shell("partner-pulse explain p --indicator net")
    assert {"market.db", "catalog.json"} <= set(shell("partner-pulse run --data "))
    assert "market.db" in shell("partner-pulse run --data=mar")
    assert {each.rstrip("/").replace("\\", "") for each in shell("partner-pulse run --state-dir sta")} == {"state dir"}
    assert "catalog.json" in shell("partner-pulse import cat")
    assert set(shell("partner-pulse completion ")) >= {"bash", "zsh", "fish"}
    assert "serve" in shell("partner-pulse config s")
    assert "serve" in shell("partner-pulse check s")


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_it_works_at_a_terminal(tmp_path):
    (tmp_path / "script").write_text(run(PROGRAM, "completion", "bash"))
    typed = Terminal(["bash", "--norc", "-i"], tmp_path)
    try:
        typed.send("PS1=; bind 'set enable-bracketed-paste off'; source ./script; echo rea''dy\n")
        typed.wait("ready")
        (tmp_path / "my market.db").touch()
        # What comes with more behind it is not taken for typed.
        typed.settle()
        seen = ""
        for part in ("partner-pulse topi\t", "cr\t", "--da\t", "my\t"):
            typed.send(part)
            seen += typed.settle()
        assert r"partner-pulse topics create --data my\ market.db" in seen, seen
    finally:
        typed.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    directory = tmp_path_factory.mktemp("man")
    run(PROGRAM, "man", "--output", directory, env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"})
    return sorted(directory.iterdir())


def test_each_command_has_a_page(pages):
    names = {"partner-pulse.1"} | {f"partner-pulse-{command.replace(' ', '-')}.1" for command in commands()}
    assert {page.name for page in pages} == names
    for command in commands():
        text = next(page for page in pages if page.name == f"partner-pulse-{command.replace(' ', '-')}.1").read_text()
        assert "2023-11-14" in text
        for option in options(command):
            assert f"\\fB{option.replace('-', chr(92) + '-')}\\fR" in text


@pytest.mark.skipif(not shutil.which("mandoc"), reason="there is no mandoc")
def test_pages_are_well_formed(pages):
    assert run("mandoc", "-T", "lint", "-W", "warning", *pages) == ""


@pytest.mark.skipif(not shutil.which("mandoc"), reason="there is no mandoc")
def test_a_page_reads_well(pages):
    page = next(page for page in pages if page.name == "partner-pulse-config.1")
    text = re.sub(".\b", "", run("mandoc", "-T", "utf8", page))
    assert "partner-pulse config [OPTION…] [COMMAND [OPTION…]]" in text
    assert re.search(r"^ +kafka-property = sasl.password=secret$", text, re.MULTILINE)
    assert "PARTNER_PULSE_CONFIG" in text

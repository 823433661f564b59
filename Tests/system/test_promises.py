"""Tests name the promises that they hold, and documents the planted bugs that there are."""

import re
import subprocess
import sys

import pytest

from program import ROOT

sys.path.insert(0, str(ROOT / "scripts/lib"))
from promises import holders, promises  # noqa: E402


def test_every_promise_that_a_test_names_is_in_a_document():
    assert sorted(set(holders()) - set(promises())) == []


def test_most_promises_are_named_by_a_test():
    missing = set(promises()) - set(holders())
    listed = subprocess.run([ROOT / "scripts/promises"], capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^\w+-\d+", listed, re.MULTILINE)) == missing
    assert len(missing) < len(promises()) / 10


@pytest.fixture
def project(tmp_path):
    """A small project with documents and tests of its own."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "Tests").mkdir()
    (tmp_path / "docs/SEMANTICS.md").write_text("# One\n\nA is b (SEM-1). C is\nd (SEM-2), unless\n\n- e is f (SEM-3).\n")
    (tmp_path / "docs/RELIABILITY.md").write_text("| a thing breaks (REL-1) | it is mended |\n")
    return tmp_path


def test_sentences_and_the_tests_that_name_them_are_found(project):
    assert promises(project) == {
        "SEM-1": "A is b", "SEM-2": "C is d", "SEM-3": "e is f", "REL-1": "a thing breaks"}
    (project / "Tests/OneTests.swift").write_text(
        '@Suite("All of it (SEM-3)") struct OneTests {\n  @Test("b (SEM-1)")\n  func first() {}\n'
        "  // Holds REL-1, SEM-2.\n  @Test func second() {}\n}\n")
    (project / "Tests/test_two.py").write_text("# Holds SEM-9.\n@mark\ndef test_two(): pass\n")
    assert holders(project) == {
        "SEM-3": ["Tests/OneTests.swift:1 OneTests"], "SEM-1": ["Tests/OneTests.swift:2 first"],
        "REL-1": ["Tests/OneTests.swift:4 second"], "SEM-2": ["Tests/OneTests.swift:4 second"],
        "SEM-9": ["Tests/test_two.py:1 test_two"]}


def test_a_number_that_is_given_twice_or_to_no_test_is_an_error(project):
    (project / "Tests/OneTests.swift").write_text("// Holds SEM-1.\n")
    with pytest.raises(ValueError, match="no test follows"):
        holders(project)
    (project / "docs/SEMANTICS.md").write_text("A (SEM-1). B (SEM-1).")
    with pytest.raises(ValueError, match="SEM-1 twice"):
        promises(project)


def test_the_planted_bugs_of_the_document_are_those_of_the_simulation():
    text = (ROOT / "docs/internals/TESTING.md").read_text()
    section = text[text.index("### Planted bugs in the simulation"):text.index("## Real chaos")]
    rows = [line for line in section.splitlines() if line.startswith("| ") and "---" not in line][1:]
    named = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row.split("|")[2])}
    planted = "".join(path.read_text() for path in (ROOT / "Tests/Support/Simulator/Planted").glob("PlantedBug*.swift"))
    assert named == set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', planted))

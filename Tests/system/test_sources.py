"""Nothing lies around that nobody uses."""

import re
import subprocess
import sys
from collections import Counter

import pytest

from program import ROOT

sys.path.insert(0, str(ROOT / "scripts/lib"))
from unused_declarations import unused, unused_in_tests  # noqa: E402


def test_every_declaration_is_mentioned_somewhere():
    assert [*unused(), *unused_in_tests()] == []


@pytest.fixture
def project(tmp_path):
    for folder in ("Sources", "Tests"):
        (tmp_path / folder).mkdir()
    return tmp_path


def test_what_nothing_mentions_is_found(project):
    (project / "Sources/One.swift").write_text("""\
/// Not dead(), which a comment mentions.
package struct One {
  func dead() { let one = One(); one.alive() }
  func alive() {}
  func twice(_ a: Int) {}
  func twice(_ a: String) {}
  private static let constant = 1
  var description: String { "" }
  enum Kind { case used, b }
  enum Other: String { case decoded }
  let kinds = [Kind.used, .b]
  @inline(__always) mutating func tested() {}
}
""")
    (project / "Tests/OneTests.swift").write_text("""\
@Suite struct OneTests {
  @Test(arguments: [1])
  func aTest(number: Int) { One().tested(); print(One().kinds, One.Other(rawValue: "decoded")) }
  func helper() {}
}
""")
    names = ["dead", "twice", "twice", "constant"]
    assert [each.split()[1] for each in unused(project)] == names
    assert [each.split()[1] for each in unused(project, by_tests=True)] == ["Other", "kinds", "tested"]
    assert [each.split()[1] for each in unused_in_tests(project)] == ["helper"]


def test_every_python_file_is_used():
    found = [path for folder in ("scripts/lib", "Tests/system", "clients") for path in (ROOT / folder).rglob("*.py")
             if not re.match(r"test_|__init__|conftest", path.name) and "/v1/" not in str(path) and "/build/" not in str(path)]
    tracked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode != 0:
        pytest.skip("this is no clone")
    names = [name for name in tracked.stdout.split("\n") if name and (ROOT / name).is_file()
             and not name.startswith(("Fuzzing/Corpus", "Fuzzing/Regressions", "docs/images"))]
    # How many files have each word.
    words = Counter(word for name in names for word in set(re.findall(r"\w+", (ROOT / name).read_text(errors="replace"))))
    own = {path: path.stem in re.findall(r"\w+", path.read_text()) for path in found}
    assert [str(path.relative_to(ROOT)) for path in found if words[path.stem] <= own[path]] == []

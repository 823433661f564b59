"""scripts/promises: which test holds which promise of the documents.

A promise has a number beside its sentence, such as (SEM-12) in docs/SEMANTICS.md and (REL-3) in docs/RELIABILITY.md. A test
that holds it has the number in its display name, or in a comment before it.
"""

import argparse
import pathlib
import re
import sys
from collections import defaultdict

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENTS = {"SEM": "docs/SEMANTICS.md", "REL": "docs/RELIABILITY.md"}
NUMBER = re.compile(r"\b(?:SEM|REL)-\d+\b")
# Where a test may name a number: a comment, and in Swift its name, which may be on a line of its own.
NAMING = {".py": re.compile(r'^\s*(?:#|""")'), ".swift": re.compile(r'//|@Test|@Suite|^\s*"')}
# What begins a test, or what it is in: a function of either language, or a suite.
TEST = re.compile(r"^\s*(?:@Test.*? )?func (\w+)|^def (test_\w+)|\b(?:struct|class) (\w+Tests)\b")


def promises(root=ROOT):
    """The sentences by number, in the order of the documents. Raises ValueError for a number that occurs twice."""
    found = {}
    for kind, name in DOCUMENTS.items():
        text = (root / name).read_text()
        for match in re.finditer(rf"\(({kind}-\d+)\)", text):
            if match[1] in found:
                raise ValueError(f"{name} has {match[1]} twice")
            found[match[1]] = sentence(text[:match.start()])
    return found


def sentence(text):
    """The last sentence, table cell or item of `text`, on one line."""
    paragraph = re.split(r"\n\s*\n|^ *(?:-|\d+\.) |^#.*$", text, flags=re.MULTILINE)[-1]
    last = re.split(r"(?<=[.:;]) |\| |\((?:SEM|REL)-\d+\)[.,;:]? ?", paragraph.replace("\n", " "))
    return " ".join([part for part in last if part.strip()][-1].split())


def holders(root=ROOT):
    """The tests by the number that they name, as `file:line test`."""
    found = defaultdict(list)
    for path in sorted([*(root / "Tests").rglob("*.swift"), *(root / "Tests").rglob("*.py")]):
        lines = path.read_text().split("\n")
        for index, line in enumerate(lines):
            for number in NUMBER.findall(line) if NAMING[path.suffix].search(line) else []:
                test = next((name for name in map(name_of, lines[index:]) if name), None)
                if test is None:
                    raise ValueError(f"{path.relative_to(root)}:{index + 1} names {number}, and no test follows")
                found[number].append(f"{path.relative_to(root)}:{index + 1} {test}")
    return dict(found)


def name_of(line):
    match = TEST.search(line)
    return match and next(group for group in match.groups() if group)


def main():
    parser = argparse.ArgumentParser(
        prog="promises", description="Lists the promises of docs/SEMANTICS.md and docs/RELIABILITY.md that no test names.",
        epilog="Exit code 1 if a test names a number that no document has.")
    parser.add_argument("--all", action="store_true", help="each promise with its tests")
    parser.add_argument("number", nargs="*", help="only these, with their tests: SEM-12 REL-3")
    chosen = parser.parse_args()
    sentences, tests = promises(), holders()
    if unknown := [number for number in chosen.number if number not in sentences]:
        parser.error(f"no document has {', '.join(unknown)}")
    for number in chosen.number or sentences if chosen.all or chosen.number else []:
        print(f"{number}  {sentences[number]}")
        for test in tests.get(number, ["no test names it"]):
            print(f"        {test}")
    if not chosen.all and not chosen.number:
        missing = [number for number in sentences if number not in tests]
        for number in missing:
            print(f"{number}  {sentences[number]}")
        print(f"{len(sentences)} promises, {len(missing)} without a test that names it")
    if unknown := sorted(set(tests) - set(sentences)):
        for number in unknown:
            print(f"{number} is in no document: {', '.join(tests[number])}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""unused_declarations.py: lists Swift declarations whose name nothing else mentions; exit 1 if there are any.

By name alone: equal names hide each other, so that it misses some, and what it lists is unused, unless Swift or a C library calls it
(`CALLED_BY_SWIFT`). Cases of enums with raw values or a list of all cases count as used. With --tests it lists what tests alone
mention.
"""

import pathlib
import re
import sys
from collections import Counter

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ("Sources", "Benchmarks")
TESTS = ("Tests", "Fuzzing/Sources")
DECLARATION = re.compile(
    r"^(?P<indent> *)(?:@\w+(?:\([^)]*\))? )*(?:(?:public|package|internal|fileprivate|private)(?:\(set\))? )*"
    r"(?:(?:static|final|mutating|consuming|nonisolated(?:\(unsafe\))?|indirect|override|weak|unowned|lazy|borrowing|required|convenience) )*"
    r"(?:func|var|let|struct|class|enum|protocol|typealias|actor) (?P<names>`?\w+`?(?:(?:: [\w<>?\[\]. ]+)?, \w+)*)")
CASE = re.compile(r"^ *(?:indirect )?case (`?\w+`?)(?=$|[,( =])")
WORD = re.compile(r"\w+")
# Requirements of protocols of the standard library and of C, which nobody calls by name.
CALLED_BY_SWIFT = {
    "Element", "Index", "Iterator", "RawValue", "Stride", "allCases", "description", "debugDescription", "encode", "hash", "main",
    "makeIterator", "rawValue", "unicodeScalarLiteral", "advanced", "distance", "stringLiteral", "callAsFunction",
    "testDescription",
    "buildBlock", "buildOptional", "buildEither", "buildArray", "buildExpression", "buildFinalResult",
}


def without_comments(text):
    """Comments mention things, too, but do not use them."""
    return re.sub(r"^(\s*)//.*$|(?<=\s)// .*$", r"\1", text, flags=re.MULTILINE)


def files(root, folders):
    return [path for folder in folders for path in sorted((root / folder).rglob("*.swift"))]


def declarations(text):
    """Name and line of what is declared; of enum cases those of enums without raw values and without a list of all cases."""
    counts = True
    for number, line in enumerate(text.split("\n"), 1):
        if enum := re.match(r"^ *(?:\w+ )*enum \w+(.*)\{", line):
            counts = not re.search(r"\b(?:CaseIterable|String|Int|UInt8|UInt32|UInt64|Int32|UInt16|Int16|CodingKey)\b", enum[1])
        if (case := CASE.match(line)) and not case[1].startswith("RD_"):
            if counts:
                yield case[1].strip("`"), number
        elif match := DECLARATION.match(line):
            yield re.match(r"`?(\w+)", match["names"])[1], number


def mentions(root, folders):
    return sum((Counter(WORD.findall(without_comments(path.read_text()))) for path in files(root, folders)), Counter())


def uses(root, folders):
    """How often each name is mentioned other than where something of that name is declared."""
    declared = Counter(name for path in files(root, folders) for name, _ in declarations(without_comments(path.read_text())))
    return mentions(root, folders) - declared


def unused(root=ROOT, by_tests=False):
    """`file:line name` of what the program declares and nothing mentions; `by_tests`: of what tests alone mention."""
    program, tests = uses(root, PROGRAM), uses(root, TESTS)
    for path in files(root, PROGRAM):
        for name, line in declarations(without_comments(path.read_text())):
            if name not in CALLED_BY_SWIFT and not program[name] and (tests[name] > 0) == by_tests:
                yield f"{path.relative_to(root)}:{line} {name}"


def unused_in_tests(root=ROOT):
    everything = uses(root, PROGRAM + TESTS)
    for path in files(root, TESTS):
        text = path.read_text()
        lines = text.split("\n")
        for name, line in declarations(without_comments(text)):
            if not (name in CALLED_BY_SWIFT or everything[name] or re.search(r"@(?:Test|Suite|_cdecl)\b", head(lines, line))):
                yield f"{path.relative_to(root)}:{line} {name}"


def head(lines, number):
    """The line of a declaration and its attributes before it, by which tests and C functions are found."""
    first = number - 1
    while first > 0 and not re.search(r"^\s*$|^ {0,2}\}$|\bfunc ", lines[first - 1]):
        first -= 1
    return "\n".join(lines[first:number])


def main():
    found = list(unused(by_tests=True)) if "--tests" in sys.argv[1:] else [*unused(), *unused_in_tests()]
    print("\n".join(found) if found else "nothing is unused")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

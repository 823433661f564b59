"""What the documents refer to is there."""

import functools
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)")


def documents():
    found = [*ROOT.glob("*.md"), *(path for folder in ("docs", "clients", "deploy", "Tests/Fixtures", "schemas")
                                   for path in (ROOT / folder).rglob("*.md"))]
    return sorted(path for path in found if "egg-info" not in str(path))


@functools.cache
def prose(path):
    """The text without fenced and indented blocks, in which brackets are no links; code within lines stays."""
    text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"(?<=\n\n)(?:    .*\n)+", "", text)


@functools.cache
def anchors(path):
    """What GitHub makes of the headings."""
    found = []
    for heading in re.findall(r"^#+ (.*)$", prose(path), flags=re.MULTILINE):
        text = LINK.sub(lambda link: link[0][1:link[0].index("]")], heading)
        slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        found.append(slug if slug not in found else f"{slug}-{found.count(slug)}")
    return found


def dead_links(path):
    for target in LINK.findall(re.sub(r"`[^`\n]*`", "", prose(path))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        other = (path.parent / name).resolve() if name else path
        if not other.exists():
            yield target
        elif anchor and anchor not in anchors(other):
            yield target


def test_every_link_leads_somewhere():
    read = documents()
    assert {"README.md", "CONTRIBUTING.md", "SEMANTICS.md", "DECISIONS.md"} <= {path.name for path in read}
    assert [(str(path.relative_to(ROOT)), target) for path in read for target in dead_links(path)] == []


def test_a_dead_link_is_found(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("# One `two` [three](page.md)\n\n[a](#one-two-three) [b](#four) [c](none.md)\n`[d](none.md)`\n\n    [e](none.md)\n")
    assert list(dead_links(path)) == ["#four", "none.md"]


def test_every_document_is_reached_from_the_readme():
    reached, rest = set(), [ROOT / "README.md"]
    while rest:
        path = rest.pop()
        if path in reached or path.suffix != ".md":
            continue
        reached.add(path)
        rest += [(path.parent / target.partition("#")[0]).resolve() for target in LINK.findall(prose(path))
                 if not re.match(r"[a-z]+:|#", target)]
    assert [path.name for path in sorted((ROOT / "docs").rglob("*.md")) if path not in reached] == []


def test_every_source_file_that_is_named_exists():
    """Paths in the documents are from the root, or from one of the folders in `places`."""
    missing = []
    for path in documents():
        for name in re.findall(r"`((?:\w[\w+.-]*/)+[\w+.-]+\.(?:swift|py|proto|json|yaml|sh|c|h))`", prose(path)):
            places = [ROOT, path.parent, ROOT / "Sources", ROOT / "Tests", ROOT / "Tests/Support", ROOT / "scripts/lib"]
            if not any((place / name).exists() for place in places):
                missing.append((path.name, name))
    assert missing == []


def undocumented(swift):
    """Lines with a public declaration, or a case of a public enum, that no documentation comment comes before."""
    lines = swift.splitlines()
    declared = [number for number, line in enumerate(lines) if re.match(r" *public (?!import)", line)]
    for enum in re.finditer(r"^( *)public enum .*\{\n(?:.*\n)*?\1\}", swift, flags=re.MULTILINE):
        first = swift.count("\n", 0, enum.start())
        declared += [first + number for number, line in enumerate(enum[0].splitlines())
                     if line.startswith(enum[1] + "  case ")]
    return [lines[number].strip() for number in sorted(declared) if not lines[number - 1].strip().startswith("///")]


def test_every_public_declaration_of_the_library_is_documented():
    sources = [*(ROOT / "Sources/PartnerPulseClient").glob("*.swift")]
    assert sources
    assert [(path.name, line) for path in sources for line in undocumented(path.read_text())] == []


def test_an_undocumented_declaration_is_found():
    assert undocumented("""
/// One.
public enum One {
  /// Two.
  case two
  case three(Int)

  public var four: Int {
    switch self {
    case .two: 2
    case .three(let number): number
    }
  }
}
public struct Five {}
""") == ["case three(Int)", "public var four: Int {", "public struct Five {}"]


def test_every_test_that_shows_a_guarantee_exists():
    documents = ("docs/RELIABILITY.md", "docs/internals/TESTING.md", "CONTRIBUTING.md")
    text = "".join((ROOT / name).read_text() for name in documents)
    swift = "".join(path.read_text() for path in [ROOT / "Package.swift", *(ROOT / "Tests").rglob("*.swift")])
    for name in set(re.findall(r"`(?:\w+/)?(\w+Tests)`", text)):
        assert re.search(rf"\b(?:struct|class|final class) {name}\b|name: \"{name}\"", swift), name
    for name in set(re.findall(r"`(?:Tests/system/)?(test_\w+\.py)`", text)):
        assert (ROOT / "Tests/system" / name).exists(), name

"""Results as lines of JSON, and how they are compared."""

import json
import pathlib

EXAMPLES = pathlib.Path(__file__).resolve().parents[1] / "Fixtures/examples"
CATALOG = EXAMPLES / "catalog.json"
SETS = sorted(path.name.removesuffix(".events.ndjson") for path in EXAMPLES.glob("*.events.ndjson"))


def catalog_with_one_product(directory):
    """The file of another catalog: without most products, some keys of the result are gone, and others differ."""
    catalog = json.loads(CATALOG.read_text())
    catalog["products"] = catalog["products"][:1]
    path = directory / "other.json"
    path.write_text(json.dumps(catalog))
    return path


def events(name):
    return (EXAMPLES / f"{name}.events.ndjson").read_bytes().splitlines()


def expected(name):
    return (EXAMPLES / f"{name}.expected.ndjson").read_bytes().splitlines()


def assert_same_lines(found, wanted):
    """Line by line the same JSON: the order of fields is free, numbers are numbers."""
    for number, (left, right) in enumerate(zip(found, wanted), start=1):
        if left != right:
            assert json.loads(left) == json.loads(right), f"line {number}"
    assert len(found) == len(wanted)

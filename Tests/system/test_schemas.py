"""Schemas change only so that clients made for earlier ones go on."""

import subprocess
import sys

import pytest

from program import ROOT

sys.path.insert(0, str(ROOT / "scripts/lib"))
import schema_files  # noqa: E402

TEXT = (ROOT / "schemas/partnerpulse/v1/snapshots.proto").read_text()
INDICATOR = "optional double previous = 2;"


def changes(old, new):
    assert old in TEXT
    return schema_files.incompatibilities(
        schema_files.compile_text(TEXT), schema_files.compile_text(TEXT.replace(old, new)))


def test_nothing_breaks_clients_and_all_is_up_to_date():
    """After a change of schemas/, `scripts/schemas` makes what is compared here."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/lib/schemas_main.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_compilation_gives_the_same_bytes():
    assert schema_files.encode(schema_files.current()) == schema_files.encode(schema_files.current())
    assert schema_files.encode(schema_files.baseline()) == schema_files.BASELINE.read_bytes()


@pytest.mark.parametrize("old, new, what", [
    (INDICATOR, "", "field partnerpulse.v1.Indicator.previous is gone"),
    (INDICATOR, "reserved 2;", "not both reserved"),
    (INDICATOR, INDICATOR.replace("2", "9"), "previous has another number than 2"),
    (INDICATOR, INDICATOR.replace("previous", "former"), "previous is called former now"),
    (INDICATOR, INDICATOR.replace("double", "float"), "another type: TYPE_FLOAT, not TYPE_DOUBLE"),
    (INDICATOR, INDICATOR.replace("optional ", ""), "another presence: implicit, not optional"),
    (INDICATOR, INDICATOR.replace("optional", "repeated"), "another label: LABEL_REPEATED"),
    (INDICATOR, "oneof one { double previous = 2; }", "another oneof: one, not none"),
    (INDICATOR, INDICATOR.replace(";", ' [json_name = "before"];'), "another JSON name: before, not previous"),
    ("  Components components = 11;", "  Cell components = 11;", "another type: .partnerpulse.v1.Cell"),
    ("    UP = 1;\n", "", "value UP (1) of enum partnerpulse.v1.Indicator.Trend is gone"),
    ("    UP = 1;", "    RISING = 1;", "value UP (1) of enum partnerpulse.v1.Indicator.Trend is called RISING now"),
    ("package partnerpulse.v1", "package partnerpulse.v2", "message partnerpulse.v1.Cell is gone"),
    ("message IndicatorScale {", "message Scales {", "message partnerpulse.v1.IndicatorScale is gone"),
])
def test_what_breaks_clients_is_refused(old, new, what):
    assert any(what in reason for reason in changes(old, new)), changes(old, new)


@pytest.mark.parametrize("old, new", [
    (INDICATOR, INDICATOR + " optional double next = 9;"),
    (INDICATOR, 'reserved 2; reserved "previous";'),
    ("    UP = 1;", "    UP = 1; SIDEWAYS = 3;"),
    ("message IndicatorScale {", "message More {} message IndicatorScale {"),
    ("// 1 to 4;", "// From 1 to 4;"),
])
def test_what_is_added_or_reserved_breaks_nobody(old, new):
    assert changes(old, new) == []

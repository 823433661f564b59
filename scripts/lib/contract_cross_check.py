"""Checks the Contract module against Google's protobuf.

  contract_cross_check.py generate DIR [SEED]   writes DIR/cases: values of every message, well-formed or not
  contract_cross_check.py check DIR             compares DIR/answers, which the Swift test wrote, with Google's parser

A file is a sequence of byte strings, each after its length in four bytes (little-endian). A case is three of them: the
message's name, "protobuf" or "json", the value. An answer is three: "" or the reason of the refusal, the message as
protobuf, the message as JSON.
"""

import importlib
import json
import pathlib
import struct
import sys
import tempfile

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from grpc_tools import protoc
import grpc_tools

from contract_cases import json_cases, protobuf_cases
from contract_leniency import is_leniency_in_json, is_leniency_on_wire, is_strictness_of_google

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "schemas"
FILES = {
    "partnerpulse/v1/events.proto": (
        "UsageAction LicenseAssignment Subscription BillingLine ExamPass Affiliation Instance Customer Partner"
    ),
    "partnerpulse/v1/snapshots.proto": "IndicatorSnapshot IndicatorScale GenerationRecord",
    "partnerpulse/internal/partials.proto": "PartnerPartial",
}


def message_types():
    """The message classes by name, compiled from the schemas as they are now."""
    with tempfile.TemporaryDirectory() as out:
        well_known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
        arguments = ["protoc", f"-I{SCHEMAS}", f"-I{well_known}", f"--python_out={out}", *FILES]
        if protoc.main(arguments) != 0:
            sys.exit("the schemas do not compile")
        sys.path.insert(0, out)
        modules = {path: importlib.import_module(path[: -len(".proto")].replace("/", ".") + "_pb2") for path in FILES}
        return {name: getattr(modules[path], name) for path, names in FILES.items() for name in names.split()}


def write(path, strings):
    with open(path, "wb") as file:
        for string in strings:
            file.write(struct.pack("<I", len(string)) + string)


def read(path):
    data = path.read_bytes()
    strings, at = [], 0
    while at < len(data):
        (count,) = struct.unpack_from("<I", data, at)
        strings.append(data[at + 4 : at + 4 + count])
        at += 4 + count
    return list(zip(strings[0::3], strings[1::3], strings[2::3], strict=True))


def generate(directory, seed):
    strings = []
    for name, message_type in message_types().items():
        for form, cases in (("protobuf", protobuf_cases), ("json", json_cases)):
            for value in cases(message_type, f"{seed} {name}"):
                strings += [name.encode(), form.encode(), value]
    write(directory / "cases", strings)


def google(message_type, form, value):
    """What Google's parser makes of the value, or None."""
    message = message_type()
    try:
        if form == "protobuf":
            message.ParseFromString(value)
        else:
            json_format.Parse(value.decode("utf-8"), message, ignore_unknown_fields=True)
    except (DecodeError, json_format.ParseError, ValueError, RecursionError, OverflowError):
        return None
    message.DiscardUnknownFields()
    return message


def difference(message_type, form, value, reason, protobuf, text):
    """What is wrong with the answer, or None."""
    message = google(message_type, form, value)
    if reason:
        if message is None:
            return None
        if form == "protobuf":
            expected = is_leniency_on_wire(message, reason)
        else:
            expected = is_leniency_in_json(message_type, value.decode("utf-8"))
        return None if expected else f"refused: {reason}"
    if message is None:
        expected = form == "json" and is_strictness_of_google(message_type, value.decode("utf-8"))
        return None if expected else "accepted"
    wanted = message.SerializeToString(deterministic=True)
    if protobuf != wanted:
        return f"as protobuf {protobuf.hex()} instead of {wanted.hex()}"
    members = json_format.MessageToDict(message)
    if json.loads(text) != members:
        return f"as JSON {text} instead of {members}"
    # As JSON again, which has only one NaN.
    if json_format.MessageToDict(json_format.Parse(text, message_type())) != members:
        return f"JSON that says something else: {text}"
    return None


def check(directory):
    types = message_types()
    cases, answers = read(directory / "cases"), read(directory / "answers")
    accepted, failures = 0, []
    for (name, form, value), (reason, protobuf, text) in zip(cases, answers, strict=True):
        accepted += not reason
        arguments = types[name.decode()], form.decode(), value, reason.decode(), protobuf, text.decode()
        if wrong := difference(*arguments):
            shown = value.hex() if form == b"protobuf" else value
            failures.append(f"{name.decode()} {form.decode()} {shown}: {wrong}")
    print("\n".join(failures[:20]))
    print(f"{len(cases)} cases, {accepted} accepted, {len(failures)} differences")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["generate", directory, *seed]:
            generate(pathlib.Path(directory), *seed or ["1"])
        case ["check", directory]:
            check(pathlib.Path(directory))
        case _:
            sys.exit(__doc__)

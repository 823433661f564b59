"""The files of schemas/: compiled, compared with what they were, and described."""

import pathlib
import subprocess
import sys
import tempfile

import grpc_tools
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorSet

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
# What others rely on; partnerpulse/internal may change with any version.
PUBLIC = ["partnerpulse/v1/events.proto", "partnerpulse/v1/snapshots.proto"]
BASELINE = SCHEMAS / "partnerpulse.v1.binpb"
_WELL_KNOWN = pathlib.Path(grpc_tools.__file__).parent / "_proto"


def compile_files(directory, files, *options):
    """The descriptor set of files below a directory, without what they import. Raises `ValueError` for invalid ones."""
    with tempfile.TemporaryDirectory() as out:
        path = pathlib.Path(out) / "set"
        done = subprocess.run(
            [sys.executable, "-m", "grpc_tools.protoc", f"-I{directory}", f"-I{_WELL_KNOWN}",
             f"--descriptor_set_out={path}", *options, *files], capture_output=True, text=True)
        if done.returncode:
            raise ValueError(done.stderr.strip())
        return FileDescriptorSet.FromString(path.read_bytes())


def compile_text(text):
    """The same for one file that is given as text."""
    with tempfile.TemporaryDirectory() as directory:
        (pathlib.Path(directory) / "schema.proto").write_text(text)
        return compile_files(directory, ["schema.proto"])


def current():
    return compile_files(SCHEMAS, PUBLIC)


def documented():
    """The same with the comments."""
    return compile_files(SCHEMAS, PUBLIC, "--include_source_info")


def baseline():
    return FileDescriptorSet.FromString(BASELINE.read_bytes())


def encode(descriptors):
    return descriptors.SerializeToString(deterministic=True)


def incompatibilities(old, new):
    """What clients of the old schemas could no longer read or write with the new ones, a line each."""
    reasons = []
    old_types, new_types = _types(old), _types(new)
    for name, (kind, was) in old_types.items():
        if name not in new_types:
            reasons.append(f"{kind} {name} is gone")
        elif new_types[name][0] != kind:
            reasons.append(f"{kind} {name} is a {new_types[name][0]} now")
        elif kind == "message":
            reasons += _message_changes(name, was, new_types[name][1])
        else:
            reasons += _enum_changes(name, was, new_types[name][1])
    return reasons


def _types(descriptors):
    """All messages and enums by their full names, with what they are."""
    found = {}

    def visit(prefix, messages, enums):
        for enum in enums:
            found[f"{prefix}.{enum.name}"] = ("enum", enum)
        for message in messages:
            found[f"{prefix}.{message.name}"] = ("message", message)
            visit(f"{prefix}.{message.name}", message.nested_type, message.enum_type)

    for file in descriptors.file:
        visit(file.package, file.message_type, file.enum_type)
    return found


def _message_changes(name, old, new):
    now = {field.number: field for field in new.field}
    for field in old.field:
        if field.number not in now:
            if field.name in {other.name for other in new.field}:
                yield f"field {name}.{field.name} has another number than {field.number}"
            elif not _is_reserved(field.number, new.reserved_range) or field.name not in new.reserved_name:
                yield f"field {name}.{field.name} is gone, and its number {field.number} and its name are not both reserved"
            continue
        became = now[field.number]
        if became.name != field.name:
            yield f"field {name}.{field.name} is called {became.name} now"
        for what, value in _traits(old, field).items():
            if _traits(new, became)[what] != value:
                yield f"field {name}.{field.name} has another {what}: {_traits(new, became)[what]}, not {value}"


def _traits(message, field):
    oneof = message.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else "none"
    return {
        "type": field.type_name or FieldDescriptorProto.Type.Name(field.type),
        "label": FieldDescriptorProto.Label.Name(field.label),
        "presence": "optional" if field.proto3_optional else "implicit",
        "oneof": "none" if field.proto3_optional else oneof,
        "JSON name": field.json_name,
    }


def _enum_changes(name, old, new):
    now = {value.number: value.name for value in new.value}
    for value in old.value:
        if value.number not in now:
            yield f"value {value.name} ({value.number}) of enum {name} is gone"
        elif now[value.number] != value.name:
            yield f"value {value.name} ({value.number}) of enum {name} is called {now[value.number]} now"


def _is_reserved(number, ranges):
    return any(each.start <= number < each.end for each in ranges)

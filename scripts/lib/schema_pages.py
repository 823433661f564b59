"""The page of schemas, from the comments in their files."""

import textwrap

from google.protobuf.descriptor_pb2 import FieldDescriptorProto

HEAD = """# Schemas

The messages of the topics, made from the comments of `schemas/` by `scripts/schemas`. In proto3, a field that is not written has
its default: 0, `false`, an empty text or list, the first value of an enum. An `optional` field can also be absent.
[FORMATS.md](FORMATS.md) tells how messages become the values of records.
"""

_SCALARS = {FieldDescriptorProto.Type.Value(name): name.removeprefix("TYPE_").lower()
            for name in FieldDescriptorProto.Type.keys()}
# In a FileDescriptorProto and a DescriptorProto: package, message_type, enum_type; field, nested_type, enum_type; value.
_PACKAGE, _MESSAGES, _ENUMS, _FIELDS, _NESTED, _NESTED_ENUMS, _VALUES = 2, 4, 5, 2, 3, 4, 2


def page(descriptors):
    return "\n".join([HEAD, *(line for file in descriptors.file for line in _file(file))])


def _file(file):
    comments = {tuple(each.path): each for each in file.source_code_info.location}
    yield f"## {file.name}\n"
    yield from _paragraphs(_text(comments, (_PACKAGE,)))
    for index, message in enumerate(file.message_type):
        yield from _message(comments, (_MESSAGES, index), message, message.name)
    for index, enum in enumerate(file.enum_type):
        yield from _enum(comments, (_ENUMS, index), enum, enum.name)


def _message(comments, path, message, name):
    yield f"### {name}\n"
    yield from _paragraphs(_text(comments, path))
    yield "| field | type | number | meaning |"
    yield "| --- | --- | --- | --- |"
    for index, field in enumerate(message.field):
        meaning = _cell(_text(comments, (*path, _FIELDS, index)))
        yield f"| `{field.name}` | {_type(field)} | {field.number} | {meaning} |"
    yield ""
    for index, nested in enumerate(message.nested_type):
        yield from _message(comments, (*path, _NESTED, index), nested, f"{name}.{nested.name}")
    for index, enum in enumerate(message.enum_type):
        yield from _enum(comments, (*path, _NESTED_ENUMS, index), enum, f"{name}.{enum.name}")


def _enum(comments, path, enum, name):
    yield f"### {name}\n"
    yield from _paragraphs(_text(comments, path))
    yield "| value | number | meaning |"
    yield "| --- | --- | --- |"
    for index, value in enumerate(enum.value):
        yield f"| `{value.name}` | {value.number} | {_cell(_text(comments, (*path, _VALUES, index)))} |"
    yield ""


def _text(comments, path):
    found = comments.get(path)
    return "\n".join(part.strip() for part in (found.leading_comments, found.trailing_comments) if part) if found else ""


def _paragraphs(text):
    """Its paragraphs, each with a blank line behind it."""
    for paragraph in text.split("\n\n"):
        words = " ".join(paragraph.replace("\n \n", "\n").split())
        if words:
            yield textwrap.fill(_escaped(words), 128, break_long_words=False, break_on_hyphens=False) + "\n"


def _cell(text):
    return _escaped(" ".join(text.split())).replace("|", "\\|")


def _escaped(text):
    """As Markdown that means no more than the text does."""
    return text.replace("*", "\\*").replace("<", "&lt;")


def _type(field):
    name = field.type_name
    if not name:
        text = f"`{_SCALARS[field.type]}`"
    elif name.startswith(".google."):
        text = f"`{name.removeprefix('.')}`"
    else:
        # The name within the package.
        local = name.split(".v1.")[1]
        text = f"[`{local}`](#{local.lower().replace('.', '')})"
    if field.label == FieldDescriptorProto.LABEL_REPEATED:
        return "repeated " + text
    return "optional " + text if field.proto3_optional else text

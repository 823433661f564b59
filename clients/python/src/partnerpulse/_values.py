"""The values of a result, in every format that it may be written in."""

from typing import TypeVar

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message

_M = TypeVar("_M", bound=Message)


def parse(kind: type[_M], value: bytes) -> _M:
    """The message in a record's value: protobuf or proto3 JSON, with or without Confluent's framing. Raises `DecodeError`."""
    body = _unframed(value) if value[:1] == b"\0" else value
    if body[:1] != b"{":
        return kind.FromString(body)
    try:
        return json_format.Parse(body, kind(), ignore_unknown_fields=True)
    except (json_format.ParseError, UnicodeDecodeError) as error:
        raise DecodeError(str(error)) from error


def _unframed(value: bytes) -> bytes:
    """What follows the id of the schema and, before protobuf, the indexes that lead to the message in it."""
    body = value[5:]
    if body[:1] == b"{":
        return body
    count, at = _zigzag(body, 0)
    for _ in range(count):
        _, at = _zigzag(body, at)
    return body[at:]


def _zigzag(body: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while at < len(body) and shift < 35:
        number |= (body[at] & 0x7F) << shift
        at += 1
        if body[at - 1] < 0x80:
            if number & 1:
                break
            return number >> 1, at
        shift += 7
    raise DecodeError("the framing of the value is not Confluent's")

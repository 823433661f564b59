"""Values of a message, well-formed and malformed, for contract_cross_check.py."""

import json
import random
import struct

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor

TEXTS = ["", "a", "customer-1", "é", "日本語", "👩‍💻 at work", "\0", 'quote " back \\ slash / \n\t\x1f', "x" * 300]
INTEGERS = [0, 1, -1, 127, 128, 300, 2**31 - 1, -(2**31), 2**53 + 1, 2**63 - 1, -(2**63)]
DOUBLES = [0.0, -0.0, 1.0, 0.1, -1.5, 1e16, 1e22, 5e-324, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan")]
NANOS = [0, 1, 999_999_999, 500_000_000, 123_456_000]
SECONDS = [0, 1, -1, 1_600_000_000, -62_135_596_800, 253_402_300_799]


def random_scalar(random, field):
    match field.type:
        case FieldDescriptor.TYPE_STRING:
            return random.choice(TEXTS)
        case FieldDescriptor.TYPE_BOOL:
            return random.random() < 0.5
        case FieldDescriptor.TYPE_DOUBLE:
            return random.choice([*DOUBLES, random.uniform(-1e6, 1e6)])
        case FieldDescriptor.TYPE_ENUM:
            return random.choice([0, 1, 2, 3, 9, -1, 2**31 - 1])
        case FieldDescriptor.TYPE_INT64 | FieldDescriptor.TYPE_SINT64:
            return random.choice([*INTEGERS, random.randint(-(2**63), 2**63 - 1)])
        case FieldDescriptor.TYPE_INT32 | FieldDescriptor.TYPE_SINT32:
            return random.choice([0, 1, -1, 12, 2**31 - 1, -(2**31)])
        case FieldDescriptor.TYPE_UINT32:
            return random.choice([0, 1, 2**32 - 1])
    raise AssertionError(field.type)


def random_message(random, message_type):
    message = message_type()
    if message_type.DESCRIPTOR.full_name == "google.protobuf.Timestamp":
        message.seconds = random.choice([*SECONDS, random.randint(-62_135_596_800, 253_402_300_799)])
        message.nanos = random.choice([*NANOS, random.randint(0, 999_999_999)])
        return message
    for field in message_type.DESCRIPTOR.fields:
        if random.random() < 0.3:
            continue
        if field.message_type:
            for _ in range(random.randint(0, 3) if field.is_repeated else 1):
                part = random_message(random, field.message_type._concrete_class)
                if field.is_repeated:
                    getattr(message, field.name).append(part)
                else:
                    getattr(message, field.name).CopyFrom(part)
        elif field.is_repeated:
            getattr(message, field.name).extend(random_scalar(random, field) for _ in range(random.randint(0, 4)))
        else:
            setattr(message, field.name, random_scalar(random, field))
    return message


def varint(value, padding=0):
    """A varint, with `padding` bytes more than it needs."""
    groups = []
    while True:
        groups.append(value & 0x7F)
        value >>= 7
        if not value:
            break
    groups += [0] * padding
    return bytes([group | 0x80 for group in groups[:-1]] + groups[-1:])


def random_field(random, depth=0):
    """One field of any number and layout, usually well-formed."""
    number = random.choice([*range(1, 14), 15, 16, 100, 2**29 - 1, 0] if random.random() < 0.1 else range(1, 13))
    wire_type = random.choice([0, 0, 1, 2, 2, 2, 3, 5, 4, 6, 7] if random.random() < 0.2 else [0, 0, 1, 2, 2, 3, 5])
    padding = random.choice([0] * 12 + [1, 2, 3, 4, 8, 9])
    tag = varint(number << 3 | wire_type, padding if random.random() < 0.3 else 0)
    match wire_type:
        case 0:
            return tag + varint(random.choice([0, 1, 2, 300, 2**31, 2**32, 2**63, 2**64 - 1, 2**70]), padding)
        case 1:
            return tag + random.randbytes(8)
        case 5:
            return tag + random.randbytes(4)
        case 2:
            body = random.choice(
                [
                    lambda: random.choice(TEXTS).encode(),
                    lambda: random.randbytes(random.randint(0, 6)),
                    lambda: b"".join(varint(random.choice([0, 1, 2, 99])) for _ in range(3)),
                    lambda: b"".join(random_field(random, depth + 1) for _ in range(random.randint(0, 3)))
                    if depth < 4
                    else b"",
                ]
            )()
            count = len(body) + (random.choice([-1, 1, 2**31, 2**32, 2**35]) if random.random() < 0.03 else 0)
            return tag + varint(max(count, 0), padding if random.random() < 0.3 else 0) + body
        case 3:
            body = b"".join(random_field(random, depth + 1) for _ in range(random.randint(0, 2))) if depth < 4 else b""
            end = number if random.random() < 0.95 else number + 1
            return tag + body + varint(end << 3 | 4)
    return tag


def mutated(random, value):
    value = bytearray(value)
    for _ in range(random.choice([1, 1, 1, 2, 4])):
        at = random.randint(0, len(value))
        match random.randint(0, 4):
            case 0:
                del value[at:]
            case 1 if value:
                value[at % len(value)] = random.choice([0, 0x7F, 0x80, 0xFF, 0xC0, 0xED, random.randint(0, 255)])
            case 2:
                value[at:at] = random.randbytes(random.randint(1, 3))
            case 3:
                del value[at : at + random.randint(1, 3)]
            case 4:
                value[at:at] = value[at : at + random.randint(1, 20)]
    return bytes(value)


def protobuf_cases(message_type, seed, count=400):
    source = random.Random(seed)
    yield b""
    deep = varint(13 << 3 | 3)
    for depth in (1, 50, 99, 100, 101, 150):
        yield deep * depth + varint(13 << 3 | 4) * depth
    for _ in range(count):
        valid = random_message(source, message_type).SerializeToString()
        other = random_message(source, message_type).SerializeToString()
        yield valid
        yield valid + other
        yield mutated(source, valid)
        yield mutated(source, valid)
        yield valid + random_field(source) + other
        yield b"".join(random_field(source) for _ in range(source.randint(1, 6)))
        yield b"".join(random_field(source) for _ in range(source.randint(1, 2)))
    for text in (b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf0\x8f\xbf\xbf", b"\xe0\x9f\xbf", b"\xef\xbf\xbf",
                 b"\xf4\x8f\xbf\xbf", b"\xc2", b"\xe2\x82", b"12345678\xc3\xa9", b"1234567\xc3", b"12345678901234\xff"):
        for number in range(1, 13):
            yield varint(number << 3 | 2) + varint(len(text)) + text


NUMBERS = ["0", "-0", "1.0", "1e3", "1.5", "15e-1", "10e-1", "0.001e3", "9223372036854775807", "9223372036854775808", "-1",
           "-9223372036854775808", "2147483648", "1e400", "1e-400", "01", "1.", ".5", "+1", "1e", "--1", "1E+2", "4294967295"]
TIMES = ["2026-11-05T10:20:30Z", "2026-11-05T10:20:30.1Z", "2026-11-05T10:20:30.123456789Z", "2026-11-05T10:20:30+01:00",
         "2026-11-05T10:20:30.5-23:59", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59.999999999Z",
         "9999-12-31T23:59:59-00:01", "2024-02-29T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
         "2026-11-05T24:00:00Z", "2026-11-05T10:20:60Z", "2026-11-05t10:20:30Z", "2026-11-05T10:20:30", "2026-11-05",
         "2026-11-05T10:20:30.1234567890Z", "0000-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "2026-13-01T00:00:00Z"]
VALUES = ["null", "true", "false", "{}", "[]", '"text"', '""', '"\\u00e9\\ud83d\\ude00"', '"\\ud800"', '"\\udc00\\ud800"',
          "[null]", '"PAID"', '"NO_SUCH"', '"NaN"', '"Infinity"', '"-Infinity"', "1", "99", "-1", '["a","b"]', "[1,2]",
          '["MPN",2,"CSP"]', '"\\x"', '"\\u12"', '"\t"', "tru", "nul", "[1,]", '{"a":1,}', '{"seconds":1}', "[[[]]]",
          *NUMBERS, *(f'"{number}"' for number in NUMBERS), *(f'"{time}"' for time in TIMES)]


def json_cases(message_type, seed, count=150):
    source = random.Random(seed)
    names = [name for field in message_type.DESCRIPTOR.fields for name in (field.name, field.json_name)]
    names += ["unknown", "customer\\u005fid", "customer\\u0049d"]
    for name in names:
        for value in VALUES:
            yield f'{{"{name}":{value}}}'.encode()
    for text in ("{}", " { } ", "{} x", "", "[]", "null", "{", "{]", '{"a"}', '{"a":}', "{,}", '{"a":1 "b":2}', '{"a":1;}',
                 "\ufeff{}", '{"unknown":{"a":[{"b":"\\u0041"},1.5e3,null]}}'):
        yield text.encode()
    for _ in range(count):
        message = random_message(source, message_type)
        for preserve in (False, True):
            text = json_format.MessageToDict(message, preserving_proto_field_name=preserve)
            text = json.dumps(text, ensure_ascii=source.random() < 0.5, indent=source.choice([None, 2])).encode()
            yield text
            yield mutated(source, text)
            yield mutated(source, text)
        members = [f'"{source.choice(names)}":{source.choice(VALUES)}' for _ in range(source.randint(1, 4))]
        yield f"{{{','.join(members)}}}".encode()

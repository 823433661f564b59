"""Where Contract and Google's Python package differ on purpose."""

import json
import re
from decimal import Decimal

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
SURROGATE = re.compile("[\ud800-\udfff]")


def has_invalid_timestamp(message):
    """Protobuf has no rule for a timestamp's range; Contract refuses one that RFC 3339 could not say."""
    if message.DESCRIPTOR.full_name == "google.protobuf.Timestamp":
        return not (0 <= message.nanos <= 999_999_999 and -62_135_596_800 <= message.seconds <= 253_402_300_799)
    for field, value in message.ListFields():
        if field.message_type:
            for part in value if field.is_repeated else [value]:
                if has_invalid_timestamp(part):
                    return True
    return False


def is_leniency_on_wire(message, reason):
    """Whether Google may take protobuf that Contract refuses for `reason`."""
    if reason.startswith("timestamp out of range"):
        return has_invalid_timestamp(message)
    # Field number 0 inside an unknown group: upb, under the Python package, takes it; Google's C++ and Java do not.
    # Anywhere else upb refuses it too, and this is not asked.
    return reason.startswith("invalid field number")


def is_leniency_in_json(message_type, text):
    """Whether Google's Python package, and not its other parsers, takes more than the JSON mapping allows."""

    def refuse(constant):
        raise ValueError(constant)

    try:
        # NaN and Infinity without quotes are no JSON; here they could only stand in an unknown field.
        value = json.loads(text, parse_constant=refuse, parse_float=Decimal)
    except ValueError:
        return True
    return is_lenient(message_type.DESCRIPTOR, value)


def is_lenient(descriptor, value):
    if not isinstance(value, dict):
        # An empty array passes for an object.
        return True
    fields = {name: field for field in descriptor.fields for name in (field.name, field.json_name)}
    if len({fields[name].name for name in value if name in fields}) < len(fields.keys() & value.keys()):
        # A field under both of its names.
        return True
    for name, member in value.items():
        field = fields.get(name)
        if SURROGATE.search(json.dumps([name, member], ensure_ascii=False, default=str)) and field is None:
            # Half a surrogate pair in an unknown field.
            return True
        if field is None or member is None:
            continue
        for element in member if field.is_repeated else [member]:
            if is_lenient_value(field, element):
                return True
    return False


def is_lenient_value(field, value):
    if field.message_type and field.message_type.full_name == "google.protobuf.Timestamp":
        # strptime takes a digit for two.
        return not RFC_3339.fullmatch(value)
    if field.message_type:
        return is_lenient(field.message_type, value)
    if field.enum_type:
        # A number in quotes is no name, true is no number, and one past 32 bits is another number.
        return isinstance(value, (str, bool, Decimal)) or not -(2**31) <= value < 2**31
    if field.cpp_type in (field.CPPTYPE_INT32, field.CPPTYPE_INT64, field.CPPTYPE_UINT32, field.CPPTYPE_DOUBLE):
        # int() and float() take signs, underscores, spaces and other digits.
        if isinstance(value, bool) or isinstance(value, str) and not NUMBER.fullmatch(value):
            return True
        # Through a double, 1e-400 is a whole number.
        return field.cpp_type != field.CPPTYPE_DOUBLE and Decimal(value) % 1 != 0
    return False


def is_strictness_of_google(message_type, text):
    """Whether an unknown field is given twice: the Python package refuses it, which takes memory for every name."""
    known = {name for field in message_type.DESCRIPTOR.fields for name in (field.name, field.json_name)}
    repeated = set()

    def note(pairs):
        names = [name for name, _ in pairs]
        repeated.update(name for name in names if names.count(name) > 1)
        return dict(pairs)

    json.loads(text, object_pairs_hook=note)
    return bool(repeated) and not repeated & known

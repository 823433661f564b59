"""Prints what changes in the result, as lines of JSON: python follow.py BOOTSTRAP_SERVERS [TOPIC_PREFIX]

What is there at the start comes first, then a line {"change": "complete"}.
"""

import json
import sys

from google.protobuf import json_format
from google.protobuf.message import Message

from partnerpulse import ResultFollower, ScaleChanged, SnapshotChanged, Switched


def main(bootstrap_servers: str, topic_prefix: str = "") -> None:
    was_complete = False
    with ResultFollower(bootstrap_servers, topic_prefix=topic_prefix) as result:
        while True:
            for change in result.poll():
                match change:
                    case SnapshotChanged(key, snapshot):
                        show("snapshot", key=str(key), value=to_dict(snapshot))
                    case ScaleChanged(key, scale):
                        show("scale", key=str(key), value=to_dict(scale))
                    case Switched(generation):
                        show("switched", generation=generation)
                    case _:
                        show("removed", key=str(change.key))
            if result.is_complete and not was_complete:
                was_complete = True
                show("complete")
            sys.stdout.flush()


def to_dict(message: Message) -> dict[str, object]:
    # Zeros too; only an optional field may be missing, which then has no value.
    return json_format.MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)


def show(what: str, **fields: object) -> None:
    print(json.dumps({"change": what, **fields}))


main(*sys.argv[1:])

"""Writes events to Kafka: python produce.py BOOTSTRAP_SERVERS [TOPIC_PREFIX] < events.ndjson

Each line is {"topic": …, "value": …}, as `partner-pulse import` reads it.
"""

import json
import sys

from google.protobuf import json_format

from partnerpulse import EventProducer, topic_of
from partnerpulse.v1 import events_pb2

KINDS = {topic_of(kind): kind for kind in (
    events_pb2.UsageAction, events_pb2.LicenseAssignment, events_pb2.Subscription, events_pb2.BillingLine,
    events_pb2.Instance, events_pb2.Customer, events_pb2.ExamPass, events_pb2.Affiliation, events_pb2.Partner)}


def main(bootstrap_servers: str, topic_prefix: str = "") -> None:
    count = 0
    with EventProducer(bootstrap_servers, topic_prefix=topic_prefix) as producer:
        for line in sys.stdin:
            event = json.loads(line)
            producer.send(json_format.ParseDict(event["value"], KINDS[event["topic"]]()))
            count += 1
    print(f"{count} events written")


main(*sys.argv[1:])

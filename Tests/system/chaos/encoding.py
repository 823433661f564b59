"""Events as records, in both forms that producers may choose, by Google's protobuf."""

import json

from google.protobuf import json_format
from google.protobuf.message import DecodeError

import messages

_TYPES = {
    "usage-actions": "UsageAction", "license-assignments": "LicenseAssignment", "subscriptions": "Subscription",
    "billing-lines": "BillingLine", "exam-passes": "ExamPass", "affiliations": "Affiliation", "instances": "Instance",
    "customers": "Customer", "partners": "Partner",
}
_KEYS = {"partners": "partnerId", "exam-passes": "personId", "affiliations": "personId"}


def key(event):
    return event["value"][_KEYS.get(event["topic"], "customerId")]


def as_json(event):
    return json.dumps(event["value"]).encode()


def as_protobuf(event):
    return json_format.ParseDict(event["value"], _message(event["topic"])).SerializeToString()


def decode(topic, value):
    """An event's value in proto3 JSON; None if it is no such message."""
    try:
        if value[:1] == b"{":
            return json.loads(value)
        message = _message(topic)
        message.ParseFromString(value)
        return json_format.MessageToDict(message)
    except (ValueError, DecodeError):
        return None


def _message(topic):
    return getattr(messages.events(), _TYPES[topic])()

"""The registry of the tests is one to confluent-kafka's own client."""

import base64
import json

import pytest
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient, SchemaRegistryError
from google.protobuf.descriptor_pb2 import FileDescriptorProto

import messages
from program import ROOT
from registry import Registry, serve_registry

TEXT = (ROOT / "schemas/partnerpulse/v1/snapshots.proto").read_text()
JSON_SCHEMA = {"type": "object", "additionalProperties": False, "properties": {"a": {"type": "string"}}}


@pytest.fixture
def registry():
    return Registry()


@pytest.fixture
def client(registry):
    with serve_registry(registry) as url:
        yield SchemaRegistryClient({"url": url})


def refusal(body):
    with pytest.raises(SchemaRegistryError) as caught:
        body()
    return caught.value.http_status_code, caught.value.error_code


def test_schemas_have_ids(client):
    schema = Schema(TEXT, "PROTOBUF")
    number = client.register_schema("a-value", schema)
    assert client.register_schema("b-value", schema) == number
    assert client.register_schema("c-value", Schema(json.dumps(JSON_SCHEMA), "JSON")) != number
    assert client.get_schema(number).schema_str == TEXT
    assert client.get_schema(number).schema_type == "PROTOBUF"
    assert sorted(client.get_subjects()) == ["a-value", "b-value", "c-value"]
    assert refusal(lambda: client.get_schema(99)) == (404, 40403)


def test_comments_make_no_other_schema(client):
    number = client.register_schema("a-value", Schema(TEXT, "PROTOBUF"))
    plain = "\n".join(line for line in TEXT.splitlines() if not line.strip().startswith("//"))
    found = client.lookup_schema("a-value", Schema(plain, "PROTOBUF"))
    assert (found.schema_id, found.version, found.subject) == (number, 1, "a-value")


def test_schemas_are_read_and_written_as_descriptors_too(client):
    number = client.register_schema("a-value", Schema(TEXT, "PROTOBUF"))
    descriptor = messages.snapshots().DESCRIPTOR.serialized_pb
    found = client.lookup_schema("a-value", Schema(base64.b64encode(descriptor).decode(), "PROTOBUF"))
    assert found.schema_id == number
    serialized = client.get_schema(number, fmt="serialized").schema_str
    read = FileDescriptorProto.FromString(base64.b64decode(serialized))
    assert [message.name for message in read.message_type] == list(messages.snapshots().DESCRIPTOR.message_types_by_name)


def test_what_is_not_there_is_not_found(client):
    schema = Schema(TEXT, "PROTOBUF")
    assert refusal(lambda: client.lookup_schema("a-value", schema)) == (404, 40401)
    client.register_schema("a-value", Schema(TEXT.replace("double value", "double worth"), "PROTOBUF"))
    assert refusal(lambda: client.lookup_schema("a-value", schema)) == (404, 40403)
    assert refusal(lambda: client.get_version("a-value", 7)) == (404, 40402)


@pytest.mark.parametrize("kind, old, same, other", [
    ("PROTOBUF", TEXT, TEXT + "message More {}\n", TEXT.replace("optional double previous", "optional string previous")),
    ("JSON", json.dumps(JSON_SCHEMA),
     json.dumps({**JSON_SCHEMA, "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}),
     json.dumps({**JSON_SCHEMA, "properties": {"a": {"type": "integer"}}})),
])
def test_compatibility_is_kept_unless_it_is_not_asked_for(client, kind, old, same, other):
    client.register_schema("a-value", Schema(old, kind))
    assert client.test_compatibility("a-value", Schema(same, kind))
    assert not client.test_compatibility("a-value", Schema(other, kind))
    assert refusal(lambda: client.register_schema("a-value", Schema(other, kind))) == (409, 409)
    client.register_schema("a-value", Schema(same, kind))
    assert client.get_latest_version("a-value").version == 2
    client.set_compatibility("a-value", "NONE")
    assert client.get_compatibility("a-value") == "NONE"
    client.register_schema("a-value", Schema(other, kind))
    assert client.get_versions("a-value") == [1, 2, 3]


def test_what_is_no_schema_is_refused(client):
    assert refusal(lambda: client.register_schema("a-value", Schema("message {", "PROTOBUF"))) == (422, 42201)


def test_callers_are_known(registry):
    with serve_registry(Registry(user_info="us:secret:too")) as url:
        assert SchemaRegistryClient({"url": url, "basic.auth.user.info": "us:secret:too"}).get_subjects() == []
        assert refusal(lambda: SchemaRegistryClient({"url": url}).get_subjects()) == (401, 401)
    with serve_registry(Registry(token="t0ken")) as url:
        bearer = {"bearer.auth.credentials.source": "STATIC_TOKEN", "bearer.auth.token": "t0ken",
                  "bearer.auth.logical.cluster": "lsrc", "bearer.auth.identity.pool.id": "pool"}
        assert SchemaRegistryClient({"url": url, **bearer}).get_subjects() == []

"""Results in every format: what is written is read by confluent-kafka's own deserializers, and by all of the program."""

import json
import subprocess

import pytest
from confluent_kafka import Producer
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.json_schema import JSONDeserializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import json_format

import messages
from foreign import read_all
from ndjson import CATALOG, assert_same_lines, events, expected
from page_fixtures import serve
from program import PROGRAM, ROOT
from registry import Registry, serve_registry
from test_recompute import shown_generation
from waiting import wait_for

LINES = events("set-101")
FORMATS = ["protobuf", "json", "confluent", "confluent-json"]
TOPICS = {"indicator-snapshots": "IndicatorSnapshot", "indicator-scales": "IndicatorScale"}


@pytest.fixture
def registry():
    return Registry()


@pytest.fixture
def url(registry):
    with serve_registry(registry) as url:
        yield url


@pytest.fixture
def application(make_application):
    application = make_application(catalog=CATALOG)
    application.create_topics(2)
    application.import_lines(LINES)
    return application


def options(output_format, url):
    return ["--output-format", output_format] + (["--schema-registry", url] if "confluent" in output_format else [])


def run(application, *options):
    return application.command(*application.run_arguments("a", "--until-end", *options))


def assert_refused(outcome, status, *words):
    text = outcome.stderr.decode()
    assert outcome.returncode == status, text
    assert all(word in text for word in words), text


def assert_untouched(application):
    """Nothing says yet under what a result is computed, so any will do."""
    assert run(application, "--output-format", "json").returncode == 0
    assert_same_lines(application.snapshots(), expected("set-101"))


def decoder(output_format, kind, client):
    """Reads a value as others do."""
    if output_format == "protobuf":
        return lambda value, _: kind.FromString(value)
    if output_format == "json":
        return lambda value, _: json_format.Parse(value, kind())
    if output_format == "confluent":
        deserializer = ProtobufDeserializer(kind, {}, client)
        index = list(kind.DESCRIPTOR.file.message_types_by_name).index(kind.DESCRIPTOR.name)

        def read_framed(value, context):
            # One index, which this deserializer does not judge and others find the message by.
            assert value[5:7] == bytes([2, 2 * index])
            return deserializer(value, context)
        return read_framed
    read = JSONDeserializer(None, schema_registry_client=client)
    return lambda value, context: json_format.ParseDict(read(value, context), kind())


def result(bootstrap_servers, prefix, output_format, url, suffix=""):
    """The newest message of each key, by confluent-kafka."""
    client, found = SchemaRegistryClient({"url": url}), {}
    for topic, kind in TOPICS.items():
        read = decoder(output_format, getattr(messages.snapshots(), kind), client)
        for record in read_all(bootstrap_servers, prefix + topic + suffix):
            key = topic, record.key().decode()
            found.pop(key, None)
            if record.value() is not None:
                found[key] = read(record.value(), SerializationContext(record.topic(), MessageField.VALUE))
    return found


def test_every_format_holds_the_same(bootstrap_servers, make_application, registry, url):
    results = []
    for output_format in FORMATS:
        application = make_application(bootstrap_servers, catalog=CATALOG)
        application.create_topics(2)
        application.import_lines(LINES)
        application.run_until_end("a", *options(output_format, url))
        assert_same_lines(application.snapshots(), expected("set-101"))
        prefix = application.name + "."
        results.append(result(bootstrap_servers, prefix, output_format, url))
        subjects = [f"{prefix}{topic}-value" for topic in TOPICS]
        assert all((subject in registry.subjects) == ("confluent" in output_format) for subject in subjects)
    assert len(results[0]) == len(expected("set-101"))
    assert all(other == results[0] for other in results[1:])


def test_another_format_is_another_generation(bootstrap_servers, make_application, url):
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.create_topics(2)
    application.import_lines(LINES)
    application.run_until_end("a", "--output-format", "json")
    server = serve(application, "--catalog", CATALOG)
    try:
        server.wait_until_ready()
        application.succeed(*application.run_arguments(
            "b", "--until-end", "--no-switch", *options("confluent", url), command="recompute"))
        application.succeed("recompute", "compare", "--application", application.name)
        application.succeed("recompute", "switch", "--application", application.name)
        wait_for(lambda: shown_generation(server) == 2)
        assert_same_lines(application.snapshots(), expected("set-101"))
        found = result(bootstrap_servers, application.name + ".", "confluent", url, ".2")
        assert len(found) == len(expected("set-101"))
    finally:
        server.stop()


def test_a_result_goes_on_in_its_own_format_only(application, url):
    assert run(application, "--output-format", "json").returncode == 0
    assert_refused(run(application), 1, "output format json (here: protobuf)", "--output-format json", "recompute")
    assert_refused(run(application, *options("confluent", url)), 1, "output format json (here: confluent)")
    assert_refused(
        run(application, "--output-format", "json", "--schema-registry", url), 1, "no schema registry",
        "leave out --schema-registry")
    assert run(application, "--output-format", "json").returncode == 0
    assert_same_lines(application.snapshots(), expected("set-101"))
    partner = json.loads(expected("set-101")[0])["snapshot"]["key"].split("|")[0]
    assert application.command("explain", partner, "--catalog", CATALOG).returncode == 0


def test_serve_reads_every_format_and_computes_its_own(application):
    assert run(application, "--output-format", "json").returncode == 0
    assert_refused(
        application.command("serve", "--listen", "127.0.0.1:0", "--catalog", CATALOG), 1, "--output-format json")
    assert_refused(
        application.command("serve", "--listen", "127.0.0.1:0", "--no-run", "--output-format", "json"), 2, "--no-run")
    for words in (["--no-run"], ["--output-format", "json"]):
        server = serve(application, "--catalog", CATALOG, *words)
        server.wait_until_ready()
        server.stop()


@pytest.mark.parametrize("words, what", [
    (["--output-format", "avro"], "'avro' is not one of protobuf, json, confluent, confluent-json"),
    (["--output-format", "confluent"], "--output-format confluent needs --schema-registry"),
    (["--schema-registry-token", "f"], "--schema-registry-token needs --schema-registry"),
    (["--no-register-schemas"], "--no-register-schemas needs --schema-registry"),
    (["--schema-registry", "ftp://host"], "'ftp://host' is not an http or https address"),
    (["--schema-registry", "https://user:secret@host"], "is not an http or https address"),
    (["--schema-registry", "http://registry.example:8081", "--schema-registry-token", "f"], "https alone"),
    (["--schema-registry", "https://host", "--schema-registry-token", "f", "--schema-registry-user-info", "g"],
     "cannot be combined"),
    (["--schema-registry", "https://host", "--schema-registry-token", "/nowhere"], "/nowhere cannot be read"),
    (["--schema-registry", "https://host", "--schema-registry-ca", "/nowhere"], "/nowhere cannot be read"),
])
def test_wrong_options_are_named(application, words, what):
    assert_refused(run(application, *words), 2, what)


def test_a_schema_that_is_not_compatible_is_refused(application, registry, url):
    client = SchemaRegistryClient({"url": url})
    other = 'syntax = "proto3"; package partnerpulse.v1; message IndicatorSnapshot { int64 partner_id = 1; }'
    client.register_schema("indicator-snapshots-value", Schema(other, "PROTOBUF"))
    assert_refused(
        run(application, *options("confluent", url)), 2, "indicator-snapshots-value", "not compatible",
        "partnerpulse.v1.IndicatorSnapshot.partner_id has another type")
    assert registry.subjects["indicator-snapshots-value"] == [1]
    assert_untouched(application)


def test_schemas_are_only_looked_up_if_they_are_not_to_be_registered(application, registry, url):
    words = [*options("confluent", url), "--no-register-schemas"]
    assert_refused(run(application, *words), 2, "not registered under subject indicator-snapshots-value")
    assert not registry.subjects
    client = SchemaRegistryClient({"url": url})
    text = (ROOT / "schemas/partnerpulse/v1/snapshots.proto").read_text()
    for topic in TOPICS:
        client.register_schema(f"{topic}-value", Schema(text, "PROTOBUF"))
    before = dict(registry.subjects)
    assert run(application, *words).returncode == 0
    assert registry.subjects == before
    assert_same_lines(application.snapshots(), expected("set-101"))


def test_credentials_come_from_a_file(application, tmp_path):
    secret = tmp_path / "secret"
    for registry, option, text in (
            (Registry(user_info="us:p:w"), "--schema-registry-user-info", "us:p:w\n"),
            (Registry(token="t0ken"), "--schema-registry-token", "t0ken\n")):
        with serve_registry(registry) as url:
            assert_refused(run(application, *options("confluent", url)), 2, "401", "credentials")
            secret.write_text("us:wrong")
            assert_refused(run(application, *options("confluent", url), option, secret), 2, "401", "credentials")
            secret.write_text(text)
            assert registry.subjects == {}
            assert run(application, *options("confluent", url), option, secret).returncode == 0
    assert_same_lines(application.snapshots(), expected("set-101"))
    secret.write_text("no colon")
    assert_refused(
        run(application, *options("confluent", url), "--schema-registry-user-info", secret), 2, "USER:PASSWORD")


def test_the_certificate_of_the_registry_is_checked(application, tmp_path):
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    with serve_registry(Registry(), (certificate, key)) as url:
        assert_refused(run(application, *options("confluent", url)), 2, "certificate")
        assert run(application, *options("confluent", url), "--schema-registry-ca", certificate).returncode == 0
    assert_same_lines(application.snapshots(), expected("set-101"))


def test_a_registry_that_does_not_answer_is_waited_for(application, registry, url):
    registry.faults = [(503, 50003, "no leader", "/")] * 2
    assert_refused(run(application, *options("confluent", url)), 1, "no leader", "503")
    process = application.start("waits", *options("confluent", url))
    wait_for(lambda: len(registry.subjects) == 2)
    assert "no leader" in application.log_of("waits")
    wait_for(lambda: len(application.snapshots()) == len(expected("set-101")))
    application.stop(process)


def test_what_is_no_registry_is_refused(application):
    class Other(Registry):
        def answer(self, *_):
            return {"hello": "world"}
    with serve_registry(Other()) as url:
        assert_refused(run(application, *options("confluent", url)), 2, "not of a schema registry")
    assert_refused(run(application, *options("confluent", "http://127.0.0.1:1")), 1, "127.0.0.1:1")
    assert_untouched(application)


def test_a_registry_is_checked_and_not_changed(application, registry, url):
    def findings(*words):
        done = application.command("check", "run", "--catalog", CATALOG, "--application", application.name, *words)
        return done.returncode, [
            line for line in done.stdout.decode().splitlines() if "schema registry:" in line or "schemas of results:" in line]

    confluent = options("confluent", url)
    assert findings(*confluent) == (0, [
        f"ok      schema registry: {url} answers", "ok      schemas of results: they are registered by the command"])
    assert findings(*confluent, "--no-register-schemas")[0] == 1
    assert not registry.subjects
    assert run(application, *confluent).returncode == 0
    assert findings(*confluent)[1][-1] == "ok      schemas of results: they are registered"
    assert findings("--output-format", "json")[0] == 1, "that of the result is another"
    assert findings() == (1, [])
    registry.subjects["indicator-scales-value"] = [SchemaRegistryClient({"url": url}).register_schema("other", Schema(
        'syntax = "proto3"; package partnerpulse.v1; message IndicatorScale { int64 month = 2; }', "PROTOBUF"))]
    status, [_, schemas] = findings(*confluent)
    assert status == 1 and schemas.startswith("wrong   schemas of results:") and "indicator-scales-value" in schemas
    registry.faults = [(500, 50001, "store failed", "/schemas/types")]
    assert "store failed" in findings(*confluent)[1][0]


CLASSES = {"usage-actions": "UsageAction", "license-assignments": "LicenseAssignment", "subscriptions": "Subscription",
           "billing-lines": "BillingLine", "instances": "Instance", "customers": "Customer", "exam-passes": "ExamPass",
           "affiliations": "Affiliation", "partners": "Partner"}


def produce_framed(bootstrap_servers, prefix, url, lines, frame=lambda index, value: value):
    """Writes events as confluent-kafka's serializer does, changed by `frame`."""
    client = SchemaRegistryClient({"url": url})
    producer = Producer({"bootstrap.servers": bootstrap_servers, "partitioner": "murmur2_random", "max.in.flight": 1})
    serializers = {}
    for index, event in enumerate(map(json.loads, lines)):
        kind = getattr(messages.events(), CLASSES[event["topic"]])
        serializer = serializers.setdefault(event["topic"], ProtobufSerializer(kind, client))
        message = json_format.ParseDict(event["value"], kind())
        topic = prefix + event["topic"]
        value = serializer(message, SerializationContext(topic, MessageField.VALUE))
        key = getattr(message, kind.DESCRIPTOR.fields_by_number[1].name)
        producer.produce(topic, key=key, value=frame(index, value))
    assert producer.flush(60) == 0


# Holds SEM-71.
def test_the_schemas_of_inputs_are_checked(bootstrap_servers, make_application, registry, url):
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.create_topics(2)
    prefix = application.name + "."
    produce_framed(bootstrap_servers, prefix, url, LINES)
    # Once more, under an id that nobody gave, and under one of a schema for something else.
    number = SchemaRegistryClient({"url": url}).register_schema("other", Schema('"string"', "AVRO"))
    strange = [9999, number]
    produce_framed(
        bootstrap_servers, prefix, url, LINES[:6],
        lambda index, value: b"\0" + strange[index % 2].to_bytes(4, "big") + value[5:])
    registry.requests.clear()
    application.run_until_end("a", "--schema-registry", url)
    assert_same_lines(application.snapshots(), expected("set-101"))
    rejected = [json.loads(line) for line in application.succeed("rejected").splitlines()]
    unknown = [each["detail"] for each in rejected if each["reason"] == "unknown_schema"]
    assert sorted(unknown) == sorted(f"the registry has no protobuf schema {strange[index % 2]}" for index in range(6))
    asked = [path for method, path in registry.requests if path.startswith("/schemas/ids/")]
    # The schema of all events, and the two others.
    assert len(asked) == len(set(asked)) == 3


def test_a_registry_that_goes_away_is_waited_for(bootstrap_servers, make_application, registry, url):
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.create_topics(1)
    produce_framed(bootstrap_servers, application.name + ".", url, LINES)
    registry.faults = [(500, 50001, "store failed", "/schemas/ids/")] * 2
    process = application.start("waits", "--schema-registry", url)
    wait_for(lambda: len(application.snapshots()) == len(expected("set-101")))
    assert_same_lines(application.snapshots(), expected("set-101"))
    application.stop(process)
    assert not registry.faults
    assert "store failed" in application.log_of("waits")
    assert application.succeed("rejected", "--reason", "unknown_schema") == b""


def test_every_format_is_followed(application):
    """`tail` on a result as JSON; the other readers share how values are read."""
    assert run(application, "--output-format", "json").returncode == 0
    process = subprocess.Popen(
        [PROGRAM, "tail", "--from-beginning", *application.log], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    lines = [json.loads(process.stdout.readline()) for _ in expected("set-101")]
    process.terminate()
    assert b"cannot be read" not in process.communicate()[1]
    wanted = {line["snapshot"]["key"]: line["snapshot"] for line in map(json.loads, expected("set-101")) if "snapshot" in line}
    found = {line["snapshot"]["key"]: line["snapshot"] for line in lines if "snapshot" in line}
    assert found == wanted

"""TLS and SASL, through librdkafka's properties."""

import os
import pathlib
import subprocess
import sys
from typing import NamedTuple

import pytest

from ndjson import CATALOG, assert_same_lines, events, expected
from program import ROOT, environment

sys.path.insert(0, str(ROOT / "scripts/lib"))
from free_ports import free_ports  # noqa: E402

pytestmark = [
    pytest.mark.skipif(not environment("KAFKA_HOME"), reason="KAFKA_HOME is not set"),
    # One worker runs them all, on one broker.
    pytest.mark.xdist_group("security"),
]

USER, PASSWORD = "pulse", "correct-horse"


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    """A broker with a TLS listener that wants a password and one that wants a certificate."""
    directory = tmp_path_factory.mktemp("secured")
    make_certificate(directory)
    port = free_ports(4)
    jaas = "org.apache.kafka.common.security"
    sasl = "listener.name.sasl_ssl"
    properties = [
        f"listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{port + 1},"
        f"SASL_SSL://127.0.0.1:{port + 2},SSL://127.0.0.1:{port + 3}",
        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL",
        "ssl.keystore.type=PEM", f"ssl.keystore.location={directory / 'keystore.pem'}",
        "ssl.truststore.type=PEM", f"ssl.truststore.location={directory / 'certificate.pem'}",
        "listener.name.ssl.ssl.client.auth=required",
        "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512",
        f'{sasl}.plain.sasl.jaas.config={jaas}.plain.PlainLoginModule required user_{USER}="{PASSWORD}";',
        f"{sasl}.scram-sha-512.sasl.jaas.config={jaas}.scram.ScramLoginModule required;",
    ]
    start = [ROOT / "scripts/kafka-broker", "start", directory / "kafka", "--port", str(port)]
    for each in properties:
        start += ["--property", each]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL)
    try:
        subprocess.run(
            [pathlib.Path(os.environ["KAFKA_HOME"]) / "bin/kafka-configs.sh",
             "--bootstrap-server", f"127.0.0.1:{port}", "--alter", "--entity-type", "users", "--entity-name", USER,
             "--add-config", f"SCRAM-SHA-512=[password={PASSWORD}]"],
            check=True, capture_output=True)
        yield Secured(f"127.0.0.1:{port + 2}", f"127.0.0.1:{port + 3}", directory)
    finally:
        subprocess.run([ROOT / "scripts/kafka-broker", "stop", directory / "kafka"], check=True)


class Secured(NamedTuple):
    sasl: str
    mutual: str
    directory: pathlib.Path

    def password(self, mechanism, password=PASSWORD):
        return {"security.protocol": "SASL_SSL", "sasl.mechanism": mechanism, "sasl.username": USER,
                "sasl.password": password, "ssl.ca.location": self.directory / "certificate.pem"}

    def certificate(self):
        return {"security.protocol": "SSL", "ssl.ca.location": self.directory / "certificate.pem",
                "ssl.certificate.location": self.directory / "certificate.pem",
                "ssl.key.location": self.directory / "key.pem"}


def make_certificate(directory):
    key, certificate = directory / "key.pem", directory / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    (directory / "keystore.pem").write_text(key.read_text() + certificate.read_text())


def library_version():
    found = subprocess.run(["pkg-config", "--modversion", "rdkafka"], capture_output=True, text=True)
    return tuple(map(int, found.stdout.strip().split(".")))


def assert_works(servers, properties, make_application):
    application = make_application(servers, properties, CATALOG)
    application.create_topics(2)
    application.import_lines(events("set-101"))
    application.run_until_end()
    assert_same_lines(application.snapshots(), expected("set-101"))


def test_tls_with_a_password(secured, make_application):
    assert_works(secured.sasl, secured.password("PLAIN"), make_application)


@pytest.mark.skipif(
    library_version() < (2, 6, 1), reason="librdkafka before 2.6.1 cannot do SCRAM with Kafka 4 (its #4895)")
def test_tls_with_a_challenge(secured, make_application):
    assert_works(secured.sasl, secured.password("SCRAM-SHA-512"), make_application)


def test_tls_with_a_certificate(secured, make_application):
    assert_works(secured.mutual, secured.certificate(), make_application)


def test_a_wrong_password_is_said(secured, make_application):
    application = make_application(secured.sasl, secured.password("PLAIN", "battery-staple"))
    outcome = application.command("topics", "create")
    assert outcome.returncode == 1
    assert "authentication" in outcome.stderr.decode().lower()
    assert "battery-staple" not in outcome.stderr.decode()


def test_an_unknown_certificate_is_refused(secured, make_application, tmp_path):
    make_certificate(tmp_path)
    properties = {**secured.password("PLAIN"), "ssl.ca.location": tmp_path / "certificate.pem"}
    outcome = make_application(secured.sasl, properties).command("topics", "create")
    assert outcome.returncode == 1
    assert "certificate verify failed" in outcome.stderr.decode()

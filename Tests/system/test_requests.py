"""What the server makes of raw bytes, and of clients that are too many."""

import re
import resource
import socket
import time

import pytest
import requests

from ndjson import CATALOG, EXAMPLES
from program import Application
from waiting import SLOWNESS, wait_for
from web import TokenIssuer, WebServer

pytestmark = pytest.mark.xdist_group("web-requests")

HOST = b"Host: localhost\r\n"
SECOND = b"GET /api/v1/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
AMBIGUOUS = [
    b"Content-Length: 0\r\nContent-Length: 51\r\n", b"Content-Length: 51\r\nContent-Length: 0\r\n",
    b"Content-Length: 51\r\nTransfer-Encoding: chunked\r\n", b"Content-Length : 51\r\n", b"Transfer-Encoding\t: chunked\r\n",
    HOST, b"Host: elsewhere\r\n", b"X: a\r\n b\r\n", b"X: a\r\n\tContent-Length: 51\r\n", b"Content-Length:\r\n 51\r\n",
    b"X: a\nContent-Length: 51\r\n", b"X: a\rContent-Length: 51\r\n", b"X: a\0b\r\n", b"Content-Length: 51, 51\r\n",
]


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    directory = tmp_path_factory.mktemp("requests")
    application = Application(["--data", str(directory / "log.db")], directory, CATALOG)
    application.succeed("import", EXAMPLES / "set-101.events.ndjson")
    application.run_until_end()
    return directory / "log.db"


@pytest.fixture
def served(log, tmp_path):
    server = WebServer(tmp_path, "--data", log, "--catalog", CATALOG, "--no-run", "--listen", "127.0.0.1:0").wait_until_ready()
    yield server
    server.kill()


@pytest.fixture
def guarded(log, tmp_path):
    issuer = TokenIssuer()
    keys = issuer.write(tmp_path / "jwks.json")
    server = WebServer(
        tmp_path, "--data", log, "--catalog", CATALOG, "--no-run", "--listen", "0.0.0.0:0", "--jwks", keys,
        "--issuer", issuer.issuer, "--audience", issuer.audience, "--client-connections", "20")
    server.url = server.url.replace("0.0.0.0", "127.0.0.1")
    server.wait_until_ready()
    server.issuer = issuer
    yield server
    server.kill()


def connect(server, host="127.0.0.1"):
    connection = socket.create_connection((host, int(server.url.rsplit(":", 1)[1])), 10 * SLOWNESS)
    connection.settimeout(10 * SLOWNESS)
    return connection


def answers(server, raw):
    """The statuses that come back until the server closes the connection."""
    with connect(server) as connection:
        connection.sendall(raw)
        received = b""
        try:
            while block := connection.recv(65536):
                received += block
        except ConnectionResetError:
            pass
    return re.findall(rb"HTTP/1\.1 (\d+) ", received)


@pytest.mark.parametrize("fields", AMBIGUOUS)
def test_what_can_be_read_in_two_ways_is_refused(served, fields):
    # As it came or in answer to what precedes it, nothing behind it is taken for a request: 404 would say that it was.
    for method in (b"GET", b"POST", b"HEAD"):
        found = answers(served, method + b" /api/v1/scales HTTP/1.1\r\n" + HOST + fields + b"\r\n" + SECOND)
        assert found and set(found) == {b"400"}
    before = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"
    found = answers(served, before + b"GET /api/v1/scales HTTP/1.1\r\n" + HOST + fields + b"\r\n" + SECOND)
    assert found[0] == b"200" and found[1:] and set(found[1:]) == {b"400"}


def test_requests_in_a_row_are_answered_in_a_row(served):
    last = b"GET /api/v1/nothing HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n"
    request = b"GET /api/v1/scales HTTP/1.1\r\n" + HOST + b"X-A:a\r\nX-B:  b \r\nX-C:\r\n\r\n"
    assert answers(served, request * 50 + last) == [b"200"] * 50 + [b"404"]


def test_without_keys_a_proxy_is_refused(served):
    for name in ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded"):
        refused = served.get("/api/v1/partners", headers={name: "for=192.0.2.1"})
        assert refused.status_code == 403 and "proxy" in refused.json()["detail"]
    assert served.get("/api/v1/partners").status_code == 200


def allow_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))


def test_those_who_ask_nothing_shut_out_nobody(served):
    allow_descriptors()
    idle = [connect(served) for _ in range(1500)]
    for connection in idle[::3]:
        try:
            connection.sendall(b"GET / HTTP/1.1\r\nX: ")
        except OSError:
            pass
    for path in ("/healthz", "/readyz", "/metrics", "/api/v1/scales"):
        start = time.monotonic()
        assert served.get(path).status_code == 200
        assert time.monotonic() - start < 2 * SLOWNESS
    assert 'http_refusals_total{reason="evicted_connection"}' in served.get("/metrics").text
    for connection in idle:
        connection.close()


def test_where_all_streams_are_taken_the_rest_is_answered(guarded):
    allow_descriptors()
    administrator = guarded.issuer.token("partner-administrator")
    partner = guarded.get("/api/v1/partners", administrator).json()["partners"][0]
    path = f"/api/v1/partners/{partner}/events"
    open_streams = []
    for viewer in range(25):
        token = guarded.issuer.token(partner=partner, sub=f"viewer-{viewer}")
        for _ in range(32):
            connection = connect(guarded)
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
            open_streams.append(connection)
    wait_for(lambda: "partner_pulse_http_streams 800" in guarded.get("/metrics", administrator).text)
    refused = guarded.get(path, guarded.issuer.token(partner=partner, sub="late"))
    assert refused.status_code == 503 and int(refused.headers["Retry-After"]) > 0
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert guarded.get("/healthz").status_code == 200
    assert guarded.get(f"/api/v1/partners/{partner}/indicators", administrator).status_code == 200
    for connection in open_streams:
        connection.close()


def own_address():
    """An address of this machine that is not loopback, or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: this only asks for the route.
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return None


@pytest.mark.skipif(own_address() is None, reason="this machine has no address but loopback")
def test_a_stranger_has_so_many_connections(guarded):
    address = own_address()
    idle = [connect(guarded, address) for _ in range(20)]
    url = guarded.url.replace("127.0.0.1", address)
    wait_for(lambda: requests.get(url + "/assets/page.css", timeout=10 * SLOWNESS).status_code == 429)
    refused = requests.get(url + "/", timeout=10 * SLOWNESS)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    assert refused.headers["Content-Type"] == "application/problem+json"
    # What tells whether the program is well is answered all the same, and so is everybody else.
    assert requests.get(url + "/healthz", timeout=10 * SLOWNESS).status_code == 200
    assert guarded.get("/", guarded.issuer.token("partner-administrator")).status_code == 200
    for connection in idle:
        connection.close()
    wait_for(lambda: requests.get(url + "/assets/page.css", timeout=10 * SLOWNESS).status_code == 404)

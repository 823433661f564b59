"""Who may see what, by tokens of a foreign library."""

import base64
import hashlib
import hmac
import http.server
import json
import socket
import ssl
import subprocess
import threading
import time

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ndjson import CATALOG, EXAMPLES
from program import PROGRAM, Application
from waiting import SLOWNESS, wait_for
from web import EventStream, TokenIssuer, WebServer

pytestmark = pytest.mark.xdist_group("web-access")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    directory = tmp_path_factory.mktemp("access")
    application = Application(["--data", str(directory / "log.db")], directory, CATALOG)
    application.succeed("import", EXAMPLES / "set-101.events.ndjson")
    application.run_until_end()
    issuer = TokenIssuer()
    keys = issuer.write(directory / "jwks.json")
    # On all addresses, as is only allowed with access control.
    server = WebServer(
        directory, "--data", directory / "log.db", "--catalog", CATALOG, "--no-run", "--listen", "0.0.0.0:0", "--jwks", keys,
        "--issuer", issuer.issuer, "--audience", issuer.audience, "--access-log", directory / "access.log",
        "--cors-origin", "https://portal.example", "--frame-ancestors", "https://portal.example",
        "--sign-in-url", "https://portal.example/login?back={return}", "--client-streams", "3")
    server.access_log = directory / "access.log"
    server.url = server.url.replace("0.0.0.0", "127.0.0.1")
    server.wait_until_ready()
    server.issuer, server.keys = issuer, keys
    server.partners = server.get("/api/v1/partners", issuer.token("partner-administrator")).json()["partners"]
    assert len(server.partners) > 1
    yield server
    server.kill()


def test_a_partner_sees_itself_alone(served):
    own, other = served.partners[:2]
    for key in ("rsa", "ec"):
        token = served.issuer.token(partner=own, key=key)
        assert served.get(f"/api/v1/partners/{own}/indicators", token).json()["partner"] == own
        assert served.get("/api/v1/partners", token).json()["partners"] == [own]
        for resource in ("indicators", "indicators.csv", "history.csv", "events", "months", "cells", "explain",
                         "difference", "revisions"):
            refused = served.get(f"/api/v1/partners/{other}/{resource}", token)
            assert refused.status_code == 403
            assert refused.headers["Content-Type"] == "application/problem+json"
            assert other not in refused.text


def test_an_administrator_sees_all(served):
    token = served.issuer.token("partner-administrator")
    for partner in served.partners:
        assert served.get(f"/api/v1/partners/{partner}/indicators", token).json()["partner"] == partner


def test_nothing_is_seen_without_a_token(served):
    for path in ("/", "/api/v1/partners", "/api/v1/scales", "/metrics", f"/api/v1/partners/{served.partners[0]}/events"):
        assert served.get(path).status_code == 401
    assert served.get("/healthz").status_code == 200


def forged_tokens(issuer, partner):
    """Tokens that must not be taken, by what is wrong with them."""
    now = time.time()
    payload = {"iss": issuer.issuer, "aud": issuer.audience, "exp": now + 600, "roles": ["partner-administrator"],
               "partner_id": partner}
    public = issuer.keys["rsa"][0].public_key()
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    yield "alg none", jwt.encode(payload, None, "none", headers={"kid": "rsa"})
    for name, secret in (
        ("public key as secret, PEM", public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)),
        ("public key as secret, DER", public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)),
    ):
        yield name, hs256(payload, secret)
    yield "stranger's key", jwt.encode(payload, stranger, "RS256", headers={"kid": "rsa"})
    yield "stranger's key in the header", jwt.encode(
        payload, stranger, "RS256", headers={
            "kid": "rsa", "jwk": jwt.algorithms.RSAAlgorithm.to_jwk(stranger.public_key(), as_dict=True)})
    yield "unknown key", jwt.encode(payload, stranger, "RS256", headers={"kid": "unknown"})
    yield "other algorithm", jwt.encode(payload, issuer.keys["rsa"][0], "RS512", headers={"kid": "rsa"})
    yield "expired", issuer.token(exp=now - 60)
    yield "not yet valid", issuer.token(nbf=now + 120)
    yield "other audience", issuer.token(aud="elsewhere")
    yield "other issuer", issuer.token(iss="https://elsewhere.example")
    header, body, signature = issuer.token(partner="nobody").split(".")
    changed = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    yield "changed claims", f"{header}.{changed}.{signature}"
    yield "cut signature", f"{header}.{body}.{signature[:-4]}"
    yield "no signature", f"{header}.{body}."


def hs256(payload, secret):
    """By hand, since no library lends itself to this."""
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=")
             for each in ({"alg": "HS256", "typ": "JWT", "kid": "rsa"}, payload)]
    signed = ".".join(parts)
    mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return signed + "." + base64.urlsafe_b64encode(mac).decode().rstrip("=")


def test_forged_tokens_are_refused(served):
    partner = served.partners[0]
    for what, token in forged_tokens(served.issuer, partner):
        answer = served.get(f"/api/v1/partners/{partner}/indicators", token)
        assert answer.status_code == 401, what
        assert "invalid_token" in answer.headers["WWW-Authenticate"], what


def test_keys_are_changed_while_it_runs(served):
    new = TokenIssuer()
    new.keys = {"new": (rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256")}
    path = f"/api/v1/partners/{served.partners[0]}/months"
    token = new.token(partner=served.partners[0], key="new")
    assert served.get(path, token).status_code == 401
    try:
        new.write(served.keys)
        wait_for(lambda: served.get(path, token).status_code == 200)
        assert served.get(path, served.issuer.token(partner=served.partners[0])).status_code == 401
    finally:
        served.issuer.write(served.keys)
        wait_for(lambda: served.get(path, served.issuer.token(partner=served.partners[0])).status_code == 200)


def test_a_bad_key_spoils_no_other(served):
    administrator = served.issuer.token("partner-administrator")
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key()
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(weak, as_dict=True) | {"kid": "weak-one"}
    try:
        served.issuer.write(served.keys, jwk, {"kty": "EC", "crv": "P-256", "x": "AAAAA", "y": "="}, 7)
        wait_for(lambda: metric(served, "token_keys_skipped", administrator) == 3)
        assert metric(served, "token_keys", administrator) == 2
        for key in ("rsa", "ec"):
            assert served.get("/api/v1/scales", served.issuer.token(partner=served.partners[0], key=key)).status_code == 200
    finally:
        served.issuer.write(served.keys)
    wait_for(lambda: metric(served, "token_keys_skipped", administrator) == 0)
    warnings = [line for line in served.log.read_text().splitlines() if " WARN " in line]
    assert any('key 3 ("weak-one"): it has 1024 bits' in line for line in warnings), warnings
    assert any("key 4: it is malformed" in line for line in warnings), warnings
    assert any("skipping key 5" in line for line in warnings), warnings


def metric(served, name, token):
    for line in served.get("/metrics", token).text.splitlines():
        if line.startswith(f"partner_pulse_{name} "):
            return float(line.split()[1])
    return None


def test_a_removed_key_ends_its_streams_and_no_others(served):
    own, other = served.partners[:2]
    administrator = served.issuer.token("partner-administrator", key="ec")
    ends = EventStream(served, f"/api/v1/partners/{own}/events", served.issuer.token(partner=own, key="rsa"))
    stays = EventStream(served, f"/api/v1/partners/{other}/events", served.issuer.token(partner=other, key="ec"))
    assert ends.next() and stays.next()
    rest = TokenIssuer()
    rest.keys = {"ec": served.issuer.keys["ec"]}
    try:
        start = time.monotonic()
        rest.write(served.keys)
        assert ends.next() is None
        assert time.monotonic() - start < 4 * SLOWNESS
        assert metric(served, "http_streams", administrator) == 1
        assert served.get("/api/v1/scales", served.issuer.token(partner=own, key="rsa")).status_code == 401
        # None at all lets in nobody: that is not the same as no access control.
        rest.keys = {}
        rest.write(served.keys)
        assert stays.next() is None
        for token in (None, served.issuer.token(partner=own, key="ec"), administrator):
            assert served.get("/api/v1/partners", token).status_code == 401
        assert "every token is refused" in served.log.read_text()
    finally:
        served.issuer.write(served.keys)
    wait_for(lambda: served.get("/api/v1/scales", administrator).status_code == 200)


def test_a_viewer_may_have_so_many_streams(served):
    partner = served.partners[0]
    path = f"/api/v1/partners/{partner}/events"
    token = served.issuer.token(partner=partner, sub="ann")
    streams = [EventStream(served, path, token) for _ in range(3)]
    refused = served.get(path, token)
    assert refused.status_code == 429 and refused.headers["Retry-After"] == "10"
    assert refused.headers["Content-Type"] == "application/problem+json" and refused.json()["status"] == 429
    EventStream(served, path, served.issuer.token(partner=partner, sub="bob")).close()
    streams.pop().close()
    wait_for(lambda: served.get(path, token, stream=True).status_code == 200)
    for stream in streams:
        stream.close()


def test_several_partners_in_one_token(served):
    own, other = served.partners[:2]
    token = served.issuer.token(partner=[other, own])
    for partner in (own, other):
        assert served.get(f"/api/v1/partners/{partner}/indicators", token).json()["partner"] == partner
    assert served.get("/api/v1/partners", token).json()["partners"] == sorted([own, other])
    for partner in served.partners[2:]:
        assert served.get(f"/api/v1/partners/{partner}/indicators", token).status_code == 403
    page = served.get(f"/?partner={own}&lang=en", token).text
    assert f'<option value="{own}" selected' in page and f'<option value="{other}">' in page
    assert all(partner not in page for partner in served.partners[2:])


def test_roles_may_be_nested(served, tmp_path):
    server = WebServer(
        tmp_path, "--data", served.log.parent / "log.db", "--catalog", CATALOG, "--no-run", "--listen", "127.0.0.1:0", "--jwks",
        served.keys, "--issuer", served.issuer.issuer, "--audience", served.issuer.audience, "--roles-claim", "realm_access.roles")
    try:
        server.wait_until_ready()
        partner = served.partners[0]
        nested = {"realm_access": {"roles": ["offline_access", "partner-viewer"]}}
        assert server.get("/api/v1/scales", served.issuer.token("nothing", partner=partner, **nested)).status_code == 200
        assert server.get("/api/v1/scales", served.issuer.token(partner=partner)).status_code == 403
    finally:
        server.kill()


class KeyHost:
    """An https server of a key set, under a certificate that nobody knows."""

    def __init__(self, directory, issuer):
        key, self.certificate = directory / "key.pem", directory / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", self.certificate],
            check=True, capture_output=True)
        self.issuer, self.status, self.requests = issuer, 200, 0
        self.path = directory / "served.json"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        host = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                host.requests += 1
                self.send_response(host.status)
                if host.status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/keys")
                self.end_headers()
                if host.status == 200:
                    self.wfile.write(host.issuer.write(host.path).read_bytes())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"https://localhost:{self.server.server_port}/keys"


def test_keys_come_from_an_address(served, tmp_path):
    issuer = TokenIssuer()
    host = KeyHost(tmp_path, issuer)
    host.status = 302
    options = ["--data", served.log.parent / "log.db", "--catalog", CATALOG, "--no-run", "--listen", "127.0.0.1:0",
               "--jwks-url", host.url, "--issuer", issuer.issuer, "--audience", issuer.audience]
    server = WebServer(tmp_path, *options, "--jwks-ca", host.certificate)
    try:
        partner = served.partners[0]
        path = f"/api/v1/partners/{partner}/months"
        # A redirect to another scheme is not followed, and without keys nobody is let in.
        wait_for(lambda: "cannot be fetched" in server.log.read_text())
        assert server.get("/readyz").status_code == 503 and "keys" in server.get("/readyz").text
        assert server.get(path, issuer.token(partner=partner)).status_code == 401
        host.status = 200
        server.wait_until_ready()
        assert server.get(path, issuer.token(partner=partner)).status_code == 200
        # The name of a key that is new has the keys fetched again.
        issuer.add("new", ec.generate_private_key(ec.SECP256R1()), "ES256")
        token = issuer.token(partner=partner, key="new")
        assert server.get(path, token).status_code == 401
        wait_for(lambda: server.get(path, token).status_code == 200)
        # Made-up names do not have them fetched all the time.
        before = host.requests
        stranger = TokenIssuer()
        stranger.add("made-up", ec.generate_private_key(ec.SECP256R1()), "ES256")
        for _ in range(50):
            assert server.get(path, stranger.token(partner=partner, key="made-up")).status_code == 401
        time.sleep(1)  # as long as it takes to see that nothing is fetched
        assert host.requests <= before + 1
        # They stay while the address is out of order.
        host.status = 500
        assert server.get(path, token).status_code == 200
    finally:
        server.kill()
    refused = subprocess.run(
        [PROGRAM, "serve", *map(str, options), "--jwks-ca", tmp_path / "nothing.pem"], capture_output=True, text=True, cwd=tmp_path)
    assert refused.returncode == 1 and "--jwks-ca" in refused.stderr and "nothing.pem" in refused.stderr
    # The system does not know the certificate.
    server = WebServer(tmp_path, *options)
    try:
        host.status = 200
        wait_for(lambda: "certificate" in server.log.read_text())
        assert server.get(path, issuer.token(partner=partner)).status_code == 401
    finally:
        server.kill()
        host.server.shutdown()


def test_who_has_seen_whose_numbers_is_logged(served):
    own, other = served.partners[:2]
    token = served.issuer.token(partner=own, sub="zo\u00eb")
    answers = [
        served.get(f"/api/v1/partners/{own}/indicators?month=2026-01&access_token=secret", token),
        served.get(f"/api/v1/partners/{own}/months", token),
        served.get(f"/api/v1/partners/{other}/months", token), served.get("/", token), served.get("/api/v1/scales")]
    ids = [answer.headers["X-Request-Id"] for answer in answers]

    def lines():
        found = {}
        for path in served.access_log.parent.glob("access.log*"):
            for line in map(json.loads, path.read_text().splitlines()):
                found[line["id"]] = line
        return found

    wait_for(lambda: set(ids) <= set(lines()))
    logged = [lines()[each] for each in ids]
    assert [line["status"] for line in logged] == [400, 200, 403, 200, 401]
    assert [line["partner"] for line in logged] == [None, own, None, own, None]
    assert [line["subject"] for line in logged] == ["zo\u00eb"] * 4 + [None]
    assert logged[0]["query"] == {"month": "2026-01", "unknown": 1}
    # As they were sent: compressed, where the client takes that.
    assert [line["bytes"] for line in logged] == [int(answer.headers["Content-Length"]) for answer in answers]
    assert token not in served.access_log.read_text() and "secret" not in served.access_log.read_text()
    # As logrotate does it.
    served.access_log.rename(served.access_log.parent / "access.log.1")
    last = served.get("/api/v1/scales", token).headers["X-Request-Id"]
    wait_for(lambda: last in lines())
    wait_for(lambda: served.access_log.exists())
    served.access_log.write_bytes(b"")
    last = served.get("/api/v1/scales", token).headers["X-Request-Id"]
    wait_for(lambda: last in lines())


def test_an_access_log_on_a_full_disk_stops_nothing(served, tmp_path):
    server = WebServer(
        tmp_path, "--data", served.log.parent / "log.db", "--catalog", CATALOG, "--no-run", "--listen", "127.0.0.1:0",
        "--access-log", "/dev/full")
    try:
        server.wait_until_ready()
        for _ in range(20):
            assert server.get("/api/v1/scales").status_code == 200
        wait_for(lambda: "access log /dev/full cannot be written: No space left on device" in server.log.read_text())
        assert metric(server, "access_log_failures_total", None) >= 1
        assert metric(server, "access_log_pending_lines", None) >= 20
        assert server.stop() == 0
    finally:
        server.kill()


def test_other_origins_may_what_they_are_let(served):
    token = served.issuer.token(partner=served.partners[0])
    path = f"/api/v1/partners/{served.partners[0]}/events"
    for origin, is_let in (("https://portal.example", True), ("https://evil.example", False), ("null", False)):
        asked = requests.options(
            served.url + path, timeout=30 * SLOWNESS,
            headers={"Origin": origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"})
        assert asked.status_code == (204 if is_let else 405)
        stream = served.get(path, token, headers={"Origin": origin}, stream=True)
        for answer in (asked, stream, served.get(path, headers={"Origin": origin})):
            assert answer.headers.get("Access-Control-Allow-Origin") == (origin if is_let else None)
            assert "Origin" in answer.headers["Vary"]
        stream.close()
    page = served.get("/", token)
    assert "frame-ancestors https://portal.example" in page.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in page.headers


def test_the_page_says_where_to_sign_in(served):
    page = served.get("/?month=2026-11&country=FR", headers={"Accept": "text/html"})
    assert page.status_code == 401
    assert 'href="https://portal.example/login?back=%2F%3Fmonth%3D2026-11%26country%3DFR"' in page.text


def test_a_stream_ends_with_its_token(served):
    partner = served.partners[0]
    # For two seconds, after which the leeway for clocks is over.
    token = served.issuer.token(partner=partner, sub="ending", exp=int(time.time() - 30 + 2 * SLOWNESS))
    stream = EventStream(served, f"/api/v1/partners/{partner}/events", token)
    assert stream.next()
    start = time.monotonic()
    assert stream.next() is None
    assert time.monotonic() - start < 10 * SLOWNESS


def test_tokens_may_come_in_a_cookie(served):
    token = served.issuer.token(partner=served.partners[0])
    path = f"/api/v1/partners/{served.partners[0]}/months"
    assert served.get(path, cookies={"partner-pulse-token": token}).status_code == 200
    assert served.get(path, cookies={"other": token}).status_code == 401


def test_ranges_over_few_partners_are_withheld(served):
    token = served.issuer.token(partner=served.partners[0])
    indicators = [indicator for path in ("/api/v1/scales", f"/api/v1/partners/{served.partners[0]}/indicators")
                  for each in list(served.get(path, token).json().values()) if isinstance(each, list)
                  for indicator in each]
    assert indicators
    for indicator in indicators:
        segments = [segment for segment in indicator["segments"] if segment["partners"]]
        assert len({segment["range"] for segment in segments}) <= 1
        for segment in segments:
            others = segment["partners"] - (segment["segment"] == indicator.get("segment"))
            assert segment["range"] == "withheld" or others >= 3
            for end in (segment["min"], segment["max"]):
                assert (end is None) == (segment["range"] != "shown")
                assert end is None or float(f"{end:.1e}") == end


def test_a_request_of_many_kilobytes_is_refused(served):
    answer = served.get("/api/v1/scales", headers={"X": "x" * 60_000})
    assert answer.status_code == 431


def test_a_large_body_is_not_read(served):
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(b"POST /api/v1/scales HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
        assert b" 405 " in connection.recv(1000)

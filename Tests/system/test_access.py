"""Who may see what, by tokens of a foreign library."""

import base64
import hashlib
import hmac
import json
import socket
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ndjson import CATALOG, EXAMPLES
from program import Application
from waiting import SLOWNESS
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
        "--issuer", issuer.issuer, "--audience", issuer.audience)
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
        for resource in ("indicators", "indicators.csv", "history.csv", "events", "months", "cells", "explain"):
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
        time.sleep(1.1)
        assert served.get(path, token).status_code == 200
        assert served.get(path, served.issuer.token(partner=served.partners[0])).status_code == 401
    finally:
        served.issuer.write(served.keys)
        time.sleep(1.1)


def test_a_stream_ends_with_its_token(served):
    partner = served.partners[0]
    # For two seconds, after which the leeway for clocks is over.
    token = served.issuer.token(partner=partner, exp=int(time.time() - 30 + 2 * SLOWNESS))
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

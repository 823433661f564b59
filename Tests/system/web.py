"""A server under test, and what its clients need."""

import itertools
import json
import re
import signal
import subprocess
import time

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from program import PATIENCE, PROGRAM
from waiting import SLOWNESS

_numbers = itertools.count(1)


class WebServer:
    """`serve` over a log, on a port that the system chooses."""

    def __init__(self, directory, *options, command=("serve",)):
        self.log = directory / f"{next(_numbers)}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, *command, *map(str, options)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=directory)
        self.url = self._wait_for_url()

    def _wait_for_url(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = re.search(r"on (http://[^/\s]+)/", self.log.read_text())
            if found:
                return found[1]
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.02)
        raise AssertionError("no address in the log")

    def get(self, path, token=None, **options):
        headers = dict(options.pop("headers", {}))
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return requests.get(self.url + path, headers=headers, timeout=30 * SLOWNESS, **options)

    def wait_until_ready(self):
        end = time.monotonic() + PATIENCE
        while self.get("/readyz").status_code != 200:
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)
        return self

    def stop(self):
        """Asks it to stop; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class EventStream:
    """Server-sent events, read as they come."""

    def __init__(self, server, path, token=None, last_event_id=None):
        headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
        self.response = server.get(path, token, headers=headers, stream=True)
        assert self.response.status_code == 200, self.response.text
        assert self.response.headers["Content-Type"] == "text/event-stream"
        self._lines = self.response.iter_lines(chunk_size=None, decode_unicode=False)

    def next(self):
        """The next event as (id, data); None when the stream has ended."""
        event_id, data = None, []
        for line in self._lines:
            name, _, value = line.decode().partition(": ")
            if name == "id":
                event_id = value
            elif name == "data":
                data.append(value)
            elif not line and data:
                return event_id, json.loads("\n".join(data))
        return None

    def close(self):
        self.response.close()


class TokenIssuer:
    """Makes keys, key sets and tokens, by a library that the program does not use."""

    issuer, audience = "https://portal.example", "partner-pulse"

    def __init__(self):
        self.keys = {}
        self.add("rsa", rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256")
        self.add("ec", ec.generate_private_key(ec.SECP256R1()), "ES256")

    def add(self, name, key, algorithm):
        self.keys[name] = (key, algorithm)

    def write(self, path, *more):
        """The public keys, and more in the same set."""
        path.with_suffix(".new").write_text(json.dumps({"keys": [
            jwt.algorithms.get_default_algorithms()[algorithm].to_jwk(key.public_key(), as_dict=True)
            | {"kid": name, "use": "sig"} for name, (key, algorithm) in self.keys.items()] + list(more)}))
        path.with_suffix(".new").rename(path)
        return path

    def token(self, role="partner-viewer", partner="acme", key="rsa", **claims):
        signer, algorithm = self.keys[key]
        now = time.time()
        payload = {"iss": self.issuer, "aud": self.audience, "exp": now + 600, "nbf": now - 1,
                   "roles": [role], "partner_id": partner} | claims
        return jwt.encode(payload, signer, algorithm, headers={"kid": key})

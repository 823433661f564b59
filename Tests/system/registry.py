"""A schema registry that speaks the documented REST protocol of Confluent's, as far as clients of results need it.

https://docs.confluent.io/platform/current/schema-registry/develop/api.html. `test_registry.py` holds it against the registry
client of confluent-kafka.
"""

import base64
import contextlib
import json
import re
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from google.protobuf.message import DecodeError

from program import ROOT

sys.path.insert(0, str(ROOT / "scripts/lib"))
from schema_files import compile_text, incompatibilities  # noqa: E402

MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"


class Fault(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Registry:
    """Subjects, their versions, and the schemas by id.

    `faults` are answered first, one a request: (status, code, message, where paths begin that meet it).
    """

    def __init__(self, user_info=None, token=None):
        self.schemas = {}
        self.subjects = {}
        self.compatibility = {None: "BACKWARD"}
        self.requests = []
        self.faults = []
        self._authorization = (
            "Basic " + base64.b64encode(user_info.encode()).decode() if user_info else f"Bearer {token}" if token else None)
        self._lock = threading.Lock()

    def answer(self, method, address, authorization, body):
        path, _, query = address.partition("?")
        with self._lock:
            self.requests.append((method, path))
            if self._authorization and authorization != self._authorization:
                raise Fault(401, 401, "Unauthorized")
            if self.faults and path.startswith(self.faults[0][3]):
                raise Fault(*self.faults.pop(0)[:3])
            for pattern, verb, action in self._ROUTES:
                found = re.fullmatch(pattern, path)
                if found and verb == method:
                    answer = action(self, *found.groups(), *([body] if method in ("POST", "PUT") else []))
                    is_serialized = "format=serialized" in query.split("&")
                    return self._serialized(answer) if is_serialized else answer
        raise Fault(404, 404, f"HTTP 404 Not Found: {method} {path}")

    def types(self):
        return ["JSON", "PROTOBUF", "AVRO"]

    def by_id(self, number):
        if int(number) not in self.schemas:
            raise Fault(404, 40403, f"Schema {number} not found")
        kind, text, _ = self.schemas[int(number)]
        return {"schema": text} if kind == "AVRO" else {"schema": text, "schemaType": kind}

    def versions(self, subject):
        return list(range(1, 1 + len(self._ids(subject))))

    def version(self, subject, number):
        ids = self._ids(subject)
        index = len(ids) if number == "latest" else int(number)
        if not 1 <= index <= len(ids):
            raise Fault(404, 40402, f"Version {number} not found.")
        return {"subject": subject, "version": index, "id": ids[index - 1], **self.by_id(ids[index - 1])}

    def register(self, subject, body):
        kind, text, canonical = self._parse(body)
        ids = self.subjects.get(subject, [])
        for number in ids:
            if self.schemas[number][::2] == (kind, canonical):
                return {"id": number}
        if ids and (reasons := self._incompatibilities(subject, ids[-1], kind, canonical)):
            raise Fault(
                409, 409, f'Schema being registered is incompatible with an earlier schema for subject "{subject}", '
                f"details: {reasons}")
        number = next((n for n, known in self.schemas.items() if known[::2] == (kind, canonical)), None)
        if number is None:
            number = 1 + max(self.schemas, default=0)
            self.schemas[number] = (kind, text, canonical)
        self.subjects.setdefault(subject, []).append(number)
        return {"id": number}

    def look_up(self, subject, body):
        kind, _, canonical = self._parse(body)
        for index, number in enumerate(self._ids(subject)):
            if self.schemas[number][::2] == (kind, canonical):
                return {"subject": subject, "version": index + 1, "id": number, **self.by_id(number)}
        raise Fault(404, 40403, "Schema not found")

    def test(self, subject, version, body):
        kind, _, canonical = self._parse(body)
        latest = self.version(subject, version)["id"]
        return {"is_compatible": not self._incompatibilities(subject, latest, kind, canonical)}

    def set_compatibility(self, subject, body):
        self.compatibility[subject] = body["compatibility"]
        return {"compatibility": body["compatibility"]}

    def get_compatibility(self, subject):
        if subject not in self.compatibility:
            raise Fault(404, 40408, f"Subject '{subject}' does not have subject-level compatibility configured")
        return {"compatibilityLevel": self.compatibility[subject]}

    def _ids(self, subject):
        if subject not in self.subjects:
            raise Fault(404, 40401, f"Subject '{subject}' not found.")
        return self.subjects[subject]

    @staticmethod
    def _serialized(answer):
        """The same with a descriptor in place of the text."""
        if answer.get("schemaType") != "PROTOBUF":
            return answer
        return {**answer, "schema": base64.b64encode(_descriptors(answer["schema"]).file[0].SerializeToString()).decode()}

    @staticmethod
    def _parse(body):
        """The type, the text, and what is the same for the same schema."""
        kind, text = body.get("schemaType", "AVRO"), body["schema"]
        try:
            canonical = (
                _descriptors(text).SerializeToString(deterministic=True) if kind == "PROTOBUF"
                else json.dumps(json.loads(text), sort_keys=True))
        except ValueError as error:
            raise Fault(422, 42201, f"Invalid schema: {error}") from error
        return kind, text, canonical

    def _incompatibilities(self, subject, latest, kind, canonical):
        if self.compatibility.get(subject, self.compatibility[None]) == "NONE":
            return []
        old_kind, old_text, _ = self.schemas[latest]
        if old_kind != kind:
            return ["the schema type changed"]
        if kind == "PROTOBUF":
            return incompatibilities(_descriptors(old_text), FileDescriptorSet.FromString(canonical))
        return json_incompatibilities(json.loads(old_text), json.loads(canonical))

    _ROUTES = [
        (r"/schemas/types", "GET", types),
        (r"/schemas/ids/(\d+)", "GET", by_id),
        (r"/subjects", "GET", lambda self: list(self.subjects)),
        (r"/subjects/([^/]+)/versions", "GET", versions),
        (r"/subjects/([^/]+)/versions", "POST", register),
        (r"/subjects/([^/]+)/versions/(\d+|latest)", "GET", version),
        (r"/subjects/([^/]+)", "POST", look_up),
        (r"/compatibility/subjects/([^/]+)/versions/(\d+|latest)", "POST", test),
        (r"/config/([^/]+)", "PUT", set_compatibility),
        (r"/config/([^/]+)", "GET", get_compatibility),
    ]


def _descriptors(text):
    """Of a protobuf schema, which may also be given as a descriptor in base 64."""
    try:
        file = FileDescriptorProto.FromString(base64.b64decode(text, validate=True))
    except (ValueError, DecodeError):
        [file] = compile_text(text).file
    file.name = "default"
    file.ClearField("source_code_info")
    _clear_names_in_json(file.message_type)
    return FileDescriptorSet(file=[file])


def _clear_names_in_json(messages):
    # Only some compilers write them.
    for message in messages:
        for field in message.field:
            field.ClearField("json_name")
        _clear_names_in_json(message.nested_type)


def json_incompatibilities(old, new, path="#"):
    """Why what the old schema takes might be refused by the new one, both closed."""
    if old.get("type") != new.get("type"):
        return [f"TYPE_CHANGED {path}"]
    reasons = [f"PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL {path}/{name}"
               for name in old.get("properties", {}) if name not in new.get("properties", {})]
    for name, value in old.get("properties", {}).items():
        if name in new.get("properties", {}):
            reasons += json_incompatibilities(value, new["properties"][name], f"{path}/{name}")
    if "items" in old:
        reasons += json_incompatibilities(old["items"], new["items"], path + "/items")
    return reasons


@contextlib.contextmanager
def serve_registry(registry, certificate=None):
    """The URL of a server of a registry; `certificate` is (certificate file, key file) for https."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else None
            try:
                status, document = 200, registry.answer(
                    self.command, self.path, self.headers.get("Authorization"), body)
            except Fault as fault:
                status, document = fault.status, {"error_code": fault.code, "message": fault.message}
            data = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", MEDIA_TYPE)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = answer

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

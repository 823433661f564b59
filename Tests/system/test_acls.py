"""Each command works with the rights that docs/RIGHTS.md tells, and with none less."""

import itertools
import os
import re
import signal
import subprocess
import sys
import time

import pytest
import requests
from confluent_kafka.admin import (
    AclBindingFilter, AclOperation, AclPermissionType, AdminClient, ResourcePatternType, ResourceType)

from client_package import package  # noqa: F401
from ndjson import CATALOG, events
from program import PATIENCE, PROGRAM, ROOT, Application, environment, kafka_log
from rights import documented, rights, shell
from waiting import SLOWNESS, wait_for

sys.path.insert(0, str(ROOT / "scripts/lib"))
from free_ports import free_ports  # noqa: E402

pytestmark = [
    pytest.mark.skipif(not environment("KAFKA_HOME"), reason="KAFKA_HOME is not set"),
    # One worker runs them all, on one broker.
    pytest.mark.xdist_group("acls"),
]

# Seconds in which a command that is denied something must have ended.
LIMIT = 30
USER = "pulse"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    """A broker that allows nothing to who comes with a password, and all to who comes without."""
    directory = tmp_path_factory.mktemp("acls")
    port = free_ports(3)
    properties = [
        f"listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{port + 1},SASL_PLAINTEXT://127.0.0.1:{port + 2}",
        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT",
        "sasl.enabled.mechanisms=PLAIN",
        "listener.name.sasl_plaintext.plain.sasl.jaas.config="
        f'org.apache.kafka.common.security.plain.PlainLoginModule required user_{USER}="{USER}";',
        "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users=User:ANONYMOUS",
    ]
    start = [ROOT / "scripts/kafka-broker", "start", directory, "--port", str(port)]
    for each in properties:
        start += ["--property", each]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL)
    try:
        yield Broker(f"127.0.0.1:{port}", f"127.0.0.1:{port + 2}", directory)
    finally:
        subprocess.run([ROOT / "scripts/kafka-broker", "stop", directory], check=True)


class Broker:
    def __init__(self, open_servers, guarded_servers, directory):
        self.open_servers, self.guarded_servers, self.directory = open_servers, guarded_servers, directory
        # Applications that several tests may use, by how they were prepared.
        self.prepared = {}
        self._admin = AdminClient({"bootstrap.servers": open_servers})

    def set(self, bindings):
        """Makes these the only rights that there are."""
        everything = AclBindingFilter(
            ResourceType.ANY, None, ResourcePatternType.ANY, None, None, AclOperation.ANY, AclPermissionType.ANY)
        self._admin.delete_acls([everything])[everything].result(10)
        if bindings:
            for done in self._admin.create_acls(bindings).values():
                done.result(10)
        wait_for(lambda: len(self._admin.describe_acls(everything).result(10)) == len(set(bindings)), 10)

    def open_application(self, directory):
        """One with all rights, on topics of its own."""
        name = f"acls-{os.getpid()}-{next(_numbers)}"
        home = directory / name
        home.mkdir()
        return Application(kafka_log(self.open_servers, f"{name}."), home, CATALOG, name)

    def guarded(self, application):
        """The same application, as the user that has the rights that were granted."""
        properties = {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN", "sasl.username": USER,
                      "sasl.password": USER}
        log = kafka_log(self.guarded_servers, f"{application.name}.", properties)
        guarded = Application(log, application.directory, CATALOG, application.name)
        guarded.with_all_rights = application
        guarded.states = application.directory / "guarded"
        guarded.states.mkdir(exist_ok=True)
        return guarded


# What there is before a command is tried. Among the events is one that is refused.

REFUSED = b'{"topic": "customers", "value": {"customerId": "c", "country": "nowhere", "effectiveAt": "2024-01-01T00:00:00Z"}}'


def nothing(application):
    pass


def topics(application):
    application.create_topics(2)


def inputs(application):
    topics(application)
    application.import_lines(events("set-101") + [REFUSED])


def result(application):
    inputs(application)
    application.run_until_end()


def second_result(application):
    result(application)
    done = application.command(*application.run_arguments("r", "--until-end", "--no-switch", command="recompute"))
    assert done.returncode == 0, done.stderr.decode()


# How each command is tried; each returns what became of it, and a command that works without an end is stopped.

def create_topics(application):
    done = application.command("topics", "create", "--partitions", 2)
    if done.returncode != 0:
        return done
    # Once more, since then there are topics, and a generation.
    application.with_all_rights.import_lines(events("set-101"))
    application.with_all_rights.run_until_end()
    return application.command("topics", "create", "--partitions", 2)


def copy_topics(application):
    return application.command("topics", "copy", "--to-prefix", f"new-{application.name}.", "--partitions", 3)


def import_events(application):
    return application.command("import", "-", stdin=b"\n".join(events("set-101")) + b"\n")


def generate(application):
    return application.command(
        "generate", "--partners", 3, "--customers", 6, "--users", 60, "--actions", 2000, "--months", 3)


def run(application):
    return application.command(*application.run_arguments("a", "--until-end"))


def snapshots(application):
    return application.command("snapshots")


def export(application):
    return application.command("export", "--sqlite", application.directory / "export.sqlite")


def rejected(application):
    return application.command("rejected")


def explain(application):
    return application.command("explain", partner(), "--catalog", CATALOG)


def tail(application):
    path = application.directory / "tail.out"
    with open(path, "wb") as output:
        process = subprocess.Popen(
            [PROGRAM, "tail", "--from-beginning", *application.log], stdout=output, stderr=subprocess.PIPE)
    wait_for(lambda: process.poll() is not None or path.stat().st_size > 0, LIMIT)
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    errors = process.communicate(timeout=PATIENCE)[1]
    return subprocess.CompletedProcess("tail", process.returncode, path.read_bytes(), errors)


def serve(application):
    process = subprocess.Popen(
        [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--catalog", CATALOG, *map(str, application.log)],
        stderr=open(application.log_path("serve"), "wb"), cwd=application.directory)
    application.processes.append(process)
    log = application.log_path("serve")
    wait_for(lambda: process.poll() is not None or " on http://" in log.read_text(), LIMIT)
    answers = []
    if process.poll() is None:
        answers = answers_of(re.search(r"on (http://[^/\s]+)/", log.read_text())[1], process)
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE)
    return subprocess.CompletedProcess("serve", process.returncode, "\n".join(answers).encode(), log.read_bytes())


def answers_of(url, process):
    """The page with the partner's name, and an explanation; as far as the process lives to tell."""
    answers = []
    for path in [f"/?partner={partner()}", f"/api/v1/partners/{partner()}/explain"]:
        end = time.monotonic() + LIMIT * SLOWNESS
        while process.poll() is None and time.monotonic() < end:
            try:
                answer = requests.get(url + path, timeout=10)
            except requests.ConnectionError:
                break
            if answer.status_code == 200 and (path.startswith("/api") or partner() in answer.text):
                answers.append(answer.text)
                break
            time.sleep(0.2)
    return answers


def recompute(application):
    arguments = application.run_arguments("b", "--until-end", "--compare", command="recompute")
    return application.command(*arguments)


def recompute_step(step, *options):
    def command(application):
        return application.command("recompute", step, "--application", application.name, *options)
    return command


def partner():
    """One of those in the events."""
    return re.search(rb'"partnerId": ?"([a-z0-9-]+)"', b"\n".join(events("set-101")))[1].decode()


COMMANDS = {
    "topics create": (nothing, create_topics),
    "topics copy": (inputs, copy_topics),
    "import": (topics, import_events),
    "generate": (topics, generate),
    "run": (inputs, run),
    "snapshots": (result, snapshots),
    "export": (result, export),
    "tail": (result, tail),
    "rejected": (result, rejected),
    "explain": (result, explain),
    "serve": (result, serve),
    "recompute": (result, recompute),
    "recompute status": (second_result, recompute_step("status")),
    "recompute compare": (second_result, recompute_step("compare")),
    "recompute switch": (second_result, recompute_step("switch")),
    "recompute drop": (second_result, recompute_step("drop", "--generation", "2")),
}


# What asks for the settings of topics, and goes on where it may not.
ASKING = ("topics copy", "import", "generate", "run", "recompute")


def test_every_command_is_tried():
    assert set(documented()) == set(COMMANDS)


@pytest.fixture
def tried(broker, tmp_path):
    """Tries a command with the documented rights, or all but one of them; which, is told by its row and its place there."""
    made = []

    def prepared(command, is_denied):
        prepare, _ = COMMANDS[command]
        # A command on results that is denied something leaves them as they are.
        if is_denied and prepare in (result, second_result) and command != "recompute":
            if prepare not in broker.prepared:
                broker.prepared[prepare] = broker.open_application(broker.directory)
                prepare(broker.prepared[prepare])
            return broker.prepared[prepare]
        application = broker.open_application(tmp_path)
        prepare(application)
        return application

    def attempt(command, without=None):
        if subprocess.run([PROGRAM, *command.split(), "--help"], capture_output=True).returncode != 0:
            pytest.skip(f"this program has no `{command}`")
        application = prepared(command, without is not None)
        granted = [rights(row, application.name + ".", application.name) for row in documented()[command]]
        missing = granted[without[0]].pop(without[1]) if without else None
        broker.set([right.binding(USER) for row in granted for right in row])
        guarded = broker.guarded(application)
        made.append(guarded)
        start = time.monotonic()
        done = COMMANDS[command][1](guarded)
        return done, missing, time.monotonic() - start

    yield attempt
    for application in made:
        application.kill_all()
    broker.set([])


@pytest.mark.parametrize("command", COMMANDS)
def test_the_documented_rights_are_enough(tried, command):
    done, _, _ = tried(command)
    errors = done.stderr.decode()
    assert done.returncode == 0, errors
    assert "AUTHORIZATION" not in errors
    if command in ("snapshots", "tail", "explain", "serve", "rejected", "recompute status"):
        assert done.stdout
    if command == "serve":
        assert done.stdout.count(b"\n") > 0, "there is a page, but no explanation"
    # Who may not ask for the settings of topics is told that nobody has looked at them.
    assert ("could not be checked" in errors) == (command in ASKING), errors


def cases():
    """One right of each kind of each row; with PARTNERPULSE_FULL_TESTS, each right."""
    for command, rows in documented().items():
        for row, arguments in enumerate(rows):
            kinds = set()
            for place, right in enumerate(rights(arguments, "P.", "A")):
                kind = (right.operation, right.resource)
                if environment("PARTNERPULSE_FULL_TESTS") or kind not in kinds:
                    kinds.add(kind)
                    yield pytest.param(command, (row, place), id=f"{command}-{right}".replace(" ", "-"))


# Holds REL-16, REL-53.
@pytest.mark.parametrize("command, without", list(cases()))
def test_none_of_them_is_too_much(tried, command, without):
    done, missing, seconds = tried(command, without)
    errors = done.stderr.decode()
    assert done.returncode == 1, errors
    assert seconds < LIMIT * SLOWNESS, errors
    assert missing.name in errors
    # In the broker's words, or as the code of the error.
    assert "authorization failed" in errors.lower().replace("_", " ")


def test_the_commands_of_the_document_grant_what_the_table_says(broker, tmp_path):
    application = broker.open_application(tmp_path)
    result(application)
    broker.set([])
    configuration = tmp_path / "admin.properties"
    configuration.touch()
    path = f"{os.environ['KAFKA_HOME']}/bin:{os.environ['PATH']}"
    for row in documented()["snapshots"]:
        shell(
            f"allow {USER} {row}", application.name + ".", application.name, cwd=tmp_path,
            env={**os.environ, "PATH": path, "BROKER": broker.open_servers})
    done = broker.guarded(application).command("snapshots")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == application.command("snapshots").stdout
    broker.set([])


def test_the_python_package_works_with_the_rights_of_import_and_snapshots(broker, package, tmp_path):  # noqa: F811
    application = broker.open_application(tmp_path)
    topics(application)
    prefix = f"{application.name}."
    script = """
import sys, time
from partnerpulse import EventProducer, ResultFollower
from partnerpulse.v1.events_pb2 import Customer
what, servers, prefix, user = sys.argv[1:]
options = dict(topic_prefix=prefix, properties={
    "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN", "sasl.username": user, "sasl.password": user})
if what == "import":
    with EventProducer(servers, **options) as producer:
        producer.send(Customer(customer_id="c"))
else:
    with ResultFollower(servers, **options) as result:
        result.wait_until_complete(20)
        for _ in range(20):
            result.poll(0.1)
"""
    for command in ("import", "snapshots"):
        arguments = documented()[command]
        granted = [right for each in arguments for right in rights(each, prefix, application.name)]
        broker.set([right.binding(USER) for right in granted])
        done = subprocess.run(
            [sys.executable, "-c", script, command, broker.guarded_servers, prefix, USER], env=package,
            capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
        broker.set([])
        done = subprocess.run(
            [sys.executable, "-c", script, command, broker.guarded_servers, prefix, USER], env=package,
            capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 1 and "TopicsUnusable: topic " in done.stderr, done.stderr

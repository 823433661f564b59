"""`/readyz` says what a process waits for, and a process waits for a broker instead of ending."""

import subprocess
import sys

import pytest

from ndjson import CATALOG, assert_same_lines, events, expected
from program import ROOT, Application, environment, kafka_log
from waiting import SLOWNESS, wait_for
from web import WebServer

sys.path.insert(0, str(ROOT / "scripts/lib"))
from free_ports import free_ports  # noqa: E402

pytestmark = pytest.mark.skipif(not environment("KAFKA_HOME"), reason="KAFKA_HOME is not set")


def readiness(server):
    answer = server.get("/readyz")
    return answer.status_code, answer.text


# Holds REL-54.
def test_a_process_waits_for_its_broker_and_says_so(tmp_path):
    port = free_ports(2)
    broker = ROOT / "scripts/kafka-broker"
    application = Application(kafka_log(f"127.0.0.1:{port}", "ready."), tmp_path, CATALOG, "ready")

    def start():
        subprocess.run(
            [broker, "start", tmp_path / "kafka", "--port", str(port)], check=True, stdout=subprocess.DEVNULL)

    def stop():
        subprocess.run([broker, "stop", tmp_path / "kafka"], check=True, stdout=subprocess.DEVNULL)

    start()
    application.create_topics(2)
    application.import_lines(events("set-101"))
    stop()
    running = WebServer(
        tmp_path, *application.run_arguments("a", "--metrics", "127.0.0.1:0"), *application.log, command=())
    try:
        assert readiness(running) == (503, "waiting for the log\n")
        assert running.get("/healthz").status_code == 200
        start()
        wait_for(lambda: readiness(running) == (200, "ready\n"), 60)
        # Another one comes later; both are ready with what each was given.
        other = WebServer(
            tmp_path, *application.run_arguments("b", "--metrics", "127.0.0.1:0"), *application.log, command=())
        wait_for(lambda: readiness(other) == (200, "ready\n"), 60)
        assert other.stop() == 0

        stop()
        wait_for(lambda: readiness(running)[0] == 503, 60)
        assert "waiting for " in readiness(running)[1]
        assert running.get("/healthz").status_code == 200
        start()
        wait_for(lambda: readiness(running) == (200, "ready\n"), 90)
        assert running.stop() == 0
        # Warnings at a falling rate, not one a poll.
        assert running.log.read_text().count("\n") < 60 * SLOWNESS
        application.run_until_end()
        assert_same_lines(application.snapshots(), expected("set-101"))
    finally:
        running.kill()
        stop()

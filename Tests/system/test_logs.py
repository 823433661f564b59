"""The messages of the program, as those read them who collect them."""

import json
import os
import signal
import subprocess
import time

from confluent_kafka import Producer

from program import PATIENCE, PROGRAM


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


# The variable says nothing, so that the program decides.
ENVIRONMENT = os.environ | {"PARTNER_PULSE_LOG_FORMAT": ""}


def test_repeats_are_left_out_and_counted(tmp_path):
    process = subprocess.Popen(
        [PROGRAM, "run", "--bootstrap-servers", "127.0.0.1:1,127.0.0.1:2,127.0.0.1:3"], stderr=subprocess.PIPE, text=True,
        cwd=tmp_path, env=ENVIRONMENT)
    time.sleep(3)
    process.send_signal(signal.SIGTERM)
    said = lines(process.communicate(timeout=PATIENCE)[1])
    refused = [line for line in said if "Connection refused" in line["message"]]
    assert len(refused) + sum(line.get("left_out", 0) for line in refused) >= 3
    # Each kind is told of once and counted then, and no text has the count.
    assert any(line.get("left_out") for line in refused)
    assert not any("more like it" in line["message"] for line in said)
    assert said[-1]["message"] != "" and all(line["time"].endswith("Z") for line in said)


def test_a_record_is_named(bootstrap_servers, make_application):
    application = make_application(bootstrap_servers)
    application.create_topics(2)
    producer = Producer({"bootstrap.servers": bootstrap_servers})
    producer.produce(f"{application.name}.indicator-snapshots", key=b"k", value=b"\xff", partition=1)
    producer.flush(10)
    process = subprocess.Popen(
        [PROGRAM, "tail", "--from-beginning", *application.log], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
        text=True, env=ENVIRONMENT)
    line = json.loads(process.stderr.readline())
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    assert (line["level"], line["topic"], line["partition"], line["offset"]) == ("warning", "indicator-snapshots", 1, 0)

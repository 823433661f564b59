"""The example sets, through the command line, give their exact results on every log and in every order."""

import random

import pytest

from ndjson import CATALOG, SETS, assert_same_lines, events, expected
from program import environment

LOGS = ["sqlite-4", "kafka-1", "kafka-3", "kafka-8", "kafka-8-two-processes"]


def as_they_are(lines):
    return [lines]


def shuffled(lines):
    return [random.Random(1).sample(lines, len(lines))]


def doubled(lines):
    return [random.Random(2).sample(lines * 2, len(lines) * 2)]


def in_ten_pieces(lines):
    mixed = random.Random(3).sample(lines, len(lines))
    return [mixed[start::10] for start in range(10)]


CUTS = [as_they_are, shuffled, doubled, in_ten_pieces]


def cases():
    """Each set on each log in one of the ways, in turn; with PARTNERPULSE_FULL_TESTS in all of them."""
    for number, name in enumerate(SETS):
        for place, log in enumerate(LOGS):
            for cut in CUTS if environment("PARTNERPULSE_FULL_TESTS") else [CUTS[(number + place) % len(CUTS)]]:
                yield pytest.param(name, log, cut, id=f"{name}-{log}-{cut.__name__}")


@pytest.mark.parametrize("name, log, cut", list(cases()))
def test_example_set(name, log, cut, make_application, request):
    engine, partitions, *processes = log.split("-", maxsplit=2)
    servers = request.getfixturevalue("bootstrap_servers") if engine == "kafka" else None
    application = make_application(servers, catalog=CATALOG)
    application.create_topics(int(partitions))
    if processes:
        application.start("b")
    for piece in cut(events(name)):
        application.import_lines(piece)
        application.run_until_end()
    assert_same_lines(application.snapshots(), expected(name))

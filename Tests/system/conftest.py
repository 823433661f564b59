"""What the system tests share."""

import itertools
import os

import pytest

from page_fixtures import _browser, browser, closed_site, page, site  # noqa: F401
from program import PROGRAM, Application, environment, kafka_log

_numbers = itertools.count(1)


def pytest_configure(config):
    assert PROGRAM.exists(), f"{PROGRAM} is not built: swift build -c release"


def pytest_collection_finish(session):
    # Workers that did not know of groups would each make what a group shares.
    if hasattr(session.config, "workerinput") and session.config.getvalue("loadgroup"):
        ungrouped = [item.nodeid for item in session.items
                     if item.get_closest_marker("xdist_group") and "@" not in item.nodeid]
        assert not ungrouped, f"pytest-xdist does not know the groups of {ungrouped[:3]}"


@pytest.fixture(scope="session")
def bootstrap_servers():
    """The broker that scripts/test started or was given."""
    servers = environment("PARTNERPULSE_BOOTSTRAP_SERVERS")
    if not servers:
        pytest.skip("no broker: PARTNERPULSE_BOOTSTRAP_SERVERS is not set")
    return servers


@pytest.fixture(scope="session")
def is_full():
    """Whether the long versions are wanted."""
    return environment("PARTNERPULSE_FULL_TESTS") is not None


@pytest.fixture
def make_application(tmp_path):
    """Makes an application with topics and groups of its own; what it has started ends with the test."""
    made = []

    def make(bootstrap_servers=None, properties=(), catalog=None):
        name = f"system-{os.getpid()}-{next(_numbers)}"
        if bootstrap_servers:
            log = kafka_log(bootstrap_servers, f"{name}.", properties)
        else:
            log = ["--data", str(tmp_path / f"{name}.db")]
        directory = tmp_path / name
        directory.mkdir()
        application = Application(log, directory, catalog, name)
        made.append(application)
        return application

    yield make
    for application in made:
        application.kill_all()

"""The browser and the site that the tests of the page share."""

import re
import subprocess
from urllib.parse import urlencode

import pytest

import page_market
from browser import Browser
from program import PROGRAM, Application
from waiting import wait_for


class Site:
    """The page of one log, served by the program."""

    def __init__(self, process, log, application=None):
        self.process = process
        self.application = application
        self._log = log
        wait_for(self._find_address)

    def _find_address(self):
        assert self.process.poll() is None, self._log.read_text()
        found = re.search(r"http://127\.0\.0\.1:\d+/", self._log.read_text())
        self.url = found and found[0]
        return found

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def start(directory, *arguments, listen="127.0.0.1:0", application=None):
    log = directory / "site.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [PROGRAM, *map(str, arguments), "--listen", listen],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=output, cwd=directory)
    return Site(process, log, application)


@pytest.fixture(scope="session")
def _browser():
    browser = Browser()
    yield browser
    browser.quit()


@pytest.fixture
def browser(_browser):
    """A browser as new; a page in it must cause no error."""
    _browser.reset()
    yield _browser
    assert _browser.errors() == []


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The page over the market of `page_market`."""
    directory = tmp_path_factory.mktemp("site")
    application = Application(["--data", str(directory / "page.db")], directory)
    application.create_topics(2)
    application.import_lines(page_market.events())
    application.run_until_end()
    site = start(directory, "serve", *application.log, application=application)
    yield site
    site.stop()


@pytest.fixture
def page(browser, site):
    """Opens the page with these items in its query."""
    def open_page(**items):
        browser.open(site.url + ("?" + urlencode(items) if items else ""))
        return browser
    return open_page

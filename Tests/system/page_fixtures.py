"""The browser and the site that the tests of the page share."""

from urllib.parse import urlencode

import pytest

import page_market
from browser import Browser
from program import Application
from web import TokenIssuer, WebServer


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


def fill(directory):
    """An application over the market of `page_market`, whose result is there."""
    application = Application(["--data", str(directory / "page.db")], directory)
    application.create_topics(2)
    application.import_lines(page_market.events())
    application.run_until_end()
    return application


def serve(application, *options, listen="127.0.0.1:0"):
    return WebServer(application.directory, *application.log, "--listen", listen, *options)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The page over the market, open to whoever is on this machine."""
    application = fill(tmp_path_factory.mktemp("site"))
    server = serve(application).wait_until_ready()
    server.application = application
    yield server
    server.stop()


@pytest.fixture
def page(browser, site):
    """Opens the page with these items in its query."""
    def open_page(**items):
        browser.open(site.url + "/" + ("?" + urlencode(items) if items else ""))
    return open_page


@pytest.fixture
def closed_site(browser, tmp_path):
    """The page over the market, for bearers of tokens of `issuer`."""
    issuer = TokenIssuer()
    keys = issuer.write(tmp_path / "jwks.json")
    server = serve(fill(tmp_path), "--jwks", keys, "--issuer", issuer.issuer, "--audience", issuer.audience)
    server.wait_until_ready()
    server.issuer = issuer
    yield server
    browser.leave()
    server.stop()

"""An administrator finds partners: in the overview, by any part of a name, and among very many."""

import json

import pytest

import page_market
from browser import DESKTOP, PHONE
from page_fixtures import serve
from page_market import FIFTH, TWELFTH
from program import Application
from waiting import wait_for

pytestmark = pytest.mark.xdist_group("page")


@pytest.fixture
def overview(browser, site):
    """Opens the overview with these items in its query, once names are known."""
    def open_overview(**items):
        wait_for(lambda: page_market.NAMES[4] in site.get("/partners").text)
        browser.open(site.url + "/partners?" + "&".join(f"{name}={value}" for name, value in items.items()))
    return open_overview


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language, title", [("en", "All partners"), ("fr", "Tous les partenaires")])
def test_all_partners_are_in_a_table(language, title, size, scheme, overview, browser):
    browser.look(size, scheme)
    overview(lang=language)
    assert browser.text("h1") == title
    assert len(browser.all("tbody tr")) == 12
    # Beginning with the greatest revenue.
    assert page_market.NAMES[11] in browser.texts("tbody tr th")[0]
    assert len(browser.all("thead th")) == 8
    assert len(browser.all("tbody tr:first-child .mini .own")) == 7
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.problems() == []


def test_it_is_sorted_and_leads_on(overview, browser):
    overview(lang="en")
    browser.click("thead th:nth-child(6) a")
    browser.wait_for_text("th[aria-sort=descending]", "Production instances\u00a0▼")
    values = [int(text.split(",")[0]) for text in browser.texts("tbody td:nth-child(6)")]
    assert values == sorted(values, reverse=True) and len(set(values)) == 12
    browser.click("thead th:nth-child(1) a")
    browser.wait_for_text("th[aria-sort=ascending]", "Partner\u00a0▲")
    assert page_market.NAMES[0] in browser.texts("tbody tr th")[0]
    browser.choose("country", "Belgium")
    browser.click(".apply")
    wait_for(lambda: len(browser.all("tbody tr")) == 1)
    assert browser.text("th[aria-sort=ascending]") == "Partner\u00a0▲"
    browser.click("tbody th a")
    browser.wait_for_text("#net_new_revenue .value", "$700")
    assert browser.driver.current_url.endswith(f"?partner={FIFTH}&country=BE")


def test_a_part_of_a_name_is_enough(overview, browser):
    for text, names in [("SOCIETE 0", page_market.NAMES[:9]), ("sohne", page_market.NAMES[11:]), ("%E4%BA%91", page_market.NAMES[9:10])]:
        overview(q=text)
        assert sorted(browser.texts("tbody th a")) == sorted(names)
    overview(q="nobody", lang="en")
    assert browser.text(".nothing h2") == "No partner is found"
    assert browser.problems() == []


def test_it_needs_no_script(overview, browser):
    browser.without_script()
    overview(q="twelve")
    assert browser.texts("tbody th span") == [TWELFTH]


def test_among_very_many_what_is_typed_is_offered(browser, tmp_path):
    application = Application(["--data", str(tmp_path / "many.db")], tmp_path)
    application.create_topics(1)
    events = page_market.events()
    for number in range(600):
        events.append(json.dumps({"topic": "partners", "value": {
            "partnerId": f"many-{number}", "name": f"Société {number} Œuvre", "country": "FR", "accounts": ["CSP"],
            "effectiveAt": "2023-01-01T00:00:00Z", "revision": "1"}}).encode())
        events.append(json.dumps({"topic": "affiliations", "value": {
            "personId": f"person {number}", "partnerId": f"many-{number}", "country": "FR",
            "effectiveAt": "2023-01-01T00:00:00Z", "revision": "1"}}).encode())
        events.append(json.dumps({"topic": "exam-passes", "value": {
            "personId": f"person {number}", "exam": "MB-210", "passedAt": "2025-01-10T00:00:00Z", "revision": "1"}}).encode())
    application.import_lines(events)
    application.run_until_end()
    server = serve(application).wait_until_ready()
    try:
        browser.open(f"{server.url}/?lang=en")
        assert browser.text(".nothing h2") == "Choose a partner"
        wait_for(lambda: "Œuvre" in server.get("/api/v1/partners?q=599").text)
        browser.one("#filter-partner").send_keys("599 oeu")
        wait_for(lambda: browser.run("return [...document.querySelectorAll('#found-partners option')].map((each) => each.value)")
                 == ["many-599"])
        browser.open(f"{server.url}/?lang=en&partner=oeuvre")
        browser.click(".nothing a")
        wait_for(lambda: len(browser.all("tbody tr")) == 50)
        assert browser.text(".pages span") == "Page 1 of 12"
        browser.click(".pages a[rel=next]")
        wait_for(lambda: browser.texts(".pages span") == ["Page 2 of 12"])
        assert browser.problems() == []
    finally:
        browser.leave()
        server.stop()

"""The pages behind a number: its facts, what they are by customer, and when it changed."""

import http.client
import json

import pytest

import page_market
from browser import DESKTOP, PHONE
from page_fixtures import fill, serve
from page_market import FIFTH
from waiting import wait_for

pytestmark = pytest.mark.xdist_group("page")

NASTY, ARABIC = "Nasty <b onclick=alert(1)>\"&' Inc", "شركة النور (دبي)"


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    """The market, whose customers have names and one more sale, with a fact store."""
    directory = tmp_path_factory.mktemp("explained")
    application = fill(directory)
    application.import_lines([named("c-5", NASTY, "FR"), named("c-5b", ARABIC, "BE")])
    application.import_lines([page_market.sale("more", 300)])
    application.run_until_end()
    server = serve(application, "--fact-store", directory / "facts.db").wait_until_ready()
    wait_for(lambda: "the fact store has all events" in server.log.read_text())
    yield server
    server.stop()


def named(customer, name, country):
    return json.dumps({"topic": "customers", "value": {
        "customerId": customer, "name": name, "country": country, "effectiveAt": "2023-01-01T00:00:00Z",
        "revision": "2"}}).encode()


@pytest.fixture
def open_page(browser, explained):
    """Opens a page about the fifth partner's revenue, and waits until it has what it reads."""
    def opening(path, **items):
        query = {"partner": FIFTH, "month": "2025-06", "indicator": "net_new_revenue", **items}
        browser.open(f"{explained.url}{path}?" + "&".join(f"{name}={value}" for name, value in query.items()))
        wait_for(lambda: browser.all("[role=status]") == [] and browser.all("h1"))
    yield opening
    browser.leave()


LOOKS = [(size, scheme) for size in (DESKTOP, PHONE) for scheme in ("light", "dark")]


@pytest.mark.parametrize("size, scheme", LOOKS, ids=lambda value: value if isinstance(value, str) else str(value[0]))
@pytest.mark.parametrize("path, items, titles", [
    ("/indicator", {}, ("Net new revenue", "Chiffre d’affaires net")),
    ("/explain", {}, ("Why this number", "Pourquoi ce nombre")),
    ("/explain", {"customer": "c-5"}, ("Why this number", "Pourquoi ce nombre")),
    ("/explain", {"against": "2025-05"}, ("Why it changed", "Pourquoi ce changement")),
    ("/history", {"by": "arrival"}, ("When this number changed", "Quand ce nombre a changé")),
], ids=["indicator", "explain", "customer", "difference", "history"])
def test_they_are_in_order(path, items, titles, size, scheme, open_page, browser):
    browser.look(size, scheme)
    for language, title in zip(("en", "fr"), titles):
        open_page(path, lang=language, **items)
        assert browser.text("h1") == title
        assert browser.run("return document.documentElement.lang") == language
        assert browser.run("return document.documentElement.scrollWidth <= innerWidth"), (path, language)
        assert browser.problems() == []


@pytest.mark.parametrize("path", ["/indicator", "/explain", "/history"])
def test_they_print_without_what_leads_on(path, open_page, browser):
    browser.look(media="print")
    open_page(path, lang="en")
    assert browser.is_visible("main")
    for css in (".languages", ".questions"):
        assert all(not element.is_displayed() for element in browser.all(css))
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")


def test_an_indicator_is_taken_apart_by_customer(open_page, browser):
    open_page("/indicator", lang="en")
    rows = browser.texts("#customers tbody tr")
    assert rows == [f"{NASTY}$10,30094%", f"{ARABIC}$7006.4%"]
    assert [row.get_attribute("dir") for row in browser.all("#customers a")] == ["auto", "auto"]
    browser.driver.find_element("link text", NASTY).click()
    browser.wait_for_text("h1", "Why this number")
    wait_for(lambda: browser.all("[role=status]") == [])
    assert browser.text(".value") == "$10,300"
    assert f"{NASTY} (c-5)" in browser.text(".subject")
    assert all(NASTY in text for text in browser.texts(".facts tbody th"))
    browser.driver.find_element("link text", "All customers").click()
    wait_for(lambda: browser.texts(".value") == ["$11,000"])
    assert len(browser.all("#customers tbody tr")) == 2


def test_a_difference_is_taken_apart_by_customer(open_page, browser):
    open_page("/explain", lang="en", against="2025-05")
    assert browser.texts("#customers tbody tr") == [f"{NASTY}+$5,300.00", f"{ARABIC}+$700.00"] or (
        browser.texts("#customers tbody tr") == [f"{NASTY}+$5,300", f"{ARABIC}+$700"])
    browser.driver.find_element("link text", ARABIC).click()
    wait_for(lambda: "(c-5b)" in "".join(browser.texts(".subject")) and browser.all("[role=status]") == [])
    assert "against=2025-05" in browser.driver.current_url and "customer=c-5b" in browser.driver.current_url
    assert len(browser.all(".facts tbody tr")) == 1


def test_exams_have_no_customers(open_page, browser):
    open_page("/indicator", lang="en", indicator="certified_individuals")
    assert browser.all("#customers") == []
    open_page("/explain", lang="en", indicator="certified_individuals")
    assert browser.all("#customers") == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_number_has_a_history(script, open_page, browser):
    if not script:
        browser.without_script()
    open_page("/explain", lang="en")
    browser.driver.find_element("link text", "When it changed, and how").click()
    browser.wait_for_text("h1", "When this number changed")
    wait_for(lambda: browser.all("[role=status]") == [])
    assert browser.text(".value") == "$11,000"
    # All came on one day.
    assert len(browser.all(".step")) == 1
    browser.driver.find_element("link text", "Each arrival").click()
    wait_for(lambda: "by=arrival" in browser.driver.current_url and browser.all("[role=status]") == [])
    steps = browser.texts(".step > p")
    assert steps[0] == "$10,700 → $11,000 (+$300)"
    assert steps[-1].startswith("not published → ")
    assert NASTY in browser.texts(".step .facts tbody th")[0]
    assert "became known; event of" in browser.texts(".step .facts tbody tr")[0]


def test_the_api_tells_the_same(explained):
    path = f"/api/v1/partners/{FIFTH}/revisions?month=2025-06&indicator=net_new_revenue&by=arrival"
    wait_for(lambda: explained.get(path).status_code == 200)
    answer = explained.get(path).json()
    assert answer["newest"]["value"] == 11000
    total = answer["newest"]["total"]
    report = explained.get(f"/api/v1/partners/{FIFTH}/indicators?month=2025-06").json()
    assert total == {name: report["components"][name] for name in total}
    for step in answer["steps"]:
        assert step["after"]["total"] == total
        total = step["before"]["total"]
        for name, difference in step["difference"].items():
            assert difference == step["after"]["total"][name] - total[name]
            assert difference == sum(change["difference"].get(name, 0) for change in step["changes"])
    assert answer["steps"][0]["changes"][0]["customer_name"] == NASTY
    page = explained.get(path + "&limit=1").json()
    assert page["steps"] == answer["steps"][:1] and page["earlier"] == answer["steps"][0]["at"]


def test_a_malformed_address_gets_a_page(explained):
    def get(path):
        # As it is: `requests` would mend it.
        connection = http.client.HTTPConnection(explained.url.removeprefix("http://"))
        connection.request("GET", path, headers={"Accept": "text/html"})
        answer = connection.getresponse()
        assert answer.status == 400
        return answer.getheader("Content-Type"), answer.read().decode()

    for path in ("/?month=%zz", "/history?indicator=%", "/%zz"):
        kind, text = get(path)
        assert kind == "text/html; charset=utf-8" and "This address cannot be understood" in text
    kind, text = get("/api/v1/partners?month=%zz")
    assert kind == "application/problem+json" and json.loads(text)["parameter"] == "month"


def test_a_partner_sees_its_own_history_alone(browser, closed_site):
    path = f"/api/v1/partners/{FIFTH}/revisions?month=2025-06&indicator=monthly_active_users"
    token = closed_site.issuer.token(partner=FIFTH)
    headers = {"Authorization": f"Bearer {token}"}
    assert closed_site.get(path).status_code == 401
    other = closed_site.issuer.token(partner=page_market.SIXTH)
    assert closed_site.get(path, headers={"Authorization": f"Bearer {other}"}).status_code == 403
    wait_for(lambda: closed_site.get(path, headers=headers).status_code == 200)
    answer = closed_site.get(path, headers=headers)
    assert "u-1" not in answer.text
    assert [change["users"] for change in answer.json()["steps"][0]["changes"]] == [5]

"""The page of one indicator: its chart, and what it is made of."""

import pytest

from browser import DESKTOP, PHONE
from page_market import FIFTH, SIXTH

pytestmark = pytest.mark.xdist_group("page")

TAB, LEFT, HOME, ESCAPE = "\ue004", "\ue012", "\ue011", "\ue00c"


@pytest.fixture
def indicator(browser, site):
    """Opens the page of an indicator."""
    def open_page(kind="net_new_revenue", partner=FIFTH, **items):
        query = {"indicator": kind, "partner": partner, **items}
        browser.open(f"{site.url}/indicator?" + "&".join(f"{name}={value}" for name, value in query.items()))
    return open_page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language, title, value", [
    ("en", "Net new revenue", "$10,700"), ("fr", "Chiffre d’affaires net", "10\u202f700\u00a0$US")])
def test_it_has_a_chart_with_axes(language, title, value, size, scheme, indicator, browser):
    browser.look(size, scheme)
    indicator(lang=language)
    assert browser.text("h1") == title
    assert browser.text(".value") == value
    ticks = browser.texts(".ticks span")
    assert len(ticks) >= 3 and len(set(ticks)) == len(ticks)
    assert len(browser.all(".names span")) == 12
    assert len(browser.all(".point")) == 12
    # The partner had something in two months, in which the segments began somewhere.
    assert len(browser.all(".area-of-plot .edge")) == 3
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.problems() == []


@pytest.mark.parametrize("way", ["pointing", "keyboard", "tapping"])
def test_each_month_tells_its_numbers(way, indicator, browser):
    browser.look(PHONE if way == "tapping" else DESKTOP)
    indicator(lang="en")
    match way:
        case "pointing": browser.point_at("#month-11")
        case "tapping": browser.tap("#month-11")
        case "keyboard":
            browser.run("document.querySelector('#month-12').focus()")
            browser.press(LEFT)
    assert browser.is_visible("#month-11-values")
    assert browser.text("#month-11-values strong") == "May 2025: $5,000"
    assert browser.texts("#month-11-values span") == [
        "in segment 2 of 4", "segment 2 from $4,000", "segment 3 from $7,000", "segment 4 from $10,000"]
    assert [element.is_displayed() for element in browser.all(".points .range")].count(True) == 1
    if way == "keyboard":
        browser.press(HOME)
        assert browser.run("return document.activeElement.id") == "month-1"
        browser.press(ESCAPE)
        assert not browser.is_visible("#month-1-values")


def test_the_months_are_one_stop(indicator, browser):
    indicator()
    stops = browser.run("return [...document.querySelectorAll('.point')].filter((each) => each.tabIndex === 0).map((each) => each.id)")
    assert stops == ["month-12"]


def test_what_it_is_made_of_leads_on(indicator, browser):
    indicator(lang="en")
    tables = browser.texts(".breakdown")
    assert len(tables) == 2
    assert "Dynamics 365 Customer Engagement$10,00093%" in tables[0]
    assert "Dynamics 365 Finance and Operations$7006.5%" in tables[0]
    assert "France$10,00093%" in tables[1]
    browser.driver.find_element("link text", "Belgium").click()
    browser.wait_for_text(".value", "$700")
    assert "country=BE" in browser.driver.current_url and f"partner={FIFTH}" in browser.driver.current_url
    assert len(browser.all(".breakdown")) == 1
    browser.driver.find_element("link text", "Dynamics 365 Finance and Operations").click()
    browser.wait_for_mention(".breakdown", "By workload")
    browser.driver.find_element("link text", "Back").click()
    browser.wait_for_mention(".subject", "Finance and Operations, Belgium")


def test_the_page_leads_to_it_and_it_needs_no_script(page, indicator, browser):
    page(partner=SIXTH, lang="en")
    browser.without_script()
    browser.click("#net_paid_seats_added .more")
    browser.wait_for_text("h1", "Net paid seats added")
    assert browser.texts(".months-of-chart tbody tr")[0].startswith("June 2025 (in progress)45")
    browser.tap("#month-10")
    assert browser.is_visible("#month-10-values")


def test_a_partner_sees_no_edges_where_they_are_withheld(browser, closed_site):
    token = closed_site.issuer.token(partner=FIFTH)
    browser.tell("Network.setCookie", url=closed_site.url, name="partner-pulse-token", value=token, httpOnly=True)
    browser.open(f"{closed_site.url}/indicator?indicator=net_new_revenue&lang=en")
    assert browser.text(".value") == "$10,700"
    assert browser.all(".area-of-plot .edge") == []
    assert "ranges are not shown: too few partners" in browser.text("figcaption")
    assert "from $" not in browser.driver.page_source

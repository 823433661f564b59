"""The page in use: filters, language, script or none, keyboard, paper, and news as they come."""

import base64
import time

import pytest

import page_market
from browser import DESKTOP, PHONE
from page_fixtures import fill, serve
from page_market import FIFTH, SIXTH
from program import Application
from waiting import wait_for
from web import WebServer

pytestmark = pytest.mark.xdist_group("page")

TAB, ENTER = "\ue004", "\ue007"
COOKIE = "partner-pulse-token"


def mark(browser):
    """Leaves a mark that a reload would take away."""
    browser.run("window.isSamePage = true")


def assert_same_page(browser):
    assert browser.run("return window.isSamePage === true")


def test_a_month_is_chosen_without_a_reload(page, browser):
    page(partner=FIFTH)
    mark(browser)
    assert browser.options("month")[:2] == ["June 2025", "May 2025"]
    browser.choose("month", "May 2025")
    browser.wait_for_text("#net_new_revenue .value", "$5,000")
    assert "month=2025-05" in browser.driver.current_url
    assert browser.run("return document.activeElement.id") == "filter-month"
    browser.wait_for_mention("#news", "May 2025")
    browser.driver.back()
    browser.wait_for_text("#net_new_revenue .value", "$10,700")
    assert_same_page(browser)


def test_a_number_leads_to_its_facts_and_back(page, browser):
    page(partner=FIFTH, month="2025-05")
    browser.click("#net_new_revenue .why")
    # The page loads itself again until the events are read.
    browser.wait_for_text(".explanation .value", "$5,000")
    assert "Billed$5,000.00" in browser.texts(".explanation table")[0]
    assert "counts" in browser.texts(".explanation table")[-1]
    assert browser.problems() == []
    browser.click(".explanation > p > a")
    browser.wait_for_text("#net_new_revenue .value", "$5,000")


def test_filters_offer_what_there_is(page, browser):
    page(partner=FIFTH, lang="fr")
    mark(browser)
    assert browser.options("product") == [
        "Tous les produits", "Dynamics 365 Customer Engagement", "Dynamics 365 Finance and Operations"]
    assert browser.options("country") == ["Tous les pays", "Belgique", "France"]
    assert browser.one("#filter-workload").get_property("disabled")
    browser.choose("product", "Dynamics 365 Finance and Operations")
    browser.wait_for_text("#net_new_revenue .value", "700\u00a0$US")
    assert browser.options("workload") == ["Toutes les charges", "Finance"]
    browser.choose("workload", "Finance")
    browser.wait_for_mention(".subject", "Finance and Operations, Finance")
    browser.choose("product", "Dynamics 365 Customer Engagement")
    browser.wait_for_text("#net_new_revenue .value", "10\u202f000\u00a0$US")
    assert browser.options("workload") == ["Toutes les charges", "Sales"]
    browser.choose("country", "Belgique")
    browser.wait_for_text(".nothing h2", "Rien sous ces filtres en juin 2025")
    browser.choose("product", "Tous les produits")
    browser.wait_for_text("#net_new_revenue .value", "700\u00a0$US")
    assert_same_page(browser)
    assert browser.problems() == []


def test_an_administrator_chooses_a_partner(page, browser):
    page()
    # Until then it sees the one in the middle by revenue.
    browser.reload_until_text(".subject strong", page_market.NAMES[6])
    browser.choose("partner", f"{page_market.NAMES[4]} ({FIFTH})")
    browser.wait_for_text("#net_new_revenue .value", "$10,700")


def test_the_language_is_the_readers(page, browser):
    browser.speak("fr-CA,fr;q=0.9,en;q=0.1")
    page(partner=FIFTH)
    assert browser.text("h1") == "Contribution partenaire"
    browser.click("a[lang=en]")
    browser.wait_for_text("h1", "Partner contribution")
    assert f"partner={FIFTH}" in browser.driver.current_url
    # Kept for the next time.
    page(partner=FIFTH)
    assert browser.text("h1") == "Partner contribution"


def test_without_script(page, browser, site):
    browser.without_script()
    browser.look(PHONE)
    page(partner=FIFTH, lang="en")
    assert not browser.is_visible("#live")
    browser.choose("product", "Dynamics 365 Finance and Operations")
    browser.choose("month", "June 2025")
    browser.click(".apply")
    browser.wait_for_text("#net_new_revenue .value", "$700")
    browser.choose("workload", "Finance")
    browser.click(".apply")
    browser.wait_for_mention(".subject", "Finance and Operations, Finance")
    browser.tap("#net_new_revenue-4")
    assert browser.is_visible("#net_new_revenue-4-range")
    browser.click("#net_new_revenue .history summary")
    assert browser.is_visible("#net_new_revenue table")


def test_by_keyboard_alone(page, browser):
    page(partner=FIFTH)
    browser.press(TAB)
    assert browser.run("return document.activeElement.className") == "skip"
    places = []
    for _ in range(80):
        browser.press(TAB)
        place = browser.run("""
            const {activeElement} = document, box = activeElement.getBoundingClientRect();
            if (activeElement === document.body) return null;
            const all = [...document.querySelectorAll("*")];
            return {order: all.indexOf(activeElement), id: activeElement.id,
                    isSeen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
                    hasOutline: getComputedStyle(activeElement).outlineStyle !== "none"}""")
        if place is None:
            break
        places.append(place)
    assert [place["order"] for place in places] == sorted(place["order"] for place in places)
    assert all(place["isSeen"] and place["hasOutline"] for place in places)
    segments = [place["id"] for place in places if place["id"].rpartition("-")[2] in "1234" and "_" in place["id"]]
    assert len(segments) == 28
    # The link that skips what comes first leads to the report.
    page(partner=FIFTH)
    browser.press(TAB, ENTER)
    assert browser.run("return document.activeElement.id") == "report"


def test_on_paper(page, browser):
    page(partner=FIFTH)
    browser.look(DESKTOP, media="print")
    assert not browser.is_visible("#filters")
    assert not browser.is_visible(".languages")
    assert all(element.is_displayed() for element in browser.all(".value, .own .segment"))
    # What is folded on a screen is not on paper.
    assert browser.run("return document.querySelector('#help details p').getBoundingClientRect().height") > 20
    pdf = base64.b64decode(browser.tell("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)["data"])
    assert 1 < pdf.count(b"/Type /Page\n") <= 4


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_news_come_by_themselves(motion, page, browser, site):
    number = {"no-preference": 2, "reduce": 3}[motion]
    partner = page_market.PARTNERS[number - 1]
    browser.look(motion=motion)
    page(partner=partner)
    mark(browser)
    browser.wait_for_text("#live", "Live")
    browser.run("document.querySelector('#net_new_revenue-2').focus()")
    browser.click("#net_new_revenue .history summary")
    browser.run("document.querySelector('#net_new_revenue-2').focus()")
    before = browser.text("#customers_added .value")
    browser.run("""
        window.changed = new Set();
        new MutationObserver((changes) => {
          for (const {target} of changes) {
            if (target.classList.contains("changed")) {
              window.changed.add(target.id);
              window.animation = getComputedStyle(target).animationName;
            }
          }
        }).observe(document.body, {subtree: true, attributeFilter: ["class"]});""")
    site.application.import_lines([page_market.sale("live", 4321, number)])
    browser.wait_for_text("#net_new_revenue .value", f"${number * 2000 + 4321:,}")
    assert_same_page(browser)
    assert browser.run("return [...window.changed]") == ["net_new_revenue"]
    assert browser.run("return window.animation") == ("glow" if motion == "no-preference" else "none")
    assert browser.text("#news") == f"Updated: Net new revenue ${number * 2000 + 4321:,}"
    assert browser.one("#news").get_dom_attribute("aria-live") == "polite"
    # What the reader was at stays as it was.
    assert browser.run("return document.activeElement.id") == "net_new_revenue-2"
    assert browser.is_visible("#net_new_revenue table")
    assert browser.text("#customers_added .value") == before
    wait_for(lambda: browser.all(".changed") == [])


def test_news_do_not_overtake_a_choice(page, browser, site):
    page(partner=page_market.PARTNERS[3])
    browser.wait_for_text("#live", "Live")
    # Holds back what is asked for with a product, and counts the news.
    browser.run("""
        const ask = window.fetch;
        window.held = new Promise((release) => { window.release = release; });
        window.fetch = async (url, options) => {
          if (url.includes("product=")) await window.held;
          return ask(url, options);
        };
        window.news = 0;
        const events = new EventSource(document.getElementById("report").dataset.events);
        events.addEventListener("indicators", () => { window.news += 1; });""")
    wait_for(lambda: browser.run("return window.news") == 1)
    browser.choose("product", "Dynamics 365 Customer Engagement")
    site.application.import_lines([page_market.sale("held", 77, 4)])
    wait_for(lambda: browser.run("return window.news") > 1)
    time.sleep(1.5)  # longer than the page waits from one update to the next
    browser.run("window.release()")
    browser.wait_for_mention(".subject", "Customer Engagement")
    browser.wait_for_text("#net_new_revenue .value", "$8,077")


def test_a_lost_server_is_said_and_found_again(browser, tmp_path):
    application = fill(tmp_path)
    server = serve(application).wait_until_ready()
    browser.open(f"{server.url}/?partner={FIFTH}")
    browser.wait_for_text("#live", "Live")
    server.stop()
    browser.wait_for_text("#live", "Reconnecting")
    again = serve(application, listen=server.url.removeprefix("http://"))
    try:
        browser.wait_for_text("#live", "Live", 30)
        assert browser.text("#net_new_revenue .value") == "$10,700"
        # They say that the server was away.
        browser.errors()
    finally:
        again.stop()


def test_results_appear_when_there_are_some(browser, tmp_path):
    application = Application(["--data", str(tmp_path / "page.db")], tmp_path)
    application.create_topics(1)
    server = serve(application).wait_until_ready()
    try:
        browser.open(server.url)
        assert browser.text(".nothing h2") == "There are no results yet"
        mark(browser)
        application.import_lines(page_market.events())
        wait_for(lambda: len(browser.all(".indicator")) == 7)
        wait_for(lambda: len(browser.options("partner")) == 12)
        browser.wait_for_text("#live", "Live")
        assert_same_page(browser)
    finally:
        browser.leave()
        server.stop()


def test_who_is_not_signed_in_is_told_so(browser, closed_site):
    browser.speak("fr")
    browser.open(closed_site.url)
    assert browser.text("h1") == "Veuillez vous connecter"
    assert browser.problems() == []
    assert [message for message in browser.errors() if "401" not in message] == []


def test_a_partner_sees_itself_alone(browser, closed_site):
    token = closed_site.issuer.token(partner=FIFTH)
    browser.tell("Network.setCookie", url=closed_site.url, name=COOKIE, value=token, httpOnly=True)
    browser.open(f"{closed_site.url}/?partner={SIXTH}")
    browser.reload_until_text(".subject strong", page_market.NAMES[4])
    assert browser.all("#filter-partner") == []
    assert SIXTH not in browser.driver.page_source
    assert browser.text("#net_new_revenue-2-range span") == "3 partners, you among them"
    # With itself left out there are two others in its segment, so no range of the indicator is shown.
    withheld = "Range not shown: too few partners"
    assert browser.texts("#net_new_revenue .range strong") == [withheld] * 4
    assert browser.texts("#customers_added .range strong") == [withheld, "Empty", "Empty", withheld]
    browser.wait_for_text("#live", "Live")


def test_the_demo_is_alive(browser, tmp_path):
    demo = WebServer(tmp_path, "--listen", "127.0.0.1:0", command=("demo",)).wait_until_ready()
    try:
        browser.open(demo.url)
        # It is published bit by bit.
        wait_for(
            lambda: (len(browser.all(".indicator")) == 7 and len(browser.options("partner")) > 40)
            or browser.driver.refresh(),
            60,
        )
        seen = "return [...document.querySelectorAll('.value, .range')].map((each) => each.textContent).join()"
        before = browser.run(seen)
        wait_for(lambda: browser.run(seen) != before, 60)
    finally:
        browser.leave()
        demo.stop()

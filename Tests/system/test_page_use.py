"""The page in use: filters, language, script or none, keyboard, paper, and news as they come."""

import base64
import csv
import io
import re
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

TAB, ENTER, LEFT, RIGHT, HOME, END = "\ue004", "\ue007", "\ue012", "\ue014", "\ue011", "\ue010"
COOKIE = "partner-pulse-token"


def mark(browser):
    """Leaves a mark that a reload would take away."""
    browser.run("window.isSamePage = true")


def assert_same_page(browser):
    assert browser.run("return window.isSamePage === true")


def test_a_month_is_chosen_without_a_reload(page, browser):
    page(partner=FIFTH)
    mark(browser)
    assert browser.options("month")[:3] == ["Newest month (June 2025)", "June 2025", "May 2025"]
    browser.choose("month", "May 2025")
    browser.wait_for_text("#net_new_revenue .value", "$5,000")
    assert "month=2025-05" in browser.driver.current_url
    assert browser.run("return document.activeElement.id") == "filter-month"
    browser.wait_for_mention("#news", "May 2025")
    browser.driver.back()
    browser.wait_for_text("#net_new_revenue .value", "$10,700")
    assert_same_page(browser)


def chosen(browser):
    return browser.run("return [...document.querySelectorAll('#filters select')].map((each) => each.value)")


def test_back_and_forward_take_the_filters_along(page, browser):
    page(partner=FIFTH)
    mark(browser)
    first = chosen(browser)
    browser.choose("country", "Belgium")
    browser.wait_for_text("#net_new_revenue .value", "$700")
    browser.choose("month", "May 2025")
    browser.wait_for_mention(".subject", "May 2025")
    last = chosen(browser)
    # The one that was used last has the focus, and goes back nevertheless.
    browser.driver.back()
    browser.wait_for_text("#net_new_revenue .value", "$700")
    assert chosen(browser) == [*first[:-1], "BE"]
    browser.driver.back()
    browser.wait_for_text("#net_new_revenue .value", "$10,700")
    assert chosen(browser) == first
    browser.driver.forward()
    browser.wait_for_text("#net_new_revenue .value", "$700")
    assert chosen(browser) == [*first[:-1], "BE"]
    browser.driver.forward()
    browser.wait_for_mention(".subject", "May 2025")
    assert chosen(browser) == last
    assert_same_page(browser)


def test_only_who_chooses_a_month_stays_with_it(page, browser):
    page(partner=FIFTH)
    browser.choose("country", "Belgium")
    browser.wait_for_text("#net_new_revenue .value", "$700")
    assert "month=" not in browser.driver.current_url
    assert "month=" not in browser.one("#state").get_dom_attribute("data-of")
    browser.choose("month", "June 2025")
    browser.wait_for_mention("#report", "vs May 2025")
    wait_for(lambda: "month=2025-06" in browser.driver.current_url)


@pytest.mark.parametrize("language, title, advice", [
    ("en", "This address cannot be understood", "“2025-13” is not a month such as 2026-11."),
    ("fr", "Cette adresse n’est pas valide", "«\u00a02025-13\u00a0» n’est pas un mois tel que 2026-11.")])
def test_a_wrong_address_is_said_and_leads_on(language, title, advice, page, browser, site):
    browser.speak(language)
    page(partner=FIFTH, month="2025-13", country="BE")
    assert browser.text("h1") == title
    assert browser.texts(".nothing p")[0] == advice
    assert browser.problems() == []
    # It says so to the console too.
    assert [message for message in browser.errors() if "400" not in message] == []
    browser.click(".nothing a")
    browser.wait_for_mention("#net_new_revenue .value", "700")
    browser.open(site.url + "/nowhere")
    assert browser.all(".nothing a") != []
    assert [message for message in browser.errors() if "404" not in message] == []


def test_a_number_leads_to_its_facts_and_back(page, browser):
    page(partner=FIFTH, month="2025-05")
    browser.click("#net_new_revenue .why")
    # The page loads itself again until the events are read.
    browser.wait_for_text(".explanation .value", "$5,000")
    assert "Billed$5,000.00" in browser.texts(".explanation table")[0]
    assert "counts" in browser.texts(".explanation table")[-1]
    assert browser.problems() == []
    # It has the site's head.
    browser.click("a[lang=fr]")
    browser.wait_for_text("h1", "Pourquoi ce nombre")
    browser.wait_for_text(".explanation .value", "5\u202f000\u00a0$US")
    browser.click("a[lang=en]")
    browser.wait_for_text("h1", "Why this number")
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
    # Until then it sees the one in the middle by revenue, which it stays with.
    browser.reload_until_text(".subject strong", page_market.NAMES[6])
    assert f"partner={page_market.PARTNERS[6]}" in browser.driver.current_url
    assert all(f"partner={page_market.PARTNERS[6]}" in link.get_dom_attribute("href")
               for link in browser.all(".languages a, .why"))
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
    assert "month=2025-06" in browser.driver.current_url
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
    # One in each bar, at the own segment, from which arrows lead on.
    assert segments == ["net_new_revenue-2", "customers_added-4", "net_paid_seats_added-2", "certified_individuals-1",
                        "production_instances-2", "monthly_active_users-2", "mau_per_assigned_seat-1"]
    browser.run("document.querySelector('#net_new_revenue-2').focus()")
    for key, segment in [(RIGHT, 3), (RIGHT, 4), (RIGHT, 4), (HOME, 1), (LEFT, 1), (END, 4), (LEFT, 3)]:
        browser.press(key)
        assert browser.run("return document.activeElement.id") == f"net_new_revenue-{segment}"
        assert browser.is_visible(f"#net_new_revenue-{segment}-range")
    browser.press(TAB)
    assert "net_new_revenue-" not in browser.run("return document.activeElement.id")
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
    browser.wait_for_stream()
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
    browser.wait_for_stream()
    # Holds back what is asked for with a product, and counts the news.
    browser.run("""
        const ask = window.fetch;
        window.held = new Promise((release) => { window.release = release; });
        window.fetch = async (url, options) => {
          if (url.includes("product=")) await window.held;
          return ask(url, options);
        };
        window.news = 0;
        const events = new EventSource(`/api/v1/partners/${new URLSearchParams(location.search).get("partner")}/events`);
        events.addEventListener("indicators", () => { window.news += 1; });""")
    wait_for(lambda: browser.run("return window.news") == 1)
    browser.choose("product", "Dynamics 365 Customer Engagement")
    site.application.import_lines([page_market.sale("held", 77, 4)])
    wait_for(lambda: browser.run("return window.news") > 1)
    time.sleep(1.5)  # longer than the page waits from one update to the next
    browser.run("window.release()")
    browser.wait_for_mention(".subject", "Customer Engagement")
    browser.wait_for_text("#net_new_revenue .value", "$8,077")


def streams(server):
    """How many streams the server sends."""
    return int(re.search(r"^partner_pulse_http_streams (\d+)", server.get("/metrics").text, re.M)[1])


def test_one_stream_serves_all_tabs_that_are_seen(browser, site):
    # More than a browser opens connections to a host.
    driver, first = browser.driver, browser.driver.current_window_handle
    tabs = {}
    try:
        for partner in page_market.PARTNERS[:8]:
            driver.switch_to.new_window("window")
            tabs[partner] = driver.current_window_handle
            browser.open(f"{site.url}/?partner={partner}")
        wait_for(lambda: streams(site) == 1)
        for partner, tab in tabs.items():
            driver.switch_to.window(tab)
            browser.wait_for_stream()
        # News reach the tab that they are of.
        driver.switch_to.window(tabs[page_market.PARTNERS[7]])
        before = browser.text("#net_new_revenue .value")
        site.application.import_lines([page_market.sale("for all", 1, 8)])
        wait_for(lambda: browser.text("#net_new_revenue .value") != before)
        # The one that holds the stream is closed, and another takes it over.
        for partner in page_market.PARTNERS[:4]:
            driver.switch_to.window(tabs.pop(partner))
            driver.close()
        driver.switch_to.window(tabs[page_market.PARTNERS[5]])
        before = browser.text("#net_new_revenue .value")
        wait_for(lambda: streams(site) == 1)
        site.application.import_lines([page_market.sale("for the rest", 1, 6)])
        wait_for(lambda: browser.text("#net_new_revenue .value") != before)
        # Those that are not seen have none.
        for tab in tabs.values():
            driver.switch_to.window(tab)
            see(browser, False)
        wait_for(lambda: streams(site) == 0)
        see(browser, True)
        wait_for(lambda: streams(site) == 1)
    finally:
        for tab in tabs.values():
            driver.switch_to.window(tab)
            driver.close()
        driver.switch_to.window(first)


def see(browser, is_seen):
    """Has the page believe that it comes into view, or goes out of it."""
    browser.run("""
        Object.defineProperty(document, "visibilityState", {value: arguments[0], configurable: true});
        document.dispatchEvent(new Event("visibilitychange"))""", "visible" if is_seen else "hidden")


def test_updates_pause(page, browser, site):
    partner = page_market.PARTNERS[8]
    page(partner=partner, lang="en")
    browser.wait_for_stream()
    before = browser.text("#net_new_revenue .value")
    browser.click("#pause")
    assert browser.text("#pause") == "Resume updates"
    assert browser.text("#live").startswith("Paused")
    assert browser.problems() == []
    wait_for(lambda: streams(site) == 0)
    site.application.import_lines([page_market.sale("paused", 9, 9)])
    path = f"/api/v1/partners/{partner}/indicators"
    wait_for(lambda: site.get(path).json()["indicators"][0]["value"] == 18009)
    time.sleep(1.5)  # as long as it takes to see that nothing changes
    assert browser.text("#net_new_revenue .value") == before
    # Also when it is loaded anew.
    browser.driver.refresh()
    assert browser.text("#net_new_revenue .value") == "$18,009"
    assert browser.text("#pause") == "Resume updates"
    site.application.import_lines([page_market.sale("resumed", 9, 9)])
    browser.click("#pause")
    browser.wait_for_text("#net_new_revenue .value", "$18,018")


def test_live_says_how_old_the_newest_event_is(page, browser):
    page(partner=FIFTH, lang="en")
    browser.wait_for_stream()
    # The market is of June 2025.
    assert browser.one("#live").get_dom_attribute("data-state") == "stale"
    assert re.fullmatch(r"Stale · newest event \d+ days ago", browser.text("#live"))
    page(partner=FIFTH, lang="fr")
    browser.wait_for_stream()
    assert re.fullmatch(r"Sans nouvelles · dernier événement il y a \d+ jours", browser.text("#live"))


def test_only_what_has_changed_is_loaded(page, browser, site):
    partner = page_market.PARTNERS[9]
    page(partner=partner)
    browser.wait_for_stream()
    loads = "return performance.getEntriesByType('resource').filter((each) => each.initiatorType === 'fetch')" \
            ".map((each) => [each.encodedBodySize, each.decodedBodySize])"
    assert browser.run(loads) == []
    site.application.import_lines([page_market.sale("small", 5, 10)])
    browser.wait_for_text("#net_new_revenue .value", "$20,005")
    whole = len(site.get(f"/?partner={partner}", headers={"Accept": "text/html", "Accept-Encoding": "identity"}).content)
    wait_for(lambda: browser.run(loads) != [])
    for encoded, decoded in browser.run(loads):
        assert encoded < whole / 10 and decoded < whole / 2


def test_a_lost_server_is_said_and_found_again(browser, tmp_path):
    application = fill(tmp_path)
    server = serve(application).wait_until_ready()
    browser.open(f"{server.url}/?partner={FIFTH}")
    browser.wait_for_stream()
    server.stop()
    wait_for(lambda: browser.text("#live") == "Reconnecting")
    again = serve(application, listen=server.url.removeprefix("http://"))
    try:
        browser.wait_for_stream(30)
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
        browser.wait_for_text(".nothing h2", "There are no results yet")
        mark(browser)
        application.import_lines(page_market.events())
        wait_for(lambda: len(browser.all(".indicator")) == 7)
        wait_for(lambda: len(browser.options("partner")) == 12)
        browser.wait_for_stream()
        assert_same_page(browser)
    finally:
        browser.leave()
        server.stop()


def test_at_the_start_it_says_that_it_reads(browser, tmp_path):
    application = fill(tmp_path)
    # As many scales as it takes a while to read.
    server = serve(application, "--no-run")
    try:
        pages = []
        while not pages or "class=\"indicator\"" not in pages[-1]:
            pages.append(server.get(f"/?partner={FIFTH}", headers={"Accept": "text/html"}).text)
        for early in pages[:-1]:
            assert "There are no results yet" not in early
    finally:
        server.stop()


def test_what_is_seen_is_exported(page, browser, site):
    page(partner=FIFTH, country="BE", lang="fr")
    browser.wait_for_mention(".subject strong", page_market.NAMES[4])
    links = {link.text: link.get_dom_attribute("href") for link in browser.all(".exports a")}
    assert len(links) == 3
    answer = site.get(links["Cette vue en tableau (CSV)"])
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0]["indicator_name"] == "Chiffre d’affaires net" and float(rows[0]["value"]) == 700
    assert (rows[0]["partner_name"], rows[0]["country_name"], rows[0]["currency"]) == (page_market.NAMES[4], "Belgique", "USD")
    assert "filename*=UTF-8''indicateurs%2C%20Soci%C3%A9t%C3%A9%2005%2C%202025-06%2C%20Belgique.csv" in (
        answer.headers["Content-Disposition"])
    months = list(csv.DictReader(io.StringIO(site.get(links["Douze mois en tableau (CSV)"]).content.decode("utf-8-sig"))))
    assert [row["month"] for row in months][-2:] == ["2025-05", "2025-06"] and len(months) == 12
    assert float(months[-1]["net_new_revenue"]) == 700
    # The link stays with the month that is the newest now.
    assert links["Lien vers cette vue"] == f"/?partner={FIFTH}&month=2025-06&country=BE"
    browser.click("#permalink")
    browser.wait_for_text("#net_new_revenue .value", "700\u00a0$US")


def test_a_long_number_stands_in_short(browser, tmp_path):
    application = fill(tmp_path)
    # As many lines as make a number that is too long.
    application.import_lines([page_market.sale(f"long {line}", 900_000_000, 5) for line in range(140)])
    application.run_until_end()
    server = serve(application).wait_until_ready()
    try:
        for size, language, short, whole in [
                (DESKTOP, "en", "$126B", "$126,000,010,700"), (PHONE, "fr", "126\u00a0Md\u00a0$US", "126\u202f000\u202f010\u202f700\u00a0$US")]:
            browser.look(size)
            browser.open(f"{server.url}/?partner={FIFTH}&lang={language}")
            assert browser.text("#net_new_revenue .compact") == short
            assert not browser.is_visible("#net_new_revenue-whole")
            browser.run("document.querySelector('#net_new_revenue-value').focus()")
            assert browser.is_visible("#net_new_revenue-whole")
            assert browser.text("#net_new_revenue-whole") == whole
            # Nothing reaches into what is beside it.
            assert browser.run("""
                return [...document.querySelectorAll(".compact, .trend, .extent, .ends")].filter((each) =>
                  each.getBoundingClientRect().right > each.closest(".figure, .slot, .scale").getBoundingClientRect().right + 1)
                  .map((each) => each.textContent)""") == []
            assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
            assert browser.problems() == []
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
    browser.wait_for_stream()


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

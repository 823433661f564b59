"""The page shows what it promises: in both languages, on a desk and on a phone, by day and by night."""

import pytest

import page_market
from browser import DESKTOP, PHONE
from page_market import FIFTH, SIXTH, TWELFTH

pytestmark = pytest.mark.xdist_group("page")

KINDS = ["net_new_revenue", "customers_added", "net_paid_seats_added", "certified_individuals",
         "production_instances", "monthly_active_users", "mau_per_assigned_seat"]
NAMES = {
    "en": ["Net new revenue", "Customers added", "Net paid seats added", "Certified individuals",
           "Production instances", "Monthly active users", "Active users per assigned seat"],
    "fr": ["Chiffre d’affaires net", "Clients gagnés", "Licences payantes nettes", "Personnes certifiées",
           "Instances de production", "Utilisateurs actifs par mois", "Utilisateurs actifs par licence attribuée"],
}
VALUES = {"en": ["$10,700", "2", "70", "1", "5", "0.4", "0.042"],
          "fr": ["10\u202f700\u00a0$US", "2", "70", "1", "5", "0,4", "0,042"]}
MONTHS = {"en": ["May 2025", "June 2025"], "fr": ["mai 2025", "juin 2025"]}
ARROWS = ["up", "up", "up", "", "", "up", "up"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_seven_indicators(language, size, scheme, page, browser):
    browser.look(size, scheme)
    page(partner=FIFTH, lang=language)
    assert browser.run("return document.documentElement.lang") == language
    assert browser.texts(".indicator h2") == NAMES[language]
    assert browser.texts(".value") == VALUES[language]
    for kind, arrow in zip(KINDS, ARROWS):
        assert len(browser.all(f"#{kind} .segment")) == 4
        assert len(browser.all(f"#{kind} .own")) == 1
        assert [name for name in ("up", "down") if browser.all(f"#{kind} .trend.{name} svg")] == [arrow][:len(arrow)]
        assert all(element.is_displayed() for element in browser.all(f"#{kind} .value, #{kind} .segment, #{kind} .line"))
    # Of twelve partners the fifth is in the second of four equal parts.
    assert browser.text("#net_new_revenue .own .number") == "2"
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.problems() == []


def test_an_arrow_down(page, browser):
    page(partner=SIXTH)
    # Seats are new in this year: against the year before there is an arrow up.
    assert browser.texts("#net_paid_seats_added .trend") == ["Down \u221215 (\u221225%) vs May 2025: why it changed"]
    assert browser.texts("#customers_added .trend") == ["as in May 2025"]
    assert browser.all("#customers_added .trend svg") == []


def test_an_undefined_value_is_a_dash_with_its_reason(page, browser):
    page(partner=SIXTH)
    assert browser.text("#mau_per_assigned_seat .value") == "–no value"
    assert browser.text("#mau_per_assigned_seat .trend") == "No seat is assigned in this month."
    assert browser.all("#mau_per_assigned_seat .own, #mau_per_assigned_seat .place") == []


@pytest.mark.parametrize("language, range, partners", [
    ("en", "$8,000 to $12,000", "3 partners"), ("fr", "de 8\u202f000\u00a0$US à 12\u202f000\u00a0$US", "3 partenaires")])
@pytest.mark.parametrize("way", ["pointing", "focus", "tapping"])
def test_a_segment_tells_its_range(way, language, range, partners, page, browser):
    browser.look(PHONE if way == "tapping" else DESKTOP)
    page(partner=FIFTH, lang=language)
    segment = "#net_new_revenue-2"
    assert not browser.is_visible(f"{segment}-range")
    match way:
        case "pointing": browser.point_at(segment)
        case "focus": browser.run("document.querySelector(arguments[0]).focus()", segment)
        case "tapping": browser.tap(segment)
    assert browser.is_visible(f"{segment}-range")
    assert browser.text(f"{segment}-range strong") == range
    assert browser.texts(f"{segment}-range span")[0] == partners
    assert browser.one(segment).get_dom_attribute("aria-describedby") == f"{segment[1:]}-range"
    assert [element.is_displayed() for element in browser.all("#net_new_revenue .range")].count(True) == 1
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    if way != "tapping":
        browser.press("\ue00c")
        assert not browser.is_visible(f"{segment}-range")


def test_an_administrator_sees_all_ranges(page, browser):
    page(partner=FIFTH)
    # Eleven partners added one customer; the fifth alone added two.
    assert browser.texts("#customers_added .range strong") == ["1", "Empty", "Empty", "2"]
    assert browser.texts("#customers_added .range span") == ["11 partners", "no partner", "no partner", "1 partner"]


@pytest.mark.parametrize("size, media", [(DESKTOP, ""), (PHONE, ""), (DESKTOP, "print")], ids=["desktop", "phone", "paper"])
def test_each_bar_shows_its_ranges(size, media, page, browser):
    browser.look(size, media=media)
    page(partner=FIFTH)
    assert browser.texts("#net_new_revenue .extent") == ["2K–6K", "8K–12K", "14K–18K", "20K–24K"]
    assert browser.texts("#net_new_revenue .ends > span") == ["Lowest $2,000", "Highest $24,000"]
    assert browser.texts("#customers_added .extent") == ["1", "empty", "empty", "2"]
    assert all(element.is_displayed() for element in browser.all(".extent, .ends"))
    # $10,700 is 67.5 % of the way from $8,000 to $12,000: the mark is there, and not in the middle.
    assert browser.texts("#net_new_revenue-2-range .standing") == [
        "this partner: 68% of the way from its lowest to its highest value"]
    at = browser.run("""
        const [slot, place] = ["#net_new_revenue .own", "#net_new_revenue .place"].map(
          (css) => document.querySelector(css).getBoundingClientRect());
        return (place.x + place.width / 2 - slot.x) / slot.width""")
    assert 0.64 < at < 0.76


def test_changes_are_in_figures_and_percent(page, browser):
    page(partner=FIFTH)
    assert browser.texts("#net_new_revenue .trend") == ["Up +$5,700 (+114%) vs May 2025: why it changed"]
    # What was nothing has no percent.
    assert browser.texts("#mau_per_assigned_seat .trend") == ["Up +0.042 vs May 2025: why it changed"]
    assert browser.text(".badge") == "in progress"
    page(partner=FIFTH, month="2025-05", lang="fr")
    assert browser.texts("#net_new_revenue .trend") == ["En hausse\u00a0: +5\u202f000\u00a0$US vs avr. 2025\u00a0: pourquoi ce changement"]
    assert browser.all(".badge") == []


def test_names_of_other_scripts_stand_right(page, browser):
    page(partner=page_market.ARABIC)
    browser.reload_until_text(".subject strong", page_market.NAMES[10])
    assert browser.run("return getComputedStyle(document.querySelector('.subject strong')).direction") == "rtl"
    # The id that follows in the list stays to the right of the name.
    assert f"\u2068{page_market.NAMES[10]}\u2069 ({page_market.ARABIC})" in browser.options("partner")
    page(partner=page_market.CHINESE)
    browser.reload_until_text(".subject strong", page_market.NAMES[9])
    assert browser.run("return getComputedStyle(document.querySelector('.subject strong')).direction") == "ltr"


def test_twelve_months_as_line_and_table(page, browser):
    page(partner=FIFTH)
    assert browser.one("#net_new_revenue svg[role=img]").get_dom_attribute("aria-label") == (
        "Twelve months, between $0 and $10,700")
    browser.click("#net_new_revenue .history summary")
    assert browser.is_visible("#net_new_revenue table")
    rows = browser.texts("#net_new_revenue tbody tr")
    assert len(rows) == 12
    assert rows[:3] == ["June 2025 (in progress)$10,700", "May 2025$5,000", "April 2025$0"]
    # Nothing at all happened a year before; what there is, is said.
    assert rows[-1].startswith("July 2024")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_panel_says_what_it_means(language, page, browser):
    page(partner=FIFTH, lang=language)
    entries = browser.all("#help details")
    assert browser.texts("#help summary")[:7] == NAMES[language]
    assert len(entries) == 13
    for entry in entries:
        text = entry.find_element("tag name", "p")
        assert not text.is_displayed()
        entry.find_element("tag name", "summary").click()
        assert text.is_displayed() and len(text.text) > 60


def test_names_from_outside_stay_text(page, browser):
    page(partner=TWELFTH)
    browser.reload_until_text(".subject strong", page_market.NAMES[11])
    assert browser.texts(".subject span")[0] == TWELFTH
    assert f"{page_market.NAMES[11]} ({TWELFTH})" in browser.options("partner")
    assert browser.all("main b, main i") == []
    assert browser.text("#net_new_revenue .value") == "$24,000"


def test_a_partner_that_is_not_there(page, browser):
    page(partner="nobody")
    assert browser.text(".nothing h2") == "No results for nobody in June 2025"
    assert browser.problems() == []

"""A real browser, headless Chromium, and what a reader does with the page in it."""

import pathlib
import shutil

import axe_selenium_python
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from waiting import wait_for

AXE = pathlib.Path(axe_selenium_python.__file__).parent / "node_modules/axe-core/axe.min.js"
DESKTOP, PHONE = (1360, 900), (360, 740)


class Browser:
    """One window; `reset` makes it as new."""

    def __init__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        service = webdriver.ChromeService(shutil.which("chromedriver"))
        self.driver = webdriver.Chrome(options=options, service=service)

    def quit(self):
        self.driver.quit()

    def tell(self, command, **parameters):
        return self.driver.execute_cdp_cmd(command, parameters)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def reset(self):
        self.tell("Emulation.setScriptExecutionDisabled", value=False)
        self.tell("Emulation.setTouchEmulationEnabled", enabled=False)
        self.tell("Network.enable")
        self.tell("Network.clearBrowserCookies")
        self.look()
        self.speak("en")
        self.leave()
        # Chromium keeps 50 entries for a window, and goes astray beyond.
        self.tell("Page.resetNavigationHistory")
        self.tell("Input.dispatchMouseEvent", type="mouseMoved", x=0, y=0)
        self.driver.get_log("browser")

    # --- how it looks on

    def look(self, size=DESKTOP, scheme="light", motion="no-preference", media=""):
        self.tell("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1,
                  mobile=False)
        self.tell("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": motion}])

    def speak(self, language):
        agent = self.run("return navigator.userAgent")
        self.tell("Network.setUserAgentOverride", userAgent=agent, acceptLanguage=language)

    def without_script(self):
        self.tell("Emulation.setScriptExecutionDisabled", value=True)

    # --- what it sees

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css):
        found = self.all(css)
        assert len(found) == 1, f"{len(found)} of {css}"
        return found[0]

    def text(self, css):
        """What is seen or read out, on one line; no-break spaces stay."""
        found = self.texts(css)
        assert len(found) == 1, f"{len(found)} of {css}"
        return " ".join(found[0].replace("\n", " ").split(" "))

    def texts(self, css):
        # All at once: a live page replaces elements at any time.
        return self.run("return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent)", css)

    def is_visible(self, css):
        return self.one(css).is_displayed()

    def options(self, name):
        return self.texts(f"#filter-{name} option")

    def errors(self):
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    # --- what it does

    def open(self, url):
        self.driver.get(url)

    def leave(self):
        """Leaves the page, so that it does not complain of a server that goes away."""
        self.open("about:blank")

    def choose(self, name, label):
        Select(self.one(f"#filter-{name}")).select_by_visible_text(label)

    def click(self, css):
        self.one(css).click()

    def point_at(self, css):
        element = self.one(css)
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        ActionChains(self.driver).move_to_element(element).perform()

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def tap(self, css):
        self.tell("Emulation.setTouchEmulationEnabled", enabled=True)
        element = self.one(css)
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        box = self.run("const box = arguments[0].getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]",
                       element)
        self.tell("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": box[0], "y": box[1]}])
        self.tell("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def wait_for_text(self, css, text, seconds=20):
        """Waits until the element's whole text is `text`."""
        # Asked for anew each time: elements are replaced meanwhile.
        wait_for(lambda: self.texts(css) == [text], seconds)

    def wait_for_stream(self, seconds=20):
        """Waits until the page gets news."""
        wait_for(lambda: self.run("return document.getElementById('live').dataset.state") in ("live", "stale"), seconds)

    def reload_until_text(self, css, text):
        """Reloads the page until the element's whole text is `text`."""
        wait_for(lambda: self.texts(css) == [text] or self.driver.refresh())

    def wait_for_mention(self, css, text):
        """Waits until `text` is a part of the element's text."""
        wait_for(lambda: text in "".join(self.texts(css)))

    def problems(self):
        """What axe finds wrong with the page, by the rules of WCAG 2.2 AA and good practice."""
        # By the protocol, since the page's policy allows no script from elsewhere.
        self.run(AXE.read_text())
        found = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run(document).then((results) => done(results.violations))")
        return [(each["id"], [node["html"][:200] for node in each["nodes"]][:3]) for each in found]

"""Starts a demo, lets it live for a while, and takes a picture of its page: screenshot.py FILE.png"""

import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests/system"))

from browser import Browser  # noqa: E402
from web import WebServer  # noqa: E402

SIZE = (1280, 1360)


def take(path):
    browser = Browser()
    with tempfile.TemporaryDirectory() as directory:
        demo = WebServer(pathlib.Path(directory), "--listen", "127.0.0.1:0", command=("demo",)).wait_until_ready()
        try:
            browser.reset()
            browser.look(SIZE)
            time.sleep(20)
            browser.open(demo.url)
            browser.wait_for_stream()
            browser.run("document.querySelector('#net_paid_seats_added-2').focus()")
            pathlib.Path(path).write_bytes(browser.driver.get_screenshot_as_png())
        finally:
            demo.stop()
            browser.quit()


if __name__ == "__main__":
    take(sys.argv[1])

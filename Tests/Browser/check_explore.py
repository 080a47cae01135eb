"""`anneal explore` in a real browser.

    swift build --product anneal
    python3 Tests/Browser/check_explore.py .build/debug/anneal

Needs what check_figures.py needs; without it, it says so and ends with 0.
"""

import http.client
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

from check_figures import CHROMEDRIVER, CHROMIUM, Browser, Checks

try:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select, WebDriverWait
except ImportError:
    print("skipped: selenium is not installed")
    sys.exit(0)


def step(number, loss):
    return json.dumps({"step": number, "epoch": 0, "learningRate": 0.1, "momentum": 0.9, "loss": loss})


class Page:
    """The page, and what somebody does to it."""

    def __init__(self, browser, url):
        self.browser, self.driver = browser, browser.driver
        self.driver.get(url)
        self.until(lambda: self.run("return !!document.getElementById('schedule').anneal"))

    def run(self, script, *arguments):
        return self.browser.run(script, *arguments)

    def until(self, condition, seconds=10):
        WebDriverWait(self.driver, seconds, poll_frequency=0.05).until(lambda _: condition())

    def text(self):
        return self.run("return document.getElementById('text').value")

    def curve(self):
        return self.run("return document.getElementById('schedule').anneal.text('CSV')")

    def answers(self):
        return self.run("return Number(document.body.dataset.answers)")

    def set(self, field, text):
        self.run(
            """const field = document.getElementById(arguments[0]);
            field.value = arguments[1]; field.dispatchEvent(new Event("input", {bubbles: true}));""",
            field, text)

    def ask(self, text):
        """Types a text and waits for its answer."""
        before = self.answers()
        self.set("text", text)
        self.until(lambda: self.answers() > before)


class ExploreChecks(Checks):
    def __init__(self, browser, url, run):
        super().__init__(browser)
        self.url, self.folder = url, run

    def check_a_text_changes_the_curve(self):
        page = Page(self.browser, self.url)
        page.ask("lr=0.1..0")
        before = page.curve()
        page.ask("lr=0.5..0")
        self.expect(page.curve() != before, "the curve is another one")
        self.expect("0.5" in page.curve(), "the new peak is in it")
        self.expect(
            "from 0.5" in page.run("return document.getElementById('words').textContent"),
            "the words follow")

    def check_a_bad_text_keeps_the_curve(self):
        page = Page(self.browser, self.url)
        page.ask("lr=0.1..0")
        before = page.curve()
        page.set("text", "lr=0.1..?")
        page.until(lambda: not page.run("return document.getElementById('error').hidden"))
        error = page.run("return document.getElementById('error').textContent")
        self.expect(error.startswith("column 9: expected"), f"the error is {error}")
        self.expect(page.curve() == before, "the old curve stays")
        page.ask("lr=0.2..0")
        self.expect(page.run("return document.getElementById('error').hidden"), "the error goes")

    def check_a_drag_changes_text_and_values(self):
        page = Page(self.browser, self.url)
        page.ask("lr=0..0.1@10%,0.1..0")
        before = page.curve()
        page.run("document.getElementById('schedule-chart').scrollIntoView({block: 'center'})")
        start = self.browser.pixel("schedule", 0, 100, 0.1)
        end = self.browser.pixel("schedule", 0, 300, 0.05)
        self.browser.drag(start, end)
        page.until(lambda: page.text() != "lr=0..0.1@10%,0.1..0")
        page.until(lambda: re.match(r"lr=0\.\.0\.0\d+@(29|30|31)", page.text()))
        self.expect(page.curve() != before, "the values change")

    def check_presets(self):
        page = Page(self.browser, self.url)
        before = page.curve()
        Select(page.driver.find_element(By.ID, "presets")).select_by_visible_text("Warm restarts")
        page.until(lambda: page.curve() != before)
        self.expect(page.text().startswith("lr=sgdr("), f"the text is {page.text()}")

    def check_sliders(self):
        page = Page(self.browser, self.url)
        page.ask("lr=onecycle(peak=0.4,warmup=30%)")
        before = page.curve()
        page.run(
            """const slider = document.querySelector("#sliders input[aria-label=warmup]");
            slider.value = 60;
            slider.dispatchEvent(new Event("input")); slider.dispatchEvent(new Event("change"));""")
        page.until(lambda: page.curve() != before)
        self.expect(page.text() == "lr=onecycle(peak=0.4,warmup=60%)", f"the text is {page.text()}")

    def check_compare_and_copy(self):
        page = Page(self.browser, self.url)
        page.ask("lr=0.1..0")
        page.run("document.getElementById('keep').click()")
        page.until(lambda: "equal" in page.run(
            "return document.getElementById('differences').textContent"))
        page.ask("lr=0.2..0")
        differences = page.run("return document.getElementById('differences').textContent")
        self.expect("largest gap 0.1" in differences, f"the difference is {differences}")
        for name, part in [("Swift", "Plan(words"), ("JSON", '"ramp"'), ("PyTorch", "torch")]:
            page.run(
                """[...document.querySelectorAll("#exports button")]
                .find(b => b.textContent === arguments[0]).click()""", name)
            text = page.run("return document.getElementById('export').textContent")
            self.expect(part in text, f"{name} is {text[:80]}")

    def check_points_arrive(self):
        page = Page(self.browser, self.url)
        page.until(lambda: page.run("return !!document.getElementById('runs').anneal"))
        text = lambda: page.run("return document.getElementById('runs').anneal.text('CSV')")
        page.until(lambda: "0.4321" not in text())
        with open(self.folder / "metrics.jsonl", "a") as file:
            file.write(step(3, 0.4321) + "\n" + step(4, 0.25)[:20])
            file.flush()
            page.until(lambda: "0.4321" in text())
            file.write(step(4, 0.1357)[20:] + "\n")
            file.flush()
        page.until(lambda: "0.1357" in text())
        self.expect(True, "points arrive")

    def check_other_hosts_are_refused(self):
        port = int(self.url.rstrip("/").rsplit(":", 1)[1])
        for host, expected in [("evil.example", 421), (f"localhost:{port}", 200)]:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/", headers={"Host": host})
            status = connection.getresponse().status
            self.expect(status == expected, f"{host} is answered with {status}")
            connection.close()

    def check_phone_and_dark(self):
        command = self.browser.driver.execute_cdp_cmd
        command("Emulation.setDeviceMetricsOverride",
                {"width": 375, "height": 800, "deviceScaleFactor": 1, "mobile": True})
        command("Emulation.setEmulatedMedia",
                {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        try:
            page = Page(self.browser, self.url)
            wide = page.run("return document.documentElement.scrollWidth")
            self.expect(wide <= 375, f"the page is {wide} pixels wide")
            colour = page.run("return getComputedStyle(document.body).backgroundColor")
            self.expect(colour == "rgb(13, 17, 23)", f"the ground is {colour}")
        finally:
            command("Emulation.clearDeviceMetricsOverride", {})
            command("Emulation.setEmulatedMedia", {"features": []})


def main():
    if not CHROMIUM or not CHROMEDRIVER:
        print("skipped: chromium and chromedriver are not installed")
        return 0
    if len(sys.argv) != 2:
        print(__doc__)
        return 64
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name) / "run"
        folder.mkdir()
        (folder / "recipe.json").write_text("{}")
        (folder / "metrics.jsonl").write_text("".join(step(n, 2 - n / 8) + "\n" for n in range(3)))
        server = subprocess.Popen(
            [sys.argv[1], "explore", str(folder)], stdout=subprocess.PIPE, text=True)
        browser = None
        try:
            url = server.stdout.readline().strip()
            browser = Browser(folder)
            checks = ExploreChecks(browser, url, folder)
            checks.run()
        finally:
            if browser:
                browser.driver.quit()
            server.send_signal(signal.SIGINT)
            began = time.monotonic()
            status = server.wait(timeout=10)
    checks.name = "an interrupt"
    checks.expect(status == 0, f"the server ends with {status}")
    print(f"{checks.count} checks of the live page, {len(checks.failures)} failures, "
          f"ended after {time.monotonic() - began:.1f} s")
    return 1 if checks.failures else 0


if __name__ == "__main__":
    sys.exit(main())

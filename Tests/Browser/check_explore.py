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
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import Select, WebDriverWait
except ImportError:
    print("skipped: selenium is not installed")
    sys.exit(0)


class Run:
    """A run's records, which the checks let go on."""

    def __init__(self, folder):
        self.folder, self.steps = folder, 0
        folder.mkdir()
        (folder / "recipe.json").write_text("{}")
        self.begin_anew(3)

    def line(self, loss=None, rate=0.1):
        record = {"step": self.steps, "epoch": 0, "learningRate": rate, "momentum": 0.9,
                  "loss": loss or 2 - self.steps / 64}
        self.steps += 1
        return json.dumps(record) + "\n"

    def begin_anew(self, count):
        self.steps = 0
        (self.folder / "metrics.jsonl").write_text("".join(self.line() for _ in range(count)))

    def write(self, text):
        with open(self.folder / "metrics.jsonl", "a") as file:
            file.write(text)


class Page:
    """The page, and what somebody does to it."""

    def __init__(self, browser, url):
        self.browser, self.driver = browser, browser.driver
        self.driver.get(url)
        self.until(lambda: self.run("return !!document.getElementById('schedule').anneal"))

    def run(self, script, *arguments):
        return self.browser.run(script, *arguments)

    def until(self, condition, what="what was waited for"):
        wait = WebDriverWait(self.driver, 10, poll_frequency=0.05)
        wait.until(lambda _: condition(), f"{what} has not come")

    def value(self, field):
        return self.run("return document.getElementById(arguments[0]).value", field)

    def content(self, element):
        return self.run("return document.getElementById(arguments[0]).textContent", element)

    def text(self):
        return self.value("text")

    def curve(self, figure="schedule"):
        return self.run("return document.getElementById(arguments[0]).anneal.text('CSV')", figure)

    def error(self):
        return self.run(
            "return document.getElementById('error').hidden ? '' : "
            "document.getElementById('error-text').textContent")

    def wrong_fields(self):
        return self.run(
            "return [...document.querySelectorAll('[aria-invalid=true]')].map(e => e.id).join()")

    def focus(self, selector):
        self.run("document.querySelector(arguments[0]).focus()", selector)

    def is_focused(self, selector):
        return self.run("return document.activeElement.matches(arguments[0])", selector)

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
    def __init__(self, browser, url, run, snapshot):
        super().__init__(browser)
        self.url, self.recorded, self.snapshot = url, run, snapshot

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
        page.until(page.error)
        error = page.error()
        self.expect(error.startswith("column 9: expected"), f"the error is {error}")
        self.expect(page.content("error-mark") == "lr=0.1..?\n        ^", "the place is marked")
        self.expect(page.wrong_fields() == "text", f"wrong is {page.wrong_fields()}")
        self.expect(page.curve() == before, "the old curve stays")
        page.ask("lr=0.2..0")
        self.expect(not page.error() and not page.wrong_fields(), "the error goes")

    def check_an_error_in_a_long_text(self):
        page = Page(self.browser, self.url)
        long = "momentum=" + ",".join(["0.95..0.85@5%"] * 9)
        page.set("text", f"lr=onecycle(peak=0.4)\n{long},0.9?5")
        page.until(page.error)
        error, mark = page.error(), page.content("error-mark").split("\n")
        self.expect(error.startswith("line 2, column 139: expected"), f"the error is {error}")
        self.expect(len(mark) == 2 and len(mark[0]) <= 38, f"it is shown as {mark}")
        self.expect(mark[0][mark[1].index("^")] == "?", f"the mark stands elsewhere: {mark}")
        places = page.run(
            """const text = document.getElementById("error-mark").firstChild, at = mark => {
              const range = document.createRange(), index = text.data.lastIndexOf(mark);
              range.setStart(text, index); range.setEnd(text, index + 1);
              return range.getBoundingClientRect(); };
            return [at("?").left, at("^").left, at("?").bottom, at("^").top];""")
        self.expect(abs(places[0] - places[1]) < 0.5, f"the mark is not under it: {places}")
        self.expect(places[3] >= places[2] - 4, f"the mark is not below it: {places}")

    def check_numbers_that_are_none(self):
        page = Page(self.browser, self.url)
        page.ask("lr=0.1..0")
        before = page.curve()
        for field, text, words in [
            ("steps", "abc", "found 'abc'"), ("steps", "", "found nothing"),
            ("steps", "-5", "found '-5'"), ("steps", "1.5", "found '1.5'"),
            ("steps", "1000001", "from 1 to 1 000 000, found '1000001'"),
            ("steps-per-epoch", "-3", "a positive number, or nothing, found '-3'"),
            ("steps-per-epoch", "0", "found '0'"), ("steps-per-epoch", "1e999", "found '1e999'"),
            ("steps-per-epoch", "ten", "found 'ten'"),
        ]:
            page.set(field, text)
            page.until(lambda: words in page.error(), words)
            self.expect(page.wrong_fields() == field, f"{text} marks {page.wrong_fields()}")
            self.expect(page.value(field) == text, f"{text} stays as it was typed")
            self.expect(page.curve() == before, "the old curve stays")
            page.set(field, "1000" if field == "steps" else "")
            page.until(lambda: not page.error())
        page.set("steps", "250")
        page.set("steps-per-epoch", "100")
        page.until(lambda: page.content("length") == "250 steps, which are 2.5 epochs")
        self.expect("249" in page.curve() and "\n251" not in page.curve(), "the curve has 250 steps")

    def check_a_plan_in_epochs_asks_for_them(self):
        page = Page(self.browser, self.url)
        page.set("text", "lr=0..0.1@2ep,0.1..0")
        page.until(page.error)
        self.expect("say how many steps are in one" in page.error(), f"the error is {page.error()}")
        self.expect(page.wrong_fields() == "steps-per-epoch", f"wrong is {page.wrong_fields()}")
        page.set("steps-per-epoch", "100")
        page.until(lambda: not page.error())
        self.expect(page.text() == "lr=0..0.1@2ep,0.1..0", "the text is as it was")

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
        run = self.recorded
        page.until(lambda: "0.4321" not in page.curve("runs"))
        run.write(run.line(0.4321))
        half = run.line(0.1357)
        run.write(half[:20])
        page.until(lambda: "0.4321" in page.curve("runs"))
        run.write(half[20:])
        page.until(lambda: "0.1357" in page.curve("runs"))
        self.expect(True, "points arrive")

    def check_what_lies_over_the_plan_goes_on(self):
        page = Page(self.browser, self.url)
        page.ask("lr=0.5..0")
        run = self.recorded
        run.begin_anew(3)
        page.until(lambda: ",run,3," not in page.curve(), "a new beginning")
        answers = page.answers()
        for rate in ["0.3125", "0.34375"]:
            run.write(run.line(rate=float(rate)))
            page.until(lambda: f",{rate},0.9" in page.curve(), rate)
        self.expect(page.answers() == answers, "points are added without a question")
        page.ask("lr=0.4..0")
        rows = [row for row in page.curve().splitlines() if ",run,4," in row]
        self.expect(rows == ["learning rate,run,4,0.34375,0.34375", "momentum,run,4,0.34375,0.9"],
                    f"a new plan has them once: {rows}")
        run.begin_anew(2)
        page.until(lambda: "0.34375" not in page.curve() + page.curve("runs"), "a new beginning")
        self.expect("learning rate,run,1," in page.curve(), "a run that begins anew is shown")
        page.set("steps", "4")
        page.until(lambda: page.content("length") == "4 steps", "a short plan")
        for _ in range(5):
            run.write(run.line(rate=0.25))
        page.until(lambda: "learning rate,run,6," in page.curve(), "a step beyond the plan")
        self.expect(True, "a run that is longer than the plan is shown to its end")

    def check_two_pages_follow(self):
        first = Page(self.browser, self.url)
        tabs = [self.browser.driver.current_window_handle]
        self.browser.driver.switch_to.new_window("tab")
        tabs.append(self.browser.driver.current_window_handle)
        page = Page(self.browser, self.url)
        page.ask("lr=0.3..0")
        self.recorded.write(self.recorded.line(0.2468))
        page.until(lambda: "0.2468" in page.curve("runs"))
        self.browser.driver.close()
        self.browser.driver.switch_to.window(tabs[0])
        first.until(lambda: "0.2468" in first.curve("runs"))
        self.expect(first.text() != "lr=0.3..0", "each page has a text of its own")

    # By keyboard

    def check_everything_is_reached_by_tab(self):
        page = Page(self.browser, self.url)
        page.run("document.body.focus()")
        seen = []
        for _ in range(80):
            self.browser.press(Keys.TAB)
            name, style, width, inside = page.run(
                """const e = document.activeElement, s = getComputedStyle(e);
                const box = e.getBoundingClientRect();
                return [e.dataset.handle ? "knot" : e.dataset.slider ? "slider"
                  : e.closest("#exports") ? e.textContent : e.id || e.localName,
                  s.outlineStyle, parseFloat(s.outlineWidth),
                  box.bottom > 0 && box.top < innerHeight];""")
            if name == "body":
                break
            seen.append(name)
            self.expect(style != "none" and width >= 1, f"the focus of {name} is not seen")
            self.expect(inside, f"{name} is out of sight")
        for name in ["text", "presets", "steps", "steps-per-epoch", "keep", "slider", "schedule-chart",
                     "knot", "reference", "Swift", "text", "JSON", "PyTorch", "export", "runs-chart"]:
            self.expect(name in seen, f"{name} is not reached")
        self.expect(seen.count("slider") == 2 and seen.count("knot") == 3, f"reached are {seen}")

    def check_everything_has_a_name(self):
        page = Page(self.browser, self.url)
        tree = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        roles = set()
        for node in tree:
            role = node.get("role", {}).get("value")
            isFocusable = any(p["name"] == "focusable" and p["value"].get("value")
                              for p in node.get("properties", []))
            if not isFocusable or node.get("ignored") or role == "RootWebArea":
                continue
            roles.add(role)
            self.expect(node.get("name", {}).get("value"), f"a {role} has no name")
        self.expect({"textbox", "combobox", "button", "slider"} <= roles, f"the roles are {roles}")

    def check_a_knot_by_keyboard(self):
        page = Page(self.browser, self.url)
        page.ask("lr=0..0.1@10%,0.1..0")
        knot = "[data-handle='0:1']"
        page.focus(knot)
        self.browser.press(Keys.ARROW_UP)
        page.until(lambda: re.match(r"lr=0\.\.0\.10[1-9]\d*@10%,", page.text()))
        self.expect(page.is_focused(knot), "the knot keeps the focus")
        self.browser.press(Keys.ARROW_RIGHT)
        page.until(lambda: "@11%" in page.text())
        ActionChains(page.driver, duration=0).key_down(Keys.SHIFT).send_keys(
            Keys.ARROW_RIGHT).key_up(Keys.SHIFT).perform()
        page.until(lambda: "@21%" in page.text())
        self.expect(page.is_focused(knot), "and still has it")
        said = page.run("return document.activeElement.getAttribute('aria-valuetext')")
        self.expect(said.startswith("step 210, "), f"it says {said}")

    def check_a_slider_by_keyboard(self):
        page = Page(self.browser, self.url)
        page.ask("lr=onecycle(peak=0.4,warmup=30%)")
        page.focus("[aria-label=warmup]")
        self.browser.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
        page.until(lambda: page.text() == "lr=onecycle(peak=0.4,warmup=31%)")
        self.expect(page.is_focused("[aria-label=warmup]"), "the slider keeps the focus")
        page.focus("[aria-label=peak]")
        self.browser.press(Keys.ARROW_RIGHT)
        page.until(lambda: "peak=0.409," in page.text())
        said = page.run("return document.activeElement.getAttribute('aria-valuetext')")
        self.expect(said == "0.409", f"a slider of factors says {said}")

    def check_presets_by_keyboard(self):
        page = Page(self.browser, self.url)
        texts = page.run("return [...document.getElementById('presets').options].map(o => o.value)")
        page.focus("#presets")
        for text in texts[1:4]:
            self.browser.press(Keys.ARROW_DOWN)
            page.until(lambda: page.text() == text and page.value("presets") == text)
        self.expect(page.is_focused("#presets"), "the menu keeps the focus")
        page.ask("lr=0.1..0")
        self.expect(page.value("presets") == "", "another text is no preset")

    def check_copying_by_keyboard(self):
        page = Page(self.browser, self.url)
        page.driver.execute_cdp_cmd("Browser.grantPermissions", {
            "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
        page.ask("lr=0.1..0")
        page.focus("#exports button:nth-child(2)")
        self.browser.press(Keys.SPACE)
        page.until(lambda: page.content("copied") == "text copied")
        copied = page.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
        self.expect(copied == "lr=0.1..0", f"copied is {copied}")
        self.expect(page.is_focused("#exports button:nth-child(2)"), "the button keeps the focus")

    # A file

    def check_a_snapshot(self):
        page = self.browser.open(self.snapshot.name)
        WebDriverWait(page.driver, 10).until(
            lambda _: page.run("return document.body.dataset.answers === '1'"))
        said = page.find("#snapshot").text
        self.expect(
            "A snapshot" in said and
            "anneal explore 'lr=onecycle(peak=0.4,warmup=30%)' run --steps 500 --html snapshot.html"
            in said, f"it says {said}")
        self.expect(not page.all("textarea, #sliders input, [data-handle]"), "nothing is edited")
        page.move(*page.pixel("schedule", 0, 150, 0.3))
        read = page.readout("schedule")
        self.expect(read and read["place"] == "step 150", f"the place is {read}")
        self.expect(read["values"].get("learning rate/plan") == "0.4", f"the values are {read}")
        page.run("document.getElementById('runs-chart').focus()")
        page.press(Keys.END)
        self.expect(page.readout("runs") is not None, "the runs are read too")
        self.expect("nothing found" in page.find("#findings").text, "lint is there")

    def check_other_hosts_are_refused(self):
        port = int(self.url.rstrip("/").rsplit(":", 1)[1])
        for host, expected in [("evil.example", 421), (f"localhost:{port}", 200)]:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/", headers={"Host": host})
            status = connection.getresponse().status
            self.expect(status == expected, f"{host} is answered with {status}")
            connection.close()

    # Looks

    def check_widths_and_colours(self):
        command = self.browser.driver.execute_cdp_cmd
        grounds = {False: "rgb(255, 255, 255)", True: "rgb(13, 17, 23)"}
        try:
            for width, dark in [(w, d) for w in [360, 768, 1440] for d in [False, True]]:
                command("Emulation.setDeviceMetricsOverride", {
                    "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600})
                command("Emulation.setTouchEmulationEnabled", {"enabled": width < 600})
                command("Emulation.setEmulatedMedia", {"features": [
                    {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
                page = Page(self.browser, self.url)
                self.looks(page, width, f"a plan at {width}")
                colour = page.run("return getComputedStyle(document.body).backgroundColor")
                self.expect(colour == grounds[dark], f"the ground is {colour}")
                page.run("document.getElementById('keep').click()")
                page.set("text", "lr=" + "0.1," * 40 + "0.95..0.9?5")
                page.until(page.error)
                self.looks(page, width, f"an error at {width}")
                self.browser.driver.get(self.snapshot.as_uri())
                self.looks(page, width, f"a snapshot at {width}")
        finally:
            command("Emulation.clearDeviceMetricsOverride", {})
            command("Emulation.setTouchEmulationEnabled", {"enabled": False})
            command("Emulation.setEmulatedMedia", {"features": []})

    def looks(self, page, width, name):
        wide = page.run("return document.documentElement.scrollWidth")
        self.expect(wide <= width, f"{name} is {wide} pixels wide")
        least = 44 if width < 600 else 24
        small = page.run(
            """return [...document.querySelectorAll("button, select, summary, textarea, .row input")]
            .filter(e => e.checkVisibility()).map(e => [e, e.getBoundingClientRect()])
            .filter(([e, box]) => Math.min(box.width, box.height) < arguments[0] - 0.5)
            .map(([e, box]) => `${e.id || e.textContent} ${box.width}×${box.height}`);""", least)
        self.expect(not small, f"{name} has small targets: {small}")
        faint = page.run(
            """const parse = text => text.match(/[\\d.]+/g).map(Number);
            const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
              .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
              .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            const ground = e => { for (; e; e = e.parentElement) {
              const colour = parse(getComputedStyle(e).backgroundColor);
              if (colour[3] !== 0) return colour; } return [255, 255, 255]; };
            const elements = "h1, h2, p, label, button, textarea, input[type=text], dt, dd, li, pre, code, summary";
            return [...document.querySelectorAll(elements)].filter(e => e.checkVisibility()
              && (e.value || e.textContent) && !e.closest(".stale")).map(e => {
              const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
              return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.id || e.localName];
            }).filter(([ratio]) => ratio < 4.5).map(found => found.join(" "));""")
        self.expect(not faint, f"{name} has faint texts: {faint}")


def main():
    if not CHROMIUM or not CHROMEDRIVER:
        print("skipped: chromium and chromedriver are not installed")
        return 0
    if len(sys.argv) != 2:
        print(__doc__)
        return 64
    with tempfile.TemporaryDirectory() as name:
        folder, program = pathlib.Path(name), pathlib.Path(sys.argv[1]).resolve()
        run, snapshot = Run(folder / "run"), folder / "snapshot.html"
        subprocess.run(
            [program, "explore", "lr=onecycle(peak=0.4,warmup=30%)", "run", "--steps", "500",
             "--html", snapshot.name], cwd=folder, check=True)
        server = subprocess.Popen(
            [program, "explore", run.folder], stdout=subprocess.PIPE, text=True)
        browser = None
        try:
            url = server.stdout.readline().strip()
            browser = Browser(folder)
            checks = ExploreChecks(browser, url, run, snapshot)
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

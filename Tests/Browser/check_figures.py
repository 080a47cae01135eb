"""Interactive figures in a real browser.

    swift build --product FigureSamples
    python3 Tests/Browser/check_figures.py .build/debug/FigureSamples

Needs Debian's chromium and chromium-driver (or others in CHROMIUM and CHROMEDRIVER) and selenium
from PyPI; without them it says so and ends with 0.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    print("skipped: selenium is not installed")
    sys.exit(0)

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
CHROMEDRIVER = os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver")

# A pointer stands on whole pixels, and machines that test are slow and busy.
READY_LIMIT = 300  # milliseconds
HOVER_LIMIT = 50
FILE_LIMIT = 300_000


class Browser:
    """A page with a figure, and what a reader does to it."""

    def __init__(self, folder):
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))
        self.driver.set_script_timeout(20)
        self.folder = folder

    def open(self, name, width=1280, height=900, dark=False, scripts=True):
        command = self.driver.execute_cdp_cmd
        command("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        command(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        command(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
        self.driver.get((self.folder / name).as_uri())
        return self

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def anneal(self, expression, figure):
        return self.run(f"const a = document.getElementById(arguments[0]).anneal; return {expression}", figure)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector):
        return [element.text for element in self.all(selector)]

    def pixel(self, figure, panel, x, y=None):
        """The place of a value in the window, in pixels."""
        return self.run(
            """const [id, panel, x, y] = arguments, root = document.getElementById(id);
            const frame = root.anneal.frames()[panel];
            const box = document.getElementById(id + "-chart").getBoundingClientRect();
            return [box.left + frame.pixelX(x),
              box.top + (y === null ? frame.top + frame.height / 2 : frame.pixelY(y))];""",
            figure, panel, x, y)

    def move(self, x, y):
        actions = ActionChains(self.driver, duration=0)
        actions.w3c_actions.pointer_action.move_to_location(round(x), round(y))
        actions.perform()
        self.settle()

    def drag(self, start, end, key=None):
        actions = ActionChains(self.driver, duration=50)
        if key:
            ActionChains(self.driver, duration=0).key_down(key).perform()
        pointer = actions.w3c_actions.pointer_action
        pointer.move_to_location(*map(round, start))
        pointer.pointer_down()
        pointer.move_to_location(*map(round, end))
        pointer.pointer_up()
        actions.perform()
        if key:
            ActionChains(self.driver, duration=0).key_up(key).perform()
        self.settle()

    def wheel(self, place, amount):
        actions = ActionChains(self.driver, duration=0)
        actions.w3c_actions.wheel_action.scroll(
            x=round(place[0]), y=round(place[1]), delta_y=amount)
        actions.perform()
        self.settle()

    def settle(self):
        """Waits until the frame after the next has been drawn."""
        self.driver.execute_async_script(
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done));")

    def press(self, *keys):
        for key in keys:
            ActionChains(self.driver, duration=0).send_keys(key).perform()
        self.settle()

    def readout(self, figure):
        """The place and the values that the crosshair shows: {"panel/name": text}."""
        return self.run(
            """const box = document.querySelector(`#${arguments[0]}-view .readout`);
            if (box.hidden) return null;
            const values = {}; let group = "";
            for (const row of box.querySelectorAll("tr")) {
              const cells = [...row.cells].map(cell => cell.textContent);
              if (row.className === "group") { group = cells[0] + "/"; continue; }
              values[group + cells[0]] = cells[1];
              if (cells[2]) values[group + cells[0] + "+"] = cells[2];
            }
            return {place: box.children[0].textContent, more: box.children[1].textContent, values};""",
            figure)

    def errors(self):
        return [entry for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]


class Checks:
    """Runs its methods that are called check_…, and counts what they expect."""

    def __init__(self, browser):
        self.browser = browser
        self.count, self.failures = 0, []

    def expect(self, condition, message):
        self.count += 1
        if not condition:
            self.failures.append(f"{self.name}: {message}")
            print(f"FAILED {self.failures[-1]}")

    def run(self):
        for name in [name for name in dir(self) if name.startswith("check_")]:
            self.name = name.removeprefix("check_").replace("_", " ")
            try:
                getattr(self, name)()
            except Exception as error:  # A step that cannot be taken is a failure like others.
                self.expect(False, f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}")
            for entry in self.browser.errors():
                self.expect(False, f"the console says {entry['message']}")


class FigureChecks(Checks):
    def __init__(self, browser, folder):
        super().__init__(browser)
        self.folder = folder
        self.known = json.loads((folder / "known.json").read_text())

    def close(self, text, value, tolerance, what):
        found = number(text)
        self.expect(
            abs(found - value) <= tolerance * max(abs(value), 1e-12),
            f"{what}: expected {value}, found {text}")

    # What a crosshair says

    def check_hover_reads_the_recorded_values(self):
        known = self.known
        for name in ["runs.html", "runs.svg"]:
            page = self.browser.open(name)
            page.move(*page.pixel("runs", 0, known["runsStep"], known["fastLoss"]))
            read = page.readout("runs")
            self.expect(read["place"] == "step 500", f"the place is {read['place']} in {name}")
            self.expect(
                "epoch 5" in read["more"] and "samples 64,000" in read["more"]
                and "wall time (s) 50" in read["more"], f"the other measures are {read['more']}")
            values = read["values"]
            self.close(values["training loss/1cycle"], known["fastLoss"], 2e-4, "1cycle's loss")
            self.close(values["training loss/step decay"], known["slowLoss"], 2e-4, "the other loss")
            self.close(values["learning rate/1cycle"], known["rate"], 1e-5, "the rate")
            self.close(values["test accuracy/1cycle"], (0.9 - 18 / 540) * 100, 1e-4, "the accuracy")
            hairs = page.all("#runs-chart .hair")
            self.expect(len(hairs) == 1, "one line crosses all panels")

    def check_crosshair_leaves_with_the_pointer(self):
        page = self.browser.open("runs.html")
        page.move(*page.pixel("runs", 0, 500))
        self.expect(page.readout("runs") is not None, "values are shown")
        page.move(3, 3)
        self.expect(page.readout("runs") is None, "no values without the pointer")

    def check_crosshair_reads_a_logarithmic_axis(self):
        page = self.browser.open("range.html")
        rate = 1e-5 * 1.0926 ** 100
        page.move(*page.pixel("range", 0, rate, 2.31 - 1.5 * rate / (rate + 0.01)))
        readout = page.readout("range")
        self.close(readout["place"].removeprefix("learning rate "), rate, 1e-4, "the rate")
        loss = readout["values"]["smoothed"]
        self.close(loss, 2.31 - 1.5 * rate / (rate + 0.01), 1e-3, "the smoothed loss there")

    def check_notes(self):
        page = self.browser.open("range.html")
        terms, texts = page.texts("#range-view .notes dt"), page.texts("#range-view .notes dd")
        self.expect(terms == ["steepest", "valley", "slide"], f"names of notes: {terms}")
        self.expect(texts[1] == "half-way down the longest fall, which is <long>", texts)
        saved = page.anneal("a.svg()", "range")
        self.expect("the smoothed loss falls fastest here" in saved, "a saved picture has the notes")
        self.browser.open("runs.html")
        self.expect(not page.find("#runs-view .notes").is_displayed(), "no notes, no room for them")

    def check_texts_keep_clear_of_each_other(self):
        for width in [390, 1280]:
            page = self.browser.open("range.html", width=width)
            pairs = page.run(
                """const texts = [...document.querySelectorAll("#range-chart text.halo")];
                const boxes = texts.map(text => text.getBoundingClientRect());
                return texts.flatMap((text, i) => texts.slice(i + 1).filter((_, j) => {
                  const a = boxes[i], b = boxes[i + 1 + j];
                  return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
                }).map(other => `${text.textContent} / ${other.textContent}`));""")
            self.expect(pairs == [], f"texts on each other at {width} pixels: {pairs}")

    def check_sheet(self):
        for width in [360, 1280]:
            page = self.browser.open("sheet.html", width=width)
            self.expect(len(page.all(".sheet .chart")) == 6, "every figure of a sheet can be explored")
            tools = [element for element in page.all(".sheet .tools") if element.is_displayed()]
            self.expect(tools == [], "a sheet has no tools")
            wide = page.run("return document.documentElement.scrollWidth")
            self.expect(wide <= width, f"the sheet is {wide} pixels wide at {width}")
        page.move(*page.pixel("sheet-2", 0, 100, 2))
        self.close(page.readout("sheet-2")["values"][""], 2, 1e-6, "a value on a sheet")

    def check_first_view_is_the_static_picture(self):
        for name, figure in [("runs", "runs"), ("range", "range")]:
            page = self.browser.open(f"{name}.html", width=736)
            static = re.findall(
                r'class="tick text-muted"[^>]*>([^<]*)<', (self.folder / f"{name}-static.svg").read_text())
            drawn = page.texts(f"#{figure}-chart .tick")
            self.expect(sorted(static) == sorted(drawn), f"ticks of {name}: {static} and {drawn}")

    # Runs

    def check_toggle_and_isolate(self):
        page = self.browser.open("runs.html")
        first, second = page.all("#runs-view .legend button")
        curves = lambda: len(page.all("#runs-chart .curve"))
        self.expect(curves() == 6, "two runs in three panels")
        first.click()
        self.expect(curves() == 3, "a click hides a run in all panels")
        self.expect(first.get_attribute("aria-pressed") == "false", "and says so")
        first.click()
        self.expect(curves() == 6, "another click shows it again")
        ActionChains(page.driver).double_click(second).perform()
        self.expect(page.anneal("a.state.hidden", "runs") == ["1cycle"], "a double click isolates")
        ActionChains(page.driver).double_click(second).perform()
        self.expect(page.anneal("a.state.hidden", "runs") == [], "and gives the others back")
        name = next(e for e in page.all("#runs-chart .name") if e.text == "1cycle")
        name.click()
        self.expect(page.anneal("a.state.hidden", "runs") == ["step decay"], "a label isolates too")

    def check_samples_look_like_the_lines(self):
        page = self.browser.open("runs.html")
        # What was measured comes first, pale and unbroken, behind the line of the same run.
        payload = json.loads((self.folder / "runs.json").read_text())
        line = next(mark for mark in payload["marks"] if mark.get("run") == "step decay")
        behind = {**line, "weight": "faint", "name": None, "dash": None}
        payload["marks"].insert(0, behind)
        dashes = page.run(
            """document.getElementById("runs").anneal.update(arguments[0]);
            return [...document.querySelectorAll("#runs-view .legend path")].map(
              path => path.getAttribute("stroke-dasharray"));""", payload)
        self.expect(sorted(map(str, dashes)) == ["6 5", "None"], f"patterns in the legend: {dashes}")

    def check_legend_by_keyboard(self):
        page = self.browser.open("runs.html")
        first = page.all("#runs-view .legend button")[0]
        page.press(Keys.TAB)
        self.expect(page.driver.switch_to.active_element == first, "Tab reaches the legend first")
        outline = page.run("return getComputedStyle(document.activeElement).outlineStyle")
        self.expect(outline == "solid", f"the focus is seen: {outline}")
        page.press(Keys.SPACE)
        self.expect(page.anneal("a.state.hidden", "runs") == ["1cycle"], "Space hides")
        page.press(Keys.SPACE, "i")
        self.expect(page.anneal("a.state.hidden", "runs") == ["step decay"], "i isolates")

    # Zooming

    def check_drag_zooms_and_double_click_resets(self):
        page = self.browser.open("runs.html")
        page.drag(page.pixel("runs", 0, 200), page.pixel("runs", 0, 400))
        low, high = page.anneal("a.state.window", "runs")
        self.expect(abs(low - 200) < 2 and abs(high - 400) < 2, f"the window is {low}…{high}")
        domains = page.anneal("a.frames().map(f => f.x.domain.join())", "runs")
        self.expect(len(set(domains)) == 1, "all panels zoom together")
        page.move(*page.pixel("runs", 0, 311))
        self.expect(page.readout("runs")["place"] == "step 311", "single steps can be read")
        before = page.anneal("a.state.window", "runs")
        page.drag(page.pixel("runs", 0, 300), page.pixel("runs", 0, 350), key=Keys.SHIFT)
        after = page.anneal("a.state.window", "runs")
        self.expect(abs(before[0] - after[0] - 50) < 2, f"Shift-drag pans: {before} to {after}")
        x, y = page.pixel("runs", 0, 250)
        page.move(x, y)
        ActionChains(page.driver).double_click().perform()
        self.expect(page.anneal("a.state.window", "runs") is None, "a double click resets")

    def check_a_tall_drag_zooms_values(self):
        page = self.browser.open("runs.html")
        page.drag(page.pixel("runs", 0, 100, 1.5), page.pixel("runs", 0, 300, 0.5))
        low, high = page.anneal("a.frames()[0].y.domain", "runs")
        self.expect(abs(low - 0.5) < 0.02 and abs(high - 1.5) < 0.02, f"losses {low}…{high}")
        other = page.anneal("a.frames()[2].y.domain", "runs")
        self.expect(abs(other[1] - 0.3) > 0.05, "other panels keep their values")
        page.find("#runs-view .tools > button").click()
        self.expect(page.anneal("a.state.yWindows", "runs") == {}, "the button resets")

    def check_wheel(self):
        page = self.browser.open("runs.html")
        place = page.pixel("runs", 0, 500)
        page.wheel(place, -300)
        self.expect(page.anneal("a.state.window", "runs") is None, "the page scrolls, not the figure")
        page.open("runs.html")
        page.move(*place)
        ActionChains(page.driver).click().perform()
        page.wheel(place, -300)
        low, high = page.anneal("a.state.window", "runs")
        self.expect(high - low < 700 and low < 500 < high, f"the wheel zooms to {low}…{high}")
        page.wheel(place, 1000)
        page.wheel(place, 1000)
        page.wheel(place, 1000)
        self.expect(page.anneal("a.state.window", "runs") is None, "and back to all of it")

    def check_chart_by_keyboard(self):
        page = self.browser.open("runs.html")
        page.run("document.getElementById('runs-chart').focus()")
        page.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
        self.expect(page.readout("runs")["place"] == "step 2", page.readout("runs")["place"])
        page.press(Keys.END)
        self.expect(page.readout("runs")["place"] == "step 999", "End goes to the end")
        ActionChains(page.driver, duration=0).key_down(Keys.SHIFT).send_keys(Keys.ARROW_LEFT).key_up(
            Keys.SHIFT).perform()
        self.expect(page.readout("runs")["place"] == "step 989", "Shift goes by ten")
        spoken = page.find("#runs-view [aria-live]").get_attribute("textContent")
        self.expect("step 989" in spoken and "1cycle" in spoken, f"values are spoken: {spoken}")
        page.press(Keys.ARROW_DOWN)
        spoken = page.find("#runs-view [aria-live]").get_attribute("textContent")
        self.expect(spoken.startswith("step decay"), f"another curve: {spoken}")
        page.press("+", "+")
        low, high = page.anneal("a.state.window", "runs")
        self.expect(high - low < 450, f"plus zooms to {low}…{high}")
        page.press("[")
        self.expect(page.anneal("a.state.window[0]", "runs") < low, "a bracket pans")
        page.press("0")
        self.expect(page.anneal("a.state.window", "runs") is None, "0 resets")

    # Views of the data

    def check_smoothing(self):
        page = self.browser.open("runs.html")
        slider = page.find("#runs-view input[type=range]")
        for _ in range(30):
            slider.send_keys(Keys.ARROW_RIGHT)
        weight = page.anneal("a.state.smoothing", "runs")
        self.expect(0.8 < weight < 0.95, f"30 steps of the slider are {weight}")
        curves = json.loads(page.anneal("a.text('JSON')", "runs"))["curves"]
        loss = next(c for c in curves if c["run"] == "1cycle" and c["panel"] == "training loss")
        mean, rest = 0, 1
        for value, smoothed in zip(loss["recorded"], loss["values"]):
            mean = weight * mean + (1 - weight) * value
            rest *= weight
            if abs(mean / (1 - rest) - smoothed) > 1e-9:
                self.expect(False, f"smoothed {smoothed}, debiased mean {mean / (1 - rest)}")
                break
        rate = next(c for c in curves if c["run"] == "1cycle" and c["panel"] == "learning rate")
        self.expect("smoothing" not in rate, "the learning rate is never smoothed")
        self.close(str(rate["values"][500]), self.known["rate"], 1e-5, "the rate while smoothing")

    def check_a_thinned_line(self):
        size = (self.folder / "thinned.html").stat().st_size
        page = self.browser.open("thinned.html")
        kept = page.anneal("a.frames()[0].series[0].at.length", "thinned")
        self.expect(kept < 15000, f"{kept} of 20,000 points in {size} bytes")
        page.move(*page.pixel("thinned", 0, self.known["thinnedSpike"], 9.25))
        read = page.readout("thinned")
        self.expect(read["place"] == "step 12,345", f"the spike is at {read['place']}")
        self.close(read["values"]["training loss"], 9.25, 2e-4, "the spike")
        # Means of stretches smooth as all points do, but for what happens within a stretch.
        page.run("document.getElementById('thinned').anneal.state = {smoothing: 0.99}")
        points = page.anneal("[[...a.frames()[0].series[0].x], [...a.frames()[0].series[0].y]]", "thinned")
        means = self.known["thinnedMeans"]
        spike = self.known["thinnedSpike"]
        worst = max(
            abs(y - means[round(x)]) / means[round(x)] for x, y in zip(*points)
            if x > 1000 and abs(x - spike) > 20)
        self.expect(worst < 0.03, f"smoothed values differ by up to {worst:.3f} from those of all points")

    def check_other_measures(self):
        page = self.browser.open("runs.html")
        select = page.find("#runs-view select")
        names = page.run("return [...arguments[0].options].map(o => o.text)", select)
        self.expect(
            names == ["step", "epoch", "samples", "wall time (s)", "learning rate"], f"{names}")
        page.run("document.getElementById('runs').anneal.state = {measure: 'wall time (s)'}")
        domain = page.anneal("a.frames()[0].x.domain", "runs")
        self.expect(abs(domain[1] - 200) < 0.1, f"the slower run ends at 200 s: {domain}")
        page.move(*page.pixel("runs", 0, 50))
        place = page.readout("runs")["place"]
        self.expect(place.startswith("wall time (s) "), f"the measure shown comes first: {place}")
        read = page.readout("runs")["values"]
        self.close(read["learning rate/1cycle"], self.known["rate"], 2e-2, "1cycle's rate after 50 s")
        self.close(read["learning rate/step decay"], 0.1, 1e-5, "the other's rate after 50 s")
        page.run("document.getElementById('runs').anneal.state = {measure: 'learning rate'}")
        title = page.find("#runs-chart .x-title").text
        self.expect(title == "learning rate", f"the axis is {title}")
        rate = page.anneal("a.frames()[0].series[0].at[150]", "runs")
        self.close(str(rate), 0.016 + 0.384 / 2, 1e-6, "the rate at step 150")
        box = page.find("#runs-view input[type=checkbox]")
        box.click()
        kind = page.anneal("a.frames()[0].x.kind", "runs")
        self.expect(kind == "logarithmic", f"the log switch gives {kind}")

    def check_differences(self):
        page = self.browser.open("runs.html")
        page.run("document.getElementById('runs').anneal.state = {baseline: 'step decay'}")
        page.move(*page.pixel("runs", 0, 500))
        difference = self.known["fastLoss"] - self.known["slowLoss"]
        beside = page.readout("runs")["values"]["training loss/1cycle+"]
        self.close(beside, difference, 2e-3, "the difference beside the value")
        page.run("document.getElementById('runs').anneal.state = {subtract: true}")
        page.move(*page.pixel("runs", 0, 500, difference))
        values = page.readout("runs")["values"]
        self.close(values["training loss/1cycle"], difference, 2e-3, "the difference drawn")
        self.expect(values["training loss/step decay"] == "0", "a run differs by 0 from itself")

    def check_breaks(self):
        page = self.browser.open("runs.html")
        paths = [e.get_attribute("d") for e in page.all("#runs-chart .plot:nth-of-type(1) .curve")]
        self.expect([path.count("M") for path in paths] == [2, 1], "one line is interrupted once")

    # Taking away

    def check_copies(self):
        page = self.browser.open("runs.html")
        page.drag(page.pixel("runs", 0, 490), page.pixel("runs", 0, 510))
        lines = page.anneal("a.text('CSV')", "runs").splitlines()
        self.expect(
            lines[0] == "panel,run,step,epoch,samples,wall time (s),learning rate,value", lines[0])
        row = next(l for l in lines if l.startswith("training loss,1cycle,500,")).split(",")
        self.close(row[-1], self.known["fastLoss"], 2e-4, "the loss in CSV")
        self.expect(70 < len(lines) < 130, f"only what is seen is copied: {len(lines)} lines")
        page.driver.execute_cdp_cmd("Browser.grantPermissions", {
            "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
        page.find("#runs-view summary").click()
        next(b for b in page.all("#runs-view .menu button") if b.text == "Copy JSON").click()
        page.settle()
        hint = page.find("#runs-view .hint").text
        self.expect(hint.startswith("Copied") or "clipboard" in hint, f"the hint says {hint!r}")
        text = page.driver.execute_async_script(
            "const done = arguments[0]; navigator.clipboard.readText().then(done, e => done(''));")
        self.expect(len(json.loads(text)["curves"]) == 6, "six curves in the clipboard")

    def check_pictures(self):
        page = self.browser.open("runs.html")
        paths = page.run(
            """const text = document.getElementById("runs").anneal.svg();
            const picture = new DOMParser().parseFromString(text, "image/svg+xml");
            if (picture.querySelector("parsererror")) return -1;
            return picture.querySelectorAll(".curve").length;""")
        self.expect(paths == 6, f"the saved picture has {paths} curves")
        size = page.driver.execute_async_script(
            """const done = arguments[0], create = URL.createObjectURL;
            URL.createObjectURL = blob => {
              createImageBitmap(blob).then(i => done([blob.type, i.width]), e => done([String(e), 0]));
              return create.call(URL, blob);
            };
            HTMLAnchorElement.prototype.click = () => {};
            [...document.querySelectorAll("#runs-view .menu button")].at(-1).click();""")
        width = page.anneal("a.frames()[0].width", "runs")
        self.expect(size[0] == "image/png" and size[1] > 2 * width, f"the bitmap is {size}")

    # Live pages

    def check_live_points(self):
        page = self.browser.open("runs.html")
        page.run(
            """const element = document.getElementById("runs"), points = n => (
              {append: [{panel: 0, run: "1cycle", x: [1000 + n], y: [0.5 + n]}]});
            for (let n = 0; n < 5; n++) element.anneal.update(points(n));
            element.dispatchEvent(new CustomEvent("anneal:update", {detail: points(5)}));
            element.anneal.update({append: [{panel: 0, run: "new", x: [0, 1], y: [2, null]}]});""")
        last = page.anneal("a.frames()[0].series[0].y.at(-1)", "runs")
        self.expect(last == 5.5, f"the last point is {last}")
        names = page.texts("#runs-view .legend button")
        self.expect(names == ["1cycle", "step decay", "new"], f"the legend has {names}")
        payload = (self.folder / "runs.json").read_text()
        page.run("document.getElementById('runs').anneal.state = {hidden: ['1cycle'], smoothing: 0.5}")
        page.run("document.getElementById('runs').anneal.update(JSON.parse(arguments[0]))", payload)
        state = page.anneal("a.state", "runs")
        self.expect(
            state["hidden"] == ["1cycle"] and state["smoothing"] == 0.5, "choices outlive new data")
        self.expect(len(page.texts("#runs-view .legend button")) == 2, "the data are the new ones")

    def check_handles(self):
        page = self.browser.open("schedule.html")
        page.run(
            """window.seen = [];
            document.addEventListener("anneal:drag", event => {
              seen.push(event.detail);
              // As a page does: new data for the new place, and the handle drawn anew.
              const {x, y} = event.detail;
              document.getElementById("schedule").anneal.update({
                marks: [{type: "line", panel: 0, ink: "0", weight: "regular", x: [0, x, 1000], y: [0, y, 0]}],
                handles: [{id: "peak", panel: 0, x, y, label: "end of warm-up"}],
              });
            });""")
        target = page.pixel("schedule", 0, 500, 0.2)
        page.drag(page.pixel("schedule", 0, 300, 0.4), target)
        seen = page.run("return seen")
        self.expect(len(seen) > 1 and seen[-1]["isFinal"], f"the page hears of the drag: {seen}")
        last = seen[-1]
        self.expect(
            abs(last["x"] - 500) < 2 and abs(last["y"] - 0.2) < 0.01, f"dragged to {last}")
        domain = page.anneal("a.frames()[0].y.domain", "schedule")
        self.expect(domain[1] < 0.25, f"the plot fits itself to the new peak: {domain}")
        self.expect(page.anneal("a.state.window", "schedule") is None, "nothing is zoomed")
        at = seen[-1]["x"]
        page.run("document.querySelector('[data-handle]').focus()")
        page.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
        seen = page.run("return seen")
        self.expect(abs(seen[-1]["x"] - at - 20) < 0.1, f"two keys move by two per cent: {seen[-1]}")
        text = page.find("[data-handle]").get_attribute("aria-valuetext")
        self.expect(text.startswith("epoch 5"), f"the handle says {text}")

    def check_touch(self):
        page = self.browser.open("runs.html", width=390, height=844)

        def touch(kind, *points):
            page.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {
                "type": kind, "touchPoints": [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]})
            page.settle()

        x, y = page.pixel("runs", 0, 400)
        touch("touchStart", (x, y))
        touch("touchEnd")
        place = page.readout("runs")["place"]
        self.expect(abs(number(place.split(" ")[1]) - 400) < 20, f"a tap reads {place}")
        box = page.run(
            """const chart = document.getElementById("runs-chart").getBoundingClientRect();
            return document.querySelector("#runs-view .readout").getBoundingClientRect().top - chart.bottom""")
        self.expect(box >= 0, "on a phone values do not cover the plots")
        left, right = page.pixel("runs", 0, 400), page.pixel("runs", 0, 600)
        touch("touchStart", left, right)
        touch("touchMove", (left[0] - 40, left[1]), (right[0] + 40, right[1]))
        touch("touchMove", (left[0] - 50, left[1]), (right[0] + 50, right[1]))
        touch("touchEnd")
        window = page.anneal("a.state.window", "runs")
        self.expect(
            window is not None and 150 < window[0] < 400 and 600 < window[1] < 850,
            f"two fingers zoom to {window}")

    def check_notebooks(self):
        page = self.browser.open("schedule.html")
        count = page.run(
            """// As notebooks show an output: as text, whose scripts are then made anew.
            const output = document.createElement("div");
            output.innerHTML = arguments[0];
            document.body.append(output);
            for (const old of output.querySelectorAll("script")) {
              const script = document.createElement("script");
              script.textContent = old.textContent;
              old.replaceWith(script);
            }
            return output.querySelectorAll(".curve").length;""", (self.folder / "fragment.txt").read_text())
        self.expect(count == 6, f"{count} curves in a notebook's output")

    def check_print(self):
        page = self.browser.open("runs.html")
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        self.expect(not page.find("#runs-view .tools").is_displayed(), "no tools on paper")
        self.expect(page.find("#runs-chart").is_displayed(), "but the plots")
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})

    def check_events(self):
        page = self.browser.open("runs.html")
        page.run(
            """window.seen = [];
            for (const type of ["anneal:hover", "anneal:view"]) {
              document.addEventListener(type, event => seen.push([type, event.detail]));
            }""")
        page.move(*page.pixel("runs", 0, 500))
        page.press(Keys.TAB, Keys.SPACE)
        seen = page.run("return seen")
        self.expect(["anneal:hover", {"x": 500, "run": "1cycle"}] in seen
                    or ["anneal:hover", {"x": 500, "run": "step decay"}] in seen, f"{seen[:3]}")
        self.expect(seen[-1][0] == "anneal:view" and seen[-1][1]["hidden"] == ["1cycle"], f"{seen[-1]}")

    def check_several_figures_and_no_global_names(self):
        page = self.browser.open("page.html")
        names = page.run(
            """const frame = document.createElement("iframe");
            document.body.append(frame);
            const own = Object.getOwnPropertyNames(frame.contentWindow);
            frame.remove();
            return Object.getOwnPropertyNames(window).filter(name => !own.includes(name));""")
        extra = [n for n in names if not n.startswith("cdc_") and not n.startswith("$") and not n.isdigit()]
        self.expect(extra == [], f"global names: {extra}")
        ids = ["first", "second", "third"]
        self.expect(
            all(page.anneal("a.milliseconds > 0", name) for name in ids), "all three are interactive")
        page.run("document.getElementById('second').anneal.remove()")
        self.expect(page.find("#second").is_displayed(), "the picture comes back")
        self.expect(len(page.all("#second-view")) == 0, "the view goes")
        page.run("document.dispatchEvent(new Event('anneal:scan'))")
        self.expect(len(page.all("#second-view")) == 1, "a scan finds it again")

    # Readers

    def check_dark_mode(self):
        color = """return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"""
        for dark, paper, line in [
            (False, "rgb(255, 255, 255)", "rgb(0, 114, 178)"), (True, "rgb(21, 24, 28)", "rgb(74, 168, 232)"),
        ]:
            page = self.browser.open("runs.html", dark=dark)
            found = [page.run(color, "#runs-view", "backgroundColor"),
                     page.run(color, "#runs-chart .line-0", "stroke"),
                     page.run(color, "body", "backgroundColor")]
            self.expect(found == [paper, line, paper], f"dark {dark}: {found}")

    def check_without_scripts(self):
        for name in ["runs.html", "runs.svg"]:
            page = self.browser.open(name, scripts=False)
            size = page.run(
                """const picture = document.getElementById("runs");
                const line = picture.querySelector("path.line-0").getBoundingClientRect();
                return [line.width, line.height, document.querySelectorAll("#runs-view").length];""")
            self.expect(size[0] > 300 and size[1] > 50 and size[2] == 0, f"{name} shows {size}")
        self.browser.open("runs.html")

    def check_phone(self):
        for name in ["runs", "range", "many"]:
            page = self.browser.open(f"{name}.html", width=390, height=844)
            width = page.run("return document.documentElement.scrollWidth")
            self.expect(width <= 390, f"{name} is {width} pixels wide")
            outside = page.run(
                """const limit = document.getElementById(arguments[0]).getBoundingClientRect();
                return [...document.querySelectorAll(`#${arguments[0]} text`)].filter(text => {
                  const box = text.getBoundingClientRect();
                  return box.left < limit.left - 1 || box.right > limit.right + 1;
                }).map(text => text.textContent);""", f"{name}-chart")
            self.expect(outside == [], f"texts outside {name}: {outside}")

    def check_names_for_those_who_listen(self):
        page = self.browser.open("runs.html")
        tree = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        focusable = [
            (node["role"]["value"], node.get("name", {}).get("value", "")) for node in tree
            if any(p["name"] == "focusable" and p["value"]["value"] for p in node.get("properties", []))]
        unnamed = [role for role, name in focusable if not name and role != "RootWebArea"]
        self.expect(unnamed == [], f"without a name: {unnamed}")
        self.expect(len(focusable) > 8, f"controls: {focusable}")

    # Size and speed

    def check_200_000_points(self):
        size = (self.folder / "large.html").stat().st_size
        self.expect(size < FILE_LIMIT, f"the file has {size} bytes")
        page = self.browser
        times = []
        for _ in range(6):
            page.open("large.html")
            times.append(page.anneal("a.milliseconds", "large"))
        self.expect(min(times) < READY_LIMIT, f"ready after {times} ms")
        points = page.anneal("a.frames().flatMap(f => f.series).reduce((n, s) => n + s.at.length, 0)", "large")
        self.expect(points == 200_001, f"{points} points")
        known = self.known
        tip = page.pixel("large", 0, known["largeSpike"], known["largeSpikeLoss"])
        heights = page.run(
            """const [id, x] = arguments, chart = document.getElementById(id + "-chart");
            const top = chart.getBoundingClientRect().top;
            const path = chart.querySelector(".curve").getAttribute("d");
            return path.match(/[-0-9.]+ [-0-9.]+/g).map(p => Number(p.split(" ")[1]) + top);""", "large", 0)
        self.expect(abs(min(heights) - tip[1]) < 0.2, "the line that is drawn reaches the spike")
        page.move(*page.pixel("large", 0, known["largeSpike"], 9))
        self.expect(page.readout("large")["place"] == "step 61,803", page.readout("large")["place"])
        self.close(
            page.readout("large")["values"]["training loss"], known["largeSpikeLoss"], 2e-4, "the spike")
        page.run("document.getElementById('large').anneal.state = {window: [61780, 61830]}")
        page.move(*page.pixel("large", 0, known["largeSpike"] + 1))
        self.expect(page.readout("large")["place"] == "step 61,804", "steps stay single when zoomed in")
        loaded = page.run("return performance.getEntriesByType('navigation')[0].domComplete")
        print(f"200,001 points: {size:,} bytes, ready in {min(times):.0f} ms, "
              f"page complete after {loaded:.0f} ms")

    def check_50_runs(self):
        size = (self.folder / "many.html").stat().st_size
        self.expect(size < FILE_LIMIT, f"the file has {size} bytes")
        page = self.browser.open("many.html")
        ready = page.anneal("a.milliseconds", "many")
        timed = """const {anneal} = document.getElementById("many"), times = [];
            for (let i = 0; i < 30; i++) {
              const start = performance.now();
              ACTION
              document.querySelector(".readout").getBoundingClientRect();
              times.push(performance.now() - start);
            }
            return times.sort((a, b) => a - b)[15];"""
        hover = page.run(timed.replace("ACTION", "anneal.hover(100 + 20 * i, 200);"))
        self.expect(hover < HOVER_LIMIT, f"a hover takes {hover} ms")
        zoom = page.run(timed.replace("ACTION", "anneal.state = {window: [100 + i, 2000 - i]};"))
        self.expect(zoom < 250, f"a zoom takes {zoom} ms")
        page.find("#many-view input[type=search]").send_keys("run 4")
        chips = [chip for chip in page.all("#many-view .legend [data-run]") if chip.is_displayed()]
        self.expect(len(chips) == 11, f"{len(chips)} runs are called 'run 4…'")
        next(b for b in page.all("#many-view .legend button") if b.text == "Only these").click()
        self.expect(len(page.anneal("a.state.hidden", "many")) == 39, "the others are hidden")
        rows = page.run("return document.querySelectorAll('.readout tr').length")
        self.expect(rows < 20, f"{rows} rows of values")
        print(f"50 runs: {size:,} bytes, ready in {ready:.0f} ms, "
              f"hover {hover:.1f} ms, zoom {zoom:.1f} ms")


def number(text):
    return float(text.replace("−", "-").replace("%", "").replace(",", "").replace("+", ""))


def main():
    if not CHROMIUM or not CHROMEDRIVER:
        print("skipped: chromium and chromedriver are not installed")
        return 0
    if len(sys.argv) != 2:
        print(__doc__)
        return 64
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.argv[1], name], check=True)
        browser = Browser(folder)
        try:
            checks = FigureChecks(browser, folder)
            checks.run()
        finally:
            browser.driver.quit()
    print(f"{checks.count} checks of interactive figures, {len(checks.failures)} failures")
    return 1 if checks.failures else 0


if __name__ == "__main__":
    sys.exit(main())

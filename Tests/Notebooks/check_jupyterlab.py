"""JupyterLab with the Swift kernel in a real browser.

    .build/release/anneal notebook install --venv venv && venv/bin/pip install selenium
    venv/bin/python Tests/Notebooks/check_jupyterlab.py [SCREENSHOTS]

Needs chromium and chromedriver beside selenium; without them it says so and ends with 0. With a folder it
leaves pictures of what it saw there.
"""

import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Browser"))
try:
    import jupyterlab  # noqa: F401
    from check_figures import CHROMEDRIVER, CHROMIUM, Browser, Checks
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError as error:
    print(f"skipped: {error.name} is not installed")
    sys.exit(0)

FIGURE = "import Schedules\nlet witness = 4321\nSchedule.oneCycle(peak: 0.4)"
LOOP = "var spins = 0\nprint(\"spinning\")\nwhile true { spins &+= 1 }"


def notebook(*sources):
    cells = [
        {"cell_type": "code", "id": f"cell-{n}", "metadata": {}, "source": source, "outputs": [],
         "execution_count": None} for n, source in enumerate(sources)]
    return json.dumps({
        "cells": cells, "nbformat": 4, "nbformat_minor": 5,
        "metadata": {"kernelspec": {
            "display_name": "Swift (Anneal)", "language": "swift", "name": "anneal-swift"}}})


class Laboratory:
    """A JupyterLab of the check's own, with its settings, its port and its notebook."""

    def __init__(self, folder):
        self.folder, self.token = folder, secrets.token_hex(16)
        (folder / "odd.ipynb").write_text(notebook(FIGURE, LOOP, "witness + 1"))
        environment = dict(
            os.environ, JUPYTER_CONFIG_DIR=str(folder / "config"),
            JUPYTERLAB_SETTINGS_DIR=str(folder / "settings"),
            JUPYTERLAB_WORKSPACES_DIR=str(folder / "workspaces"))
        self.log = open(folder / "lab.log", "w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0",
             "--allow-root", f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={folder}",
             "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
            stdout=self.log, stderr=subprocess.STDOUT, env=environment, start_new_session=True)
        self.url = self._address()

    def _address(self, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = re.search(
                r"http://127\.0\.0\.1:(\d+)/lab", (self.folder / "lab.log").read_text())
            if found:
                return f"http://127.0.0.1:{found[1]}/lab/tree/odd.ipynb?token={self.token}"
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        raise RuntimeError("JupyterLab does not start: " + (self.folder / "lab.log").read_text()[-800:])

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


class LaboratoryChecks(Checks):
    """Its checks go on where the one before has ended: they are a reader's way through a notebook."""

    def __init__(self, browser, url, pictures):
        super().__init__(browser)
        self.driver, self.url, self.pictures = browser.driver, url, pictures

    def until(self, condition, seconds=60):
        return WebDriverWait(self.driver, seconds, poll_frequency=0.1).until(lambda _: condition())

    def ask(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def picture(self, name):
        if self.pictures:
            self.driver.save_screenshot(str(self.pictures / f"{name}.png"))

    def output(self, number):
        """What stands under a cell, as text."""
        return self.ask(
            """const cell = document.querySelectorAll('.jp-CodeCell')[arguments[0]];
            return cell ? cell.querySelector('.jp-OutputArea')?.innerText ?? '' : '';""", number)

    def prompt(self, number):
        return self.ask(
            """return document.querySelectorAll('.jp-CodeCell')[arguments[0]]
            ?.querySelector('.jp-InputPrompt')?.innerText ?? '';""", number)

    def select(self, number):
        self.ask(
            """const cell = document.querySelectorAll('.jp-CodeCell')[arguments[0]];
            cell.scrollIntoView({block: 'center'});""", number)
        self.driver.find_elements(By.CSS_SELECTOR, ".jp-CodeCell .jp-InputPrompt")[number].click()

    def run_cell(self, number):
        self.select(number)
        body = self.driver.find_element(By.CSS_SELECTOR, ".jp-Notebook")
        body.send_keys(Keys.CONTROL, Keys.ENTER)

    def check_1_a_cell_shows_an_interactive_figure(self):
        self.driver.set_window_size(1300, 1000)
        self.driver.get(self.url)
        self.until(lambda: self.ask("return document.querySelectorAll('.jp-CodeCell').length") == 3, 120)
        self.until(
            lambda: "Swift (Anneal)" in self.ask("return document.body.innerText"), 60)
        self.until(lambda: self.ask(
            "return !!document.querySelector('.jp-Notebook-ExecutionIndicator[data-status=idle]')"), 120)
        self.run_cell(0)
        self.until(lambda: self.prompt(0) == "[1]:", 900)
        live = """return [...document.querySelectorAll('.jp-OutputArea-output svg, .jp-OutputArea-output *')]
            .some(element => element.anneal)"""
        self.until(lambda: self.ask(live), 20)
        self.expect(True, "the figure is alive")
        self.picture("figure")

    def check_2_an_endless_loop_is_interrupted(self):
        self.run_cell(1)
        self.until(lambda: "spinning" in self.output(1), 60)
        self.expect(self.prompt(1) == "[*]:", f"the cell runs: {self.prompt(1)}")
        self.select(1)
        body = self.driver.find_element(By.CSS_SELECTOR, ".jp-Notebook")
        body.send_keys("i")
        body.send_keys("i")
        self.until(lambda: "Interrupted" in self.output(1), 60)
        self.expect("variables are back" in self.output(1), f"found {self.output(1)}")
        self.picture("interrupted")

    def check_3_variables_are_alive(self):
        self.run_cell(2)
        self.until(lambda: self.prompt(2) not in ("[*]:", "[ ]:"), 60)
        self.expect("4322" in self.output(2), f"expected 4322, found {self.output(2)}")
        self.picture("alive")


class Quiet:
    """A browser whose page may say what it likes: JupyterLab's messages are its own business."""

    def __init__(self, driver):
        self.driver = driver

    def errors(self):
        return []


def main():
    if not CHROMEDRIVER or not CHROMIUM:
        print("skipped: chromium and chromedriver are not installed")
        sys.exit(0)
    pictures = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="anneal-lab-"))
    laboratory = Laboratory(folder)
    try:
        browser = Browser(folder)
        try:
            checks = LaboratoryChecks(Quiet(browser.driver), laboratory.url, pictures)
            checks.run()
        finally:
            browser.driver.quit()
    finally:
        laboratory.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{checks.count} checks, {len(checks.failures)} failures")
    sys.exit(1 if checks.failures else 0)


if __name__ == "__main__":
    main()

extension ExplorerPage {
  /// The page's own script, which asks and shows the answers.
  ///
  /// What a schedule is, it does not know.
  static let script =
    "(() => {\n\"use strict\";\n" + [asking, answering, following, start].joined() + "})();"

  /// One question at a time, and of those that wait only the latest.
  private static let asking = #"""
    const $ = id => document.getElementById(id);
    const read = id => JSON.parse($(id).textContent);
    const make = (parent, name, text, attributes = {}) => {
      const element = document.createElement(name);
      if (text !== undefined) element.textContent = text;
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      parent.append(element);
      return element;
    };
    const fill = (list, items, add) => {
      list.replaceChildren();
      for (const item of items) add(list, item);
    };
    // What is said again only because something else has changed is not read out again.
    const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };
    const isLive = document.body.classList.contains("live");
    const figure = $("schedule"), whenReady = (element, action) => element.anneal
      ? action() : element.addEventListener("anneal:ready", action, {once: true});
    const fields = ["text", "steps", "steps-per-epoch"];

    let isAsking = false, waiting = null;
    function ask(extra = {}) {
      waiting = extra;
      if (!isAsking && isLive) next();
    }
    async function next() {
      const extra = waiting, text = $("text").value;
      waiting = null;
      isAsking = true;
      const question = {
        text, steps: $("steps").value, stepsPerEpoch: $("steps-per-epoch").value,
        reference: $("reference").value, ...extra,
      };
      try {
        const response = await fetch("/schedule", {
          method: "POST", headers: {"Content-Type": "application/json"},
          body: JSON.stringify(question),
        });
        const answer = await response.json();
        // What was typed meanwhile is asked next; a drag's answer may still be shown.
        if (answer.error) showError(answer.error);
        else show(answer, $("text").value === text);
      } catch {
        showError({text: "anneal explore does not answer; is it still running?"});
      }
      isAsking = false;
      if (waiting) next();
    }

    function showError(error) {
      if (!isLive) { say($("status"), error.text); return; }
      $("error").hidden = false;
      say($("error-text"), error.text);
      $("error-mark").hidden = !error.excerpt;
      $("error-mark").textContent = error.excerpt ?? "";
      for (const id of fields) {
        if (id === error.field) $(id).setAttribute("aria-invalid", "true");
        else $(id).removeAttribute("aria-invalid");
      }
      // The picture is that of the last plan that was one.
      $("picture").classList.add("stale");
    }

    """#

  private static let start = #"""
    function live() {
      let timer = 0;
      const soon = () => { clearTimeout(timer); timer = setTimeout(ask, 120); };
      for (const id of [...fields, "reference"]) $(id).addEventListener("input", soon);
      for (const [title, text] of read("preset-list")) {
        make($("presets"), "option", title, {value: text});
      }
      $("presets").addEventListener("change", event => {
        if (!event.target.value) return;
        if (!$("steps-per-epoch").value.trim()) {
          $("steps-per-epoch").value = Math.max(1, Math.round(Number($("steps").value) / 100)) || 1;
        }
        $("text").value = event.target.value;
        ask();
      });
      $("keep").addEventListener("click", () => {
        $("reference").value = $("text").value;
        ask();
      });
      figure.addEventListener("anneal:drag", event => {
        const {id, x, y} = event.detail;
        ask({drag: {id, x, y}});
      });
      if ($("runs")) whenReady($("runs"), follow);
    }

    const question = read("question"), answer = read("answer");
    if (isLive) {
      $("text").value = question.text;
      $("steps").value = question.steps;
      $("steps-per-epoch").value = question.stepsPerEpoch;
      $("reference").value = question.reference;
    }
    document.dispatchEvent(new Event("anneal:scan"));
    if (isLive) live();
    if (answer.error) showError(answer.error); else show(answer, true);

    """#
}

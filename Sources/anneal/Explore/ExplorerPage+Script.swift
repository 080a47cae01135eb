extension ExplorerPage {
  /// The page's own script, which asks and shows the answers.
  ///
  /// What a schedule is, it does not know.
  static let script = #"""
    (() => {
      "use strict";
      const $ = id => document.getElementById(id);
      const read = id => JSON.parse($(id).textContent);
      const make = (parent, name, text, attributes = {}) => {
        const element = document.createElement(name);
        if (text !== undefined) element.textContent = text;
        for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
        parent.append(element);
        return element;
      };
      const isLive = document.body.classList.contains("live");
      const figure = $("schedule"), whenReady = (element, action) => element.anneal
        ? action() : element.addEventListener("anneal:ready", action, {once: true});
      const state = {asked: 0, answered: 0, exported: "Swift", isSliding: false, answer: null};

      // Asking: one question at a time, and of those that wait only the latest.
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
          text, steps: Math.round(Number($("steps").value)) || 0, reference: $("reference").value,
          ...(Number($("steps-per-epoch").value) > 0
            ? {stepsPerEpoch: Number($("steps-per-epoch").value)} : {}), ...extra,
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
        $("error").hidden = false;
        const {value} = $("text"), column = error.column;
        const line = value.slice(0, column ?? 0).split("\n").length === 1
          ? value.split("\n")[0] : null;
        $("error").textContent = error.text
          + (column && line !== null && line.length < 200
            ? `\n${line}\n${" ".repeat(column - 1)}^` : "");
        $("text").setAttribute("aria-invalid", "true");
      }

      function show(answer, isOfText) {
        state.answer = answer;
        $("error").hidden = true;
        $("text").removeAttribute("aria-invalid");
        if (isOfText && $("text").value !== answer.text) $("text").value = answer.text;
        whenReady(figure, () => figure.anneal.update({subtitle: null, handles: [], ...answer.figure}));
        fill($("words"), answer.words, (list, word) => {
          make(list, "dt", word.text);
          make(list, "dd", word.words);
        });
        fill($("findings"), answer.findings.length ? answer.findings : [null], (list, found) =>
          make(list, "li", found ? `${found.schedule}: ${found.text}` : "nothing found"));
        const differences = answer.differences.map(one => `${one.schedule}: ${one.text}`);
        fill($("differences"), answer.differenceError ? [answer.differenceError] : differences,
          (list, text) => make(list, "li", text));
        showExports();
        if (!state.isSliding) buildSliders(answer.sliders);
        document.body.dataset.answers = ++state.answered;
      }

      function fill(list, items, add) {
        list.replaceChildren();
        for (const item of items) add(list, item);
      }

      // Sliders: each is a place in the text.
      const short = value => String(Number(value.toPrecision(3)));
      function buildSliders(sliders) {
        const held = document.activeElement?.dataset?.slider;
        $("sliders").replaceChildren();
        sliders.forEach((slider, index) => {
          const log = slider.isLogarithmic;
          const label = make($("sliders"), "label", slider.label);
          const output = make(label, "output", short(slider.value) + slider.unit);
          const input = make(label, "input", undefined, {
            type: "range", "data-slider": index, "aria-label": slider.label,
            min: log ? Math.log10(slider.minimum) : slider.minimum,
            max: log ? Math.log10(slider.maximum) : slider.maximum, step: slider.step,
          });
          input.value = log ? Math.log10(slider.value) : slider.value;
          input.addEventListener("input", () => {
            state.isSliding = true;
            const value = short(log ? 10 ** input.valueAsNumber : input.valueAsNumber);
            const text = $("text").value, change = value.length - (slider.end - slider.start);
            $("text").value = text.slice(0, slider.start) + value + text.slice(slider.end);
            for (const other of sliders) {
              if (other.start > slider.start) { other.start += change; other.end += change; }
            }
            slider.end += change;
            output.textContent = value + slider.unit;
            ask();
          });
          // New ranges come when the slider rests.
          input.addEventListener("change", () => { state.isSliding = false; ask(); });
          if (String(index) === held) input.focus({preventScroll: true});
        });
      }

      function showExports() {
        const {exports: list} = state.answer;
        fill($("exports"), list, (row, one) => {
          const button = make(row, "button", one.name, {
            type: "button", "aria-pressed": String(one.name === state.exported)});
          button.addEventListener("click", () => {
            state.exported = one.name;
            showExports();
            copy(one);
            [...row.children].find(b => b.textContent === one.name)?.focus();
          });
        });
        const chosen = list.find(one => one.name === state.exported);
        $("export").textContent = chosen?.text ?? "Alternatives are compared, not exported.";
      }

      async function copy(one) {
        try {
          await navigator.clipboard.writeText(one.text);
          $("status").textContent = `${one.name} copied`;
        } catch {
          getSelection().selectAllChildren($("export"));
          $("status").textContent = `${one.name} selected: copy it from there`;
        }
      }

      function live() {
        let timer = 0;
        const soon = () => { clearTimeout(timer); timer = setTimeout(ask, 120); };
        for (const id of ["text", "steps", "steps-per-epoch", "reference"]) {
          $(id).addEventListener("input", soon);
        }
        for (const [title, text] of read("preset-list")) make($("presets"), "option", title, {value: text});
        $("presets").addEventListener("change", event => {
          if (!event.target.value) return;
          if (!Number($("steps-per-epoch").value)) {
            $("steps-per-epoch").value = Math.max(1, Math.round(Number($("steps").value) / 100));
          }
          $("text").value = event.target.value;
          event.target.value = "";
          ask();
        });
        $("keep").addEventListener("click", () => {
          $("reference").value = state.answer ? $("text").value : "";
          ask();
        });
        figure.addEventListener("anneal:drag", event => {
          const {id, x, y} = event.detail;
          ask({drag: {id, x, y}});
        });
        const runs = $("runs");
        if (!runs) return;
        whenReady(runs, () => {
          const source = new EventSource(`/events?after=${document.body.dataset.event}`);
          const take = (event, data) => {
            runs.anneal.update(data);
            document.body.dataset.event = event.lastEventId;
          };
          source.addEventListener("points", event => take(event, JSON.parse(event.data)));
          source.addEventListener("runs", event => take(event,
            {subtitle: null, handles: [], ...JSON.parse(event.data)}));
          source.onopen = () => { $("status").textContent = "following the runs"; };
          source.onerror = () => { $("status").textContent = "waiting for anneal explore"; };
        });
      }

      const question = read("question"), answer = read("answer");
      $("text").value = question.text;
      $("steps").value = question.steps;
      $("steps-per-epoch").value = question.stepsPerEpoch ?? "";
      $("reference").value = question.reference;
      document.dispatchEvent(new Event("anneal:scan"));
      if (answer.error) showError(answer.error); else show(answer, true);
      if (isLive) live();
    })();
    """#
}

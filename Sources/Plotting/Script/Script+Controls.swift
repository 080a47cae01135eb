extension ScriptText {
  /// The legend and the tools above the plots.
  static let controls = #"""
    class Controls {
      constructor(root, view) {
        this.view = view;
        this.root = root;
        this.heading = make(root, "div", {class: "head"});
        this.legend = make(root, "div", {class: "legend", role: "group", "aria-label": "Runs"});
        this.tools = make(root, "div", {class: "tools", role: "group", "aria-label": "View"});
        this.build();
      }

      // Makes the controls anew for the data there are.
      build() {
        const {view} = this, {model} = view;
        this.heading.replaceChildren();
        if (model.figure.title) make(this.heading, "p", {class: "heading"}, model.figure.title);
        if (model.figure.subtitle) make(this.heading, "p", {class: "subtitle"}, model.figure.subtitle);
        this.buildLegend();
        this.tools.replaceChildren();
        const labelled = (text, name, attributes) => {
          const label = make(this.tools, "label", {}, text + " ");
          return make(label, name, attributes);
        };
        this.measure = this.select("x:", model.measures.map(m => [m.axis.title, m.axis.title || "x"]),
          title => view.choose({measure: title}));
        this.measure.parentNode.hidden = model.measures.length < 2;
        const box = (text, change) => {
          const label = make(this.tools, "label", {});
          const input = make(label, "input", {type: "checkbox"});
          label.append(text);
          input.addEventListener("change", () => change(input.checked));
          return input;
        };
        this.logX = box("log x", isOn => view.choose({logX: isOn}));
        this.logY = box("log y", isOn => view.choose({logY: isOn}));
        this.smoothing = labelled("smoothing", "input", {
          type: "range", min: 0, max: 100, step: 1, "aria-label": "smoothing of measured values"});
        this.weight = make(this.smoothing.parentNode, "output", {});
        this.smoothing.addEventListener("input", () =>
          view.choose({smoothing: weightOf(Number(this.smoothing.value))}));
        this.smoothing.parentNode.hidden = !model.panels.some(panel => panel.smooths);
        this.baseline = this.select("compare with:",
          [["", "none"], ...[...model.runs.keys()].map(run => [run, run])],
          run => view.choose({baseline: run === "" ? null : run}));
        this.baseline.parentNode.hidden = model.runs.size < 2;
        this.subtracts = box("subtract", isOn => view.choose({subtract: isOn}));
        this.button(this.tools, "Reset", () => view.reset());
        const details = make(this.tools, "details", {});
        make(details, "summary", {}, "Copy or save");
        const menu = make(details, "div", {class: "menu"});
        for (const [text, action] of [
          ["Copy CSV", () => view.copy("CSV")], ["Copy JSON", () => view.copy("JSON")],
          ["Save SVG", () => view.saveSVG()], ["Save PNG", () => view.savePNG()],
        ]) this.button(menu, text, () => { action(); details.open = false; });
        details.addEventListener("keydown", event => {
          if (event.key !== "Escape" || !details.open) return;
          details.open = false;
          details.firstElementChild.focus();
          event.stopPropagation();
        });
        details.addEventListener("focusout", event => {
          if (event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false;
        });
        this.sync();
      }

      select(text, options, change) {
        const label = make(this.tools, "label", {}, text + " ");
        const select = make(label, "select", {});
        for (const [value, name] of options) make(select, "option", {value}, name);
        select.addEventListener("change", () => change(select.value));
        return select;
      }

      button(parent, text, action) {
        const button = make(parent, "button", {type: "button"}, text);
        button.addEventListener("click", action);
        return button;
      }

      buildLegend() {
        const {view} = this, {model} = view;
        this.legend.replaceChildren();
        this.chips = new Map();
        this.legend.hidden = model.runs.size === 0;
        if (model.runs.size > 12) this.buildFilter();
        for (const [run, mark] of model.runs) {
          const chip = make(this.legend, "button", {
            type: "button", "data-run": run, title: "click: show or hide; double click: this one alone",
          });
          const sample = draw(chip, "svg", {viewBox: "0 0 24 10", "aria-hidden": "true"});
          if (mark.type === "line") {
            draw(sample, "path", {class: `line line-${mark.ink}`, "stroke-width": 2,
              "stroke-dasharray": mark.dash, d: "M1 5H23"});
          } else {
            draw(sample, "rect", {class: `fill-${mark.ink}`, "fill-opacity": 0.4, width: 24, height: 10});
          }
          chip.append(run);
          chip.addEventListener("click", () => view.toggle(run));
          chip.addEventListener("dblclick", () => view.isolate(run));
          chip.addEventListener("keydown", event => {
            const isIsolation = event.key === "i" || event.key === "Enter" && event.shiftKey;
            if (!isIsolation || event.ctrlKey || event.metaKey || event.altKey) return;
            event.preventDefault();
            view.isolate(run);
          });
          for (const [on, off] of [["pointerenter", "pointerleave"], ["focus", "blur"]]) {
            chip.addEventListener(on, () => view.highlight(run));
            chip.addEventListener(off, () => view.highlight(null));
          }
          this.chips.set(run, chip);
        }
      }

      // Finds runs among many by a part of their names.
      buildFilter() {
        const {view} = this;
        const input = make(this.legend, "input", {
          type: "search", placeholder: "find runs", "aria-label": "find runs"});
        const found = () => [...this.chips].filter(([, chip]) => !chip.hidden).map(([run]) => run);
        input.addEventListener("input", () => {
          const text = input.value.trim().toLowerCase();
          for (const [run, chip] of this.chips) chip.hidden = !run.toLowerCase().includes(text);
        });
        this.button(this.legend, "Only these", () => {
          const kept = found();
          view.choose({hidden: [...this.chips.keys()].filter(run => !kept.includes(run))});
        });
        this.button(this.legend, "All", () => view.choose({hidden: []}));
      }

      // Shows what is chosen.
      sync() {
        const {model} = this.view;
        for (const [run, chip] of this.chips) {
          chip.setAttribute("aria-pressed", String(model.isShown(run)));
        }
        this.measure.value = model.measure.axis.title;
        this.logX.checked = model.xKind === "logarithmic";
        this.logY.checked = model.isLogY;
        this.smoothing.value = positionOf(model.smoothing);
        this.weight.textContent = model.smoothing === 0 ? "off" : significant(model.smoothing, 3);
        this.smoothing.setAttribute("aria-valuetext", this.weight.textContent);
        this.baseline.value = model.baseline ?? "";
        this.subtracts.parentNode.hidden = model.runs.size < 2;
        this.subtracts.disabled = model.baseline === null;
        this.subtracts.checked = model.subtracts;
      }
    }
    // What a weight leaves shrinks a thousandfold over the slider's length.
    const weightOf = position => position === 0 ? 0 : 1 - 10 ** (-3 * position / 100);
    const positionOf = weight => Math.round(-Math.log10(1 - weight) / 3 * 100);
    """#
}

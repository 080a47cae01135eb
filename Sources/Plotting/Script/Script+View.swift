extension ScriptText {
  /// A figure's view: it takes the static picture's place, and is what pages talk to.
  static let view = #"""
    class View {
      constructor(picture, payload) {
        const began = performance.now();
        this.picture = picture;
        this.model = new Model(payload);
        this.root = make(null, "div", {
          id: `${picture.id}-view`, role: "group", "aria-roledescription": "interactive figure",
        });
        // The picture's rules are for the view too.
        const rules = picture.querySelector("style").textContent.split("\n")
          .filter(rule => !rule.includes("-view"));
        make(this.root, "style", {},
          rules.join("\n").replaceAll(`#${picture.id} `, `#${picture.id}-view `));
        this.controls = new Controls(this.root, this);
        this.stage = make(this.root, "div", {class: "stage"});
        const svg = draw(this.stage, "svg", {
          class: "chart", id: `${picture.id}-chart`, tabindex: 0, role: "application",
          "aria-roledescription": "chart", "aria-describedby": `${picture.id}-keys`,
        });
        this.chart = new Chart(svg, this.model);
        this.readout = make(this.stage, "div", {class: "readout", "aria-hidden": "true", hidden: ""});
        this.handles = new Handles(this);
        this.zooming = new Zooming(this);
        this.crosshair = new Crosshair(this.chart, this.readout);
        this.notes = make(this.root, "dl", {class: "notes"});
        this.hintLine = make(this.root, "p", {class: "hint"}, "");
        make(this.root, "div", {class: "spoken", id: `${picture.id}-keys`}, keysHelp);
        this.live = make(this.root, "div", {class: "spoken", "aria-live": "polite"});
        this.describe();
        new Pointer(this, svg);
        svg.addEventListener("keydown", event => handleKey(this, event));
        svg.addEventListener("focus", () => this.hint(
          "Drag to zoom, Shift-drag to pan, double click to reset. Keys: ← → + − [ ] 0."));
        svg.addEventListener("blur", () => { this.hint(""); this.hover(null); });
        this.mount();
        this.redraw();
        const api = {
          update: data => this.update(data),
          get state() { return view.state; },
          set state(state) { view.choose(state); },
          frames: () => this.chart.frames,
          hover: (x, y) => this.hover(x, y),
          text: format => format === "JSON" ? asJSON(this.model) : asCSV(this.model),
          svg: () => standalone(this, false).text,
          remove: () => this.remove(),
          milliseconds: 0,
        };
        const view = this;
        picture.anneal = this.root.anneal = api;
        this.listener = event => this.update(event.detail);
        for (const element of [picture, this.root]) {
          element.addEventListener("anneal:update", this.listener);
        }
        api.milliseconds = performance.now() - began;
        this.tell("anneal:ready", {milliseconds: api.milliseconds});
      }

      // Beside the picture on a page; over it in an SVG document.
      mount() {
        const {picture, root} = this;
        if (document.documentElement === picture) {
          this.others = [...picture.children].filter(child => child.localName !== "style");
          for (const child of this.others) child.setAttribute("display", "none");
          this.host = draw(picture, "foreignObject", {width: "100%", height: "100%"});
          const scroller = make(this.host, "div", {style: "height:100%;overflow:auto"});
          scroller.append(root);
          root.style.minHeight = "100%";
          this.attributes = ["width", "height", "viewBox", "role"].map(
            name => [name, picture.getAttribute(name)]);
          picture.setAttribute("width", "100%");
          picture.setAttribute("height", "100%");
          picture.removeAttribute("viewBox");
          picture.removeAttribute("role");
        } else {
          picture.after(root);
          picture.style.display = "none";
        }
        this.observer = new ResizeObserver(() => {
          if (Math.abs(this.stage.clientWidth - this.chart.width) > 1) this.redraw();
        });
        this.observer.observe(this.stage);
      }

      // Gives the place back to the picture.
      remove() {
        const {picture} = this;
        this.observer.disconnect();
        this.root.remove();
        this.host?.remove();
        for (const child of this.others ?? []) child.removeAttribute("display");
        for (const [name, value] of this.attributes ?? []) picture.setAttribute(name, value);
        picture.style.display = "";
        picture.removeEventListener("anneal:update", this.listener);
        delete picture.anneal;
      }

      describe() {
        const {title, description, notes} = this.model.figure;
        this.notes.hidden = !notes?.length;
        this.notes.replaceChildren();
        for (const {name, text, ink} of notes ?? []) {
          const term = make(this.notes, "dt", {});
          make(term, "i", {style: `background:${inkColor(ink)}`});
          term.append(name);
          make(this.notes, "dd", {}, text);
        }
        this.root.setAttribute("aria-label", title || description);
        this.chart.svg.setAttribute("aria-label", description || title);
      }

      redraw() {
        const {point} = this.crosshair, focused = document.activeElement?.dataset?.handle;
        this.chart.draw(this.stage.clientWidth || 720);
        if (point) {
          const frame = this.chart.frames.find(f => f.panel === point.frame.panel);
          const series = frame?.series.find(s => s.curve === point.series.curve);
          this.crosshair.show(series && point.index < series.at.length
            ? {...point, frame, series} : null);
        } else {
          this.crosshair.show(null);
        }
        this.handles.draw(focused);
        this.highlight(this.lit ?? null);
        this.controls.sync();
        this.tell("anneal:draw", {chart: this.chart.svg});
      }

      tell(type, detail) {
        this.picture.dispatchEvent(new CustomEvent(type, {detail, bubbles: true}));
      }
      changed() {
        this.redraw();
        this.tell("anneal:view", this.state);
      }
      hint(text) { this.hintLine.textContent = text; }
      say(text) { this.live.textContent = text; }

      // MARK: What a page may ask for

      update(data) {
        const {model} = this;
        if (data.append || data.progressAppend) model.append(data);
        else model.read({...model.figure, ...data});
        this.describe();
        const {activeElement} = document, isInside = this.controls.root.contains(activeElement);
        if (!data.append || model.hasNewRun) this.controls.build();
        model.hasNewRun = false;
        // Controls made anew must not take the focus away with the old ones.
        if (isInside && !activeElement.isConnected) this.chart.svg.focus({preventScroll: true});
        this.redraw();
      }

      get state() {
        const {model} = this;
        return {
          measure: model.measure.axis.title, logX: model.xKind === "logarithmic", logY: model.isLogY,
          smoothing: model.smoothing, baseline: model.baseline, subtract: model.subtracts,
          window: model.window, yWindows: Object.fromEntries(model.yWindows),
          hidden: [...model.hidden],
        };
      }

      // Takes any of the members of a state.
      choose(state) {
        const {model} = this, has = name => state[name] !== undefined;
        if (has("measure") && state.measure !== model.measure.axis.title) {
          model.measureTitle = state.measure;
          model.isLogX = null;
          model.window = null;
        }
        if (has("logX") && state.logX !== (model.xKind === "logarithmic")) {
          model.isLogX = state.logX;
          if (model.window && state.logX && model.window[0] <= 0) model.window = null;
        }
        if (has("logY")) { model.isLogY = state.logY; model.yWindows.clear(); }
        if (has("smoothing")) model.smoothing = Math.min(Math.max(state.smoothing, 0), 0.9999);
        if (has("baseline")) {
          model.baseline = model.runs.has(state.baseline) ? state.baseline : null;
          if (model.baseline === null) model.subtracts = false;
        }
        if (has("subtract")) {
          model.subtracts = state.subtract && model.baseline !== null;
          model.yWindows.clear();
        }
        if (has("hidden")) model.hidden = new Set(state.hidden);
        if (has("window")) model.window = state.window;
        if (has("yWindows")) {
          model.yWindows = new Map(Object.entries(state.yWindows).map(([k, v]) => [Number(k), v]));
        }
        this.changed();
      }

      toggle(run) {
        const {hidden} = this.model;
        if (!hidden.delete(run)) hidden.add(run);
        this.say(`${run} ${hidden.has(run) ? "hidden" : "shown"}`);
        this.changed();
      }

      // Shows one run alone, or all again where it already is alone.
      isolate(run) {
        const {model} = this;
        const isAlone = [...model.runs.keys()].every(r => model.isShown(r) === (r === run));
        model.hidden = new Set(isAlone ? [] : [...model.runs.keys()].filter(r => r !== run));
        this.say(isAlone ? "all runs shown" : `${run} alone`);
        this.changed();
      }

      highlight(run) {
        this.lit = run;
        const isLit = run !== null && this.model.isShown(run);
        for (const element of this.chart.svg.querySelectorAll("[data-run]")) {
          element.classList.toggle("dim", isLit && element.dataset.run !== run);
        }
      }

      reset() {
        this.model.window = null;
        this.model.yWindows.clear();
        this.changed();
      }

      // MARK: The crosshair

      hover(x, y) {
        const point = x === null ? null : this.crosshair.find(x, y);
        const text = this.crosshair.show(point);
        const place = point && point.series.x[point.index];
        this.tell("anneal:hover", {x: place, run: point?.series.curve.run ?? null});
        return text;
      }

      step(count) {
        const {point} = this.crosshair, {frames} = this.chart;
        const [low, high] = frames[0].x.domain;
        let next = point;
        if (!point) {
          const frame = frames.find(f => f.series.length > 0);
          if (!frame) return;
          next = {frame, series: frame.series[0], index: range(frame.series[0], low, high)[0]};
        } else {
          const last = point.series.at.length - 1;
          next = {...point, index: Math.min(Math.max(point.index + count, 0), last)};
        }
        // Home and End mean the window's ends, where there is one.
        const {series} = next;
        while (next.index < series.at.length - 1 && series.at[next.index] < low) next.index++;
        if (!Number.isFinite(count)) {
          while (next.index > 0 && series.rises && series.at[next.index] > high) next.index--;
        }
        const at = series.at[next.index];
        if (series.rises && this.model.window && (at > high || at < low)) {
          const {x} = frames[0];
          this.zooming.pan(at > high ? x.fraction(at) - 0.9 : x.fraction(at) - 0.1);
          const frame = this.chart.frames[next.frame.panel];
          next = {...next, frame, series: frame.series.find(s => s.curve === series.curve) ?? series};
        }
        this.say(this.crosshair.show(next));
      }

      changeCurve(by) {
        const {point} = this.crosshair;
        if (!point) { this.step(1); return; }
        const all = this.chart.frames.flatMap(frame => frame.series.map(series => ({frame, series})));
        const now = all.findIndex(one => one.series === point.series);
        const {frame, series} = all[(now + by + all.length) % all.length];
        const index = nearest(series, point.series.at[point.index], point.series.x[point.index]);
        if (index < 0) return;
        const {curve} = series;
        const name = curve.name ?? this.model.panels[curve.panel].y.title;
        this.say(`${name}: ${this.crosshair.show({frame, series, index})}`);
      }

      // MARK: Taking away

      async copy(format) {
        const text = format === "JSON" ? asJSON(this.model) : asCSV(this.model);
        const isCopied = await copyText(text, this.root);
        const done = `Copied ${grouped(text.length)} characters of ${format}.`;
        this.say(isCopied ? done : "This page may not write to the clipboard.");
        this.hint(this.live.textContent);
      }
      saveSVG() {
        const {text} = standalone(this, false);
        download(new Blob([text], {type: "image/svg+xml"}), `${this.picture.id}.svg`);
      }
      savePNG() {
        const {text, width, height} = standalone(this, true);
        const image = new Image();
        image.onload = () => {
          const canvas = make(null, "canvas", {width: width * 2, height: height * 2});
          canvas.getContext("2d").drawImage(image, 0, 0, width * 2, height * 2);
          canvas.toBlob(blob => blob && download(blob, `${this.picture.id}.png`));
        };
        image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
      }
    }

    const start = () => {
      for (const data of document.querySelectorAll("svg > metadata.anneal-data")) {
        const picture = data.parentNode;
        if (!picture.anneal) new View(picture, JSON.parse(data.textContent));
      }
    };
    start();
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
    document.addEventListener("anneal:scan", start);
    """#
}

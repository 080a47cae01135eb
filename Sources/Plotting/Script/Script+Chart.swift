extension ScriptText {
  /// Drawing: plots with their axes and marks.
  static let chart = #"""
    const svgSpace = "http://www.w3.org/2000/svg", htmlSpace = "http://www.w3.org/1999/xhtml";
    const node = (space, parent, name, attributes, text) => {
      const element = document.createElementNS(space, name);
      for (const key in attributes) {
        if (attributes[key] != null) element.setAttribute(key, attributes[key]);
      }
      if (text != null) element.textContent = text;
      parent?.append(element);
      return element;
    };
    const draw = (parent, name, attributes, text) => node(svgSpace, parent, name, attributes, text);
    const make = (parent, name, attributes, text) => node(htmlSpace, parent, name, attributes, text);
    const round = value => Math.round(Math.min(Math.max(value, -1e6), 1e6) * 10) / 10;
    const crisp = value => Math.floor(value) + 0.5;

    const fonts = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans',sans-serif";
    const pen = make(null, "canvas", {}).getContext("2d");
    const textWidth = (text, size) => {
      if (!pen) return text.length * size * 0.55;
      pen.font = `${size}px ${fonts}`;
      return pen.measureText(text).width;
    };

    class Chart {
      constructor(svg, model) {
        this.svg = svg;
        this.model = model;
        this.frames = [];
      }

      // Draws everything for a width in pixels.
      draw(width) {
        const {model, svg} = this;
        this.width = Math.max(240, Math.round(width));
        this.isNarrow = this.width < 480;
        // On a phone values stand under the plots instead of over them.
        svg.parentNode.classList.toggle("narrow", this.isNarrow);
        const full = model.fullDomain(), domain = model.held?.x ?? model.window ?? full;
        const {axis} = model.measure;
        const x = makeScale(model.xKind, domain, axis.stepsPerEpoch);
        this.fullScale = makeScale(model.xKind, full, axis.stepsPerEpoch);
        const scales = model.panels.map((_, panel) =>
          makeScale(model.yKind(panel), model.yDomain(panel, x.domain), 1));
        const heights = this.heights();
        const ticks = scales.map((scale, i) => this.yTicks(scale, heights[i]));
        const widest = Math.max(0, ...ticks.flat().map(t => t.label ? textWidth(t.label, 11) : 0));
        const left = Math.ceil(widest + 8 + 2);
        const right = this.rightMargin(left);
        let top = 0;
        this.frames = model.panels.map((panel, index) => {
          top += panel.y.title ? 20 : 6;
          const frame = {
            panel: index, left, top, width: this.width - left - right, height: heights[index],
            x, y: scales[index], ticks: ticks[index], series: [], trace: [],
          };
          frame.pixelX = v => left + Math.min(Math.max(x.fraction(v), -100), 101) * frame.width;
          frame.pixelY = v => frame.top + frame.height
            - Math.min(Math.max(frame.y.fraction(v), -100), 101) * frame.height;
          top += heights[index] + 14;
          return frame;
        });
        this.height = top - 14 + 8 + 14 + (axis.title ? 18 : 0) + 4;
        svg.replaceChildren();
        for (const [name, value] of [["width", this.width], ["height", this.height],
          ["viewBox", `0 0 ${this.width} ${this.height}`]]) svg.setAttribute(name, value);
        draw(svg, "rect", {class: "background", width: this.width, height: this.height});
        const xTicks = this.xTicks(x);
        this.frames.forEach((frame, index) => {
          const group = draw(svg, "g", {class: "plot"});
          this.drawAxes(group, frame, xTicks, index === this.frames.length - 1);
          this.drawMarks(group, frame);
        });
        this.overlay = draw(svg, "g", {class: "overlay", "pointer-events": "none"});
      }

      heights() {
        const {panels} = this.model, shares = panels.reduce((sum, p) => sum + (p.share ?? 1), 0);
        const ratio = 0.42 + 0.15 * Math.max(panels.length - 1, 0);
        // All of it at once on the screen, as far as that leaves plots to look at.
        const room = Math.max(innerHeight - 210 - 34 * panels.length, 150 * panels.length);
        const total = Math.min(ratio * Math.max(this.width, 480), 1200, room);
        return panels.map(p => Math.max(70, Math.round(total * (p.share ?? 1) / shares)));
      }

      // Room for the names at the lines' ends; little where they go without.
      rightMargin(left) {
        const {model} = this;
        const names = model.panels.map((_, panel) => model.curves.filter(
          c => c.panel === panel && c.name && !c.isFaint && model.isShown(c.run)).map(c => c.name));
        this.namesLines = !model.figure.legend && names.flat().length > 0
          && names.every(list => list.length <= (this.isNarrow ? 2 : 8));
        if (!this.namesLines) return 14;
        const widest = Math.max(...names.flat().map(name => textWidth(name, 12)));
        this.namesLines = widest + 16 < (this.width - left) * 0.34;
        return this.namesLines ? widest + 16 : 14;
      }

      yTicks(scale, height) {
        const wanted = Math.max(2, Math.floor(height / 40));
        for (let count = wanted; count <= wanted + 3; count++) {
          const ticks = scale.ticks(count);
          if (ticks.filter(t => t.label !== null).length > 1) return ticks;
        }
        return scale.ticks(wanted);
      }

      xTicks(scale) {
        const {width} = this.frames[0] ?? {width: 0};
        for (let count = Math.max(2, Math.floor(width / 60)); count >= 1; count--) {
          const ticks = scale.ticks(count);
          const ends = ticks.filter(t => t.label !== null).map(t => {
            const half = textWidth(t.label, 11) / 2, middle = scale.fraction(t.value) * width;
            return [middle - half, middle + half];
          });
          if (ends.every((end, i) => i === 0 || ends[i - 1][1] + 14 <= end[0])) return ticks;
        }
        return [];
      }

      drawAxes(group, frame, columns, isLast) {
        const {left, top, width, height} = frame, bottom = crisp(top + height);
        const {y} = this.model.panels[frame.panel];
        const title = this.model.subtracts ? `${y.title} − ${this.model.baseline}` : y.title;
        if (title) draw(group, "text", {class: "text-muted", x: 0, y: top - 9}, title);
        let grid = "", marks = `M${crisp(left)} ${top}V${bottom}H${left + width}`;
        for (const tick of columns) {
          const x = crisp(frame.pixelX(tick.value));
          if (tick.label !== null) grid += `M${x} ${top}V${bottom}`;
          marks += `M${x} ${bottom}v${tick.label !== null ? 4 : 2}`;
          if (!isLast || tick.label === null) continue;
          const half = textWidth(tick.label, 11) / 2;
          draw(group, "text", {
            class: "tick text-muted x-tick", "text-anchor": "middle",
            x: round(Math.min(x, this.width - half - 2)), y: round(top + height + 18),
          }, tick.label);
        }
        for (const tick of frame.ticks) {
          const y = crisp(frame.pixelY(tick.value));
          if (tick.label !== null) grid += `M${left} ${y}H${left + width}`;
          marks += `M${crisp(left)} ${y}h${tick.label !== null ? -4 : -2}`;
          if (tick.label === null) continue;
          draw(group, "text", {
            class: "tick text-muted y-tick", "text-anchor": "end", x: left - 8, y: round(y + 3.5),
          }, tick.label);
        }
        if (grid) draw(group, "path", {class: "grid", fill: "none", d: grid});
        draw(group, "path", {class: "axis", fill: "none", d: marks});
        if (isLast && this.model.measure.axis.title) {
          draw(group, "text", {
            class: "text-muted x-title", "text-anchor": "middle", x: round(left + width / 2),
            y: round(top + height + 38),
          }, this.model.measure.axis.title);
        }
      }

      drawMarks(group, frame) {
        const {model} = this, clip = `${this.svg.id}-clip-${frame.panel}`;
        draw(draw(group, "clipPath", {id: clip}), "rect", {
          x: frame.left - 1, y: frame.top - 1, width: frame.width + 2, height: frame.height + 2,
        });
        const inside = draw(group, "g", {"clip-path": `url(#${clip})`});
        const labels = [];
        const items = model.items.filter(
          item => (item.curve ?? item).panel === frame.panel && model.isShown(item.run));
        frame.isCrowded = items.filter(item => item.curve).length > 12;
        const rawToo = model.smoothing > 0 && model.panels[frame.panel].smooths
          && items.filter(item => item.curve).length <= 8;
        for (const item of items) {
          if (item.curve) this.drawCurve(inside, frame, item.curve, rawToo, labels);
          else if (!model.subtracts) drawItem(inside, group, frame, item, model, labels);
        }
        if (frame.series.length === 0 && items.every(item => item.curve)) {
          draw(group, "text", {
            class: "text-muted", "text-anchor": "middle", x: round(frame.left + frame.width / 2),
            y: round(frame.top + frame.height / 2),
          }, `no values over ${model.measure.axis.title || "this axis"} to draw`);
        }
        placeLabels(group, frame, labels, this.width);
      }

      drawCurve(group, frame, curve, rawToo, labels) {
        const {model} = this, series = model.series(curve);
        if (!series) return;
        frame.series.push(series);
        const {ink, dash} = curve.mark, style = `line line-${ink}`;
        const owner = draw(group, "g", {"data-run": curve.run});
        const isSmoothed = model.smoothing > 0 && model.panels[frame.panel].smooths;
        if (rawToo) {
          const raw = model.series(curve, true);
          draw(owner, "path", {
            class: style, "stroke-width": 1, "stroke-opacity": 0.3, d: this.path(frame, raw)});
        }
        const look = curve.isFaint && !isSmoothed ? {"stroke-width": 1, "stroke-opacity": 0.5}
          : {"stroke-width": frame.isCrowded ? 1.2 : 1.8, "stroke-dasharray": dash};
        draw(owner, "path", {class: `${style} curve`, ...look, d: this.path(frame, series)});
        for (const place of curve.breaks) {
          drawBreak(owner, frame, series, place, ink);
        }
        if (curve.name && !curve.isFaint && this.namesLines) {
          const end = lastInside(frame, series);
          if (end) labels.push({placement: "end", text: curve.name, ink, run: curve.run, ...end});
        }
      }

      // The path of a line, thinned to what the frame can show.
      path(frame, series) {
        const {at, y, x} = series, {breaks} = series.curve;
        const [start, end] = range(series, ...frame.x.domain);
        const pixels = frame.x.pixels(at, start, end, frame.left, frame.width);
        // Many lines share the page's patience.
        const cell = frame.isCrowded ? 1.5 : 0.5;
        const parts = [];
        let previous = -1;
        for (const i of thin(pixels, y, start, end, cell)) {
          const height = frame.pixelY(y[i]);
          if (!Number.isFinite(height) || !Number.isFinite(pixels[i])) { previous = -1; continue; }
          const isBroken = previous >= 0 && breaks.some(b => x[previous] < b && b <= x[i]);
          parts.push(previous < 0 || isBroken ? "M" : "L", round(pixels[i]), " ", round(height));
          this.follow(frame, previous < 0 || isBroken, pixels[i], height);
          previous = i;
        }
        if (parts.length === 4) {
          return `M${parts[1] - 1} ${parts[3]}a1 1 0 1 0 2 0a1 1 0 1 0 -2 0Z`;
        }
        return parts.join("");
      }

      // Keeps places along a line, at most a few pixels apart, for texts to keep clear of.
      follow(frame, isStart, x, y) {
        const {trace} = frame, last = isStart ? null : trace[trace.length - 1];
        const steps = last ? Math.min(Math.ceil(Math.hypot(x - last[0], y - last[1]) / 5), 400) : 1;
        if (trace.length > 20000 || steps === 0) return;
        for (let k = 1; k <= steps; k++) {
          const t = k / steps;
          trace.push(last ? [last[0] * (1 - t) + x * t, last[1] * (1 - t) + y * t] : [x, y]);
        }
      }
    }

    const lastInside = (frame, series) => {
      const [low, high] = frame.x.domain;
      const [start, end] = range(series, low, high), {at, y} = series;
      const place = (x, value) => ({x: frame.pixelX(x),
        y: Math.min(Math.max(frame.pixelY(value), frame.top), frame.top + frame.height)});
      const [least, most] = frame.y.domain;
      for (let i = end - 1; i >= start; i--) {
        if (!(at[i] >= low && at[i] <= high && y[i] >= least && y[i] <= most)) continue;
        // A line that goes on is named where it leaves the frame.
        const edge = i + 1 < at.length && series.rises && y[i + 1] >= least && y[i + 1] <= most
          ? interpolate(at.subarray(i, i + 2), y.subarray(i, i + 2), high) : NaN;
        return Number.isFinite(frame.pixelY(edge)) ? place(high, edge) : place(at[i], y[i]);
      }
      return null;
    };
    """#
}

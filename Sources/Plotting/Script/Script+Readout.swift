extension ScriptText {
  /// The crosshair and the values at it.
  static let readout = #"""
    const describePlace = (axis, value) => {
      if (!Number.isFinite(value)) return null;
      const title = axis.title || "x";
      switch (axis.kind) {
      case "epochs":
        return `${title} ${significant(value / axis.stepsPerEpoch, 5)} (step ${grouped(value)})`;
      case "percent": return `${title} ${minus((value * 100).toFixed(2))} %`;
      case "whole": if (Number.isInteger(value)) return `${title} ${grouped(value)}`;
      }
      return `${title} ${significant(value, 6)}`;
    };
    const describeValue = (panel, value) => {
      if (panel.y.kind !== "percent") return significant(value, 6);
      return Number.isFinite(value) ? `${minus((value * 100).toFixed(2))} %` : significant(value, 6);
    };

    // The point of a series at a place on the measure shown or, where the series goes to and fro, at
    // a base place.
    const nearest = (series, at, base) => {
      const [places, target] = series.rises ? [series.at, at] : [series.x, base];
      if (!places.length || !Number.isFinite(target)) return -1;
      const right = Math.min(lowerBound(places, target), places.length - 1);
      return right > 0 && target - places[right - 1] <= places[right] - target ? right - 1 : right;
    };

    class Crosshair {
      constructor(chart, readout) {
        this.chart = chart;
        this.readout = readout;
        this.point = null;
      }

      // The recorded point nearest to a place in the chart.
      find(x, y) {
        const {frames} = this.chart;
        const distance = frame => Math.max(frame.top - y, y - frame.top - frame.height, 0);
        let own = frames[0];
        for (const frame of frames) if (distance(frame) < distance(own)) own = frame;
        if (!own) return null;
        let best = null;
        for (const frame of [own, ...frames.filter(frame => frame !== own)]) {
          for (const series of frame.series) this.consider(frame, series, x, y, closer => {
            if (!best || closer.distance < best.distance) best = {...closer, frame, series};
          });
          if (best) break;
        }
        return best;
      }

      consider(frame, series, x, y, offer) {
        const measure = index => {
          const dx = frame.pixelX(series.at[index]) - x, dy = frame.pixelY(series.y[index]) - y;
          if (Number.isFinite(dx + dy)) offer({index, distance: Math.hypot(dx, dy)});
        };
        if (series.rises) {
          const place = pixel => frame.x.invert((pixel - frame.left) / frame.width);
          const index = nearest(series, place(x));
          if (index >= 0) measure(index);
          // Where points crowd, the one under the pointer is meant: the tip of a spike.
          const end = lowerBound(series.at, place(x + 4));
          for (let i = lowerBound(series.at, place(x - 4)); i < end; i++) {
            if (Math.abs(frame.pixelY(series.y[i]) - y) < 12) measure(i);
          }
        } else {
          for (let i = 0; i < series.at.length; i++) measure(i);
        }
      }

      // Every curve's point at the crosshair.
      rows() {
        const {series, index} = this.point;
        const [at, base] = [series.at[index], series.x[index]];
        return this.chart.frames.map(frame => ({
          frame,
          rows: frame.series.map(series => {
            const i = series === this.point.series ? index : nearest(series, at, base);
            return i < 0 ? null : {series, index: i, x: frame.pixelX(series.at[i]),
              y: frame.pixelY(series.y[i]), value: series.y[i]};
          }).filter(row => row && Number.isFinite(row.x)),
        }));
      }

      show(point) {
        this.point = point;
        const {overlay, frames, model} = this.chart;
        overlay.replaceChildren();
        this.readout.hidden = !point;
        if (!point) return "";
        const x = point.frame.pixelX(point.series.at[point.index]);
        const first = frames[0], last = frames[frames.length - 1];
        draw(overlay, "path", {
          class: "hair", fill: "none", d: `M${crisp(x)} ${first.top}V${last.top + last.height}`});
        const groups = this.rows();
        for (const {frame, rows} of groups) {
          for (const row of rows) {
            if (row.x < frame.left - 1 || row.x > frame.left + frame.width + 1) continue;
            if (!(row.y >= frame.top - 1 && row.y <= frame.top + frame.height + 1)) continue;
            draw(overlay, "circle", {class: `ring fill-${row.series.curve.mark.ink}`,
              "stroke-width": 1.5, cx: round(row.x), cy: round(row.y),
              r: row.series === point.series ? 4.5 : 3});
          }
        }
        return this.fill(groups, x, model);
      }

      // Writes the values, and returns them as a sentence.
      fill(groups, x, model) {
        const {readout, point} = this, base = point.series.x[point.index];
        const {run} = point.series.curve;
        const {measure: shown} = model;
        const measures = [shown, ...model.measures.filter(measure => measure !== shown)];
        const places = measures.map(measure => describePlace(
          measure.axis, (model.values(measure, run, [base]) ?? [NaN])[0]))
          .filter((text, i, all) => text && !all.some((other, k) => k < i && other.includes(text)));
        readout.replaceChildren();
        make(readout, "div", {class: "place"}, places[0]);
        if (places.length > 1) {
          // Where runs take different times, the other measures are those of one of them.
          const owner = model.runs.size > 1 && model.progress.some(t => t.run === run) ? `${run}: ` : "";
          make(readout, "div", {}, owner + places.slice(1).join(" · "));
        }
        const table = make(readout, "table", {});
        const spoken = [places.join(", ")];
        const limit = Math.max(6, Math.floor(14 / groups.length));
        for (const {frame, rows} of groups) {
          const panel = model.panels[frame.panel];
          const isNamed = rows.some(row => row.series.curve.mark.name != null);
          if (isNamed && panel.y.title && groups.length > 1) {
            make(make(table, "tr", {class: "group"}), "td", {colspan: 3}, panel.y.title);
          }
          const height = point.frame.pixelY(point.series.y[point.index]);
          const chosen = rows.length <= limit ? rows : [...rows].sort((a, b) => frame === point.frame
            ? Math.abs(a.y - height) - Math.abs(b.y - height) : 0).slice(0, limit);
          for (const row of rows.filter(row => chosen.includes(row))) {
            spoken.push(this.row(table, row, panel, model, isNamed, x));
          }
          if (chosen.length < rows.length) {
            make(make(table, "tr", {class: "group"}), "td", {colspan: 3},
              `and ${rows.length - chosen.length} more`);
          }
        }
        const {chart} = this, width = readout.offsetWidth, height = readout.offsetHeight;
        if (chart.isNarrow) return spoken.join("; ");
        const left = x + 14 + width <= chart.width ? x + 14 : Math.max(0, x - 14 - width);
        const top = point.frame.top + 6;
        readout.style.left = `${left}px`;
        readout.style.top = `${Math.max(0, Math.min(top, chart.height - height))}px`;
        return spoken.join("; ");
      }

      row(table, row, panel, model, isNamed, x) {
        const {curve} = row.series;
        const name = (curve.name ?? (isNamed ? curve.run : panel.y.title) ?? "")
          + (curve.isFaint && !curve.name && isNamed
            ? panel.smooths && model.smoothing > 0 ? ", smoothed" : ", as measured" : "");
        const line = make(table, "tr", {});
        const cell = make(line, "td", {});
        make(cell, "i", {style: `background:${inkColor(curve.mark.ink)}`});
        cell.append(name);
        make(line, "td", {class: "value"}, describeValue(panel, row.value));
        let rest = "";
        if (model.baseline !== null && !model.subtracts && curve.run !== model.baseline) {
          const difference = model.differences({...row.series, y: row.series.y.subarray(
            row.index, row.index + 1), x: row.series.x.subarray(row.index, row.index + 1),
            at: row.series.at.subarray(row.index, row.index + 1)}, false)?.[0];
          if (Number.isFinite(difference)) {
            rest = (difference >= 0 ? "+" : "") + describeValue(panel, difference);
          }
        }
        // A curve without a point just here says where the value was recorded.
        if (Math.abs(row.x - x) > 1) {
          const {axis} = model.measure, place = row.series.at[row.index];
          rest += ` at ${describePlace(axis, place).slice((axis.title || "x").length + 1)}`;
        }
        if (rest) make(line, "td", {}, rest.trim());
        return `${name} ${describeValue(panel, row.value)}${rest ? ` (${rest.trim()})` : ""}`;
      }
    }
    const inkColor = ink => ink === "ink" || ink === "muted" ? `var(--${ink})` : `var(--series-${ink})`;
    """#
}

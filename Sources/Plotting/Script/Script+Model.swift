extension ScriptText {
  /// What is shown: the figure's data, and what the reader chose to see of them.
  static let model = #"""
    const clean = mark => {
      const data = {...mark};
      for (const key of ["x", "y", "lower", "upper"]) {
        if (mark[key] !== undefined && typeof mark[key] === "object") data[key] = column(mark[key]);
      }
      return data;
    };

    class Model {
      constructor(payload) {
        this.hidden = new Set();
        this.measureTitle = null;
        this.isLogX = null;
        this.isLogY = false;
        this.smoothing = 0;
        this.baseline = null;
        this.subtracts = false;
        this.window = null;
        this.yWindows = new Map();
        // The domains during a drag; null at other times.
        this.held = null;
        this.version = 0;
        this.read(payload);
      }

      // Takes new data; what the reader chose stays as far as it still means something.
      read(payload) {
        this.figure = payload;
        this.panels = payload.panels;
        this.items = payload.marks.map(mark => mark.type === "line"
          ? {type: "line", run: mark.run ?? mark.name, curve: new Curve(mark, this.panels[mark.panel])}
          : clean(mark));
        this.progress = (payload.progress ?? []).map(table => ({
          run: table.run ?? null, x: column(table.x),
          measures: table.measures.map(m => ({axis: m.axis, values: column(m.values)})),
        }));
        this.refresh();
      }

      // Adds points to lines, which come into being with their first, and places to measures.
      append(data) {
        const index = values => Float64Array.from(values, v => v ?? NaN);
        for (const more of data.append ?? []) {
          const panel = more.panel ?? 0, run = more.run ?? more.name;
          const isFaint = more.weight === "faint";
          let item = this.items.find(({curve}) => curve && curve.panel === panel
            && curve.isFaint === isFaint && (curve.mark.run ?? curve.mark.name) === run
            && (more.name === undefined || curve.name === more.name));
          if (!item) {
            const ink = this.runs.get(run)?.ink ?? String(this.runs.size % 7);
            const mark = {ink, weight: "regular", name: run, ...more, panel, type: "line", x: [], y: []};
            item = {type: "line", run, curve: new Curve(mark, this.panels[panel])};
            this.items.push(item);
            this.hasNewRun = true;
          }
          item.curve.append(index(more.x), index(more.y));
        }
        for (const more of data.progressAppend ?? []) {
          let table = this.progress.find(t => t.run === (more.run ?? null));
          if (!table) {
            table = {run: more.run ?? null, x: [], measures: more.measures.map(m => (
              {axis: m.axis ?? {title: m.title, kind: "linear"}, values: []}))};
            this.progress.push(table);
            this.hasNewRun = true;
          }
          table.x = [...table.x, ...more.x];
          for (const measure of more.measures) {
            const title = measure.axis?.title ?? measure.title;
            const known = table.measures.find(m => m.axis.title === title);
            if (known) known.values = [...known.values, ...measure.values];
          }
        }
        this.refresh();
      }

      refresh() {
        this.version++;
        this.curves = this.items.filter(item => item.curve).map(item => item.curve);
        this.runs = new Map();
        for (const item of this.items) {
          if (item.run == null) continue;
          // A run looks like the strongest of its marks: a line, and not what was measured behind it.
          const strength = mark => mark.type !== "line" ? 1 : mark.weight === "faint" ? 2 : 3;
          const known = this.runs.get(item.run);
          const mark = {type: item.type, ...item.curve?.mark, ...item.curve ? {} : item};
          if (!known || strength(mark) > strength(known)) this.runs.set(item.run, mark);
        }
        const base = this.figure.x;
        this.measures = [{axis: base, isBase: true}];
        if (base.kind === "epochs") {
          this.measures.push({axis: {title: "step", kind: "whole"}, isBase: true});
        }
        for (const table of this.progress) {
          for (const {axis} of table.measures) {
            if (!this.measures.some(m => m.axis.title === axis.title)) this.measures.push({axis});
          }
        }
        if (!this.runs.has(this.baseline)) { this.baseline = null; this.subtracts = false; }
        for (const curve of this.curves) curve.cache.clear();
      }

      get measure() {
        return this.measures.find(m => m.axis.title === this.measureTitle) ?? this.measures[0];
      }
      get xKind() {
        const kind = this.measure.axis.kind;
        if (this.isLogX === null) return kind;
        return this.isLogX ? "logarithmic" : kind === "logarithmic" ? "linear" : kind;
      }
      yKind(panel) {
        const kind = this.panels[panel].y.kind;
        return this.isLogY && !this.subtracts ? "logarithmic" : kind;
      }
      isShown(run) { return run == null || !this.hidden.has(run); }

      // The values of a measure at base places of a run; null where the run has no such measure.
      values(measure, run, x) {
        if (measure.isBase) return x;
        const find = owner => {
          const table = this.progress.find(
            t => t.run === owner && t.measures.some(m => m.axis.title === measure.axis.title));
          return table && [table.x, table.measures.find(m => m.axis.title === measure.axis.title).values];
        };
        const table = (run != null && find(run)) || find(null)
          // A place of no run is that of the only one.
          || (run == null && this.progress.length === 1 && find(this.progress[0].run));
        return table ? Float64Array.from(x, v => interpolate(table[0], table[1], v)) : null;
      }

      // What is drawn of a curve: base places x, places at on the measure shown, values y.
      series(curve, isRaw = false) {
        const weight = this.panels[curve.panel].smooths && !isRaw ? this.smoothing : 0;
        const {title} = this.measure.axis;
        const key = `${weight} ${this.subtracts ? this.baseline : ""} ${title} ${this.version}`;
        return curve.once(key, () => {
          const {x, y} = weight > 0 ? curve.smoothed(weight) : curve;
          const at = this.values(this.measure, this.runs.has(curve.run) ? curve.run : null, x);
          if (!at) return null;
          const series = {curve, x, at, y, rises: isRising(at)};
          if (!this.subtracts) return series;
          series.y = this.differences(series, isRaw);
          return series.y && series;
        });
      }

      // The values less those of the run compared with, at the same places.
      differences(series, isRaw) {
        const {curve} = series;
        const others = this.curves.filter(c => c.panel === curve.panel && c.run === this.baseline);
        const other = others.find(c => c.isFaint === curve.isFaint) ?? others[0];
        if (!other) return null;
        const subtracts = this.subtracts;
        this.subtracts = false;
        const reference = other === curve ? series : this.series(other, isRaw);
        this.subtracts = subtracts;
        if (!reference) return null;
        const places = series.rises && reference.rises ? "at" : "x";
        const ends = reference[places], last = ends[ends.length - 1];
        return Float64Array.from(series.y, (value, i) => {
          const place = series[places][i];
          if (!(place >= ends[0] && place <= last)) return NaN;
          return value - interpolate(ends, reference.y, place);
        });
      }

      // The least and greatest place on the horizontal axis.
      fullDomain() {
        const {axis, isBase} = this.measure, isLog = this.xKind === "logarithmic";
        const fixed = isBase && axis.kind === this.figure.x.kind ? this.figure.x.domain : null;
        if (fixed && !(isLog && fixed[0] <= 0)) return fixed;
        let low = Infinity, high = -Infinity;
        const include = places => {
          for (const v of places ?? []) {
            if (!Number.isFinite(v) || isLog && v <= 0) continue;
            if (v < low) low = v;
            if (v > high) high = v;
          }
        };
        for (const item of this.items) {
          const series = item.curve && this.series(item.curve, true);
          if (!item.curve) include(this.places(item));
          else if (series?.rises) {
            const {at} = series, first = isLog ? lowerBound(at, Number.MIN_VALUE) : 0;
            include([at[first], at[at.length - 1]]);
          } else include(series?.at);
        }
        if (fixed) high = Math.max(high, fixed[1]);
        return automaticDomain(axis, this.xKind, low, high, 0);
      }

      // The horizontal places of a mark that is no line.
      places(item) {
        const x = item.type === "region" ? [item.from, item.to]
          : item.type === "rule" ? item.direction === "vertical" ? [item.value] : []
          : typeof item.x === "number" ? [item.x] : item.x;
        return this.values(this.measure, item.run ?? null, x);
      }

      // The domain of a panel's values between two places.
      yDomain(panel, [from, to]) {
        const window = this.held?.y[panel] ?? this.yWindows.get(panel);
        if (window) return window;
        const {y} = this.panels[panel], kind = this.yKind(panel);
        const isLog = kind === "logarithmic";
        if (y.domain && !this.subtracts && !(isLog && y.domain[0] <= 0)) return y.domain;
        let low = Infinity, high = -Infinity;
        const include = v => {
          if (!Number.isFinite(v) || isLog && v <= 0) return;
          if (v < low) low = v;
          if (v > high) high = v;
        };
        for (const item of this.items) {
          if ((item.curve ?? item).panel !== panel || !this.isShown(item.run)) continue;
          if (item.curve) {
            const series = this.series(item.curve);
            if (!series) continue;
            const [start, end] = range(series, from, to);
            const {at, y} = series, floor = isLog ? Number.MIN_VALUE : -Infinity;
            let isEmpty = true, least = Infinity, most = -Infinity;
            for (let i = start; i < end; i++) {
              if (!(at[i] >= from && at[i] <= to)) continue;
              isEmpty = false;
              const v = y[i];
              if (v < least && v >= floor) least = v;
              if (v > most && v < Infinity) most = v;
            }
            if (least === -Infinity) for (const v of y) include(v);
            include(least);
            include(most);
            if (isEmpty) for (let i = start; i < end; i++) if (series.rises) include(series.y[i]);
          } else if (!this.subtracts) {
            if (item.type === "rule" && item.direction === "horizontal") include(item.value);
            const places = this.places(item) ?? [];
            for (let i = 0; i < places.length; i++) {
              if (!(places[i] >= from && places[i] <= to)) continue;
              if (item.lower) { include(item.lower[i]); include(item.upper[i]); }
              else if (typeof item.y === "number") include(item.y);
              else if (item.y) include(item.y[i]);
            }
          }
        }
        if (y.domain && !this.subtracts) high = Math.min(high, y.domain[1]);
        return automaticDomain(y, kind, low, high, 0.05);
      }
    }

    // The indices of the points between two places, and one more on either side.
    const range = (series, from, to) => {
      const count = series.at.length;
      if (!series.rises) return [0, count];
      return [
        Math.max(0, lowerBound(series.at, from) - 1), Math.min(count, lowerBound(series.at, to) + 2),
      ];
    };
    """#
}

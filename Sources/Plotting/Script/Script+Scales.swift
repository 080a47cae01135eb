extension ScriptText {
  /// Scales and their ticks, as the scales of the static picture choose them.
  static let scales = #"""
    const decade = value => {
      const guess = Math.floor(Math.log10(value));
      if (Number(`1e${guess}`) > value) return guess - 1;
      return Number(`1e${guess + 1}`) <= value ? guess + 1 : guess;
    };
    const spread = ([low, high], isLog) => {
      if (isLog) {
        const top = high > 0 ? high : 1, bottom = low > 0 ? low : high > 0 ? top / 1000 : 0.1;
        return top / bottom < 1 + 1e-9 ? [bottom / 2, top * 2] : [bottom, top];
      }
      const size = Math.max(Math.abs(low), Math.abs(high));
      if (size < 1e-300) return [-1, 1];
      if (high - low > size * 1e-10) return [low, high];
      return [low - size * 0.05, high + size * 0.05];
    };
    const linearTicks = ([low, high], count, isWhole, isPercent) => {
      const width = (high - low) / Math.max(count, 1);
      let exponent = decade(width), multiple = 0;
      for (const m of [1, 2, 5]) {
        if (!multiple && m * Number(`1e${exponent}`) >= width * (1 - 1e-9)) multiple = m;
      }
      if (!multiple) { multiple = 1; exponent++; }
      if (isWhole && exponent < 0) { multiple = 1; exponent = 0; }
      const scale = Number(`1e${Math.abs(exponent)}`);
      const value = i => exponent < 0 ? i * multiple / scale : i * multiple * scale;
      const step = value(1);
      const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
      if (!(first <= last) || last - first > 200) return [];
      const indices = Array.from({length: last - first + 1}, (_, i) => first + i);
      const labels = tickLabels(indices.map(i => i * multiple), exponent, isPercent);
      return indices.map((i, n) => ({value: value(i), label: labels[n]}));
    };
    const logTicks = (domain, count) => {
      const [low, high] = domain, span = Math.log10(high) - Math.log10(low);
      if (span < 0.8) return linearTicks(domain, count, false, false);
      const stride = Math.max(1, Math.ceil(span / Math.max(count, 1)));
      const labelled = span * 3 <= count ? [1, 2, 5] : [1];
      const ticks = [];
      for (let exponent = decade(low); exponent <= decade(high); exponent++) {
        for (let m = 1; m <= (stride === 1 ? 9 : 1); m++) {
          const value = Number(`${m}e${exponent}`);
          if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
          const hasLabel = labelled.includes(m) && exponent % stride === 0;
          const isPlain = exponent >= -3 && exponent < 4;
          const label = hasLabel ? isPlain ? String(value) : `${m}e${exponent}` : null;
          if (stride === 1 || label) ticks.push({value, label});
        }
      }
      return ticks;
    };

    // A scale over a domain in data units: kind is that of an axis.
    const makeScale = (kind, domain, stepsPerEpoch) => {
      const isLog = kind === "logarithmic", unit = kind === "epochs" ? stepsPerEpoch : 1;
      const ends = spread(domain.map(v => v / unit), isLog).map(v => v * unit);
      const at = isLog ? v => v > 0 ? Math.log10(v) : NaN : v => v;
      const back = isLog ? v => 10 ** v : v => v;
      const from = at(ends[0]), span = at(ends[1]) - from;
      return {
        kind, domain: ends,
        fraction: v => (at(v) - from) / span,
        invert: f => back(from + f * span),
        // Fractions of many values at once, as pixels.
        pixels: (values, start, end, left, width) => {
          const result = new Float64Array(end), factor = width / span;
          const [least, most] = [left - 100 * width, left + 101 * width];
          for (let i = start; i < end; i++) {
            const x = left + ((isLog ? at(values[i]) : values[i]) - from) * factor;
            result[i] = x < least ? least : x > most ? most : x;
          }
          return result;
        },
        ticks: count => {
          if (isLog) return logTicks(ends, count);
          const isWhole = kind === "whole" || kind === "epochs";
          return linearTicks(ends.map(v => v / unit), count, isWhole, kind === "percent")
            .map(t => ({value: t.value * unit, label: t.label}));
        },
      };
    };

    // The domain that shows values from low to high, with a margin as a share of their span.
    const automaticDomain = (axis, kind, low, high, margin) => {
      if (axis.includesZero && kind !== "logarithmic") {
        low = Math.min(low, 0);
        high = Math.max(high, 0);
      }
      if (!(low <= high)) return kind === "logarithmic" ? [0.1, 1] : [0, 1];
      if (kind === "logarithmic") {
        const factor = 1 + Math.min(Math.log10(high / low) * margin, 0.5) * 2.3;
        return margin === 0 ? [low, high] : [low / factor, high * factor];
      }
      const span = high - low;
      let [bottom, top] = [low - span * margin, high + span * margin];
      if (margin > 0 && span > 0) {
        if (low >= 0 && low < span * 0.15) bottom = 0;
        if (high <= 0 && -high < span * 0.15) top = 0;
      }
      return [bottom, top];
    };
    """#
}

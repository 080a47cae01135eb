extension ScriptText {
  /// A line's points: where they stand, smoothed, as differences, and thinned to what is seen.
  static let curves = #"""
    const isRising = values => {
      let previous = -Infinity;
      for (let i = 0; i < values.length; i++) {
        // A place that is no number cannot be searched for either.
        if (!(values[i] >= previous)) return false;
        previous = values[i];
      }
      return true;
    };
    // The first index whose value is not below another; the values rise.
    const lowerBound = (values, value) => {
      let low = 0, high = values.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (values[middle] < value) low = middle + 1; else high = middle;
      }
      return low;
    };
    // Straight lines through rising places, which go on beyond both ends.
    const interpolate = (places, values, at) => {
      if (places.length < 2) return places.length ? values[0] : NaN;
      const right = Math.min(Math.max(lowerBound(places, at), 1), places.length - 1);
      const width = places[right] - places[right - 1];
      if (!(width > 0)) return values[right];
      const t = (at - places[right - 1]) / width;
      return values[right - 1] * (1 - t) + values[right] * t;
    };

    // A debiased exponential mean. A value counts as often as it stands for points.
    const smooth = (values, weight, points) => {
      const result = new Float64Array(values.length);
      let mean = 0, rest = 1;
      for (let i = 0; i < values.length; i++) {
        if (!Number.isFinite(values[i])) { result[i] = NaN; continue; }
        const old = weight ** points(i);
        mean = old * mean + (1 - old) * values[i];
        rest *= old;
        result[i] = mean / (1 - rest);
      }
      return result;
    };

    // Of every pixel column the first, lowest, highest and last of the points in it: no spike is lost.
    const thin = (pixels, values, start, end, width) => {
      const kept = [];
      for (let i = start; i < end;) {
        const from = Math.floor(pixels[i] / width) * width, to = from + width;
        let next = i, low = i, high = i, least = Infinity, most = -Infinity;
        for (; next < end && pixels[next] >= from && pixels[next] < to; next++) {
          const value = values[next];
          if (value !== value) break;
          if (value < least) { least = value; low = next; }
          if (value > most) { most = value; high = next; }
        }
        // A gap, which interrupts the line.
        if (next === i) { kept.push(i); i++; continue; }
        if (next - i <= 4) {
          for (let k = i; k < next; k++) kept.push(k);
        } else {
          let previous = -1;
          for (const k of [i, Math.min(low, high), Math.max(low, high), next - 1]) {
            if (k !== previous) kept.push(k);
            previous = k;
          }
        }
        i = next;
      }
      return kept;
    };

    class Curve {
      constructor(mark, panel) {
        this.mark = mark;
        this.panel = mark.panel;
        this.name = mark.name ?? null;
        this.run = mark.run ?? mark.name ?? panel.y.title;
        this.isFaint = mark.weight === "faint";
        this.breaks = mark.breaks ?? [];
        this.x = column(mark.x);
        this.y = column(mark.y);
        const thinned = mark.thinned;
        if (thinned) {
          this.kept = column(thinned.kept);
          this.means = column(thinned.means);
          this.length = thinned.length;
          this.count = thinned.n;
          // Points appended later, each of which stands for itself.
          this.tail = 0;
          if (this.x.length !== this.kept.length) this.x = this.kept.map(i => this.x[i]);
        } else {
          this.count = this.x.length;
        }
        this.rises = isRising(this.x);
        this.cache = new Map();
      }
      // Computed once for a key, until the points change.
      once(key, compute) {
        if (!this.cache.has(key)) {
          if (this.cache.size > 12) this.cache.clear();
          this.cache.set(key, compute());
        }
        return this.cache.get(key);
      }
      append(x, y) {
        const join = (a, b) => { const all = new Float64Array(a.length + b.length);
          all.set(a); all.set(b, a.length); return all; };
        this.x = join(this.x, x);
        this.y = join(this.y, y);
        if (this.means) {
          this.kept = join(this.kept, x.map((_, i) => this.count + i));
          this.tail += y.length;
          this.means = join(this.means, y);
        }
        this.count += x.length;
        this.rises = this.rises && isRising(this.x);
        this.cache.clear();
      }
      // The points smoothed by a weight.
      smoothed(weight) {
        return this.once(`smoothed ${weight}`, () => {
          if (!this.means) return {x: this.x, y: smooth(this.y, weight, () => 1)};
          const stretches = this.means.length - this.tail;
          const x = new Float64Array(this.means.length);
          let k = 0;
          for (let i = 0; i < stretches; i++) {
            while (k < this.kept.length && this.kept[k] < (i + 1) * this.length) k++;
            // A mean of all points so far stands at the last of them.
            x[i] = this.x[k - 1];
          }
          x.set(this.x.subarray(this.x.length - this.tail), stretches);
          const last = this.count - this.tail - (stretches - 1) * this.length;
          const points = i => i < stretches - 1 ? this.length : i < stretches ? last : 1;
          return {x, y: smooth(this.means, weight, points)};
        });
      }
    }
    """#
}

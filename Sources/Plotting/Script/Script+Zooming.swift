extension ScriptText {
  /// The window on the data: zooming, panning, and what a drag selects.
  static let zooming = #"""
    class Zooming {
      constructor(view) {
        this.view = view;
      }

      window() { return this.view.chart.frames[0]?.x.domain ?? [0, 1]; }

      // Sets the window by shares of the present one's width.
      frameTo(from, to, scale = this.view.chart.frames[0].x) {
        const full = this.view.chart.fullScale;
        let [low, high] = [scale.invert(from), scale.invert(to)];
        const [start, end] = [full.fraction(low), full.fraction(high)];
        if (!(end - start > 1e-7)) return;
        if (end - start >= 1) { this.view.model.window = null; this.view.changed(); return; }
        // The window stays over the data.
        const shift = start < 0 ? -start : end > 1 ? 1 - end : 0;
        low = full.invert(start + shift);
        high = full.invert(end + shift);
        this.view.model.window = [low, high];
        this.view.changed();
      }

      zoom(factor, x) {
        const frame = this.view.chart.frames[0];
        if (!frame) return;
        const {point} = this.view.crosshair;
        const focus = x ?? (point ? frame.pixelX(point.series.at[point.index]) : null);
        const share = focus === null ? 0.5
          : Math.min(Math.max((focus - frame.left) / frame.width, 0), 1);
        this.frameTo(share - share * factor, share + (1 - share) * factor);
      }

      pan(share) { if (this.view.model.window) this.frameTo(share, 1 + share); }

      panFrom(window, from, to) {
        const frame = this.view.chart.frames[0];
        if (!this.view.model.window) return;
        const share = (from - to) / frame.width;
        const scale = makeScale(frame.x.kind, window, this.view.model.measure.axis.stepsPerEpoch);
        this.frameTo(share, 1 + share, scale);
      }

      pinch(window, from, to) {
        const frame = this.view.chart.frames[0], shares = x => (x - frame.left) / frame.width;
        const [a, b] = from.map(shares), [c, d] = to.map(shares);
        if (Math.abs(d - c) < 0.02 || a === b) return;
        const factor = (b - a) / (d - c);
        const scale = makeScale(frame.x.kind, window, this.view.model.measure.axis.stepsPerEpoch);
        this.frameTo(a - c * factor, a + (1 - c) * factor, scale);
      }

      // What a drag between two places selects: mostly sideways a range, else a rectangle.
      selection(start, end) {
        const inside = frame => start[1] >= frame.top && start[1] <= frame.top + frame.height;
        const frame = this.view.chart.frames.find(inside) ?? this.view.chart.frames[0];
        const clampX = x => Math.min(Math.max(x, frame.left), frame.left + frame.width);
        const clampY = y => Math.min(Math.max(y, frame.top), frame.top + frame.height);
        const isTall = Math.abs(end[1] - start[1]) > 24, isWide = Math.abs(end[0] - start[0]) > 14;
        return {
          frame, isTall: isTall || !isWide, isWide,
          x: [start[0], end[0]].map(clampX).sort((a, b) => a - b),
          y: [start[1], end[1]].map(clampY).sort((a, b) => a - b),
        };
      }

      brush(start, end) {
        this.brushMark?.remove();
        if (!start) return;
        const {frames, overlay} = this.view.chart;
        const {frame, isTall, isWide, x, y} = this.selection(start, end);
        const last = frames[frames.length - 1];
        const top = isTall ? y[0] : frames[0].top;
        const bottom = isTall ? y[1] : last.top + last.height;
        this.brushMark = draw(overlay, "rect", {
          class: "brush", x: isWide ? x[0] : frame.left, y: top,
          width: isWide ? x[1] - x[0] : frame.width, height: bottom - top,
        });
      }

      zoomTo(start, end) {
        const {frame, isTall, isWide, x, y} = this.selection(start, end);
        if (isTall && y[1] - y[0] > 5) {
          const at = pixel => frame.y.invert(1 - (pixel - frame.top) / frame.height);
          this.view.model.yWindows.set(frame.panel, [at(y[1]), at(y[0])]);
        }
        if (isWide) {
          this.frameTo((x[0] - frame.left) / frame.width, (x[1] - frame.left) / frame.width);
        } else {
          this.view.changed();
        }
      }
    }
    """#
}

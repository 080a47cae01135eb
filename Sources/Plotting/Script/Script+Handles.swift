extension ScriptText {
  /// Places that a reader drags, and a page answers.
  static let handles = #"""
    class Handles {
      constructor(view) {
        this.view = view;
      }

      // Draws them over everything else, where the axis is the one they are given on.
      draw(focused) {
        const {chart, model} = this.view;
        this.group = draw(chart.svg, "g", {class: "handles"});
        if (!model.measure.isBase || model.subtracts) return;
        for (const handle of model.figure.handles ?? []) {
          const frame = chart.frames[handle.panel];
          if (!frame) continue;
          const [x, y] = [frame.pixelX(handle.x), frame.pixelY(handle.y)];
          if (!(x >= frame.left - 1 && x <= frame.left + frame.width + 1)) continue;
          const isInside = y >= frame.top - 1 && y <= frame.top + frame.height + 1;
          if (!isInside && !model.held) continue;
          const dot = draw(this.group, "circle", {
            class: "handle", cx: round(x), cy: round(y), r: 7, tabindex: 0, role: "slider",
            "data-handle": handle.id, "aria-label": handle.label, "aria-valuenow": handle.y,
            "aria-valuetext": `${describePlace(model.measure.axis, handle.x)}, `
              + describeValue(model.panels[handle.panel], handle.y),
          });
          draw(dot, "title", {}, handle.label);
          dot.addEventListener("keydown", event => this.key(event, handle));
          if (handle.id === focused) dot.focus({preventScroll: true});
        }
      }

      // The handle's id under a pointer; undefined where there is none.
      at(event) { return event.target.closest?.("[data-handle]")?.dataset.handle; }

      // Scales stay as they are during a drag: a plot that fits itself to its data would flee.
      begin() {
        const {frames} = this.view.chart;
        this.view.model.held = {x: frames[0].x.domain, y: frames.map(frame => frame.y.domain)};
      }
      end() {
        this.view.model.held = null;
        this.view.redraw();
      }

      drag(id, place, isFinal) {
        const {chart, model} = this.view;
        const handle = model.figure.handles?.find(one => one.id === id);
        const frame = handle && chart.frames[handle.panel];
        if (frame) this.move(handle, frame, place[0], place[1], isFinal);
      }

      key(event, handle) {
        const frame = this.view.chart.frames[handle.panel], step = event.shiftKey ? 0.1 : 0.01;
        const [across, up] = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1],
          ArrowDown: [0, -1]}[event.key] ?? [];
        if (across === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        this.move(handle, frame, frame.pixelX(handle.x) + across * step * frame.width,
          frame.pixelY(handle.y) - up * step * frame.height, true);
      }

      move(handle, frame, left, top, isFinal) {
        const between = (value, low, high) => Math.min(Math.max(value, low), high);
        handle.x = frame.x.invert(between((left - frame.left) / frame.width, 0, 1));
        // A peak may be pulled out of its plot, which makes room when it is let go.
        handle.y = frame.y.invert(between(1 - (top - frame.top) / frame.height, 0, 1.3));
        const dot = this.group.querySelector(`[data-handle="${CSS.escape(handle.id)}"]`);
        dot?.setAttribute("cx", round(frame.pixelX(handle.x)));
        dot?.setAttribute("cy", round(frame.pixelY(handle.y)));
        const {id, x, y} = handle;
        this.view.tell("anneal:drag", {id, x, y, isFinal});
        if (isFinal) this.end();
      }
    }
    """#
}

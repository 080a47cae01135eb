extension ScriptText {
  /// Mouse, pen and fingers.
  static let pointer = #"""
    class Pointer {
      constructor(view, svg) {
        this.view = view;
        this.svg = svg;
        this.touches = new Map();
        const on = (type, action, options) => svg.addEventListener(type, action, options);
        on("pointermove", event => this.move(event));
        on("pointerdown", event => this.down(event));
        on("pointerup", event => this.up(event));
        on("pointercancel", event => this.cancel(event));
        on("pointerleave", event => { if (!this.start) this.leave(event); });
        on("dblclick", event => {
          if (!event.target.dataset?.run && this.view.handles.at(event) === undefined) {
            this.view.reset();
          }
        });
        on("wheel", event => this.wheel(event), {passive: false});
        on("click", event => {
          const name = event.target.closest?.(".name");
          if (name) this.view.isolate(name.dataset.run);
        });
      }

      place(event) {
        const box = this.svg.getBoundingClientRect(), {chart} = this.view;
        return [(event.clientX - box.left) * chart.width / box.width,
          (event.clientY - box.top) * chart.height / box.height];
      }

      // Pointer events come faster than frames.
      soon(action) {
        if (!this.pending) requestAnimationFrame(() => { this.pending(); this.pending = null; });
        this.pending = action;
      }

      down(event) {
        if (event.target.closest?.(".name")) return;
        this.handle = this.view.handles.at(event);
        if (this.handle !== undefined) {
          // The chart keeps the pointer, since the handle itself is drawn anew with new data.
          this.svg.setPointerCapture(event.pointerId);
          this.view.hover(null);
          this.view.handles.begin();
          return;
        }
        if (event.pointerType === "touch") {
          this.touches.set(event.pointerId, this.place(event));
          if (this.touches.size === 2) {
            const [a, b] = this.touches.values();
            this.pinch = {view: this.view.zooming.window(), from: [a[0], b[0]]};
          } else {
            this.view.hover(...this.place(event));
          }
          return;
        }
        if (event.button !== 0 && event.button !== 1) return;
        this.svg.setPointerCapture(event.pointerId);
        this.start = this.place(event);
        this.pans = event.shiftKey || event.button === 1;
        this.startWindow = this.view.zooming.window();
        if (event.button === 1) event.preventDefault();
      }

      move(event) {
        const place = this.place(event), {handle} = this;
        if (handle !== undefined) {
          this.soon(() => this.view.handles.drag(handle, place, false));
          return;
        }
        if (this.touches.has(event.pointerId)) {
          this.touches.set(event.pointerId, place);
          if (this.pinch && this.touches.size === 2) {
            const [a, b] = [...this.touches.values()].map(point => point[0]);
            this.soon(() => this.view.zooming.pinch(this.pinch.view, this.pinch.from, [a, b]));
            return;
          }
        }
        if (!this.start) { this.soon(() => this.view.hover(...place)); return; }
        if (this.pans) {
          this.soon(() => this.start && this.view.zooming.panFrom(this.startWindow, this.start[0], place[0]));
        } else {
          this.soon(() => this.start && this.view.zooming.brush(this.start, place));
        }
      }

      up(event) {
        this.endTouch(event);
        const {handle} = this;
        if (handle !== undefined) {
          this.handle = undefined;
          this.soon(() => this.view.handles.drag(handle, this.place(event), true));
          return;
        }
        if (!this.start) return;
        const [start, end] = [this.start, this.place(event)];
        this.start = null;
        this.view.zooming.brush(null);
        if (!this.pans && Math.hypot(end[0] - start[0], end[1] - start[1]) > 5) {
          this.view.zooming.zoomTo(start, end);
        }
      }

      cancel(event) {
        this.endTouch(event);
        if (this.handle !== undefined) this.view.handles.end();
        this.handle = undefined;
        this.start = null;
        this.view.zooming.brush(null);
      }

      endTouch(event) {
        this.touches.delete(event.pointerId);
        if (this.touches.size < 2) this.pinch = null;
      }

      leave(event) {
        // A finger that lifts leaves the values to be read.
        if (event.pointerType !== "touch") this.soon(() => this.view.hover(null));
      }

      // The wheel zooms where it is clear that the page is not meant.
      wheel(event) {
        const isMeant = event.ctrlKey || event.metaKey || this.svg.matches(":focus");
        if (!isMeant) { this.view.hint("Hold Ctrl or click the plot to zoom with the wheel."); return; }
        event.preventDefault();
        const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
        if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
          this.view.zooming.pan((event.deltaX || event.deltaY) * unit / 800);
        } else {
          this.view.zooming.zoom(Math.exp(Math.max(-200, Math.min(200, event.deltaY * unit)) / 300),
            this.place(event)[0]);
        }
      }
    }
    """#
}

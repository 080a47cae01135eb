extension ScriptText {
  /// Marks other than lines, and the places of texts.
  static let labels = #"""
    const symbolPath = (symbol, x, y) => {
      const corners = {
        square: [[-3.5, -3.5], [3.5, -3.5], [3.5, 3.5], [-3.5, 3.5]],
        diamond: [[0, -5], [5, 0], [0, 5], [-5, 0]],
        triangle: [[0, -5], [5, 3.7], [-5, 3.7]],
      }[symbol];
      if (!corners) return `M${round(x - 4)} ${round(y)}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z`;
      return "M" + corners.map(([dx, dy]) => `${round(x + dx)} ${round(y + dy)}`).join("L") + "Z";
    };

    const drawItem = (inside, group, frame, item, model, labels) => {
      const places = model.places(item);
      if (!places) return;
      const {left, top, width, height} = frame, bottom = top + height, right = left + width;
      const attributes = {"data-run": item.run};
      const isIn = (x, y) => x >= left - 0.5 && x <= right + 0.5 && y >= top - 0.5
        && y <= bottom + 0.5;
      switch (item.type) {
      case "band": case "intervals": {
        const highs = [], lows = [];
        let data = "";
        const close = () => {
          if (highs.length) data += `M${highs.join("L")}L${lows.reverse().join("L")}Z`;
          highs.length = lows.length = 0;
        };
        for (let i = 0; i < places.length; i++) {
          const x = round(frame.pixelX(places[i]));
          const low = round(frame.pixelY(item.lower[i])), high = round(frame.pixelY(item.upper[i]));
          if (!Number.isFinite(x + low + high)) { close(); continue; }
          if (item.type === "intervals") { data += `M${x} ${low}V${high}`; continue; }
          highs.push(`${x} ${high}`);
          lows.push(`${x} ${low}`);
        }
        close();
        draw(inside, "path", item.type === "band"
          ? {...attributes, class: `fill-${item.ink}`, "fill-opacity": 0.22, d: data}
          : {...attributes, class: `line line-${item.ink}`, "stroke-width": 1.4,
            "stroke-opacity": 0.75, d: data});
        break;
      }
      case "region": {
        const from = Math.max(frame.pixelX(places[0]) || left, left);
        const to = Math.min(frame.pixelX(places[1]), right);
        if (!(from <= to)) break;
        draw(inside, "rect", {class: `fill-${item.ink}`, "fill-opacity": 0.09, x: round(from), y: top,
          width: round(to - from), height});
        if (item.label) labels.push({placement: "top", text: item.label, ink: item.ink, x: from, y: top});
        break;
      }
      case "rule": {
        const isUpright = item.direction === "vertical";
        const at = isUpright ? frame.pixelX(places[0]) : frame.pixelY(item.value);
        if (!Number.isFinite(at) || !isIn(isUpright ? at : left, isUpright ? top : at)) break;
        const d = isUpright ? `M${round(at)} ${bottom}V${top}` : `M${left} ${round(at)}H${right}`;
        draw(inside, "path", {class: `line line-${item.ink}`, "stroke-width": 1,
          "stroke-dasharray": item.dash, d});
        for (let k = isUpright ? top : left; k < (isUpright ? bottom : right); k += 5) {
          frame.trace.push(isUpright ? [at, k] : [k, at]);
        }
        if (item.label) labels.push({placement: isUpright ? "top" : "right", text: item.label,
          ink: item.ink, x: isUpright ? at : right, y: isUpright ? top : at});
        break;
      }
      default: {
        const values = typeof item.y === "number" ? [item.y] : item.y;
        for (let i = 0; i < places.length; i++) {
          const x = frame.pixelX(places[i]), y = frame.pixelY(values[i]);
          if (!isIn(x, y)) continue;
          const text = item.type === "text" ? item.text : item.labels?.[i];
          if (item.type === "points") {
            draw(group, "path", {...attributes, class: `ring fill-${item.ink}`, "stroke-width": 1.5,
              d: symbolPath(item.symbol, x, y)});
          }
          if (text) labels.push({placement: item.type === "text" ? "centered" : "beside", text,
            ink: item.ink, x, y});
        }
      }
      }
    };

    // Two slanted strokes where a line is interrupted.
    const drawBreak = (group, frame, series, place, ink) => {
      const index = lowerBound(series.x, place);
      if (index < 1 || index >= series.x.length) return;
      const middle = (values, pixel) => (pixel(values[index - 1]) + pixel(values[index])) / 2;
      const x = middle(series.at, frame.pixelX), y = middle(series.y, frame.pixelY);
      if (!Number.isFinite(x + y)) return;
      const stroke = shift => `M${round(x - 2.5 + shift)} ${round(y + 7)}l5 -14`;
      draw(group, "path", {class: "ring", "stroke-width": 5, d: stroke(0)});
      draw(group, "path", {class: `line line-${ink}`, "stroke-width": 1.4, d: stroke(-3) + stroke(3)});
    };

    const placeLabels = (group, frame, labels, limit) => {
      const placed = [], height = 15, bottom = frame.top + frame.height;
      const put = (label, x, y, leader) => {
        const width = textWidth(label.text, 12);
        placed.push({x, y, width});
        if (leader) {
          draw(group, "path", {class: "line line-muted", "stroke-width": 0.75,
            d: `M${round(leader[0])} ${round(leader[1])}L${round(leader[2])} ${round(leader[3])}`});
        }
        draw(group, "text", {
          class: `halo text-${label.ink}${label.run != null ? " name" : ""}`, x: round(x),
          y: round(y + height / 2 + 4), "data-run": label.run,
        }, label.text);
      };
      const isIn = (x, y, left, top, width) =>
        x >= left && x <= left + width && y >= top && y <= top + height;
      // A line that ends early has its name among other marks, or across one; the others have room beside the frame.
      const isInside = ({text, x, y}) => {
        const left = x + 9, width = textWidth(text, 12), right = frame.left + frame.width;
        return left + width < right || left < right
          && frame.trace.some(([px, py]) => isIn(px, py, left, y - height / 2, width));
      };
      const isName = label => label.placement === "end" && !isInside(label);
      // Names at line ends: pushed apart from above, then back from below.
      const names = labels.filter(isName).sort((a, b) => a.y - b.y);
      names.forEach((name, i) => {
        name.row = Math.max(name.y, i ? names[i - 1].row + height : frame.top + 4);
      });
      let lowest = bottom;
      for (const name of [...names].reverse()) {
        name.row = Math.min(name.row, lowest);
        lowest = name.row - height;
      }
      for (const name of names) {
        const x = Math.min(name.x + 9, limit - textWidth(name.text, 12) - 3);
        put(name, x, name.row - height / 2,
          Math.abs(name.row - name.y) > 3 && [name.x + 2, name.y, x - 2, name.row]);
      }
      const overlap = (x, y, width) => placed.reduce((sum, box) => {
        const across = Math.min(x + width, box.x + box.width) - Math.max(x, box.x);
        const down = Math.min(y, box.y) + height - Math.max(y, box.y);
        return sum + (across > 0 && down > 0 ? across * down : 0);
      }, 0);
      // A line to a text that stands too far from its point to be taken for its own.
      const leaderOf = ({x, y, placement}, left, top, width) => {
        const toX = Math.min(Math.max(x, left), left + width);
        const toY = Math.min(Math.max(y, top), top + height);
        const isFree = placement === "beside" || placement === "end";
        return isFree && Math.max(Math.abs(toX - x), Math.abs(toY - y)) > 12 && [x, y, toX, toY];
      };
      const struck = leader => {
        if (!leader) return 0;
        const [x, y, toX, toY] = leader;
        return [0.2, 0.4, 0.6, 0.8].filter(t => placed.some(box =>
          isIn(x + t * (toX - x), y + t * (toY - y), box.x, box.y, box.width))).length;
      };
      // Those with few choices first.
      const order = ["centered", "right", "top", "end", "beside"];
      const others = order.flatMap(
        kind => labels.filter(label => label.placement === kind && !isName(label)));
      for (const label of others) {
        const {x, y} = label, width = textWidth(label.text, 12);
        const around = [8, 20, 36, 56].flatMap(d => [
          [x + d, y - height / 2], [x + d * 0.75, y - d * 0.75 - height],
          [x - width / 2, y - d - height], [x + d * 0.75, y + d * 0.75], [x - width / 2, y + d],
          [x - d - width, y - height / 2], [x - d * 0.75 - width, y - d * 0.75 - height],
          [x - d * 0.75 - width, y + d * 0.75],
        ]);
        const candidates = {
          centered: [[x - width / 2, y - height / 2]],
          right: [[x - width, y - height - 2], [x - width, y + 2], [frame.left + 4, y - height - 2]],
          top: [0, 1, 2, 3].flatMap(
            row => [[x + 5, y + 3 + row * height], [x - 5 - width, y + 3 + row * height]]),
          end: around, beside: around,
        }[label.placement];
        let best = null;
        candidates.forEach(([left, top], rank) => {
          const outside = Math.max(0, frame.left + 2 - left) + Math.max(0, left + width - limit)
            + Math.max(0, frame.top - top) + Math.max(0, top + height - bottom);
          const crossed = frame.trace.reduce(
            (sum, [px, py]) => sum + (isIn(px, py, left, top, width) ? 1 : 0), 0);
          const leader = leaderOf(label, left, top, width);
          const cost = outside * 1e4 + overlap(left, top, width) * 100 + struck(leader) * 50
            + crossed * 8 + rank;
          if (!best || cost < best.cost) best = {cost, left, top, leader};
        });
        put(label, best.left, best.top, best.leader);
      }
    };
    """#
}

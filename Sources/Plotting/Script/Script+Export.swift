extension ScriptText {
  /// What is seen, as text and as pictures.
  static let export = #"""
    // The points in view of every curve shown, as recorded, with all measures.
    const collect = model => {
      const domain = model.window ?? model.fullDomain();
      return model.curves.filter(curve => model.isShown(curve.run)).map(curve => {
        const series = model.series(curve), raw = model.series(curve, true);
        if (!series || !raw) return null;
        const isSeen = i => series.at[i] >= domain[0] && series.at[i] <= domain[1];
        const chosen = [...series.at.keys()].filter(isSeen);
        const pick = values => chosen.map(i => Number.isFinite(values[i]) ? values[i] : null);
        const places = model.measures.filter((m, k) => k === 0 || !m.isBase).map(measure => ({
          title: measure.axis.title || "x",
          values: model.values(measure, curve.run, series.x),
        })).filter(place => place.values);
        const result = {
          panel: model.panels[curve.panel].y.title, run: curve.name ?? curve.run,
          places: Object.fromEntries(places.map(place => [place.title, pick(place.values)])),
          values: pick(series.y),
        };
        const isSmoothed = model.smoothing > 0 && model.panels[curve.panel].smooths;
        if (isSmoothed) result.smoothing = model.smoothing;
        if (model.subtracts) result.minus = model.baseline;
        // Smoothed means of a thinned line stand at other places than its points.
        if (isSmoothed && raw.y.length === series.y.length) result.recorded = pick(raw.y);
        return result;
      }).filter(Boolean);
    };

    const asJSON = model => JSON.stringify(
      {title: model.figure.title, curves: collect(model)}, null, 1);

    const asCSV = model => {
      const curves = collect(model);
      const titles = [...new Set(curves.flatMap(curve => Object.keys(curve.places)))];
      const hasRecorded = curves.some(curve => curve.recorded);
      const quoted = text => /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
      const lines = [["panel", "run", ...titles, "value", ...hasRecorded ? ["recorded"] : []]
        .map(quoted).join(",")];
      for (const curve of curves) {
        curve.values.forEach((value, i) => {
          lines.push([quoted(curve.panel), quoted(curve.run),
            ...titles.map(title => curve.places[title]?.[i] ?? ""), value ?? "",
            ...hasRecorded ? [curve.recorded?.[i] ?? ""] : []].join(","));
        });
      }
      return lines.join("\n") + "\n";
    };

    const copyText = async (text, root) => {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        // Without the permission, or a page that may not ask for it: the old way.
        const area = make(root, "textarea", {class: "spoken", "aria-hidden": "true"});
        area.value = text;
        area.select();
        const isCopied = document.execCommand("copy");
        area.remove();
        return isCopied;
      }
    };

    const download = (blob, name) => {
      const link = make(null, "a", {href: URL.createObjectURL(blob), download: name});
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    };

    const wrapped = (text, width) => text.split(" ").reduce((lines, word) => {
      const longer = `${lines[lines.length - 1]} ${word}`;
      if (lines.length && textWidth(longer, 12) <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
      return lines;
    }, []);

    // The chart with its heading and notes as a document of its own, in the colours seen.
    const standalone = (view, isFixed) => {
      const {chart, model, picture} = view, id = picture.id, margin = 14;
      const lines = [model.figure.title, model.figure.subtitle].filter(Boolean);
      const shown = [...model.runs].filter(([run]) => model.isShown(run));
      const hasLegend = shown.length > 0 && !chart.namesLines;
      const head = lines.length * 20 + (hasLegend ? 20 : 0);
      const width = chart.width + 2 * margin, notes = [];
      for (const note of model.figure.notes ?? []) {
        wrapped(`${note.name}: ${note.text}`, chart.width).forEach((line, i) => {
          notes.push(i === 0 ? [line.slice(0, note.name.length), line.slice(note.name.length), note.ink]
            : ["", line, note.ink]);
        });
      }
      const notesTop = margin + head + chart.height;
      const height = notesTop + (notes.length ? 8 + 16 * notes.length : 0) + margin;
      const svg = draw(null, "svg", {id, role: "img", viewBox: `0 0 ${width} ${height}`, width, height});
      draw(svg, "title", {}, model.figure.title);
      draw(svg, "desc", {}, model.figure.description);
      // The picture's own rules; for a bitmap the colours are those of the moment.
      let rules = picture.querySelector("style").textContent;
      if (isFixed && !matchMedia("(prefers-color-scheme:dark)").matches) {
        rules = rules.replaceAll("prefers-color-scheme:dark", "max-width:0px");
      } else if (isFixed) {
        rules = rules.replaceAll("screen and (prefers-color-scheme:dark)", "all");
      }
      draw(svg, "style", {}, rules);
      draw(svg, "rect", {class: "background", width, height});
      lines.forEach((line, i) => draw(svg, "text", {
        class: i === 0 && model.figure.title ? "title text-ink" : "text-muted", x: margin,
        y: margin + 14 + 20 * i}, line));
      if (hasLegend) {
        let x = margin;
        for (const [run, mark] of shown) {
          const y = margin + 20 * lines.length + 9;
          draw(svg, "path", {class: `line line-${mark.ink}`, "stroke-width": 1.8,
            "stroke-dasharray": mark.dash, d: `M${x} ${y}h22`});
          draw(svg, "text", {class: `text-${mark.ink}`, x: x + 28, y: y + 4}, run);
          x += 46 + textWidth(run, 12);
          if (x > width - 60) break;
        }
      }
      const group = draw(svg, "g", {transform: `translate(${margin} ${margin + head})`});
      for (const child of chart.svg.children) {
        if (child !== chart.overlay && !child.classList.contains("handles")) group.append(child.cloneNode(true));
      }
      notes.forEach(([name, text, ink], i) => {
        const line = draw(svg, "text", {class: "text-muted", x: margin, y: notesTop + 20 + 16 * i});
        if (name) draw(line, "tspan", {class: `text-${ink}`}, name);
        line.append(text);
      });
      return {text: new XMLSerializer().serializeToString(svg), width, height};
    };
    """#
}

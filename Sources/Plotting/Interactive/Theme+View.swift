// The style of a figure's interactive view, which stands beside the picture and shares its colours.
extension Theme {
  /// The rules of a style sheet for the view of the figure with an id.
  func viewStyleSheet(id: String) -> [String] {
    let scope = "#\(id)-view"
    return variables(scope)
      + Self.viewRules.map { selectors, declarations in
        let all = selectors.split(separator: ",", omittingEmptySubsequences: false)
        return all.map { "\(scope)\($0)" }.joined(separator: ",") + "{\(declarations)}"
      } + [printRules(scope)]
  }

  /// On paper only what can be seen there: runs that are shown, and plots.
  private func printRules(_ scope: String) -> String {
    let controls = [".tools", ".hint", ".readout", ".overlay", ".handles", "[aria-pressed=false]"]
    return "@media print{\(controls.map { "\(scope) \($0)" }.joined(separator: ",")){display:none}}"
  }

  private func variables(_ scope: String) -> [String] {
    switch self {
    case .light: [Palette.light.variables(scope)]
    case .dark: [Palette.dark.variables(scope)]
    case .automatic:
      [
        Palette.light.variables(scope),
        "@media screen and (prefers-color-scheme:dark){" + Palette.dark.variables(scope) + "}",
      ]
    }
  }

  /// Rules whose selectors follow the view's id.
  ///
  /// There is no motion in them for a reader to want reduced.
  private static let viewRules: [(selectors: String, declarations: String)] = [
    ("", "font:12px/1.35 \(fontFamily);color:var(--ink);background:var(--paper)"),
    (
      "",
      "position:relative;padding:14px;box-sizing:border-box;text-align:left;overflow-wrap:anywhere"
    ),
    (" *", "box-sizing:border-box"),
    (" .heading", "font-size:15px;font-weight:600;margin:0"),
    (" .subtitle", "color:var(--muted);margin:2px 0 0"),
    (
      " .legend, .tools",
      "display:flex;flex-wrap:wrap;gap:4px 6px;margin:8px 0 0;align-items:center"
    ),
    (" .legend", "max-height:136px;overflow:auto"),
    (" .tools", "gap:6px 14px;color:var(--muted)"),
    (" .tools label", "display:inline-flex;align-items:center;gap:5px;white-space:nowrap"),
    (" button, select, summary", "font:inherit;color:var(--ink);background:var(--paper)"),
    (" button, select, summary", "border:1px solid var(--axis);border-radius:4px;padding:3px 8px"),
    (" button, select, summary", "min-height:26px;cursor:pointer;max-width:100%"),
    (" select", "max-width:150px;padding:3px 4px"),
    (" button:hover, select:hover, summary:hover", "border-color:var(--ink)"),
    (" .legend button", "display:inline-flex;align-items:center;gap:6px;border-color:var(--grid)"),
    (" .legend button[aria-pressed=false]", "opacity:.6;text-decoration:line-through"),
    (" input[type=search]", "font:inherit;color:var(--ink);background:var(--paper);width:110px"),
    (" input[type=search]", "border:1px solid var(--axis);border-radius:4px;padding:3px 6px"),
    (" .legend svg", "width:24px;height:10px;flex:none"),
    (" input[type=range]", "width:110px;accent-color:var(--ink)"),
    (" input[type=checkbox]", "accent-color:var(--ink);margin:0"),
    (" output", "display:inline-block;min-width:3.6em;font-variant-numeric:tabular-nums"),
    (" :focus-visible", "outline:2px solid var(--focus);outline-offset:2px"),
    (" .stage", "position:relative;margin-top:6px"),
    (" .chart", "display:block;touch-action:pan-y;cursor:crosshair;user-select:none"),
    (" .chart", "-webkit-user-select:none"),
    (" .chart .dim", "opacity:.18"),
    (" .chart .name", "cursor:pointer"),
    (
      " .handle", "fill:var(--paper);stroke:var(--ink);stroke-width:2;cursor:move;touch-action:none"
    ),
    (" .brush", "fill:var(--focus);fill-opacity:.14;stroke:var(--focus)"),
    (" .hair", "stroke:var(--muted);stroke-dasharray:3 3"),
    (
      " .readout",
      "position:absolute;pointer-events:none;padding:6px 9px;border-radius:5px;z-index:2"
    ),
    (" .readout", "background:var(--paper);border:1px solid var(--axis);max-width:min(280px,78%)"),
    (" .readout", "opacity:.96;font-variant-numeric:tabular-nums"),
    (
      " .readout table",
      "border-spacing:0;border-collapse:collapse;background:none;margin:0;border:0"
    ),
    (
      " .readout td",
      "padding:0 8px 0 0;vertical-align:baseline;border:0;text-align:left;font-size:12px"
    ),
    (" .readout td+td", "text-align:right;padding-right:0;white-space:nowrap"),
    (" .readout td+td+td", "color:var(--muted);padding-left:8px"),
    (
      " .notes",
      "display:grid;grid-template-columns:fit-content(30%) 1fr;gap:2px 12px;margin:8px 0 0"
    ),
    // Pages that show notebooks float the terms of lists.
    (" .notes dt", "float:none;width:auto;margin:0;padding:0"),
    (" .notes dd", "float:none;width:auto;margin:0;padding:0;color:var(--muted)"),
    (" .narrow+.notes", "grid-template-columns:1fr;gap:0"),
    (" .narrow+.notes dd", "margin:0 0 6px 15px"),
    (" .readout .place", "font-weight:600"),
    (" .readout .group td", "color:var(--muted);padding-top:3px"),
    (
      " .readout i, .notes i",
      "display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:6px"
    ),
    (" .narrow .readout", "position:static;max-width:none;margin-top:8px"),
    (" details", "position:relative"),
    (" summary", "list-style:none"),
    (" summary::-webkit-details-marker", "display:none"),
    (" .menu", "position:absolute;left:0;top:100%;z-index:3;display:grid;gap:4px;padding:6px"),
    (
      " .menu", "background:var(--paper);border:1px solid var(--axis);border-radius:5px;width:120px"
    ),
    (" .hint", "color:var(--muted);margin:6px 0 0;min-height:1.35em;font-size:11px"),
    (" .spoken", "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)"),
    ("[hidden], [hidden]", "display:none!important"),
  ]
}

extension Palette {
  /// The colours that HTML elements take from variables.
  fileprivate func variables(_ scope: String) -> String {
    let series = lines.enumerated().map { "--series-\($0.offset):\($0.element);" }.joined()
    return "\(scope){--paper:\(background);--ink:\(text);--muted:\(muted);--axis:\(axis);"
      + "--grid:\(grid);--focus:\(lines[0]);\(series)}"
  }
}

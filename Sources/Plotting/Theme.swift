/// The colours of a figure, light and dark.
///
/// Series colours follow Okabe and Ito, "Color Universal Design" (2008), which readers with any
/// common colour blindness can tell apart. The lightest of them are darkened on white, and the
/// darkest lightened on black, until lines keep a contrast of 3:1 and text one of 4.5:1.
public enum Theme: String, Hashable, Sendable, Codable, CaseIterable {
  /// Light or dark as the reader's system prefers; light on paper.
  case automatic
  /// Always light.
  case light
  /// Always dark.
  case dark

  /// The rules of a style sheet for everything inside the element with an id.
  func styleSheet(id: String) -> [String] {
    let fixed =
      [
        "#\(id) text{font-family:\(Self.fontFamily);font-size:12px}",
        "#\(id) .tick{font-size:11px;font-variant-numeric:tabular-nums}",
        "#\(id) .title{font-size:15px;font-weight:600}",
        "#\(id) .line{fill:none;stroke-linejoin:round;stroke-linecap:round}",
        "#\(id) .halo{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}",
      ]
    switch self {
    case .light: return fixed + Palette.light.rules(id: id)
    case .dark: return fixed + Palette.dark.rules(id: id)
    case .automatic:
      let dark = Palette.dark.rules(id: id)
      return fixed + Palette.light.rules(id: id)
        + ["@media screen and (prefers-color-scheme:dark){"] + dark + ["}"]
    }
  }

  /// The fonts of the reader's system, narrowest assumption last.
  ///
  /// `system-ui` is left out on purpose: on a bare Linux it is DejaVu Sans, an eighth wider than
  /// the fonts that `TextMetrics` estimates.
  static let fontFamily =
    "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans',sans-serif"
}

/// The colours of one side of a theme, as `#rrggbb`.
struct Palette: Sendable {
  let background: String
  /// Titles and labels.
  let text: String
  /// Tick labels, axis titles and annotations.
  let muted: String
  /// Axis lines and tick marks.
  let axis: String
  let grid: String
  /// Colours of series lines and areas.
  let lines: [String]
  /// Colours of text that names a series, a little stronger than its line.
  let texts: [String]

  static let light = Palette(
    background: "#ffffff", text: "#1a1a1a", muted: "#5a5a5a", axis: "#8c8c8c", grid: "#e8e8e8",
    lines: ["#0072b2", "#d55e00", "#009e73", "#b5518d", "#b58900", "#2f97d0", "#6e6e6e"],
    texts: ["#00659e", "#b04d00", "#00775a", "#a34580", "#836300", "#1f75a6", "#5c5c5c"])

  static let dark = Palette(
    background: "#15181c", text: "#ececec", muted: "#a9adb2", axis: "#6c7278", grid: "#2a2f35",
    lines: ["#4aa8e8", "#f0803c", "#2fc79a", "#e08fc0", "#e0b43c", "#8fd0f5", "#a6a6a6"],
    texts: ["#6cbaf0", "#f59a62", "#4ed3ac", "#e8a6ce", "#e8c25c", "#a6daf8", "#b8b8b8"])

  /// How many series have a colour of their own.
  static let seriesCount = 7

  func rules(id: String) -> [String] {
    let scope = "#\(id)"
    var rules = [
      "\(scope) .background{fill:\(background)}",
      "\(scope) .halo{stroke:\(background)}",
      "\(scope) .ring{stroke:\(background)}",
      "\(scope) .grid{stroke:\(grid)}",
      "\(scope) .axis{stroke:\(axis)}",
      "\(scope) .text-ink{fill:\(text)}",
      "\(scope) .text-muted{fill:\(muted)}",
      "\(scope) .line-ink{stroke:\(text)}",
      "\(scope) .line-muted{stroke:\(muted)}",
      "\(scope) .fill-ink{fill:\(text)}",
      "\(scope) .fill-muted{fill:\(muted)}",
    ]
    for (index, (line, text)) in zip(lines, texts).enumerated() {
      rules.append("\(scope) .line-\(index){stroke:\(line)}")
      rules.append("\(scope) .fill-\(index){fill:\(line)}")
      rules.append("\(scope) .text-\(index){fill:\(text)}")
    }
    return rules
  }
}

/// What a mark is drawn with: the colour of a series, or that of the text.
public enum Ink: Hashable, Sendable {
  /// The colour of a numbered series, counted from 0.
  ///
  /// Numbers past the last colour start again with the first, and with another dash pattern.
  case series(Int)
  /// The colour of titles.
  case text
  /// The quieter colour of annotations.
  case muted

  /// The suffix of the style sheet's classes.
  var name: String {
    switch self {
    case .series(let number):
      let count = Palette.seriesCount
      return "\((number % count + count) % count)"
    case .text: return "ink"
    case .muted: return "muted"
    }
  }

  /// The dash pattern that sets this series apart from an earlier one with the same colour.
  var dash: Dash {
    guard case .series(let number) = self, number >= Palette.seriesCount else { return .solid }
    let patterns = Dash.allCases
    return patterns[number / Palette.seriesCount % patterns.count]
  }
}

/// The pattern of a line: a second sign beside colour, for print and for colour blindness.
public enum Dash: String, Hashable, Sendable, Codable, CaseIterable {
  /// An unbroken line.
  case solid
  /// Long dashes.
  case dashed
  /// Dots.
  case dotted
  /// A long dash and a dot in turn.
  case dashDotted

  /// The pattern of a numbered series among lines that may cover each other.
  public static func pattern(_ number: Int) -> Dash {
    allCases[abs(number % allCases.count)]
  }

  /// Lengths of strokes and gaps in pixels, for round caps; nil for an unbroken line.
  var lengths: String? {
    switch self {
    case .solid: nil
    case .dashed: "6 5"
    case .dotted: "0.5 4.5"
    case .dashDotted: "8 4.5 0.5 4.5"
    }
  }
}

/// The data of a figure's marks, collected for its script.
///
/// Marks add themselves in `Mark.describe(into:)`; a mark of your own adds marks that look like it.
public struct FigureData: Sendable {
  enum Entry: Sendable {
    case line(LineMark)
    case band(BandMark)
    case intervals(IntervalMark)
    case points(PointMark)
    case rule(RuleMark)
    case region(RegionMark)
    case text(TextMark)
  }

  private var entries: [(panel: Int, entry: Entry)] = []
  private var panel = 0

  init(_ plots: [Plot]) {
    for (index, plot) in plots.enumerated() {
      panel = index
      for mark in plot.marks { mark.describe(into: &self) }
    }
  }

  /// Adds a line.
  public mutating func add(_ line: LineMark) { entries.append((panel, .line(line))) }

  /// Adds a band.
  public mutating func add(_ band: BandMark) { entries.append((panel, .band(band))) }

  /// Adds intervals.
  public mutating func add(_ intervals: IntervalMark) {
    entries.append((panel, .intervals(intervals)))
  }

  /// Adds points.
  public mutating func add(_ points: PointMark) { entries.append((panel, .points(points))) }

  /// Adds a rule.
  public mutating func add(_ rule: RuleMark) { entries.append((panel, .rule(rule))) }

  /// Adds a region.
  public mutating func add(_ region: RegionMark) { entries.append((panel, .region(region))) }

  /// Adds a text.
  public mutating func add(_ text: TextMark) { entries.append((panel, .text(text))) }

  // MARK: - Writing

  /// The entries as a JSON array, with the most precision and points that a limit has room for.
  ///
  /// First the precision of measured values is lowered, to no less than a relative 0.012 %; where
  /// that is not enough, lines are thinned, the coarser the longer all of them are together.
  ///
  /// - Parameter limit: The greatest length in bytes; exceeded where even lines of a few dozen
  ///   points are too many.
  /// - Returns: The array, without line breaks.
  func json(limit: Int) -> String {
    var smallest = ""
    var most = 23
    for bits in Column.precisions where bits <= most {
      smallest = json(bits: bits, stretch: nil)
      let excess = smallest.utf8.count - limit
      if excess <= 0 { return smallest }
      // Every bit less saves no more than a bit of each number, and a character has six bits.
      most = bits - excess * 6 / max(numberCount, 1)
    }
    let bits = Column.precisions.last ?? 12
    let longest = lineLengths.max() ?? 0
    var stretch = 6
    while stretch * 8 <= longest {
      smallest = json(bits: bits, stretch: stretch)
      if smallest.utf8.count <= limit { break }
      // From the length found, about the stretch that will do.
      let ratio = Double(smallest.utf8.count) / Double(max(limit, 1))
      stretch = max(stretch + 1, Int(Double(stretch) * min(max(ratio, 1.05), 8)))
    }
    return smallest
  }

  /// How many numbers there are whose precision can be lowered, at the most.
  private var numberCount: Int {
    entries.reduce(0) { sum, entry in
      switch entry.entry {
      case .line(let line): sum + line.y.count
      case .band(let band): sum + 2 * band.x.count
      default: sum
      }
    }
  }

  /// How many points each line has.
  private var lineLengths: [Int] { entries.map(\.entry.lineLength).filter { $0 > 0 } }

  /// How many points it takes to draw each line: few for a schedule, all of them for a noisy loss.
  var drawnLengths: [Int] {
    entries.compactMap { entry in
      guard case .line(let line) = entry.entry else { return nil }
      return ColumnCoding.knots(line.y, tolerance: 1e-4, limit: 200)?.count ?? line.y.count
    }
  }

  private func json(bits: Int, stretch: Int?) -> String {
    JSONText.array(entries.map { $0.entry.json(panel: $0.panel, bits: bits, stretch: stretch) })
  }
}

extension FigureData.Entry {
  var lineLength: Int {
    if case .line(let line) = self { return line.x.count }
    return 0
  }

  fileprivate func json(panel: Int, bits: Int, stretch: Int?) -> String {
    switch self {
    case .line(let line):
      return Self.json(line, panel: panel, bits: bits, stretch: stretch)
    case .band(let band):
      return JSONText.object([
        "type": "\"band\"", "panel": "\(panel)", "run": JSONText.string(band.run ?? band.name),
        "ink": JSONText.string(band.ink.name), "x": Column.exact(band.x),
        "lower": Column.measured(band.lower, bits: bits),
        "upper": Column.measured(band.upper, bits: bits),
      ])
    case .intervals(let intervals):
      return JSONText.object([
        "type": "\"intervals\"", "panel": "\(panel)", "run": JSONText.string(intervals.run),
        "ink": JSONText.string(intervals.ink.name), "x": Column.exact(intervals.x),
        "lower": Column.exact(intervals.lower), "upper": Column.exact(intervals.upper),
      ])
    case .points(let points):
      return JSONText.object([
        "type": "\"points\"", "panel": "\(panel)",
        "run": JSONText.string(points.run ?? points.name),
        "ink": JSONText.string(points.ink.name), "symbol": JSONText.string(points.symbol.rawValue),
        "labels": points.labels.isEmpty
          ? nil : JSONText.array(points.labels.map { JSONText.string($0) }),
        "x": Column.exact(points.x), "y": Column.exact(points.y),
      ])
    case .rule(let rule):
      return JSONText.object([
        "type": "\"rule\"", "panel": "\(panel)",
        "direction": JSONText.string(rule.direction.rawValue),
        "value": JSONText.number(rule.value), "ink": JSONText.string(rule.ink.name),
        "dash": rule.dash.lengths.map { JSONText.string($0) },
        "label": rule.label.map { JSONText.string($0) },
      ])
    case .region(let region):
      return JSONText.object([
        "type": "\"region\"", "panel": "\(panel)", "from": JSONText.number(region.range.lowerBound),
        "to": JSONText.number(region.range.upperBound), "ink": JSONText.string(region.ink.name),
        "label": region.label.map { JSONText.string($0) },
      ])
    case .text(let text):
      return JSONText.object([
        "type": "\"text\"", "panel": "\(panel)", "text": JSONText.string(text.text),
        "x": JSONText.number(text.x), "y": JSONText.number(text.y),
        "ink": JSONText.string(text.ink.name),
      ])
    }
  }

  private static func json(
    _ line: LineMark, panel: Int, bits: Int, stretch: Int?
  ) -> String {
    var x = Column.exact(line.x)
    var y = Column.structured(line.y)
    var thinned: String?
    if y == nil, let stretch, line.x.count >= stretch * 8 {
      let thinning = Thinning(line.y, length: stretch)
      thinned = JSONText.object([
        "n": "\(line.x.count)", "length": "\(stretch)",
        "kept": Column.exact(thinning.kept.map(Double.init)),
        "means": Column.measured(thinning.means, bits: bits),
      ])
      if ColumnCoding.progression(line.x) == nil {
        x = Column.exact(thinning.kept.map { line.x[$0] })
      }
      y = Column.measured(thinning.kept.map { line.y[$0] }, bits: bits)
    }
    return JSONText.object([
      "type": "\"line\"", "panel": "\(panel)", "name": JSONText.string(line.name),
      "run": JSONText.string(line.run ?? line.name), "ink": JSONText.string(line.ink.name),
      "dash": line.dash.lengths.map { JSONText.string($0) },
      "weight": JSONText.string(line.weight.rawValue),
      "breaks": line.breaks.isEmpty ? nil : JSONText.numbers(line.breaks), "x": x,
      "y": y ?? Column.measured(line.y, bits: bits), "thinned": thinned,
    ])
  }
}

/// The course of a measurement in one line of text: ▇▆▅▄▃▃▂▂▁.
///
/// It keeps the means of at most 64 equal stretches: when they are full, every two become one, so that a
/// training of any length costs the same.
struct Sparkline: Hashable, Sendable {
  private static let limit = 64
  private var means: [Double] = []
  /// The values behind each mean.
  private var stretch = 1
  private var sum = 0.0
  private var count = 0

  /// Adds a measurement; one that is not finite is left out.
  mutating func append(_ value: Double) {
    guard value.isFinite else { return }
    sum += value
    count += 1
    guard count == stretch else { return }
    means.append(sum / Double(count))
    (sum, count) = (0, 0)
    guard means.count == Self.limit else { return }
    means = stride(from: 0, to: Self.limit, by: 2).map { (means[$0] + means[$0 + 1]) / 2 }
    stretch *= 2
  }

  /// The course in at most so many characters; empty before there is one.
  func text(columns: Int) -> String {
    let width = min(columns, means.count)
    guard width >= 2, let low = means.min(), let high = means.max(), low < high else { return "" }
    return String(
      (0..<width).map { column in
        let range = column * means.count / width..<(column + 1) * means.count / width
        let mean = means[range].reduce(0, +) / Double(range.count)
        let level = (mean - low) / (high - low) * Double(Self.blocks.count - 1)
        return Self.blocks[Int(level.rounded())]
      })
  }

  private static let blocks = Array("▁▂▃▄▅▆▇█")
}

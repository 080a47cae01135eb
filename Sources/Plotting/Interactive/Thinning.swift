/// A long line cut into stretches of equally many points, of each of which only the first, lowest,
/// highest and last are kept, and the mean.
///
/// The kept points show every spike. The means are for smoothing, which the extremes would mislead.
struct Thinning: Hashable {
  /// Points in a stretch; fewer in the last.
  let length: Int
  /// Which points are kept, rising.
  let kept: [Int]
  /// The mean of each stretch's finite values; NaN for a stretch without any.
  let means: [Double]

  /// Thins values.
  ///
  /// - Parameters:
  ///   - values: The values; runs of those that are not finite keep their first and last.
  ///   - length: Points in a stretch, > 4.
  init(_ values: [Double], length: Int) {
    var (kept, means) = ([Int](), [Double]())
    for start in stride(from: 0, to: values.count, by: length) {
      let stretch = start..<min(start + length, values.count)
      var (low, high): (Int?, Int?) = (nil, nil)
      var (sum, count) = (0.0, 0)
      // Where a line is interrupted, or goes on, a point on either side keeps the gap.
      var chosen: Set = [stretch.lowerBound, stretch.upperBound - 1]
      for index in stretch {
        let value = values[index]
        if index > stretch.lowerBound, value.isFinite != values[index - 1].isFinite {
          chosen.formUnion([index - 1, index])
        }
        guard value.isFinite else { continue }
        if low.map({ value < values[$0] }) ?? true { low = index }
        if high.map({ value > values[$0] }) ?? true { high = index }
        sum += value
        count += 1
      }
      chosen.formUnion([low, high].compactMap { $0 })
      kept += chosen.sorted()
      means.append(count > 0 ? sum / Double(count) : .nan)
    }
    self.length = length
    self.kept = kept
    self.means = means
  }
}

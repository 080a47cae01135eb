/// Thins lines to what a screen can show, without losing an extreme.
public enum Decimation {
  /// Splits points into runs that have a place, so that a gap in the data is a gap in the line.
  public static func runs(_ points: [Pixel?]) -> [[Pixel]] {
    var runs: [[Pixel]] = []
    var run: [Pixel] = []
    for point in points {
      if let point {
        run.append(point)
      } else if !run.isEmpty {
        runs.append(run)
        run = []
      }
    }
    if !run.isEmpty { runs.append(run) }
    return runs
  }

  /// Keeps of every pixel column the first, the lowest, the highest and the last point.
  ///
  /// A line through these covers the same pixels as a line through all points: the first and the
  /// last join it to its neighbours, the other two keep a spike of a single step visible (Jugel et
  /// al., "M4: a visualization-oriented time series data aggregation", 2014). Points whose x goes
  /// backwards are returned as they are, as are columns of up to four points.
  ///
  /// - Parameters:
  ///   - points: The points in the order in which the line joins them.
  ///   - columnWidth: The width of a column in pixels, > 0.
  /// - Returns: The points that are kept, in their order.
  public static func keepingExtremes(_ points: [Pixel], columnWidth: Double = 0.5) -> [Pixel] {
    precondition(columnWidth > 0, "a pixel column has a positive width")
    guard points.count > 4, zip(points, points.dropFirst()).allSatisfy({ $0.x <= $1.x })
    else { return points }
    var kept: [Pixel] = []
    var start = 0
    while start < points.count {
      let column = (points[start].x / columnWidth).rounded(.down)
      var end = start
      var (low, high) = (start, start)
      while end < points.count, (points[end].x / columnWidth).rounded(.down) == column {
        if points[end].y < points[low].y { low = end }
        if points[end].y > points[high].y { high = end }
        end += 1
      }
      if end - start <= 4 {
        kept.append(contentsOf: points[start..<end])
      } else {
        var last = -1
        for index in [start, min(low, high), max(low, high), end - 1] where index != last {
          kept.append(points[index])
          last = index
        }
      }
      start = end
    }
    return kept
  }

  /// Leaves out points on straight stretches: no kept line passes a left-out point at more than
  /// the tolerance, a twentieth of a pixel unless said otherwise.
  ///
  /// A piecewise linear schedule shrinks to its knots. One pass: from the last kept point, the
  /// slopes that still reach every point since are an interval; a point outside it ends a stretch.
  public static func straightened(_ points: [Pixel], tolerance: Double = 0.05) -> [Pixel] {
    guard var anchor = points.first else { return [] }
    var kept = [anchor]
    var previous = anchor
    var slopes = (low: -Double.infinity, high: Double.infinity)
    for point in points.dropFirst() {
      let slope = (point.y - anchor.y) / (point.x - anchor.x)
      let continues = point.x > anchor.x && slope >= slopes.low && slope <= slopes.high
      if !continues {
        if previous != anchor { kept.append(previous) }
        anchor = previous
        slopes = (-.infinity, .infinity)
      }
      let width = point.x - anchor.x
      if width > 0 {
        slopes.low = max(slopes.low, (point.y - tolerance - anchor.y) / width)
        slopes.high = min(slopes.high, (point.y + tolerance - anchor.y) / width)
      } else {
        // A vertical step has no slope to go on with: the next point starts a stretch.
        slopes = (.infinity, -.infinity)
      }
      previous = point
    }
    if previous != anchor || points.count == 2 { kept.append(previous) }
    return kept
  }

  /// Adds places between distant neighbours until none are further apart than a spacing.
  static func filled(_ points: [Pixel], spacing: Double) -> [Pixel] {
    guard var previous = points.first else { return [] }
    var filled = [previous]
    for point in points.dropFirst() {
      let distance = max(abs(point.x - previous.x), abs(point.y - previous.y))
      // Far outside the frame nothing is written, so a limit does no harm.
      let count = Int(min(max(1, (distance / spacing).rounded(.up)), 1000))
      for index in 1...count {
        let share = Double(index) / Double(count)
        filled.append(
          Pixel(
            x: previous.x * (1 - share) + point.x * share,
            y: previous.y * (1 - share) + point.y * share))
      }
      previous = point
    }
    return filled
  }
}

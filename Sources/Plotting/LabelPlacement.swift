/// Finds a place for every text in a frame, so that they cover neither each other nor a line.
struct LabelPlacement {
  /// A text with its place decided.
  struct Placed: Hashable {
    let text: String
    let ink: Ink
    let box: Box
    /// A thin line from the place that the text belongs to, where the text had to move away.
    let leader: [Pixel]
  }

  /// The room a text takes, in pixels.
  struct Box: Hashable {
    let left: Double
    let top: Double
    let width: Double
    let height: Double

    func overlap(with other: Box) -> Double {
      let across = min(left + width, other.left + other.width) - max(left, other.left)
      let down = min(top + height, other.top + other.height) - max(top, other.top)
      return across > 0 && down > 0 ? across * down : 0
    }

    func contains(_ point: Pixel) -> Bool {
      point.x >= left && point.x <= left + width && point.y >= top && point.y <= top + height
    }

    /// The place on the box's edge nearest to a point.
    func nearest(to point: Pixel) -> Pixel {
      Pixel(
        x: min(max(point.x, left), left + width), y: min(max(point.y, top), top + height))
    }
  }

  /// The distance between the baselines of names below each other.
  static let rowHeight = 15.0
  private static let size = TextMetrics.labelSize

  let frame: Frame
  /// The right edge of the figure, which no text may pass.
  let rightLimit: Double
  /// Places that lines pass through.
  let trace: [Pixel]

  /// Places labels: names at line ends first, then those with few choices, then the movable ones.
  func place(_ labels: [Label]) -> [Placed] {
    var placed = placeNames(labels.filter { $0.placement == .end && !endsInside($0) })
    let order: [Label.Placement] = [.centered, .right, .top, .end, .beside]
    for placement in order {
      for label in labels where label.placement == placement {
        if placement == .end && !endsInside(label) { continue }
        placed.append(place(label, among: placed))
      }
    }
    return placed
  }

  /// Whether a line ends so early that its name stands among other marks, or across one.
  private func endsInside(_ label: Label) -> Bool {
    let width = TextMetrics.width(label.text, size: Self.size)
    let left = label.anchor.x + FigureLayout.nameGap
    guard left + width >= frame.right else { return true }
    let box = Box(
      left: left, top: label.anchor.y - Self.rowHeight / 2, width: width, height: Self.rowHeight)
    return left < frame.right && trace.contains(where: box.contains)
  }

  // MARK: - Names at line ends

  /// Names to the right of their lines' ends, pushed apart vertically as little as possible.
  private func placeNames(_ labels: [Label]) -> [Placed] {
    struct Item {
      let label: Label
      let left: Double
      let width: Double
    }
    var groups: [[Item]] = []
    let items = labels.map { label in
      Item(
        label: label, left: label.anchor.x + FigureLayout.nameGap,
        width: TextMetrics.width(label.text, size: Self.size))
    }
    // Names whose widths overlap can collide; others need not know of each other.
    for item in items.sorted(by: { $0.left < $1.left }) {
      let end = groups.last?.map { $0.left + $0.width }.max()
      if let end, item.left < end {
        groups[groups.count - 1].append(item)
      } else {
        groups.append([item])
      }
    }
    return groups.flatMap { group -> [Placed] in
      let sorted = group.enumerated().sorted {
        ($0.element.label.anchor.y, $0.offset) < ($1.element.label.anchor.y, $1.offset)
      }.map(\.element)
      let rows = Self.spread(
        sorted.map(\.label.anchor.y), gap: Self.rowHeight,
        within: (frame.top + 2)...max(frame.top + 2, frame.bottom - 2))
      return zip(sorted, rows).map { item, y in
        let box = Box(
          left: item.left, top: y - Self.rowHeight / 2, width: item.width, height: Self.rowHeight)
        let start = Pixel(x: item.label.anchor.x + 2, y: item.label.anchor.y)
        let end = Pixel(x: item.left - 2, y: y)
        return Placed(
          text: item.label.text, ink: item.label.ink, box: box,
          leader: abs(y - item.label.anchor.y) > 3 ? [start, end] : [])
      }
    }
  }

  /// Moves increasing positions apart to a least gap, with the least sum of squared moves.
  ///
  /// Neighbours that are too close are merged into blocks that stand around their common mean
  /// (pool adjacent violators), then everything is pushed back between the limits.
  static func spread(
    _ wanted: [Double], gap: Double, within limits: ClosedRange<Double>
  )
    -> [Double]
  {
    // Taking the gaps off first leaves a plain order constraint.
    var blocks: [(sum: Double, count: Int)] = []
    for (index, value) in wanted.enumerated() {
      blocks.append((sum: value - Double(index) * gap, count: 1))
      while blocks.count > 1 {
        let (last, previous) = (blocks[blocks.count - 1], blocks[blocks.count - 2])
        guard previous.sum / Double(previous.count) > last.sum / Double(last.count) else { break }
        blocks.removeLast()
        blocks[blocks.count - 1] = (previous.sum + last.sum, previous.count + last.count)
      }
    }
    let room = limits.upperBound - Double(max(wanted.count - 1, 0)) * gap
    let means = blocks.flatMap { block in
      Array(repeating: block.sum / Double(block.count), count: block.count)
    }
    return means.enumerated().map { index, mean in
      max(min(mean, room), limits.lowerBound) + Double(index) * gap
    }
  }

  // MARK: - Texts with a choice of places

  private func place(_ label: Label, among placed: [Placed]) -> Placed {
    let text = TextMetrics.shortened(label.text, size: Self.size, width: frame.width)
    let width = TextMetrics.width(text, size: Self.size)
    var best: (cost: Double, box: Box)?
    for (rank, box) in candidates(for: label, width: width).enumerated() {
      let cost = cost(of: box, for: label, rank: rank, among: placed)
      if best.map({ cost < $0.cost }) ?? true { best = (cost, box) }
    }
    let box = best?.box ?? Box(left: 0, top: 0, width: width, height: Self.rowHeight)
    return Placed(text: text, ink: label.ink, box: box, leader: leader(from: label, to: box))
  }

  /// A line to a text that stands too far from its point to be taken for its own.
  private func leader(from label: Label, to box: Box) -> [Pixel] {
    let target = box.nearest(to: label.anchor)
    let distance = max(abs(target.x - label.anchor.x), abs(target.y - label.anchor.y))
    let isFree = label.placement == .beside || label.placement == .end
    return isFree && distance > 12 ? [label.anchor, target] : []
  }

  /// Possible places, the best first.
  private func candidates(for label: Label, width: Double) -> [Box] {
    let (x, y, height) = (label.anchor.x, label.anchor.y, Self.rowHeight)
    let box = { (left: Double, top: Double) in
      Box(left: left, top: top, width: width, height: height)
    }
    switch label.placement {
    case .centered:
      return [box(x - width / 2, y - height / 2)]
    case .right:
      return [
        box(x - width, y - height - 2), box(x - width, y + 2), box(frame.left + 4, y - height - 2),
      ]
    case .top:
      return (0..<4).flatMap { row in
        let top = y + 3 + Double(row) * height
        return [box(x + 5, top), box(x - 5 - width, top)]
      }
    case .beside, .end:
      return [8.0, 20, 36, 56, 80].flatMap { distance in
        let slant = distance * 0.75
        return [
          box(x + distance, y - height / 2), box(x + slant, y - slant - height),
          box(x - width / 2, y - distance - height), box(x + slant, y + slant),
          box(x - width / 2, y + distance), box(x - slant - width, y - slant - height),
          box(x - distance - width, y - height / 2), box(x - slant - width, y + slant),
        ]
      }
    }
  }

  /// What speaks against a place: leaving the frame, covering texts, covering lines, in that order.
  private func cost(of box: Box, for label: Label, rank: Int, among placed: [Placed]) -> Double {
    let outside =
      max(0, frame.left + 2 - box.left) + max(0, box.left + box.width - rightLimit)
      + max(0, frame.top - box.top) + max(0, box.top + box.height - frame.bottom)
    let covered = placed.reduce(0.0) { $0 + $1.box.overlap(with: box) }
    let crossed = trace.reduce(0) { $0 + (box.contains($1) ? 1 : 0) }
    let leaders = Decimation.filled(leader(from: label, to: box), spacing: 4)
    let struck = leaders.reduce(0) { count, point in
      count + (placed.contains { $0.box.contains(point) } ? 1 : 0)
    }
    return outside * 10_000 + covered * 100 + Double(struck) * 50 + Double(crossed) * 8
      + Double(rank)
  }
}

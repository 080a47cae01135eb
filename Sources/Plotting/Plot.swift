/// Marks over one vertical axis: a panel of a figure.
public struct Plot: Sendable {
  /// The vertical axis.
  public let y: Axis
  /// What is drawn, from back to front.
  public let marks: [any Mark]
  /// The plot's height relative to its neighbours', > 0.
  public let heightShare: Double
  /// Whether a reader of an interactive figure may smooth the lines.
  ///
  /// True for measurements; false for what was set, such as a learning rate, which has no noise.
  public let allowsSmoothing: Bool

  /// Makes a plot.
  ///
  /// - Parameters:
  ///   - y: The vertical axis.
  ///   - marks: What is drawn, from back to front.
  ///   - heightShare: The height relative to the other plots of the figure.
  ///   - allowsSmoothing: Whether a reader of an interactive figure may smooth the lines.
  /// - Precondition: `heightShare` is positive and finite.
  public init(
    y: Axis, marks: [any Mark], heightShare: Double = 1, allowsSmoothing: Bool = true
  ) {
    precondition(heightShare > 0 && heightShare.isFinite, "a plot has a positive height")
    self.y = y
    self.marks = marks
    self.heightShare = heightShare
    self.allowsSmoothing = allowsSmoothing
  }

  /// The range of the values on the vertical axis and, widened by this plot's, on the horizontal.
  func extents(x: Axis) -> (x: Extent, y: Extent) {
    var extents = (x: x.emptyExtent, y: y.emptyExtent)
    for mark in marks { mark.extend(x: &extents.x, y: &extents.y) }
    return extents
  }

  /// The names of marks without a single point that the scales have a place for.
  func undrawnNames(x: Axis) -> [String] {
    marks.compactMap { mark in
      guard let name = mark.key?.text else { return nil }
      var extents = (x: x.emptyExtent, y: y.emptyExtent)
      mark.extend(x: &extents.x, y: &extents.y)
      return extents.x.range == nil || extents.y.range == nil ? name : nil
    }
  }
}

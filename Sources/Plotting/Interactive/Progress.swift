/// Other measures of how far a run has come: what an interactive figure can show on its horizontal
/// axis instead of the one that the marks are given in.
///
///     Progress(
///       run: "1cycle", x: [0, 300, 1000],
///       measures: [
///         Measure(Axis("samples", kind: .whole), values: [0, 153_600, 512_000]),
///         Measure(Axis("learning rate"), values: [0.016, 0.4, 0]),
///       ])
///
/// Between the places given, measures follow straight lines, and beyond the last two go on as these
/// did. A measure need not rise: over the learning rate of a cycle, a loss goes to and fro.
public struct Progress: Hashable, Sendable {
  /// One measure.
  public struct Measure: Hashable, Sendable {
    /// What is measured; its kind says on which scale it is shown.
    public let axis: Axis
    /// A value for each of the places.
    public let values: [Double]

    /// Makes a measure.
    public init(_ axis: Axis, values: [Double]) {
      self.axis = axis
      self.values = values
    }
  }

  /// The run whose marks are meant; nil for all that have no progress of their own.
  public let run: String?
  /// Places on the figure's horizontal axis, rising.
  public let x: [Double]
  /// The measures, each with a title of its own.
  public let measures: [Measure]

  /// Makes the measures of a run.
  ///
  /// - Parameters:
  ///   - run: The run whose marks are meant; nil for all that have no progress of their own.
  ///   - x: Places on the figure's horizontal axis, rising.
  ///   - measures: The measures.
  /// - Precondition: Every measure has a value for every place.
  public init(run: String? = nil, x: [Double], measures: [Measure]) {
    for measure in measures {
      precondition(
        measure.values.count == x.count,
        "a measure has as many values (\(measure.values.count)) as there are places (\(x.count))")
    }
    self.run = run
    self.x = x
    self.measures = measures
  }
}

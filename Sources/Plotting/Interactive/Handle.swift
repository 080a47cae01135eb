/// A place in an interactive figure that a reader can drag, such as a knot of a schedule.
///
/// The figure only says where it was dragged to, by an event; what then changes is up to the page,
/// which answers with new data. The static picture has no handles.
public struct Handle: Hashable, Sendable {
  /// A name by which the page knows the handle, unique in the figure.
  public let id: String
  /// The number of the plot it is in, from 0.
  public let panel: Int
  /// Its horizontal value, on the figure's own axis.
  public let x: Double
  /// Its vertical value.
  public let y: Double
  /// What it is, for readers who listen: for example "end of warm-up".
  public let label: String

  /// Makes a handle.
  ///
  /// - Parameters:
  ///   - id: A name unique in the figure.
  ///   - panel: The number of the plot it is in, from 0.
  ///   - x: Its horizontal value.
  ///   - y: Its vertical value.
  ///   - label: What it is, for readers who listen.
  public init(id: String, panel: Int = 0, x: Double, y: Double, label: String) {
    self.id = id
    self.panel = panel
    self.x = x
    self.y = y
    self.label = label
  }
}

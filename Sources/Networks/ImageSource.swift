/// One of the splits whose images a program can hold, each beside the other.
public enum HeldSplit: String, Hashable, Sendable, CaseIterable {
  /// What the network learns from.
  case training
  /// What it is judged on.
  case evaluation
}

/// One image of a batch, as a device makes it from the images of a split that it holds.
///
/// It says the same as a data set's description of a batch, in whole pixels: which sample, which
/// window of it, and what happens to it then.
public struct ImageSource: Hashable, Sendable {
  /// What is seen of a sample.
  public struct View: Hashable, Sendable {
    /// The sample's index in its split; negative for none, an image of zeros.
    public var sample: Int
    /// How far below the image's own place the window lies, in pixels.
    public var rowOffset: Int
    /// How far to the right of the image's own place the window lies, in pixels.
    public var columnOffset: Int
    /// Whether the window is then mirrored.
    public var isFlipped: Bool

    /// Makes a view.
    public init(sample: Int, rowOffset: Int = 0, columnOffset: Int = 0, isFlipped: Bool = false) {
      self.sample = sample
      self.rowOffset = rowOffset
      self.columnOffset = columnOffset
      self.isFlipped = isFlipped
    }
  }

  /// A part of an image.
  public struct Area: Hashable, Sendable {
    /// The rows.
    public var rows: Range<Int>
    /// The columns.
    public var columns: Range<Int>

    /// Makes an area.
    public init(rows: Range<Int>, columns: Range<Int>) {
      self.rows = rows
      self.columns = columns
    }
  }

  /// Another image that is mixed in.
  public struct Mixture: Hashable, Sendable {
    /// What is seen of it.
    public var view: View
    /// Its share where the two are mixed everywhere, 0…1.
    public var share: Float
    /// The part of the image that it replaces; `nil` where the two are mixed everywhere.
    public var area: Area?

    /// Makes a mixture.
    public init(view: View, share: Float, area: Area? = nil) {
      self.view = view
      self.share = share
      self.area = area
    }
  }

  /// What is seen of the sample.
  public var view: View
  /// What is set to 0, before anything is mixed in.
  public var erased: Area?
  /// What is mixed in.
  public var mixture: Mixture?

  /// An image of zeros, behind a short batch.
  public static let none = ImageSource(view: View(sample: -1))

  /// Makes a source.
  public init(view: View, erased: Area? = nil, mixture: Mixture? = nil) {
    self.view = view
    self.erased = erased
    self.mixture = mixture
  }
}

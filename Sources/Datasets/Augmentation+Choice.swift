extension Augmentation {
  /// What happens to one image.
  public struct Choice: Hashable, Sendable {
    /// What is seen of an image.
    public struct Window: Hashable, Sendable {
      /// How far below the image's own place the window lies, in pixels; negative for above.
      public var rowOffset: Int
      /// How far to the right of the image's own place the window lies, in pixels.
      public var columnOffset: Int
      /// Whether the window is then mirrored.
      public var isFlipped: Bool

      /// Makes a window.
      public init(rowOffset: Int = 0, columnOffset: Int = 0, isFlipped: Bool = false) {
        self.rowOffset = rowOffset
        self.columnOffset = columnOffset
        self.isFlipped = isFlipped
      }
    }

    /// A rectangle, given so that it can be laid into an image of any size.
    public struct Patch: Hashable, Sendable {
      /// How large it is.
      public enum Size: Hashable, Sendable {
        /// A square of so many pixels a side, ≥ 1.
        case pixels(Int)
        /// So large a share of the image's area, in the image's shape; 0…1.
        case share(Double)
      }

      /// Where its middle is, as a share of the height, in 0..<1.
      public var row: Double
      /// Where its middle is, as a share of the width, in 0..<1.
      public var column: Double
      /// How large it is.
      public var size: Size

      /// Makes a patch.
      public init(row: Double, column: Double, size: Size) {
        self.row = row
        self.column = column
        self.size = size
      }

      /// The part of an image that it covers; what would lie outside is cut off.
      public func area(height: Int, width: Int) -> (rows: Range<Int>, columns: Range<Int>) {
        func range(_ middle: Double, _ extent: Int) -> Range<Int> {
          let side =
            switch size {
            case .pixels(let side): side
            case .share(let share): Int((Double(extent) * share.squareRoot()).rounded())
            }
          let first = Int(middle * Double(extent)) - side / 2
          let begin = min(max(0, first), extent)
          return begin..<min(max(begin, first + side), extent)
        }
        return (range(row, height), range(column, width))
      }
    }

    /// Another image and how much of it.
    public struct Mixture: Hashable, Sendable {
      /// The other sample.
      public var sample: Int
      /// What is seen of it.
      public var window: Window
      /// Its share, 0…1; with a patch the share of the patch before its corners are cut off.
      public var share: Float
      /// The part of the image that it replaces; nil where the two are mixed everywhere.
      public var patch: Patch?

      /// Makes a mixture.
      public init(sample: Int, window: Window, share: Float, patch: Patch? = nil) {
        self.sample = sample
        self.window = window
        self.share = share
        self.patch = patch
      }
    }

    /// What is seen of the image.
    public var window: Window
    /// What is set to the mean colour; nil for nothing.
    public var cutout: Patch?
    /// Another image; nil for none.
    public var mixture: Mixture?

    /// The image as it is.
    public static let unchanged = Choice()

    /// Makes a choice.
    public init(window: Window = Window(), cutout: Patch? = nil, mixture: Mixture? = nil) {
      self.window = window
      self.cutout = cutout
      self.mixture = mixture
    }
  }
}

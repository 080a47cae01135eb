import Tensors

/// Random changes of the training images that do not change their class.
///
/// - `crop`: the image is surrounded by zero (black) pixels and a window of the original size is cut
///   out at random, every offset being equally likely. He et al. (2015, arXiv 1512.03385, §4.2) pad
///   by 4 pixels; `crop2` pads by 2. Padding precedes normalisation, as torchvision's does.
/// - `flip`: left and right are exchanged with probability ½, after the crop.
///
/// The text form is a list such as `crop,flip` or `crop2`, and `none` for no change; it is also what
/// a recipe records.
public struct Augmentation: Hashable, Sendable {
  /// Zero pixels added on each side before the crop, 0…16; 0 for no crop.
  public let cropPadding: Int
  /// Whether images are mirrored half of the time.
  public let flips: Bool

  /// The widest padding.
  public static let largestPadding = 16

  /// No change.
  public static let none = Augmentation()

  /// Makes an augmentation.
  ///
  /// - Parameters:
  ///   - cropPadding: Zero pixels added on each side before the crop, 0…16; 0 for no crop.
  ///   - flips: Whether images are mirrored half of the time.
  /// - Precondition: The padding is in its range.
  public init(cropPadding: Int = 0, flips: Bool = false) {
    precondition(
      0...Self.largestPadding ~= cropPadding,
      "a crop pads by 0 to \(Self.largestPadding) pixels, found \(cropPadding)")
    self.cropPadding = cropPadding
    self.flips = flips
  }

  /// What happens to one image.
  public struct Choice: Hashable, Sendable {
    /// How far below the image's own place the window lies, in pixels; negative for above.
    public var rowOffset: Int
    /// How far to the right of the image's own place the window lies, in pixels.
    public var columnOffset: Int
    /// Whether the window is then mirrored.
    public var isFlipped: Bool

    /// The image as it is.
    public static let unchanged = Choice(rowOffset: 0, columnOffset: 0, isFlipped: false)

    /// Makes a choice.
    public init(rowOffset: Int, columnOffset: Int, isFlipped: Bool) {
      self.rowOffset = rowOffset
      self.columnOffset = columnOffset
      self.isFlipped = isFlipped
    }
  }

  /// The choice for one sample of the data set in one epoch.
  ///
  /// It depends on nothing else: not on the batch size, the order of the samples, or the thread that
  /// asks. Each sample owns three draws of the epoch's stream.
  public func choice(sample: Int, epoch: Int, seed: UInt64) -> Choice {
    guard self != .none else { return .unchanged }
    var stream = RandomStream(seed: seed, purpose: .augmentation, index: UInt64(epoch))
    stream.position = UInt64(sample) * 3
    let window = 2 * cropPadding + 1
    let row = stream.nextInteger(below: window) - cropPadding
    let column = stream.nextInteger(below: window) - cropPadding
    let isFlipped = stream.nextInteger(below: 2) == 1
    return Choice(rowOffset: row, columnOffset: column, isFlipped: flips && isFlipped)
  }
}

// MARK: - Text

extension Augmentation: CustomStringConvertible {
  /// Reads the text form.
  ///
  /// - Throws: `DatasetError.augmentation` with the part that is not understood or comes twice.
  public init(parsing text: String) throws(DatasetError) {
    if text == "none" {
      self = .none
      return
    }
    var padding = 0
    var flips = false
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      if part == "flip", !flips {
        flips = true
      } else if padding == 0, let width = Self.padding(part) {
        padding = width
      } else {
        throw .augmentation(text: text, part: String(part))
      }
    }
    self.init(cropPadding: padding, flips: flips)
  }

  private static func padding(_ part: Substring) -> Int? {
    guard part.hasPrefix("crop") else { return nil }
    let digits = part.dropFirst(4)
    if digits.isEmpty { return 4 }
    guard let width = Int(digits), 1...largestPadding ~= width, String(width) == digits else {
      return nil
    }
    return width
  }

  /// The text form, for example `crop,flip`.
  public var description: String {
    var parts: [String] = []
    if cropPadding > 0 { parts.append(cropPadding == 4 ? "crop" : "crop\(cropPadding)") }
    if flips { parts.append("flip") }
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
  }
}

extension Augmentation: Codable {
  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    try self.init(parsing: text)
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// One split of a labelled image data set: 8-bit pixels in memory, and how to normalise them.
///
/// The pixels stay bytes, a quarter of the floats' size; `Loader` normalises them batch by batch.
public struct ImageDataset: Sendable {
  /// Which part of a data set this is.
  public enum Split: String, Sendable, Hashable, Codable, CaseIterable {
    /// The images a network learns from.
    case training
    /// The images it is judged on.
    case test
  }

  /// The data set's name, for example `fashion-mnist`.
  public let name: String
  /// Which part of the data set this is.
  public let split: Split
  /// Colour channels: 1 for grey, 3 for red, green, blue.
  public let channels: Int
  /// Image height in pixels.
  public let height: Int
  /// Image width in pixels.
  public let width: Int
  /// Pixel values, `[n, c, h, w]`, 0 for black.
  public let pixels: [UInt8]
  /// The class of each image, an index into `classNames`.
  public let labels: [Int]
  /// The classes' names, by label.
  public let classNames: [String]
  /// The mean and deviation that pixels are normalised with; those of the training split.
  public let normalization: Normalization

  /// Makes a split of images in memory.
  ///
  /// - Parameters:
  ///   - name: The data set's name.
  ///   - split: Which part of it this is.
  ///   - channels: Colour channels, ≥ 1.
  ///   - height: Image height in pixels, ≥ 1.
  ///   - width: Image width in pixels, ≥ 1.
  ///   - pixels: `[n, c, h, w]`, n ≥ 1.
  ///   - labels: n indices into `classNames`.
  ///   - classNames: At least one name.
  ///   - normalization: For the test split that of the training split; nil measures these pixels.
  /// - Precondition: The counts agree and every label has a class.
  public init(
    name: String, split: Split, channels: Int, height: Int, width: Int, pixels: [UInt8],
    labels: [Int], classNames: [String], normalization: Normalization? = nil
  ) {
    precondition(channels >= 1 && height >= 1 && width >= 1, "an image has at least one pixel")
    precondition(!labels.isEmpty, "a data set has at least one image")
    precondition(
      pixels.count == labels.count * channels * height * width,
      "\(labels.count) images of \(channels)×\(height)×\(width) need as many pixels, "
        + "found \(pixels.count)")
    precondition(
      labels.allSatisfy { classNames.indices.contains($0) },
      "labels lie in 0..<\(classNames.count)")
    precondition(
      normalization.map { $0.mean.count == channels } ?? true, "one mean and deviation a channel")
    self.name = name
    self.split = split
    self.channels = channels
    self.height = height
    self.width = width
    self.pixels = pixels
    self.labels = labels
    self.classNames = classNames
    self.normalization =
      normalization ?? Normalization(measuring: pixels, channels: channels, area: height * width)
  }

  /// The number of images.
  public var count: Int { labels.count }

  /// The number of classes.
  public var classCount: Int { classNames.count }

  /// The number of pixel values of one image.
  public var imageSize: Int { channels * height * width }
}

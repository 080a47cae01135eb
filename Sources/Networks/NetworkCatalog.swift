/// The networks that can be asked for by name.
public struct NetworkCatalog: Sendable {
  /// One network of the catalogue.
  public struct Entry: Sendable {
    /// The name, as on the command line.
    public let name: String
    /// What it is, in a few words.
    public let summary: String
    /// The parameters that its paper gives, for 3-channel images and 10 classes, in millions.
    public let publishedParameters: Double?
    private let make: @Sendable (_ imageChannels: Int, _ classes: Int) -> Network

    init(
      name: String, summary: String, publishedParameters: Double?,
      make: @escaping @Sendable (Int, Int) -> Network
    ) {
      self.name = name
      self.summary = summary
      self.publishedParameters = publishedParameters
      self.make = make
    }

    /// The network for a kind of images.
    public func network(imageChannels: Int = 3, classes: Int = 10) -> Network {
      make(imageChannels, classes)
    }
  }

  /// All networks, smallest first.
  public static let entries: [Entry] = [
    resNetCIFAR(8, published: nil), resNetCIFAR(20, published: 0.27),
    resNetCIFAR(32, published: 0.46), resNetCIFAR(44, published: 0.66),
    resNetCIFAR(56, published: 0.85), resNetCIFAR(110, published: 1.7),
  ]

  /// The entry with a name, or `nil`.
  public static subscript(name: String) -> Entry? {
    entries.first { $0.name == name }
  }

  private static func resNetCIFAR(_ depth: Int, published: Double?) -> Entry {
    Entry(
      name: "resnet\(depth)",
      summary: "He et al. 2015, §4.2: \(depth) layers for small images, shortcut option A",
      publishedParameters: published
    ) { .resNetCIFAR(depth: depth, imageChannels: $0, classes: $1) }
  }
}

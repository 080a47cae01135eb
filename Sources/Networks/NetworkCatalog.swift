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
    resNetCIFAR(8, published: nil), resNetCIFAR(8, .projection, published: nil),
    resNetCIFAR(20, published: 0.27), resNetCIFAR(20, .projection, published: nil),
    resNetCIFAR(32, published: 0.46), resNetCIFAR(32, .projection, published: nil),
    resNetCIFAR(44, published: 0.66), resNetCIFAR(44, .projection, published: nil),
    resNetCIFAR(56, published: 0.85), resNetCIFAR(56, .projection, published: nil),
    resNetCIFAR(110, published: 1.7), resNetCIFAR(110, .projection, published: nil),
    Entry(
      name: "airbench94", summary: "Jordan 2024: three blocks with max pooling and GELU",
      publishedParameters: 1.97
    ) { .airbench94(imageChannels: $0, classes: $1) },
    wideResNet(16, width: 4, published: nil),
    Entry(
      name: "resnet9", summary: "Page 2018: eight convolutions, max pooling, two shortcuts",
      publishedParameters: nil
    ) { .resNet9(imageChannels: $0, classes: $1) },
    wideResNet(22, width: 6, published: nil), preActivationResNet(18), preActivationResNet(34),
    wideResNet(28, width: 10, published: 36.5),
  ]

  /// The entry with a name, or `nil`.
  public static subscript(name: String) -> Entry? {
    entries.first { $0.name == name }
  }

  private static func resNetCIFAR(
    _ depth: Int, _ shortcut: Shortcut = .padding, published: Double?
  ) -> Entry {
    let option = shortcut == .padding ? "A" : "B"
    return Entry(
      name: "resnet\(depth)\(shortcut == .padding ? "" : "-b")",
      summary: "He et al. 2015, §4.2: \(depth) layers for small images, shortcut option \(option)",
      publishedParameters: published
    ) { .resNetCIFAR(depth: depth, shortcut: shortcut, imageChannels: $0, classes: $1) }
  }

  private static func wideResNet(_ depth: Int, width: Int, published: Double?) -> Entry {
    Entry(
      name: "wrn\(depth)-\(width)",
      summary: "Zagoruyko and Komodakis 2016: \(depth) layers, \(width) times as wide",
      publishedParameters: published
    ) { .wideResNet(depth: depth, width: width, imageChannels: $0, classes: $1) }
  }

  private static func preActivationResNet(_ depth: Int) -> Entry {
    Entry(
      name: "preact-resnet\(depth)",
      summary: "He et al. 2016: \(depth) layers, batch norm and ReLU before each convolution",
      publishedParameters: nil
    ) { .preActivationResNet(depth: depth, imageChannels: $0, classes: $1) }
  }
}

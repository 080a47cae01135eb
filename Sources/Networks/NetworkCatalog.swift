/// The networks that can be asked for by name.
///
/// Each network's entry stands in the network's own file.
public struct NetworkCatalog: Sendable {
  /// One network of the catalogue.
  public struct Entry: Sendable {
    /// The name, as on the command line.
    public let name: String
    /// What it is, in a few words.
    public let summary: String
    /// Height and width of the images that the network was made for.
    ///
    /// It takes others too; figures of its work are given for these.
    public let imageSize: Int
    /// The classes of the data that the network was made for, to which its figures belong.
    public let classes: Int
    /// What has been published about its size, for 3-channel images; `nil` if nothing is certain.
    public let published: Published?
    private let make: @Sendable (_ imageChannels: Int, _ classes: Int) -> Network

    init(
      name: String, summary: String, imageSize: Int = 32, classes: Int = 10,
      published: Published? = nil, make: @escaping @Sendable (Int, Int) -> Network
    ) {
      self.name = name
      self.summary = summary
      self.imageSize = imageSize
      self.classes = classes
      self.published = published
      self.make = make
    }

    /// The network for a kind of images.
    ///
    /// - Parameters:
    ///   - imageChannels: 1 for grey images, 3 for colour.
    ///   - classes: The number of logits; `nil` for those of the data that it was made for.
    /// - Returns: The network under the entry's name.
    public func network(imageChannels: Int = 3, classes: Int? = nil) -> Network {
      make(imageChannels, classes ?? self.classes)
    }

    /// The network written out as its published figures are counted: for one colour image of its
    /// own size.
    public var graph: Graph {
      Graph(
        network: network(), configuration: .init(batch: 1, height: imageSize, width: imageSize))
    }
  }

  /// All networks, smallest first.
  public static let entries: [Entry] = [
    .resNetCIFAR(8), .resNetCIFAR(8, .projection),
    .plainCIFAR(20), .resNetCIFAR(20, published: .he2015(27, exponent: 4)),
    .resNetCIFAR(20, .projection),
    .resNetCIFAR(32, published: .he2015(46, exponent: 4)), .resNetCIFAR(32, .projection),
    .resNetCIFAR(44, published: .he2015(66, exponent: 4)), .resNetCIFAR(44, .projection),
    .plainCIFAR(56),
    .resNetCIFAR(56, published: .he2015(85, exponent: 4, multiplyAdds: 12_549)),
    .resNetCIFAR(56, .projection),
    .resNetCIFAR(110, published: .he2015(17, exponent: 5, multiplyAdds: 25_289)),
    .resNetCIFAR(110, .projection),
    .airbench94, .wideResNet(16, width: 4), .resNet9, .wideResNet(22, width: 6),
    .preActivationResNet(18),
    .resNetImageNet(18, parameters: 11_689_512, multiplyAdds: PublishedFigure(1814, exponent: 6)),
    .wideResNet(34, width: 6), .preActivationResNet(34),
    .resNetImageNet(34, parameters: 21_797_672, multiplyAdds: PublishedFigure(3664, exponent: 6)),
    .resNetImageNet(50, parameters: 25_557_032, multiplyAdds: PublishedFigure(4089, exponent: 6)),
    .wideResNet(
      28, width: 10,
      published: Published(
        parameters: PublishedFigure(365, exponent: 5),
        source: "Zagoruyko and Komodakis 2016, table 4")),
  ]

  /// The entry with a name, or `nil`.
  public static subscript(name: String) -> Entry? {
    entries.first { $0.name == name }
  }
}

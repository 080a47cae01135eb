/// The data sets that have a name of their own.
public enum DatasetCatalog {
  /// A line of the catalogue.
  public struct Entry: Hashable, Sendable, Codable {
    /// The name that `--data` takes.
    public let name: String
    /// What it holds, in a few words.
    public let summary: String
    /// Where it comes from and under which licence.
    public let origin: String
    /// The size of an image as channels × height × width.
    public let imageShape: String
    /// Classes.
    public let classCount: Int
    /// Images to learn from.
    public let trainingCount: Int
    /// Images to be judged on.
    public let testCount: Int
    /// Whether it needs no download.
    public let comesWithPackage: Bool

    init(
      name: String, summary: String, origin: String, imageShape: String, classCount: Int,
      trainingCount: Int, testCount: Int, comesWithPackage: Bool = true
    ) {
      self.name = name
      self.summary = summary
      self.origin = origin
      self.imageShape = imageShape
      self.classCount = classCount
      self.trainingCount = trainingCount
      self.testCount = testCount
      self.comesWithPackage = comesWithPackage
    }
  }

  /// All of them, in the order in which they are listed.
  public static let entries = [
    Entry(
      name: "fashion-mnist",
      summary: "articles of clothing, class-balanced subset of Fashion-MNIST",
      origin: "Zalando SE, 2017 (arXiv 1708.07747), MIT licence; comes with the package",
      imageShape: "1×28×28", classCount: 10, trainingCount: 10_000, testCount: 2_000),
    Entry(
      name: "cifar10",
      summary: "photographs of animals and vehicles, CIFAR-10",
      origin: "Krizhevsky, 2009; www.cs.toronto.edu/~kriz/cifar.html, the binary version; "
        + "anneal data fetch cifar10",
      imageShape: "3×32×32", classCount: 10, trainingCount: 50_000, testCount: 10_000,
      comesWithPackage: false),
    Entry(
      name: "cifar100",
      summary: "photographs of a hundred kinds of things, CIFAR-100 by its fine labels",
      origin: "Krizhevsky, 2009; www.cs.toronto.edu/~kriz/cifar.html, the binary version; "
        + "anneal data fetch cifar100",
      imageShape: "3×32×32", classCount: 100, trainingCount: 50_000, testCount: 10_000,
      comesWithPackage: false),
    Entry(
      name: "fashion-mnist-full",
      summary: "articles of clothing, the whole of Fashion-MNIST",
      origin: "Zalando SE, 2017 (arXiv 1708.07747), MIT licence; anneal data fetch fashion-mnist",
      imageShape: "1×28×28", classCount: 10, trainingCount: 60_000, testCount: 10_000,
      comesWithPackage: false),
    Entry(
      name: "mnist",
      summary: "handwritten digits, MNIST",
      origin: "LeCun, Cortes and Burges, 1998; anneal data fetch mnist",
      imageShape: "1×28×28", classCount: 10, trainingCount: 60_000, testCount: 10_000,
      comesWithPackage: false),
    Entry(
      name: "synthetic",
      summary: "random pixels and labels, nothing to learn: for timing",
      origin: "made when asked for",
      imageShape: "3×32×32", classCount: 10, trainingCount: 2_048, testCount: 512),
  ]
}

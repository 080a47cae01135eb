/// The covariance of all patches of some images, and filters that whiten them.
///
/// With C = Σ p·pᵀ / n over patches p and C = Σᵢ λᵢ eᵢ·eᵢᵀ, the filters are ±eᵢ / √(λᵢ + 5e-4), the
/// largest λ first: what they give for patches has covariance 1, in both signs, so that a
/// nonlinearity behind them loses nothing. Page 2019 ("How to train your ResNet 8") and Jordan 2024
/// (arXiv 2404.00498, §3.2), who take the first 5,000 training images.
public struct PatchCovariance: Sendable {
  /// Added to every eigenvalue, so that what hardly varies is not blown up.
  public static let epsilon = 5e-4

  private let channels: Int
  private let size: Int
  private var sums: [Double]
  private var count = 0

  /// Starts with no patch.
  ///
  /// - Parameters:
  ///   - channels: Channels of the images, ≥ 1.
  ///   - size: Height and width of a patch, ≥ 1.
  public init(channels: Int, size: Int) {
    precondition(channels >= 1 && size >= 1, "patches have at least one value")
    self.channels = channels
    self.size = size
    let values = channels * size * size
    sums = [Double](repeating: 0, count: values * values)
  }

  /// Values of a patch.
  private var values: Int { channels * size * size }

  /// Takes all patches of an image.
  ///
  /// - Parameters:
  ///   - images: Images `[n, channels, height, width]`.
  ///   - index: Which of them.
  ///   - height: Their height, at least a patch's.
  ///   - width: Their width, at least a patch's.
  public mutating func add(_ images: Span<Float>, index: Int, height: Int, width: Int) {
    precondition(height >= size && width >= size, "\(height)×\(width) holds no patch of \(size)")
    var patch = [Double](repeating: 0, count: values)
    for y in 0...height - size {
      for x in 0...width - size {
        for value in 0..<values {
          let (channel, place) = value.quotientAndRemainder(dividingBy: size * size)
          let row = (index * channels + channel) * height + y + place / size
          patch[value] = Double(images[row * width + x + place % size])
        }
        for first in 0..<values {
          for second in 0...first { sums[first * values + second] += patch[first] * patch[second] }
        }
      }
    }
    count += (height - size + 1) * (width - size + 1)
  }

  /// The whitening filters, `[2 · channels · size², channels, size, size]`.
  ///
  /// - Precondition: There has been an image.
  public var whiteningFilters: [Float] {
    precondition(count >= 1, "no patches, no filters")
    var matrix = sums.map { $0 / Double(count) }
    for first in 0..<values {
      for second in 0..<first { matrix[second * values + first] = matrix[first * values + second] }
    }
    let pairs = Self.eigenpairs(matrix, values).sorted { $0.value > $1.value }
    let filters = pairs.flatMap { pair -> [Float] in
      // An eigenvector has no sign of its own; its largest part is made positive.
      let largest = pair.vector.max { abs($0) < abs($1) } ?? 1
      let scale = (largest < 0 ? -1 : 1) / (max(pair.value, 0) + Self.epsilon).squareRoot()
      return pair.vector.map { Float($0 * scale) }
    }
    return filters + filters.map { -$0 }
  }

  /// Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations, in cyclic order.
  static func eigenpairs(_ matrix: [Double], _ n: Int) -> [(value: Double, vector: [Double])] {
    var a = matrix
    var vectors = [Double](repeating: 0, count: n * n)
    for i in 0..<n { vectors[i * n + i] = 1 }
    let norm = a.reduce(0) { $0 + $1 * $1 }
    // Each sweep about squares what is left beside the diagonal; a handful is enough.
    for _ in 0..<64 {
      var rest = 0.0
      for p in 0..<n { for q in 0..<p { rest += a[p * n + q] * a[p * n + q] } }
      if rest <= 1e-30 * norm { break }
      for p in 0..<n {
        for q in p + 1..<max(p + 1, n) where a[p * n + q] != 0 {
          let ratio = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q])
          let sign: Double = ratio < 0 ? -1 : 1
          let tangent = sign / (abs(ratio) + (1 + ratio * ratio).squareRoot())
          let cosine = 1 / (1 + tangent * tangent).squareRoot()
          let sine = tangent * cosine
          for k in 0..<n {
            let (left, right) = (a[k * n + p], a[k * n + q])
            a[k * n + p] = cosine * left - sine * right
            a[k * n + q] = sine * left + cosine * right
          }
          for k in 0..<n {
            let (upper, lower) = (a[p * n + k], a[q * n + k])
            a[p * n + k] = cosine * upper - sine * lower
            a[q * n + k] = sine * upper + cosine * lower
            let (first, second) = (vectors[p * n + k], vectors[q * n + k])
            vectors[p * n + k] = cosine * first - sine * second
            vectors[q * n + k] = sine * first + cosine * second
          }
        }
      }
    }
    return (0..<n).map { (a[$0 * n + $0], Array(vectors[$0 * n..<($0 + 1) * n])) }
  }
}

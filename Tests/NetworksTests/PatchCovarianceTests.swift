import Networks
import Tensors
import Testing

@Suite struct PatchCovarianceTests {
  /// Images with correlated pixels and channels.
  private static func images(count: Int, channels: Int, height: Int, width: Int) -> [Float] {
    var stream = RandomStream(seed: 8, purpose: .test)
    return (0..<count).flatMap { _ in
      let common = (0..<height * width).map { _ in Float(stream.nextNormal()) }
      return (0..<channels).flatMap { channel in
        common.indices.map { place in
          let left = place % width > 0 ? common[place - 1] : 0
          return common[place] + 0.7 * left + 0.3 * Float(channel + 1) * Float(stream.nextNormal())
        }
      }
    }
  }

  /// The covariance of what the first half of the filters gives for all patches is λ/(λ + ε) on the
  /// diagonal and 0 elsewhere; the second half is the first with its sign changed.
  @Test(arguments: [1, 3]) func filtersWhiten(channels: Int) {
    let (count, height, width, size) = (6, 7, 9, 2)
    let images = Self.images(count: count, channels: channels, height: height, width: width)
    var covariance = PatchCovariance(channels: channels, size: size)
    for index in 0..<count {
      covariance.add(images.span, index: index, height: height, width: width)
    }
    let filters = covariance.whiteningFilters.map(Double.init)
    let values = channels * size * size
    #expect(filters.count == 2 * values * values)
    #expect(
      filters.suffix(values * values).elementsEqual(filters.prefix(values * values).map { -$0 }))
    var products = [Double](repeating: 0, count: values * values)
    var patches = 0.0
    for index in 0..<count {
      for y in 0...height - size {
        for x in 0...width - size {
          let responses = (0..<values).map { filter in
            (0..<values).reduce(0.0) { sum, value in
              let row = (index * channels + value / 4) * height + y + value % 4 / 2
              return sum + filters[filter * values + value]
                * Double(images[row * width + x + value % 2])
            }
          }
          for i in 0..<values {
            for j in 0..<values { products[i * values + j] += responses[i] * responses[j] }
          }
          patches += 1
        }
      }
    }
    var norms: [Double] = []
    for i in 0..<values {
      for j in 0..<values {
        let expected = products[i * values + i] / patches
        if i == j {
          #expect(expected > 0.95 && expected <= 1 + 1e-6)
          norms.append(filters[i * values..<(i + 1) * values].reduce(0) { $0 + $1 * $1 })
        } else {
          #expect(abs(products[i * values + j] / patches) < 1e-5)
        }
      }
    }
    // Filters grow as the eigenvalues fall.
    #expect(norms == norms.sorted())
  }

  /// Patches that are all alike have one eigenvalue; the filters of the others are bounded by ε.
  @Test func constantImagesAreNoTrouble() {
    let images = [Float](repeating: 2, count: 16)
    var covariance = PatchCovariance(channels: 1, size: 2)
    covariance.add(images.span, index: 0, height: 4, width: 4)
    let filters = covariance.whiteningFilters
    #expect(filters.allSatisfy { $0.isFinite && abs($0) <= 45 })
    #expect(filters[0..<4].allSatisfy { abs($0 - 0.125) < 1e-4 })
  }
}

/// The per-channel shift and scale that give the training pixels mean 0 and deviation 1.
///
///     x = (pixel / 255 − mean) / deviation
///
/// Both are measured on the training split and used for both splits, as is usual since He et al.
/// (2015, arXiv 1512.03385). The sums are of whole numbers, so they are exact and the same
/// everywhere. The deviation is the population's (divided by the number of pixels); a channel
/// without any variation gets 1.
public struct Normalization: Hashable, Sendable, Codable {
  /// The mean of each channel, in 0…1.
  public let mean: [Double]
  /// The standard deviation of each channel, > 0.
  public let deviation: [Double]

  /// Makes a normalisation of known figures.
  ///
  /// - Precondition: As many means as deviations, every deviation positive.
  public init(mean: [Double], deviation: [Double]) {
    precondition(
      mean.count == deviation.count && !mean.isEmpty, "one mean and deviation a channel")
    precondition(deviation.allSatisfy { $0 > 0 }, "a deviation is positive")
    self.mean = mean
    self.deviation = deviation
  }

  /// Measures pixels `[n, channels, area]`.
  init(measuring pixels: [UInt8], channels: Int, area: Int) {
    // A histogram needs one addition a pixel; the sums of it cannot overflow.
    var histograms = [Int](repeating: 0, count: channels * 256)
    let values = pixels.span
    var index = 0
    while index < values.count {
      for channel in 0..<channels {
        for _ in 0..<area {
          histograms[channel * 256 + Int(values[index])] += 1
          index += 1
        }
      }
    }
    let count = Double(pixels.count / channels)
    var mean: [Double] = []
    var deviation: [Double] = []
    for channel in 0..<channels {
      var sum = 0
      var squares = 0
      for value in 0..<256 {
        sum += histograms[channel * 256 + value] * value
        squares += histograms[channel * 256 + value] * value * value
      }
      let average = Double(sum) / count
      let variance = Double(squares) / count - average * average
      mean.append(average / 255)
      deviation.append(variance > 0 ? variance.squareRoot() / 255 : 1)
    }
    self.init(mean: mean, deviation: deviation)
  }

  /// The normalised value of each of a channel's 256 pixel values.
  ///
  /// - Parameter channel: The channel, from 0.
  /// - Returns: 256 values, in the order of the pixel values.
  public func table(channel: Int) -> [Float] {
    (0..<256).map { Float((Double($0) / 255 - mean[channel]) / deviation[channel]) }
  }
}

import Tensors

extension Dataset {
  /// Random pixels with balanced labels that have nothing to do with them: for timing.
  ///
  /// - Parameters:
  ///   - channels: Colour channels, ≥ 1.
  ///   - height: Image height in pixels, ≥ 1.
  ///   - width: Image width in pixels, ≥ 1.
  ///   - classCount: Classes, ≥ 1.
  ///   - trainingCount: Images to learn from, ≥ 1.
  ///   - testCount: Images to be judged on, ≥ 1.
  ///   - seed: The seed of the pixels.
  /// - Returns: A data set named `synthetic`.
  /// - Precondition: Every size is in its range.
  public static func synthetic(
    channels: Int = 3, height: Int = 32, width: Int = 32, classCount: Int = 10,
    trainingCount: Int = 2_048, testCount: Int = 512, seed: UInt64 = 0
  ) -> Dataset {
    precondition(classCount >= 1, "a data set has at least one class")
    func split(
      _ split: ImageDataset.Split, count: Int, index: UInt64, normalization: Normalization?
    ) -> ImageDataset {
      let stream = RandomStream(seed: seed, purpose: .syntheticData, index: index)
      let pixelCount = count * channels * height * width
      return ImageDataset(
        name: "synthetic", split: split, channels: channels, height: height, width: width,
        pixels: randomPixels(count: pixelCount, stream: stream),
        labels: (0..<count).map { $0 % classCount }, classNames: (0..<classCount).map(String.init),
        normalization: normalization)
    }
    let training = split(.training, count: trainingCount, index: 0, normalization: nil)
    let test = split(.test, count: testCount, index: 1, normalization: training.normalization)
    return Dataset(training: training, test: test)
  }

  /// `count` bytes, eight of each draw.
  private static func randomPixels(count: Int, stream: RandomStream) -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: count)
    var values = pixels.mutableSpan
    for draw in 0..<(count + 7) / 8 {
      var bits = stream.bits(at: UInt64(draw))
      for index in 8 * draw..<min(8 * draw + 8, count) {
        values[index] = UInt8(truncatingIfNeeded: bits)
        bits >>= 8
      }
    }
    return pixels
  }
}

import Testing

@testable import Datasets

@Suite struct DatasetFingerprintTests {
  private func dataset(
    pixels: [UInt8] = Array(0..<18), labels: [Int] = [0, 1], names: [String] = ["a", "b"],
    name: String = "x", test: [UInt8] = Array(0..<9)
  ) -> Dataset {
    let training = ImageDataset(
      name: name, split: .training, channels: 1, height: 3, width: 3, pixels: pixels,
      labels: labels, classNames: names, normalization: Normalization(mean: [0], deviation: [1]))
    return Dataset(
      training: training,
      test: ImageDataset(
        name: name, split: .test, channels: 1, height: 3, width: 3, pixels: test, labels: [0],
        classNames: names, normalization: training.normalization))
  }

  @Test func tellsImagesApart() {
    let own = dataset().fingerprint
    #expect(own.count == 16)
    #expect(dataset(name: "elsewhere").fingerprint == own)
    var others = [
      dataset(labels: [1, 1]).fingerprint, dataset(names: ["a", "c"]).fingerprint,
      dataset(test: Array(1..<10)).fingerprint,
    ]
    for position in 0..<18 {
      var pixels = [UInt8](0..<18)
      pixels[position] ^= 1
      others.append(dataset(pixels: pixels).fingerprint)
    }
    #expect(Set(others + [own]).count == others.count + 1)
  }
}

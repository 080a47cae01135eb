import Datasets
import Foundation
import Networks
import Schedules
import Tensors

@testable import Training

/// Small problems and networks for tests.
enum Toy {
  /// Stripes across or down, shifted and noisy: alike in every pixel's mean, so that only a network
  /// with trained filters tells them apart well.
  static func stripes(training: Int = 64, test: Int = 20) -> Dataset {
    func split(_ split: ImageDataset.Split, _ count: Int, _ index: UInt64) -> ImageDataset {
      var stream = RandomStream(seed: 1, purpose: .test, index: index)
      var pixels: [UInt8] = []
      for sample in 0..<count {
        let phase = stream.nextInteger(below: 4)
        for y in 0..<6 {
          for x in 0..<6 {
            let position = (sample.isMultiple(of: 2) ? x : y) + phase
            let bright = position % 4 < 2 ? 150 : 50
            pixels.append(UInt8(bright + stream.nextInteger(below: 50)))
          }
        }
      }
      return ImageDataset(
        name: "stripes", split: split, channels: 1, height: 6, width: 6, pixels: pixels,
        labels: (0..<count).map { $0 % 2 }, classNames: ["down", "across"])
    }
    let training = split(.training, training, 0)
    let other = split(.test, test, 1)
    return Dataset(
      training: training,
      test: ImageDataset(
        name: "stripes", split: .test, channels: 1, height: 6, width: 6, pixels: other.pixels,
        labels: other.labels, classNames: other.classNames, normalization: training.normalization))
  }

  /// Convolution, batch norm, ReLU, mean, linear layer.
  static func network(channels: Int = 2) -> Network {
    var network = Network(name: "toy", imageChannels: 1)
    var y = network.addConvolutionBatchNorm("conv", "bn", network.images, channels: channels)
    y = network.add(.relu, "relu", y)
    y = network.add(.globalAveragePool, "pool", y)
    _ = network.add(.linear(outputs: 2), "fc", y)
    return network
  }

  /// A recipe for the stripes.
  static func recipe(
    epochs: Int = 2, batch: Int = 16, seed: UInt64 = 3, learningRate: Schedule = .constant(0.1),
    order: Sampler.Order = .shuffled, augmentation: Augmentation = .none
  ) -> Recipe {
    Recipe(
      network: "toy", data: "stripes", epochs: epochs, batch: batch, seed: seed, order: order,
      augmentation: augmentation,
      plan: Plan {
        Scheduled(.learningRate, learningRate)
        Scheduled(.momentum, .constant(0.9))
      })
  }

  /// A trainer of the stripes.
  static func trainer(_ recipe: Recipe = recipe(), _ backend: any Backend) throws -> Trainer {
    try Trainer(recipe, dataset: stripes(), network: network(), backend: backend)
  }
}

/// A folder of a test's own, removed when the test lets go of it.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("anneal-training-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// The description of the `TrainingError` that `body` throws, with `folder` written as F.
func message(hiding folder: String = "\u{0}", _ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)".replacingOccurrences(of: folder, with: "F")
  }
}

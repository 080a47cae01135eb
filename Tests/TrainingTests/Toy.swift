import Datasets
import Foundation
import Networks
import Schedules
import Tensors

@testable import Training

/// Small problems and networks for tests.
enum Toy {
  /// Pluses or crosses of five pixels each, three an image, in noise.
  ///
  /// Mean and contrast are alike, so that a linear layer over two random filters does badly and the
  /// filters have to be trained.
  static func shapes(training: Int = 64, test: Int = 20, side: Int = 8) -> Dataset {
    let training = split(.training, training, side: side, normalization: nil)
    return Dataset(
      training: training,
      test: split(.test, test, side: side, normalization: training.normalization))
  }

  private static func split(
    _ split: ImageDataset.Split, _ count: Int, side: Int, normalization: Normalization?
  ) -> ImageDataset {
    let plus = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)]
    let cross = [(0, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)]
    var stream = RandomStream(seed: 1, purpose: .test, index: split == .training ? 0 : 1)
    var pixels: [UInt8] = []
    for sample in 0..<count {
      var image = (0..<side * side).map { _ in stream.nextInteger(below: 20) }
      for _ in 0..<3 {
        let y = 1 + stream.nextInteger(below: side - 2)
        let x = 1 + stream.nextInteger(below: side - 2)
        for (dy, dx) in sample.isMultiple(of: 2) ? plus : cross {
          image[(y + dy) * side + x + dx] += 75
        }
      }
      pixels += image.map { UInt8(min($0, 255)) }
    }
    return ImageDataset(
      name: "shapes", split: split, channels: 1, height: side, width: side, pixels: pixels,
      labels: (0..<count).map { $0 % 2 }, classNames: ["plus", "cross"],
      normalization: normalization)
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

  /// A recipe for the shapes.
  static func recipe(
    epochs: Int = 2, batch: Int = 16, seed: UInt64 = 3, learningRate: Schedule = .constant(0.1),
    order: Sampler.Order = .shuffled, augmentation: Augmentation = .none
  ) -> Recipe {
    Recipe(
      network: "toy", data: "shapes", epochs: epochs, batch: batch, seed: seed, order: order,
      augmentation: augmentation,
      plan: Plan {
        Scheduled(.learningRate, learningRate)
        Scheduled(.momentum, .constant(0.9))
      })
  }

  /// A trainer of the shapes.
  static func trainer(_ recipe: Recipe = recipe(), _ backend: any Backend) throws -> Trainer {
    try Trainer(recipe, dataset: shapes(), network: network(), backend: backend)
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

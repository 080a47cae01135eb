import Datasets
import Networks
import Tensors
import TestSupport
import Testing

@testable import Training

/// What a recipe chooses about its network reaches the program.
@Suite struct NetworkChoiceTests {
  private static let backend = ReferenceBackend()

  @Test func headActivationAndStartAreTheRecipes() throws {
    var recipe = Toy.recipe(epochs: 1)
    recipe.head = .concat
    recipe.activation = .celu
    recipe.initialization = InitializationChoice(startsAsIdentity: true)
    let trainer = try Toy.trainer(recipe, Self.backend)
    let layers = trainer.graph.network.nodes.map(\.layer)
    #expect(layers.contains(.concatenation) && layers.contains(.celu(alpha: 0.3)))
    #expect(!layers.contains(.relu))
    #expect(trainer.graph.network.nodes.first { $0.path == "conv" }?.start == .dirac)
    let result = try trainer.run()
    #expect(result.outcome == .completed)
    #expect(result.epochs.allSatisfy { $0.testLoss.isFinite })
  }

  @Test func networkWithoutAPlaceIsRefused() {
    var recipe = Toy.recipe()
    recipe.initialization = InitializationChoice(zeroesResiduals: true)
    #expect(
      message { _ = try Toy.trainer(recipe, Self.backend) }
        == "expected residual branches that end in a batch norm in toy for initialization zero-gamma, "
        + "found none")
  }

  /// The filters are those of the training images' patches, before and after an epoch.
  @Test func whiteningComesFromTheTrainingImages() throws {
    var network = Network(name: "white", imageChannels: 1)
    var x = network.add(
      .convolution(outputChannels: 8, size: 2, stride: 1, padding: 0), "whiten", network.images)
    x = network.add(.bias(activation: .identity), "whiten.bias", x)
    x = network.add(.gelu, "gelu", x)
    x = network.add(.globalAveragePool, "pool", x)
    _ = network.add(.linear(outputs: 2), "fc", x)
    var recipe = Toy.recipe(epochs: 1)
    recipe.initialization = InitializationChoice(whitensPatches: true)
    let data = Toy.shapes()
    var covariance = PatchCovariance(channels: 1, size: 2)
    let loader = Loader(
      data.training, plan: .evaluation(count: data.training.count, batchSize: data.training.count),
      epochs: 0..<1)
    loader.withNextBatch { batch in
      batch.withImages { images in
        for index in 0..<batch.validCount {
          covariance.add(images, index: index, height: 8, width: 8)
        }
      }
    }
    let trainer = try Trainer(recipe, dataset: data, network: network, backend: Self.backend)
    _ = try trainer.run()
    let tensor = try #require(try trainer.checkpoint().tensors.first { $0.name == "whiten.weight" })
    #expect(tensor.values == covariance.whiteningFilters)
  }
}

import Datasets
import Networks
import Schedules
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite struct GradientNoiseProbeTests {
  /// No batch norm, so that the gradient of a batch is the mean of its parts' gradients.
  private static func network() -> Network {
    var network = Network(name: "plain", imageChannels: 1)
    var y = network.add(
      .convolution(outputChannels: 2, size: 3, stride: 1, padding: 1), "conv", network.images)
    y = network.add(.relu, "relu", y)
    y = network.add(.globalAveragePool, "pool", y)
    _ = network.add(.linear(outputs: 2), "fc", y)
    return network
  }

  private func program(batch: Int) throws -> TrainingProgram {
    let program = try TrainingProgram(
      Self.network(), configuration: .init(batch: batch, height: 8, width: 8),
      backend: ReferenceBackend())
    program.initialize(seed: 5, dataset: Toy.shapes().training)
    return program
  }

  private func loader(batch: Int, _ dataset: ImageDataset) throws -> Loader {
    let recipe = Toy.recipe(batch: batch, order: .sequential)
    return Loader(dataset, plan: try recipe.batches(of: dataset), epochs: 0..<1)
  }

  private func inputs(_ batch: Int) -> StepInputs {
    StepInputs(validCount: batch, groups: [StepInputs.Group(learningRate: 0.1)])
  }

  /// The squared norm of one batch's gradient, parameter by parameter.
  private func squaredNorm(_ program: TrainingProgram, _ loader: Loader, batch: Int) -> Double {
    loader.withNextBatch { program.differentiate($0, inputs(batch)) }
    return program.graph.parameters.reduce(0) { sum, parameter in
      var values = [Float](repeating: 0, count: program.graph[parameter.gradient].shape.count)
      var span = values.mutableSpan
      program.program.read(parameter.gradient, into: &span)
      return sum + values.reduce(0) { $0 + Double($1) * Double($1) }
    }
  }

  @Test func theLargeBatchIsTheMeanOfTheSmallOnes() throws {
    let data = Toy.shapes().training
    let scale = try #require(
      program(batch: 16).gradientNoise(loader(batch: 16, data), batchCount: 4, inputs(16)))
    #expect(scale.small.batchSize == 16 && scale.large.batchSize == 64)
    let whole = try squaredNorm(program(batch: 64), loader(batch: 64, data), batch: 64)
    #expect(abs(scale.large.squaredNorm - whole) <= 1e-5 * whole)
    let (small, parts) = (try program(batch: 16), try loader(batch: 16, data))
    let norms = (0..<4).map { _ in squaredNorm(small, parts, batch: 16) }
    let mean = norms.reduce(0, +) / 4
    #expect(abs(scale.small.squaredNorm - mean) <= 1e-6 * mean)
    #expect(scale.variance > 0)
  }

  /// The batches that are measured are as strongly augmented as those of the update.
  @Test func followsTheStrengthOfTheMoment() throws {
    func first(_ strength: String) throws -> GradientNoiseProbe.Place {
      var recipe = Toy.recipe(augmentation: Augmentation(cutout: 4))
      recipe.plan = try Plan(words: ["lr=0.1", "augmentationStrength=\(strength)"])
      let finder = HyperparameterFinder(
        recipe, test: try RangeTest(from: 1e-3, to: 1, count: 6),
        noise: GradientNoiseProbe(batchCount: 2, placeCount: 3))
      let result = try finder.run(
        on: Toy.shapes(), network: Toy.network(), backend: ReferenceBackend())
      return try #require(result.noise.first)
    }
    #expect(try first("1@3st,0") == first("1"))
    #expect(try first("1@3st,0") != first("0"))
  }

  private func finder(
    noise: GradientNoiseProbe?, batch: Int = 16, count: Int = 6
  ) throws -> HyperparameterFinder {
    HyperparameterFinder(
      Toy.recipe(batch: batch), test: try RangeTest(from: 1e-3, to: 1, count: count),
      measure: .validationLoss, interval: 2, noise: noise)
  }

  /// Parameters, running statistics and the order of the batches stay as they are without it.
  @Test func theTrainingIsNotDisturbed() throws {
    let (data, network) = (Toy.shapes(), Toy.network())
    let probe = GradientNoiseProbe(batchCount: 2, placeCount: 3)
    let measured = try finder(noise: probe).run(
      on: data, network: network, backend: ReferenceBackend())
    let plain = try finder(noise: nil).run(
      on: data, network: network, backend: ReferenceBackend())
    #expect(measured.curve == plain.curve)
    #expect(plain.noise.isEmpty)
    #expect(measured.noise.map(\.update) == [0, 2, 4])
    for place in measured.noise {
      #expect(place.scale.small.batchSize == 16 && place.scale.large.batchSize == 32)
      #expect(place.scale.small.squaredNorm > 0)
    }
    #expect(Set(measured.noise.map(\.scale)).count == 3)
  }

  @Test func anEpochHasEnoughBatches() throws {
    let finder = try finder(noise: GradientNoiseProbe(batchCount: 5))
    #expect(
      message {
        _ = try finder.run(on: Toy.shapes(), network: Toy.network(), backend: ScriptedBackend())
      }
        == "expected at least 5 batches in an epoch to measure the gradient's noise as batch, "
        + "found 4")
  }

  private func result(
    _ losses: [Double], at updates: [Int]
  ) throws -> HyperparameterFinder.Result {
    let scale = try GradientNoiseScale(
      small: .init(batchSize: 1, squaredNorm: 2), large: .init(batchSize: 2, squaredNorm: 1))
    return HyperparameterFinder.Result(
      curve: try RangeTestCurve(values: losses.indices.map { Double($0 + 1) }, losses: losses),
      noise: updates.map { .init(update: $0, scale: scale) })
  }

  @Test func placesBetweenSmithsBoundsTell() throws {
    let losses = (0..<60).map { (update: Int) -> Double in
      update < 20 ? 2 : update < 40 ? 2 - 0.05 * Double(update - 20) : 1 + Double(update - 40)
    }
    let result = try result(losses, at: Array(stride(from: 0, to: 60, by: 6)))
    let smith = result.curve.suggestions.smith
    let bounds = try #require(smith.base.index)...(try #require(smith.max.index))
    #expect((20...24).contains(bounds.lowerBound) && (38...41).contains(bounds.upperBound))
    #expect(result.tellingPlaces.map(\.update) == [24, 30, 36])
  }

  @Test func withoutBoundsThosePriorToTheLowestLossTell() throws {
    let rising = try result((0..<20).map { 1 + Double($0) }, at: [0, 5, 10])
    #expect(rising.tellingPlaces.map(\.update) == [0])
    let short = try result([3, 2, 1], at: [0, 1, 2])
    #expect(short.tellingPlaces.map(\.update) == [0, 1, 2])
    #expect(try result([.nan], at: [0]).tellingPlaces.isEmpty)
  }

  @Test func advisesOnTheBatchAsTheDocumentationShows() throws {
    let recipe = Toy.recipe(batch: 8)
    let finder = HyperparameterFinder(
      recipe, test: try RangeTest(.momentum, count: 4), measure: .validationAccuracy,
      noise: GradientNoiseProbe())
    let result = try finder.run(
      on: Toy.shapes(), network: Toy.network(), backend: ReferenceBackend())
    #expect(result.curve.suggestions.smith.max == .none(reason: "needs 10 points, found 4"))
    let scale = try GradientNoiseScale(averaging: result.tellingPlaces.map(\.scale))
    #expect(scale.small.batchSize == 8 && scale.large.batchSize == 64)
    #expect(scale.advice(forBatch: recipe.batch).hasPrefix("the noise"))
  }
}

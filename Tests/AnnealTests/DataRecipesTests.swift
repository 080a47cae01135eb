import Datasets
import Foundation
import Schedules
import Testing
import Training

@testable import Networks

/// The recipes that come with the package, against what their papers and programs say.
@Suite struct DataRecipesTests {
  /// A recipe with its plan's values over CIFAR-10's 50,000 images.
  private func run(_ name: String) throws -> (recipe: Recipe, plan: ResolvedPlan, steps: Int) {
    let paths = DatasetLocation().folders.map { "\($0)/recipes/\(name).json" }
    let recipe = try Recipe(
      path: #require(paths.first { FileManager.default.fileExists(atPath: $0) }))
    try recipe.validate()
    let timetable = try Timetable(recipe, imageCount: 50_000)
    let horizon = Horizon(
      epochs: timetable.epochCount, stepsPerEpoch: timetable.steps(ofEpoch: 0).count)
    return (recipe, try recipe.plan.resolved(over: horizon), timetable.stepCount)
  }

  private func parameters(_ selector: String, of network: String) throws -> [String] {
    let graph = try #require(NetworkCatalog[network]).graph
    return graph.parameters.map { graph[$0.values].name }.filter {
      ParameterSelector(selector).selects($0, isOfBatchNorm: $0.contains(".bn"))
    }
  }

  /// Rate and decay per 1024 examples, taken apart from momentum: the original divides 11.5 by
  /// 1024 · (1 + 1 / (1 − 0.85)) for a loss that is summed, and has 0.0153 / 11.5 · 1024 as its decay.
  @Test func airbench94() throws {
    let (recipe, plan, steps) = try run("airbench94")
    #expect((recipe.network, recipe.batch, steps) == ("airbench94", 1024, 480))
    let rate = try #require(plan[.learningRate])
    func triangle(_ share: Double) -> Double {
      share < 0.23 ? 0.2 + 0.8 * share / 0.23 : 1 + (0.07 - 1) * (share - 0.23) / 0.77
    }
    for step in 0..<steps {
      let expected = 11.5 * triangle(Double(step) / Double(steps))
      // A phase of 23 % ends at a whole step.
      #expect(abs(rate[step] - expected) < 0.04, "step \(step): \(rate[step]), \(expected)")
    }
    #expect(abs((plan[.weightDecay]?[0] ?? 0) - 0.0153 / 11.5) < 1e-6)
    let decay = try #require(plan[.averagingDecay])
    for step in [0, 100, 479] {
      let expected = pow(0.95, 5) * pow(Double(step) / Double(steps), 3)
      #expect(abs(decay[step] - expected) < 1e-9)
    }

    let (shifts, scales) = ("block*.bn*.bias", "block*.bn*.weight")
    #expect(try parameters(shifts, of: "airbench94").count == 6)
    #expect(try parameters(scales, of: "airbench94").count == 6)
    #expect(try parameters("whiten.bias", of: "airbench94") == ["whiten.bias"])
    for step in [0, 143, 144, 479] {
      #expect(plan[.learningRate, shifts]?[step] == 64 * rate[step])
      #expect(plan[.learningRate, scales]?[step] == 0)
      #expect(plan[.learningRate, "whiten.bias"]?[step] == (step < 144 ? rate[step] : 0))
    }
    // The shifts' rate times their decay is that of all.
    #expect(abs((plan[.weightDecay, shifts]?[0] ?? 0) - 0.0153 / 11.5 / 64) < 1e-7)
  }

  @Test func smithsSuperConvergence() throws {
    let (recipe, plan, steps) = try run("resnet56-super-convergence")
    #expect((recipe.network, recipe.batch, steps) == ("resnet56", 1000, 10_000))
    let rate = try #require(plan[.learningRate])
    #expect((rate[0], rate[5000]) == (0.1, 3) && abs(rate[9999] - 0.1) < 0.001)
    #expect(plan[.momentum]?[0] == 0.9 && plan[.weightDecay]?[0] == 1e-4)
    #expect(plan[.batchNormMomentum]?[0] == 0.05, "1 - Caffe's moving average of 0.95")
  }
}

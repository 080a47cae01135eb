import CPUBackend
import Foundation
import Kernels
import Networks
import Schedules
import Testing

@testable import Training

/// A controller in the training's loop.
@Suite struct RateControllerTests {
  private func recipe(_ text: String, epochs: Int = 4) throws -> Recipe {
    var recipe = Toy.recipe(epochs: epochs, learningRate: .oneCycle(peak: 0.2, warmup: 30.percent))
    recipe.callbacks = [try RecipeCallback(name: "controller", text: text)]
    return recipe
  }

  private func plan(steps: Int) throws -> ResolvedSchedule {
    try Schedule.oneCycle(peak: 0.2, warmup: 30.percent).resolved(
      over: Horizon(steps: steps, stepsPerEpoch: 4, samplesPerStep: 16))
  }

  @Test(arguments: [
    "plateau()", "plateau(factor=0.5)", "plateau(testAccuracy,patience=0,cooldown=2,ignoring=1)",
    "plateau(loss,threshold=0.01,floor=0.1)", "greedy()",
    "greedy(loss,factor=0.9,patience=2,cooldown=1,warmup=1,threshold=0,floor=0.1,ceiling=2,window=5)",
  ])
  func takesRules(text: String) throws {
    #expect(try RecipeCallback(name: "controller", text: text).makeCallback() is RateController)
  }

  @Test(arguments: [
    "", "plateau", "plateau(", "plateau)", "Plateau()", "plateau(factor=1)", "plateau(factor=-1)",
    "plateau(window=3)", "greedy(factor=0)", "greedy(floor=2)", "greedy(ceiling=0.5)",
    "greedy(window=0)", "greedy(x)", "stop(patience=1)", "plateau(patience=1)x",
  ])
  func refusesOthers(text: String) throws {
    #expect(throws: TrainingError.self) {
      _ = try RecipeCallback(name: "controller", text: text)
    }
  }

  /// The rates that the program is told are the plan's, times what the controller said after the step
  /// before: those that the rule gives when it is replayed from the log.
  @Test(arguments: ["plateau(loss,factor=0.5,patience=1)", "greedy(loss,factor=0.5,patience=0)"])
  func multipliesThePlan(text: String) throws {
    let losses: [Float] = [3, 2, 2, 2, 2, 1, 1, 1, 0.5, 0.4, 0.3, 1, 1, 1, 1, 1]
    let backend = ScriptedBackend(losses: losses)
    let recorder = Recorder()
    let trainer = try Toy.trainer(recipe(text), backend)
    _ = try trainer.run([recorder])
    let rule: Controller =
      text.hasPrefix("plateau")
      ? .plateau(factor: 0.5, patience: 1) : .greedy(factor: 0.5, patience: 0)
    let plan = try plan(steps: 16)
    let expected = rule.values(of: plan, observing: recorder.log.observations(of: .loss))
    #expect(recorder.log.steps.map(\.learningRate) == expected)
    let offset = StepInputs.Field.learningRate(group: 0).offset
    #expect(backend.record.updates.map { $0[offset] } == expected.map { Float($0) })
    #expect(expected != Array(plan))
  }

  /// Real arithmetic, interrupted at every kind of place: the same bits, the same bytes.
  @Test(arguments: [1, 3, 4, 7, 10]) func goesOnBitForBit(step: Int) throws {
    let recipe = try recipe("greedy(loss,factor=0.7,patience=0,window=3)", epochs: 3)
    func trainer() throws -> Trainer {
      try Toy.trainer(recipe, CPUBackend(variant: .baseline, threadCount: 1))
    }
    let whole = try TemporaryFolder()
    let wholeRun = try RunFolder(creating: whole.path, recipe: recipe)
    _ = try trainer().run(wholeRun.writers())
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder.path, recipe: recipe)
    _ = try trainer().run([Ending(step)] + run.writers())
    let point = try #require(try run.resumePoint())
    _ = try trainer().run(run.writers(from: point), from: point)
    #expect(try run.metrics().steps == wholeRun.metrics().steps)
    #expect(try Checkpoint(path: run.checkpointPath) == Checkpoint(path: wholeRun.checkpointPath))
    #expect(try run.metrics().steps.map(\.learningRate) != Array(plan(steps: 12)))
  }

  /// Ends the run after a step.
  private final class Ending: Callback {
    let step: Int
    init(_ step: Int) { self.step = step }
    func handle(_ event: Event, of trainer: Trainer) -> Directive {
      if case .stepEnded(let record) = event, record.step == step { return .endRun(.interrupted) }
      return .proceed
    }
  }
}

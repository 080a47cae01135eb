import CPUBackend
import Foundation
import Kernels
import Schedules
import Testing

@testable import Training

/// What ends a training early, alone and across a resumption.
@Suite struct StoppingTests {
  /// The toy's recipe with one of the catalogue's callbacks.
  private func recipe(_ name: String, _ text: String, epochs: Int = 6) throws -> Recipe {
    var recipe = Toy.recipe(epochs: epochs)
    recipe.callbacks = [try RecipeCallback(name: name, text: text)]
    return recipe
  }

  /// The scripted network is right for half of the images.
  @Test func stopsAtAnAccuracy() throws {
    let reached = try Toy.trainer(recipe("stop-at-accuracy", "50%"), ScriptedBackend()).run([])
    #expect(reached.outcome == .stopped)
    #expect(reached.epochs.count == 1)
    let missed = try Toy.trainer(recipe("stop-at-accuracy", "0.51"), ScriptedBackend()).run([])
    #expect(missed.outcome == .completed)
    #expect(missed.epochs.count == 6)
  }

  /// Two batches an evaluation; the best loss is the second epoch's.
  @Test func stopsWhenNothingGetsBetter() throws {
    let losses: [Float] = [4, 4, 2, 2, 3, 3, 2, 2, 2.5, 2.5, 1, 1]
    func epochs(_ rule: String) throws -> Int {
      let backend = ScriptedBackend(evaluationLosses: losses)
      return try Toy.trainer(recipe("early-stop", rule), backend).run([]).epochs.count
    }
    #expect(try epochs("patience=0") == 3)
    #expect(try epochs("patience=1") == 4)
    #expect(try epochs("patience=2") == 5)
    #expect(try epochs("testLoss,patience=3") == 6)
    // An epoch that counts for nothing moves the best one on.
    #expect(try epochs("patience=0,ignoring=2") == 5)
    #expect(try epochs("patience=0,threshold=2") == 2)
    #expect(try epochs("testAccuracy,patience=1") == 3)
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

  /// Patience that was used up before the interruption counts after it.
  @Test(arguments: [3, 6, 9, 10]) func patienceSurvivesAnInterruption(step: Int) throws {
    let rule = try recipe("early-stop", "loss,patience=4", epochs: 4)
    let losses: [Float] = [3, 2, 1, 1, 1, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    let whole = try Toy.trainer(rule, ScriptedBackend(losses: losses)).run([])
    #expect(whole.outcome == .stopped)
    #expect(whole.stepCount == 11)

    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder.path, recipe: rule)
    let first = try Toy.trainer(rule, ScriptedBackend(losses: losses))
      .run([Ending(step)] + run.writers())
    #expect(first.stepCount == step + 1)
    let point = try #require(try run.resumePoint())
    let second = try Toy.trainer(
      rule, ScriptedBackend(losses: Array(losses.dropFirst(step + 1)))
    ).run(run.writers(from: point), from: point)
    #expect(second.stepCount == 11)
    #expect(second.outcome == .stopped)
  }

  @Test func aCheckpointKeepsWhatCallbacksRemember() throws {
    let rule = try recipe("early-stop", "patience=4")
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder.path, recipe: rule)
    _ = try Toy.trainer(rule, ScriptedBackend()).run([Ending(5)] + run.writers())
    let point = try #require(try run.resumePoint())
    let memory = try #require(point.checkpoint.metadata["callback/early-stop"])
    #expect(memory.contains("\"patience\":4"))

    func failure(_ change: (inout [String: String]) -> Void) throws -> String {
      var checkpoint = point.checkpoint
      change(&checkpoint.metadata)
      let changed = ResumePoint(checkpoint: checkpoint, path: "F")
      let trainer = try Toy.trainer(rule, ScriptedBackend())
      return message { _ = try trainer.run([], from: changed) }
    }
    #expect(try failure { _ in } == "no error")
    #expect(
      try failure { $0["callback/early-stop"] = nil }
        == "expected what the callback remembers as callback/early-stop in the metadata of F, "
        + "found none")
    #expect(
      try failure { $0["callback/early-stop"] = "{}" }
        == "expected what the callback remembers as callback/early-stop in the metadata of F, "
        + "found {}")
    #expect(
      try failure { $0["callback/other"] = "1" }
        == "expected nothing as callback/other in the metadata of F, found 1")
  }

  @Test func aRunGoesOnWithItsOwnCallbacks() throws {
    let rule = try recipe("early-stop", "patience=4")
    let other = try recipe("early-stop", "patience=5")
    #expect(
      message { try other.check(isContinuationOf: rule, path: "F") }
        == "expected callbacks to be [early-stop=patience=4] as in F, found "
        + "[early-stop=patience=5]; a run goes on with its own recipe")
  }
}

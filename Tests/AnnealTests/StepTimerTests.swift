import Datasets
import Schedules
import Testing
import Training

@testable import anneal

@Suite struct StepTimerTests {
  @Test func timesStepsAfterTheWarmup() throws {
    let folder = try TemporaryFolder()
    // Four steps an epoch: the run passes an epoch's end while it is timed.
    let recipe = Recipe(
      network: "resnet8", data: try folder.makeDataset(), epochs: 3, batch: 32,
      plan: try Plan(words: ["lr=0.01"]))
    let trainer = try Trainer(
      recipe, dataset: Dataset.load(recipe.data),
      backend: BackendChoice(threads: 1, environment: [:]).backend)
    let test = TestConsole()
    var seen: [Int] = []
    let timer = StepTimer(
      warmup: 2, count: 4,
      now: {
        // Looked at once for each step and once at each epoch's beginning, so that every step takes a
        // second; the evaluation between two epochs does not count.
        test.wait(1)
        return test.seconds
      }, observe: { seen.append($0) })
    let result = try trainer.run([timer])
    #expect(result.outcome == .stopped)
    #expect(result.stepCount == 6)
    #expect(seen == [1, 2, 3, 4, 5, 6])
    #expect(timer.seconds == [1, 1, 1, 1])
  }

  /// A device is waited for where the loss is read: the time from one such step to the next is shared
  /// among the steps between, and what was not waited for at an epoch's end is nobody's.
  @Test func stepsBetweenLossesShareTheirTime() throws {
    let folder = try TemporaryFolder()
    let recipe = Recipe(
      network: "resnet8", data: try folder.makeDataset(), epochs: 8, batch: 32,
      plan: try Plan(words: ["lr=0.01"]))
    let trainer = try Trainer(
      recipe, dataset: Dataset.load(recipe.data),
      backend: BackendChoice(threads: 1, environment: [:]).backend)
    let test = TestConsole()
    let timer = StepTimer(
      warmup: 3, count: 5, lossInterval: 3,
      now: {
        test.wait(6)
        return test.seconds
      }, observe: { _ in })
    #expect(try trainer.run([timer]).outcome == .stopped)
    // Epochs have four steps, and losses are read after steps 0, 3, 6 and 9: what is timed are steps 4
    // to 6, and 8 and 9.
    #expect(timer.seconds == [2, 2, 2, 3, 3])
  }
}

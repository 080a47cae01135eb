import Datasets
import Foundation
import Schedules
import Testing
import Training

@testable import anneal

@Suite struct InterruptWatchTests {
  /// Sends this thread a signal during one step.
  private final class Interruption: Callback {
    let step: Int
    let signal: CInt

    init(_ signal: CInt, duringStep step: Int) {
      self.step = step
      self.signal = signal
    }

    func handle(_ event: Event, of trainer: Trainer) -> Directive {
      if case .stepEnded(let record) = event, record.step == step { raise(signal) }
      return .proceed
    }
  }

  /// In a process of its own, where a signal that is let through ends it.
  @Test func endsTheRunAndLetsNoSignalThrough() async {
    await #expect(processExitsWith: .success) {
      for signal in [SIGINT, SIGTERM, SIGUSR1] {
        // The test's own thread may hold signals back; a program's main thread does not.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, signal)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        try Self.endsTheRun(signal)
      }
    }
  }

  @Test func aSecondInterruptEndsTheProgram() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, SIGINT)
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      let watch = InterruptWatch()
      raise(SIGINT)
      raise(SIGINT)
      withExtendedLifetime(watch) {}
    }
  }

  private static func endsTheRun(_ signal: CInt) throws {
    let folder = try TemporaryFolder()
    let recipe = Recipe(
      network: "resnet8", data: try folder.makeDataset(), epochs: 2, batch: 32,
      plan: try Plan(words: ["lr=0.01"]))
    let watch = InterruptWatch()
    let trainer = try Trainer(
      recipe, dataset: Dataset.load(recipe.data),
      backend: BackendChoice(threads: 2, environment: [:]).backend)
    let run = try RunFolder(creating: "\(folder.path)/run", recipe: recipe)
    let result = try trainer.run(
      [Interruption(signal, duringStep: 1), watch] + run.writers())
    #expect(result.outcome == .interrupted)
    #expect(result.stepCount == 2)
    #expect(folder.has("run/checkpoint.safetensors"))
  }
}

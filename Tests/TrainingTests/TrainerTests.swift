import Datasets
import Networks
import Schedules
import TestSupport
import Testing

@testable import Training

@Suite struct TrainerTests {
  // MARK: - Steps

  /// Losses that nobody wants are not waited for; at its end an epoch's time is that of its last step's
  /// work, and not of having asked for it.
  @Test func epochsEndWithAWait() throws {
    let backend = ScriptedBackend()
    _ = try Toy.trainer(Toy.recipe(epochs: 2), backend).run([])
    let evaluations = backend.record.evaluations.count / 2
    #expect(
      backend.record.lossReadings
        == [4, 8].flatMap { Array(repeating: $0, count: 1 + evaluations) })
    let sparse = ScriptedBackend()
    _ = try Toy.trainer(Toy.recipe(epochs: 1), sparse).run([Recorder(lossInterval: 3)])
    #expect(sparse.record.lossReadings.prefix(3) == [0, 3, 4])
  }

  /// The bug to guard against in a schedule toolkit: a rate that is frozen at its first value.
  @Test func everyStepIsToldItsOwnHyperparameters() throws {
    let backend = ScriptedBackend()
    var recipe = Toy.recipe(epochs: 3)
    recipe.plan = Plan {
      Scheduled(.learningRate) { Ramp(from: 0, to: 1.2) }
      Scheduled(.momentum) { Ramp(from: 0.9, to: 0.3) }
      Scheduled(.weightDecay) { Ramp(from: 0, to: 0.12) }
      Scheduled(.labelSmoothing) { Ramp(from: 0.6, to: 0) }
      Scheduled(.batchNormMomentum) { Ramp(from: 0, to: 0.24) }
    }
    let recorder = Recorder()
    _ = try Toy.trainer(recipe, backend).run([recorder])
    let updates = backend.record.updates
    try #require(updates.count == 12)
    for step in 0..<12 {
      let time = Double(step) / 12
      let expected = [
        16, 0.6 * (1 - time), 0.24 * time, Double(step + 1), 0, 1.2 * time, 0.9 - 0.6 * time,
        0.12 * time, 0,
      ]
      #expect(updates[step].count == expected.count)
      for (found, value) in zip(updates[step], expected) {
        #expect(abs(Double(found) - value) < 1e-6)
      }
      let record = recorder.log.steps[step]
      #expect(abs(record.learningRate - 1.2 * time) < 1e-15)
      #expect(abs(record.momentum - (0.9 - 0.6 * time)) < 1e-15)
      #expect((record.step, record.epoch) == (step, step / 4))
    }
  }

  @Test func whatIsNotScheduledHasItsDefault() throws {
    let backend = ScriptedBackend()
    var recipe = Toy.recipe(epochs: 1)
    recipe.plan = Plan { Scheduled(.learningRate, .constant(0.25)) }
    _ = try Toy.trainer(recipe, backend).run()
    #expect(backend.record.updates == (1...4).map { [16, 0, 0.1, Float($0), 0, 0.25, 0, 0, 0] })
    let adam = ScriptedBackend()
    recipe.optimizer = try Optimizer(parsing: "adamw")
    _ = try Toy.trainer(recipe, adam).run()
    #expect(
      adam.record.updates
        == (1...4).map { [16, 0, 0.1, Float($0), 0, 0.25, 0.9, 0, 0.999] })
  }

  /// A group's own schedules, multiples of everybody's, and the last of several groups.
  @Test func groupsHaveHyperparametersOfTheirOwn() throws {
    let backend = ScriptedBackend()
    var recipe = Toy.recipe(epochs: 2)
    recipe.plan = try Plan(words: [
      "lr=1..0", "weightDecay=0.1", "momentum=0.5", "biases:lr=(64)*lr", "fc:lr=(0@1ep,1)*lr",
      "fc:momentum=0.25", "biases,norms:weightDecay=0",
    ])
    let trainer = try Toy.trainer(recipe, backend)
    _ = try trainer.run()
    #expect(
      trainer.graph.groups.map(\.name) == [
        "all", "biases,norms", "biases + biases,norms", "fc", "biases + fc + biases,norms",
      ])
    for (step, values) in backend.record.updates.enumerated() {
      let rate = 1 - Float(step) / 8
      let late: Float = step < 4 ? 0 : rate
      #expect(
        values == [
          16, 0, 0.1, Float(step + 1), 0,
          rate, 0.5, 0.1, 0,
          rate, 0.5, 0, 0,
          64 * rate, 0.5, 0, 0,
          late, 0.25, 0.1, 0,
          late, 0.25, 0, 0,
        ])
    }
  }

  /// The gradient of a step is the mean of its parts': without batch norm, that of the whole batch.
  @Test func partsAddUpToTheWhole() throws {
    func weights(_ accumulation: Int) throws -> [Float] {
      var recipe = Toy.recipe(epochs: 3)
      recipe.accumulation = accumulation
      var network = Network(name: "toy", imageChannels: 1)
      var y = network.add(
        .convolution(outputChannels: 2, size: 3, stride: 1, padding: 1), "conv", network.images)
      y = network.add(.relu, "relu", y)
      y = network.add(.globalAveragePool, "pool", y)
      _ = network.add(.linear(outputs: 2), "fc", y)
      let trainer = try Trainer(
        recipe, dataset: Toy.shapes(), network: network, backend: ReferenceBackend())
      let recorder = Recorder()
      let result = try trainer.run([recorder])
      #expect(result.stepCount == 12)
      #expect(recorder.log.steps.count == 12)
      return try trainer.checkpoint().tensors.flatMap(\.values) + [
        Float(result.testAccuracy ?? .nan)
      ]
        + recorder.log.steps.map { Float($0.loss ?? .nan) }
    }
    let whole = try weights(1)
    for parts in [2, 4, 8] {
      let found = try weights(parts)
      #expect(found.count == whole.count)
      for (a, b) in zip(found, whole) { #expect(abs(a - b) < 1e-6) }
    }
  }

  @Test func aStepIsForwardBackwardUpdate() throws {
    let backend = ScriptedBackend()
    _ = try Toy.trainer(Toy.recipe(epochs: 1), backend).run()
    let step: [Graph.Phase] = [.forward, .backward, .update]
    #expect(
      backend.record.phases == step + step + step + step + [.evaluate, .evaluate])
  }

  /// 20 test images in batches of 16: the second batch has 4 that count.
  @Test func evaluationCountsEveryImageOnce() throws {
    let backend = ScriptedBackend()
    let recorder = Recorder()
    _ = try Toy.trainer(Toy.recipe(epochs: 1), backend).run([recorder])
    #expect(backend.record.evaluations.map(\.first) == [16, 4])
    // Label smoothing is for training alone.
    #expect(backend.record.evaluations.allSatisfy { $0[1] == 0 })
    let epoch = try #require(recorder.log.epochs.first)
    // The script says that even labels are right; padding has label 0, so counting it would show.
    #expect(epoch.testAccuracy == 0.5)
    #expect(epoch.testLoss == 0.5)
  }

  @Test func trainsOnTheSamplersBatches() throws {
    let data = Toy.shapes()
    for order in Sampler.Order.allCases {
      let backend = ScriptedBackend()
      _ = try Toy.trainer(Toy.recipe(order: order), backend).run()
      let plan = try Toy.recipe(order: order).batches(of: data.training)
      let expected = (0..<8).map { step in
        plan.batch(epoch: step / 4, step: step % 4).samples.map {
          Float(data.training.labels[$0])
        }
      }
      #expect(backend.record.labels == expected)
    }
  }

  // MARK: - Events and directives

  @Test func eventsComeInOrder() throws {
    let probe = Probe()
    _ = try Toy.trainer(Toy.recipe(epochs: 2), ScriptedBackend()).run([probe])
    let epoch = ["step", "step", "step", "step", "epoch ended"]
    #expect(
      probe.events == ["run began", "epoch 0"] + epoch + ["epoch 1"] + epoch + ["run ended"])
    let start = try #require(probe.start)
    #expect((start.stepCount, start.testCount) == (8, 20))
    #expect(start.timetable.steps(ofEpoch: 1) == 4..<8)
    // 2·9 weights, 2·2 of batch norm, 2·2 + 2 of the linear layer.
    #expect(start.parameterCount == 28)
  }

  @Test func anEpochCanBeCutShort() throws {
    let backend = ScriptedBackend()
    let probe = Probe { $0 == "step" && $1 == 2 ? .endEpoch : .proceed }
    let recorder = Recorder()
    let result = try Toy.trainer(Toy.recipe(epochs: 2), backend).run([probe, recorder])
    #expect(result.outcome == .completed)
    #expect(result.stepCount == 6)
    // The schedule and the samples go on where the next epoch has its place.
    #expect(recorder.log.steps.map(\.step) == [0, 1, 4, 5, 6, 7])
    let plan = try Toy.recipe().batches(of: Toy.shapes().training)
    #expect(
      backend.record.labels[2]
        == plan.batch(epoch: 1, step: 0).samples.map { Float($0 % 2) })
    #expect(recorder.log.epochs.map(\.epoch) == [0, 1])
  }

  @Test(arguments: ["run began", "epoch 0", "step", "epoch ended"])
  func aRunCanBeEndedAnywhere(event: String) throws {
    let probe = Probe { name, _ in name == event ? .endRun(.interrupted) : .proceed }
    let recorder = Recorder()
    let result = try Toy.trainer(Toy.recipe(), ScriptedBackend()).run([probe, recorder])
    #expect(result.outcome == .interrupted)
    #expect(result.epochs.count == (event == "epoch ended" ? 1 : 0))
    #expect(recorder.result == result)
    #expect(probe.events.last == "run ended")
    #expect(probe.events.count(where: { $0 == event }) == 1)
  }

  @Test func everyoneIsToldWhateverTheOthersAnswer() throws {
    let first = Probe { name, _ in name == "step" ? .endRun(.stopped) : .proceed }
    let second = Probe()
    _ = try Toy.trainer(Toy.recipe(), ScriptedBackend()).run([first, second])
    #expect(first.events == ["run began", "epoch 0", "step", "run ended"])
    #expect(second.events == first.events)
  }

  @Test func lossesAreReadOnlyWhenAskedFor() throws {
    let recorder = Recorder(lossInterval: 3)
    _ = try Toy.trainer(Toy.recipe(), ScriptedBackend()).run([recorder])
    #expect(
      recorder.log.steps.map { $0.loss != nil } == [
        true, false, false, true, false, false, true, false,
      ])
    let none = Recorder(lossInterval: nil)
    _ = try Toy.trainer(Toy.recipe(), ScriptedBackend()).run([none])
    #expect(none.log.steps.allSatisfy { $0.loss == nil })
    #expect(none.log.epochs.allSatisfy { $0.trainLoss == nil })
  }

  @Test func trainLossIsTheMeanOfTheEpoch() throws {
    let recorder = Recorder()
    let backend = ScriptedBackend(losses: [8, 4, 2, 1, 0.5, 0.25, 0.125, 0.0625])
    _ = try Toy.trainer(Toy.recipe(), backend).run([recorder])
    #expect(recorder.log.epochs.map(\.trainLoss) == [3.75, 0.234375])
  }

  @Test func aCallbacksErrorEndsTheRun() throws {
    final class Full: Callback {
      func handle(_ event: Event, of trainer: Trainer) throws(TrainingError) -> Directive {
        throw .unwritable(path: "x", reason: "full")
      }
    }
    let trainer = try Toy.trainer(Toy.recipe(), ScriptedBackend())
    #expect(throws: TrainingError.unwritable(path: "x", reason: "full")) {
      try trainer.run([Full()])
    }
  }

  @Test func canRunTwice() throws {
    let trainer = try Toy.trainer(Toy.recipe(), ReferenceBackend())
    let (first, second) = (Recorder(), Recorder())
    _ = try trainer.run([first])
    _ = try trainer.run([second])
    #expect(first.log.steps == second.log.steps)
  }

  // MARK: - Refusals

  @Test func saysWhatItCannotCarryOut() throws {
    func error(_ change: (inout Recipe) -> Void) -> String {
      var recipe = Toy.recipe()
      change(&recipe)
      return message { _ = try Toy.trainer(recipe, ScriptedBackend()) }
    }
    #expect(
      error { $0.batch = 65 } == "expected a batch of at most the 64 training images, found 65")
    #expect(error { $0.epochs = 0 } == "expected 1 to 1000000 as epochs, found 0")
    #expect(
      error { $0.plan = Plan { Scheduled(.momentum, .constant(0.9)) } }
        == "expected a schedule for learningRate, found none")
    #expect(
      error { $0.plan = Plan { Scheduled(.averagingDecay, .constant(0.9)) } }
        == "expected schedules for learningRate, momentum, weightDecay, labelSmoothing, "
        + "batchNormMomentum, batchSize, imageSize, found one for averagingDecay")
    #expect(
      error { recipe in
        recipe.plan = Plan { Scheduled(.learningRate, .constant(1)).group("stem") }
      }
        == "expected biases, norms or the beginning of a parameter's path such as conv.weight as a "
        + "group of toy, found 'stem'")
    #expect(
      error { recipe in
        recipe.plan = Plan {
          Scheduled(.learningRate, .constant(1))
          Scheduled(.labelSmoothing, .constant(0.1)).group("fc")
        }
      }
        == "expected schedules for learningRate, momentum, weightDecay, found one for "
        + "fc:labelSmoothing")
    #expect(
      error { $0.plan = Plan { Scheduled(.beta2, .constant(0.9)) } }
        == "expected schedules for learningRate, momentum, weightDecay, labelSmoothing, "
        + "batchNormMomentum, batchSize, imageSize, found one for beta2")
    #expect(
      error { recipe in
        recipe.plan = Plan {
          Scheduled(.learningRate, .constant(1))
          Scheduled(.momentum, .constant(1.2))
        }
      } == "momentum is 1.2 at step 0; expected at least 0 and less than 1")
    #expect(
      error { recipe in
        recipe.plan = Plan { Scheduled(.learningRate) { Hold(1, for: 3.epochs) } }
      }.hasSuffix("ends at step 12, but the run has 8 steps"))
    let unknown = message {
      _ = try Trainer(Toy.recipe(), dataset: Toy.shapes(), backend: ScriptedBackend())
    }
    #expect(unknown.hasPrefix("expected resnet8, resnet8-b, "))
    #expect(unknown.hasSuffix(" as network, found 'toy'"))
    let small = message {
      var recipe = Toy.recipe()
      recipe.network = "resnet9"
      let dataset = Dataset.synthetic(height: 4, width: 4, trainingCount: 64, testCount: 1)
      _ = try Trainer(recipe, dataset: dataset, backend: ScriptedBackend(losses: []))
    }
    #expect(
      small == "expected images large enough for the filters and windows of resnet9, "
        + "found 4×4 pixels")
  }
}

/// Notes the names of events and answers by name and number.
private final class Probe: Callback {
  private(set) var events: [String] = []
  private(set) var start: RunStart?
  private let answer: (_ event: String, _ occurrence: Int) -> Directive

  init(_ answer: @escaping (String, Int) -> Directive = { _, _ in .proceed }) {
    self.answer = answer
  }

  func handle(_ event: Event, of trainer: Trainer) -> Directive {
    let name =
      switch event {
      case .runBegan: "run began"
      case .epochBegan(let epoch): "epoch \(epoch)"
      case .stepEnded: "step"
      case .epochEnded: "epoch ended"
      case .runEnded: "run ended"
      }
    if case .runBegan(let start) = event { self.start = start }
    events.append(name)
    return answer(name, events.count(where: { $0 == name }))
  }
}

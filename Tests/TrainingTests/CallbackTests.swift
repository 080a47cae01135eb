import Testing

@testable import Training

@Suite struct CallbackTests {
  @Test func theStrongestAnswerCounts() {
    let end = Directive.endRun(.interrupted)
    #expect(Directive.proceed.combined(with: .proceed) == .proceed)
    #expect(Directive.proceed.combined(with: .endEpoch) == .endEpoch)
    #expect(Directive.endEpoch.combined(with: .proceed) == .endEpoch)
    #expect(Directive.endEpoch.combined(with: end) == end)
    #expect(end.combined(with: .endEpoch) == end)
    #expect(end.combined(with: .endRun(.stopped)) == end)
  }

  @Test func divergenceStopsAtTheFirstLossThatIsNotFinite() throws {
    for loss in [Float.nan, .infinity, -.infinity, 1.1e6] {
      let backend = ScriptedBackend(losses: [1, 1, loss, 1])
      let result = try Toy.trainer(Toy.recipe(), backend).run()
      guard case .diverged(let divergence) = result.outcome else {
        Issue.record("expected a divergence, found \(result.outcome)")
        continue
      }
      #expect(divergence.step == 2)
      #expect(divergence.learningRate == 0.1)
      #expect(result.stepCount == 3)
      #expect(result.epochs.isEmpty)
    }
  }

  @Test func divergenceHasALimit() throws {
    func outcome(_ stop: DivergenceStop) throws -> Outcome {
      try Toy.trainer(Toy.recipe(), ScriptedBackend(losses: [1, 1, 1e4, 1])).run([stop]).outcome
    }
    #expect(try outcome(DivergenceStop()) == .completed)
    #expect(try outcome(DivergenceStop(limit: .infinity)) == .completed)
    #expect(
      try outcome(DivergenceStop(limit: 100))
        == .diverged(Divergence(step: 2, epoch: 0, learningRate: 0.1, loss: 1e4)))
  }

  @Test func divergenceLooksAsOftenAsAsked() throws {
    let backend = ScriptedBackend(losses: [1, 1, .nan])
    let result = try Toy.trainer(Toy.recipe(), backend).run([DivergenceStop(lossInterval: 4)])
    #expect(result.stepCount == 5)
  }

  @Test func progressReportsTheFirstTheLastAndSomeBetween() throws {
    var reports: [ProgressReporter.Report] = []
    let reporter = ProgressReporter(every: 3) { reports.append($0) }
    _ = try Toy.trainer(Toy.recipe(epochs: 2), ScriptedBackend()).run([reporter])
    #expect(reports.map(\.step) == [1, 4, 7, 8])
    #expect(reports.map(\.epoch) == [0, 0, 1, 1])
    #expect(reports.map(\.testAccuracy) == [nil, nil, 0.5, 0.5])
    #expect(reports.map { $0.loss != nil } == [true, true, true, false])
    for report in reports {
      #expect((report.stepCount, report.epochCount) == (8, 2))
      #expect(report.imagesPerSecond > 0 && report.secondsLeft.isFinite)
    }
    #expect(reports.last?.secondsLeft == 0)
  }

  @Test func theRecorderStartsAfresh() throws {
    let recorder = Recorder()
    let trainer = try Toy.trainer(Toy.recipe(), ScriptedBackend())
    _ = try trainer.run([recorder])
    let result = try trainer.run([recorder])
    #expect(recorder.log.steps.count == 8)
    #expect(recorder.log.epochs == result.epochs)
    #expect(recorder.result == result)
  }
}

import Datasets
import Networks
import Schedules
import Training

extension SuperConvergence {
  /// `1 epoch`, `4 epochs`.
  static func text(epochs: Int) -> String { "\(epochs) epoch\(epochs == 1 ? "" : "s")" }

  /// Makes the runs of one study.
  struct Runner {
    let study: SuperConvergence
    let dataset: Dataset
    let backend: any Backend
    let folder: String
    let observe: (Progress) -> Void

    /// Sweeps the learning rate upwards on the first seed.
    func rangeTest() throws -> RangeTestCurve {
      let sweep = study.rangeTest
      let plan = try Plan(words: ["momentum=\(sweep.momentum)"] + study.shared)
      let test = try RangeTest(from: sweep.from, to: sweep.to, count: sweep.steps)
      let finder = HyperparameterFinder(recipe(epochs: 1, seed: 0, plan: plan), test: test)
      let title = "range test, \(sweep.steps) steps"
      observe(Progress(title: title, report: nil, rangeTestStep: 0))
      let result = try finder.run(on: dataset, backend: backend) { step in
        observe(Progress(title: title, report: nil, rangeTestStep: step.record.step + 1))
        return true
      }
      return result.curve
    }

    /// Carries out one run and keeps it in a folder of its own.
    func train(
      _ regime: String, epochs: Int, seed: Int, plan: Plan
    ) throws -> RunRecord {
      let name = "\(regime), \(text(epochs: epochs))"
      let recipe = recipe(epochs: epochs, seed: seed, plan: plan)
      let trainer = try Trainer(recipe, dataset: dataset, backend: backend)
      let path = "\(folder)/\(regime)-\(epochs)-epochs-seed-\(seed)"
      let writers = try RunFolder(creating: path, recipe: recipe).writers()
      let recorder = Recorder()
      let progress = ProgressReporter { report in
        observe(
          Progress(title: "\(name), seed \(seed)", report: report, rangeTestStep: nil))
      }
      let result = try trainer.run(
        [DivergenceStop(), recorder, progress] + writers)
      var divergence: Divergence?
      if case .diverged(let found) = result.outcome { divergence = found }
      return RunRecord(name: name, recipe: recipe, log: recorder.log, divergence: divergence)
    }

    private func recipe(epochs: Int, seed: Int, plan: Plan) -> Recipe {
      Recipe(
        network: study.network, data: study.data, epochs: epochs, batch: study.batch,
        seed: UInt64(seed), augmentation: study.augmentation, plan: plan)
    }
  }
}

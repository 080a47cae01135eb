import Schedules
import Testing

@Suite struct ImportFastaiTests {
  @Test func goldenFileHoldsAllCases() {
    let counts = ImportCase.fastai.reduce(into: [:]) { $0[$1.library, default: 0] += 1 }
    #expect(counts == ["fastai": 27, "fastai-f64": 19, "fastai-v1-f64": 6])
    #expect(ImportCase.fastai.count { $0.error != nil } == 1)
  }

  @Test(arguments: ImportCase.fastai.filter { $0.error == nil })
  func everyStepIsReproduced(_ golden: ImportCase) throws {
    #expect(try golden.imported().stepCount == golden.steps)
    #expect(try golden.difference() == nil)
  }

  /// fastai divides by zero where all cycles are equally long; they are equally long here.
  @Test func equalCyclesAreNoError() throws {
    let golden = try #require(ImportCase.fastai.first { $0.error != nil })
    #expect(golden.error?.type == "ZeroDivisionError")
    let exact = try #require(
      ImportCase.fastai.first {
        $0.library == "fastai-f64" && $0.parameters == golden.parameters
      })
    let values = try golden.imported().values(steps: exact.steps)
    #expect(
      exact.difference(of: values.values(of: "learningRate"), from: exact.learningRate) == nil)
  }

  /// In single precision 1/7 + 2/7 is more than 3/7: that restart comes one update late.
  @Test func restartsAreLateWhereFastaisAre() throws {
    let parameters: [String: JSONValue] = [
      "n_cycles": 3, "cycle_len": 1, "cycle_mult": 2, "lr_max": 1, "n_iter": 5,
    ]
    func rate(_ library: String) throws -> Double? {
      try ImportedPlan(library: library, class: "fit_sgdr", parameters: parameters)
        .values(steps: 35).values(of: "learningRate")?[15]
    }
    #expect(try #require(try rate("fastai")) < 1e-9)
    #expect(try rate("fastai-f64") == 1)
  }

  @Test func withoutBatchesAPlanFitsAnyRun() throws {
    let imported = try ImportedPlan(
      library: "fastai", class: "fit_one_cycle", parameters: ["lr_max": 0.01, "wd": 0.1])
    #expect(imported.stepCount == nil)
    #expect(imported.horizon(steps: 8) == Horizon(steps: 8))
    #expect(
      imported.plan[.learningRate]?.description == "0.0004..0.01@25%:cosine,0.01..1e-07:cosine")
    #expect(imported.plan[.weightDecay] == .constant(0.1))
  }

  @Test(
    arguments: [
      (
        "fit_one_cycle", ["lr_max": 0.01, "moms": [0.9, 0.8]],
        "expected three numbers of at least 0 and less than 1 for moms, found [0.9, 0.8]"
      ),
      (
        "OneCycleScheduler", ["lr_max": 0.01, "moms": 0.9, "total_iterations": 10],
        "expected two numbers of at least 0 and less than 1 for moms, found 0.9"
      ),
      (
        "OneCycleScheduler", ["lr_max": 0.01],
        "expected a whole number of at least 1 for total_iterations, found nothing"
      ),
    ] as [(String, [String: JSONValue], String)])
  func refusesParametersThatMeanNothing(
    _ className: String, _ parameters: [String: JSONValue], _ message: String
  ) {
    let error = #expect(throws: ScheduleError.self) {
      try ImportedPlan(library: "fastai", class: className, parameters: parameters)
    }
    #expect(error?.description == "fastai.\(className): \(message)")
  }
}

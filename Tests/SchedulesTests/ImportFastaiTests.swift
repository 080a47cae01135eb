import Schedules
import Testing

@Suite struct ImportFastaiTests {
  @Test func goldenFileHoldsAllCases() {
    let counts = ImportCase.fastai.reduce(into: [:]) { $0[$1.library, default: 0] += 1 }
    #expect(counts == ["fastai": 9, "fastai-f64": 7, "fastai-v1-f64": 6])
    #expect(ImportCase.fastai.allSatisfy { $0.error == nil })
  }

  @Test(arguments: ImportCase.fastai)
  func everyStepIsReproduced(_ golden: ImportCase) throws {
    let imported = try golden.imported()
    #expect(imported.stepCount == golden.steps)
    let values = try imported.values(steps: golden.steps)
    let rates = values.values(of: "learningRate")
    #expect(golden.difference(of: rates, from: golden.learningRate) == nil)
    #expect(golden.difference(of: values.values(of: "momentum"), from: golden.momentum) == nil)
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

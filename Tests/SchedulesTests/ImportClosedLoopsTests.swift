import Schedules
import Testing

@Suite struct ImportClosedLoopsTests {
  @Test func goldenFileHoldsAllCases() {
    #expect(ImportCase.greedy.count == 9)
    #expect(ImportCase.greedy.count { $0.groups != nil } == 1)
    // Raised and lowered, both.
    for golden in ImportCase.greedy {
      let rates = golden.learningRate ?? []
      #expect(zip(rates, rates.dropFirst()).contains { $0 < $1 })
      #expect(zip(rates, rates.dropFirst()).contains { $0 > $1 } || golden.name.contains("below"))
    }
  }

  @Test(arguments: ImportCase.greedy)
  func everyStepIsReproduced(_ golden: ImportCase) throws {
    #expect(try golden.difference() == nil)
    for (index, group) in (golden.groups ?? []).enumerated() {
      let rates = try golden.imported().values(steps: golden.steps)
        .values(of: "learningRate", group: index == 0 ? nil : "\(index)")
      #expect(golden.difference(of: rates, from: group.lr) == nil)
    }
  }

  @Test func functionsMakeTheClasses() throws {
    let greedy = try #require(ImportCase.greedy.first)
    #expect(
      try ImportedPlan(
        library: "transformers", class: "get_greedy_schedule", parameters: greedy.parameters)
        == greedy.imported())
    let plateau = try #require(ImportCase.pytorch.first { $0.class == "ReduceLROnPlateau" })
    #expect(
      try ImportedPlan(
        library: "transformers", class: "get_reduce_on_plateau_schedule",
        parameters: plateau.parameters) == plateau.imported())
  }

  @Test func withoutMetricsTheRateStays() throws {
    for (library, name) in [("torch", "ReduceLROnPlateau"), ("transformers", "GreedyLR")] {
      let imported = try ImportedPlan(library: library, class: name, parameters: ["base_lr": 0.1])
      #expect(imported.plan.words == ["lr=0.1"] && imported.stepCount == nil)
    }
  }

  /// A rate of zero, and limits far beyond what a rate can be multiplied by.
  @Test(arguments: [(0.0, 1.0), (1e-300, 1e300), (1e300, 1e-300)])
  func ratesStayFinite(base: Double, minimum: Double) throws {
    for (library, name) in [("torch", "ReduceLROnPlateau"), ("transformers", "GreedyLR")] {
      let imported = try ImportedPlan(
        library: library, class: name,
        parameters: [
          "base_lr": .number(base), "min_lr": .number(minimum), "patience": 0, "factor": 0.5,
          "metrics": [3, 2, 1, 1, 1, 1, 0, 1],
        ])
      let rates = try #require(try imported.values(steps: 8).values(of: "learningRate"))
      #expect(rates.allSatisfy { $0.isFinite && $0 >= 0 })
    }
  }

  @Test(
    arguments: [
      (
        "torch", "ReduceLROnPlateau", ["base_lr": 0.1, "factor": 1],
        "expected a number of at least 0 and less than 1 for factor, found 1"
      ),
      (
        "torch", "ReduceLROnPlateau", ["base_lr": 0.1, "patience": 2.5],
        "expected a whole number of at least 0 for patience, found 2.5"
      ),
      (
        "torch", "ReduceLROnPlateau", ["base_lr": 0.1, "mode": "less"],
        "expected \"min\" or \"max\" for mode, found \"less\""
      ),
      (
        "transformers", "GreedyLR", ["base_lr": 0.1, "factor": 0],
        "expected a number greater than 0 and less than 1 for factor, found 0"
      ),
      (
        "transformers", "GreedyLR", ["base_lr": 0.1, "smooth": true, "window_size": 0],
        "expected a whole number of at least 1 for window_size, found 0"
      ),
      (
        "transformers", "GreedyLR",
        [
          "base_lr": [0.1, 0.01], "min_lr": [0.05, 1e-5], "factor": 0.5, "patience": 0,
          "reset_start": 1, "metrics": [1, 1, 1, 1, 1, 1],
        ],
        "expected more reductions, as not all groups are at min_lr after as many, for "
          + "reset_start, found 1"
      ),
    ] as [(String, String, [String: JSONValue], String)])
  func errorsSayWhatWasExpected(
    _ library: String, _ name: String, _ parameters: [String: JSONValue], _ message: String
  ) {
    let error = #expect(throws: ScheduleError.self) {
      try ImportedPlan(library: library, class: name, parameters: parameters)
    }
    #expect(error?.description == "\(library).\(name): \(message)")
  }
}

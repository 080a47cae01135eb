import Schedules
import Testing

@Suite struct ImportPyTorchTests {
  @Test func goldenFileHoldsAllCases() {
    let counts = ImportCase.pytorch.reduce(into: [:]) { $0[$1.class, default: 0] += 1 }
    #expect(
      counts == [
        "OneCycleLR": 98, "CosineAnnealingLR": 6, "CosineAnnealingWarmRestarts": 7,
        "CosineAnnealingWarmRestarts.fractional": 2, "CyclicLR": 15, "StepLR": 3,
        "MultiStepLR": 4, "ConstantLR": 3, "LinearLR": 4, "ExponentialLR": 3, "PolynomialLR": 3,
        "SequentialLR": 4, "ChainedScheduler": 1, "ReduceLROnPlateau": 3,
      ])
    #expect(ImportCase.pytorch.count { $0.momentum != nil } == 61)
  }

  @Test(arguments: ImportCase.pytorch.filter { $0.error == nil })
  func everyStepIsReproduced(_ golden: ImportCase) throws {
    #expect(try golden.difference() == nil)
  }

  @Test func parameterGroupsHaveTheirOwnSchedules() throws {
    let golden = try #require(ImportCase.pytorch.first { $0.groups != nil })
    let groups = try #require(golden.groups)
    let imported = try golden.imported()
    #expect(imported.plan.groups == ["1"])
    let values = try imported.values(steps: golden.steps)
    for (index, group) in groups.enumerated() {
      let name = index == 0 ? nil : "\(index)"
      let rates = values.values(of: "learningRate", group: name)
      let momenta = values.values(of: "momentum", group: name)
      #expect(golden.difference(of: rates, from: group.lr) == nil)
      #expect(golden.difference(of: momenta, from: group.momentum) == nil)
    }
  }

  /// PyTorch divides by zero when the warm-up is exactly one step; here that phase is never
  /// entered, so the first update is at the peak.
  @Test func aWarmupOfOneStepIsEmpty() throws {
    let cases = ImportCase.pytorch.filter { $0.error?.type == "ZeroDivisionError" }
    #expect(cases.count == 4)
    for golden in cases {
      #expect(golden.parameters["total_steps"] == 10)
      #expect(golden.parameters["pct_start"] == 0.1)
      let rates = try #require(
        try golden.imported().values(steps: 10).values(of: "learningRate"))
      #expect(rates.count == 10)
      // In three phases the way down to the start is as long, and as empty.
      let isThreePhase = golden.parameters["three_phase"] == true
      #expect(abs(rates[0] - (isThreePhase ? 0.004 : 0.1)) < 1e-15)
      #expect(abs(rates[9] - 4e-7) < 1e-19)
      #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 > $1 })
    }
  }

  /// PyTorch raises an error one update too late, after a rate that climbs again; here the last
  /// value is held.
  @Test func pastTheEndTheLastValueIsHeld() throws {
    let golden = try #require(ImportCase.pytorch.first { $0.error?.type == "ValueError" })
    let recorded = try #require(golden.learningRate)
    let imported = try golden.imported()
    #expect(imported.stepCount == 20)
    #expect(golden.steps == 21)
    let rates = try #require(try imported.values(steps: 21).values(of: "learningRate"))
    #expect(golden.difference(of: Array(rates.prefix(20)), from: Array(recorded.prefix(20))) == nil)
    #expect(recorded[20] > recorded[19])
    #expect(rates[20] == rates[19])
    #expect(ImportCase.pytorch.filter { $0.error != nil }.count == 5)
  }

  @Test func aShorterRunSeesTheBeginning() throws {
    let imported = try ImportedPlan(
      library: "torch", class: "OneCycleLR", parameters: ["max_lr": 0.1, "total_steps": 100])
    let whole = try #require(try imported.values(steps: 100).values(of: "learningRate"))
    let part = try #require(try imported.values(steps: 7).values(of: "learningRate"))
    #expect(part == Array(whole.prefix(7)))
    #expect(throws: ScheduleError.runLength(steps: 0)) { try imported.values(steps: 0) }
  }

  @Test(
    arguments: [
      (
        "OneCycleLR", ["max_lr": 0.1, "total_steps": 100],
        "0.004..0.1@30%-1st:cosine,0.1..4e-07:cosine",
        "0.95..0.85@30%-1st:cosine,0.85..0.95:cosine"
      ),
      (
        "OneCycleLR",
        [
          "max_lr": 0.1, "epochs": 4, "steps_per_epoch": 13, "pct_start": 0.29,
          "three_phase": true, "anneal_strategy": "linear", "cycle_momentum": false,
        ],
        "0.004..0.1@29%-1st,0.1..0.004@29%-1st,0.004..4e-07", nil
      ),
      (
        "CosineAnnealingLR", ["T_max": 10, "base_lr": 0.1],
        "(0.1..0@10st:cosine,0..0.1@10st:cosine)x", nil
      ),
      (
        "CosineAnnealingWarmRestarts", ["T_0": 5, "T_mult": 2, "eta_min": 0.001, "base_lr": 0.1],
        "(0.1..0.001@5st:cosine)x^2", nil
      ),
      (
        "CosineAnnealingWarmRestarts.fractional",
        ["T_0": 2, "base_lr": 0.1, "steps_per_epoch": 5], "(0.1..0@2ep:cosine)x", nil
      ),
      (
        "CyclicLR",
        ["base_lr": 0.001, "max_lr": 0.006, "step_size_up": 7, "mode": "triangular2"],
        "(0.001..0.006@7st,0.006..0.001@7st)x~0.5", "(0.9..0.8@7st,0.8..0.9@7st)x~0.5"
      ),
    ] as [(String, [String: JSONValue], String, String?)])
  func plansReadAsOurText(
    _ className: String, _ parameters: [String: JSONValue], _ rate: String, _ momentum: String?
  ) throws {
    let plan = try ImportedPlan(library: "pytorch", class: className, parameters: parameters).plan
    #expect(plan[.learningRate]?.description == rate)
    #expect(plan[.momentum]?.description == momentum)
  }

  @Test(
    arguments: [
      (
        "OneCycleLR", ["total_steps": 9],
        "expected a number of at least 0 for max_lr, found nothing"
      ),
      (
        "OneCycleLR", ["max_lr": 0.1],
        "expected a whole number of at least 1, or epochs and steps_per_epoch for total_steps, "
          + "found nothing"
      ),
      (
        "OneCycleLR", ["max_lr": 0.1, "total_steps": 0],
        "expected a whole number of at least 1 for total_steps, found 0"
      ),
      (
        "OneCycleLR", ["max_lr": "big", "total_steps": 9],
        "expected a number of at least 0 for max_lr, found \"big\""
      ),
      (
        "OneCycleLR", ["max_lr": 0.1, "total_steps": 9, "pct_start": 1.5],
        "expected a number in 0...1 for pct_start, found 1.5"
      ),
      (
        "OneCycleLR", ["max_lr": 0.1, "total_steps": 9, "anneal_strategy": "cosine"],
        "expected \"cos\" or \"linear\" for anneal_strategy, found \"cosine\""
      ),
      (
        "OneCycleLR", ["max_lr": 0.1, "total_steps": 9, "three_phase": 1],
        "expected true or false for three_phase, found 1"
      ),
      (
        "OneCycleLR", ["max_lr": 0.1, "total_steps": 9, "base_momentum": 1],
        "expected a number of at least 0 and less than 1 for base_momentum, found 1"
      ),
      (
        "OneCycleLR", ["max_lr": [0.1, 0.2], "total_steps": 9, "max_momentum": [0.9, 0.9, 0.9]],
        "expected 1 or 3 numbers, one for each group for max_lr, found [0.1, 0.2]"
      ),
      (
        "OneCycleLR", ["max_lr": 0.1, "total_steps": 9, "last_epoch": 4],
        "expected -1 for last_epoch, found 4"
      ),
      (
        "CosineAnnealingLR", ["T_max": 0, "base_lr": 0.1],
        "expected a number greater than 0 for T_max, found 0"
      ),
      (
        "CosineAnnealingWarmRestarts", ["T_0": 1.5, "base_lr": 0.1],
        "expected a whole number of at least 1 for T_0, found 1.5"
      ),
      (
        "CosineAnnealingWarmRestarts.fractional",
        ["T_0": 1, "base_lr": 0.1, "fractional_step": "step(t)"],
        "expected \"step((t+1)/COUNT)\" for fractional_step, found \"step(t)\""
      ),
      (
        "CyclicLR", ["base_lr": 0.1, "max_lr": 1, "scale_fn": "lambda x: x"],
        "expected null, as functions cannot be imported, for scale_fn, found \"lambda x: x\""
      ),
    ] as [(String, [String: JSONValue], String)])
  func refusesParametersThatMeanNothing(
    _ className: String, _ parameters: [String: JSONValue], _ message: String
  ) {
    let error = #expect(throws: ScheduleError.self) {
      try ImportedPlan(library: "torch", class: className, parameters: parameters)
    }
    #expect(error?.description == "torch.\(className): \(message)")
  }
}

import Foundation
import Schedules
import Testing

@Suite struct ExportTests {
  private func exported(
    _ words: [String], to form: ExportForm, _ horizon: Horizon = Horizon(steps: 4)
  ) throws -> String {
    try Plan(words: words).exported(to: form, over: horizon)
  }

  @Test func tablesHoldEveryValue() throws {
    let words = ["lr=1..0", "stem:lr=0.5", "imageSize=128@2st,192/32"]
    #expect(
      try exported(words, to: .csv) == """
        step,learningRate,stem:learningRate,imageSize
        0,1,0.5,128
        1,0.75,0.5,128
        2,0.5,0.5,192
        3,0.25,0.5,192

        """)
    #expect(
      try exported(words, to: .json)
        == #"{"steps":4,"values":{"learningRate":[1,0.75,0.5,0.25],"#
        + #""stem:learningRate":[0.5,0.5,0.5,0.5],"imageSize":[128,128,192,192]}}"# + "\n")
  }

  @Test(arguments: [
    (
      "onecycle(peak=0.1,warmup=30%,aligned=pytorch)", Horizon(steps: 100, end: .closed),
      "OneCycleLR(optimizer, max_lr=0.1, total_steps=100, pct_start=0.3, "
        + "anneal_strategy=\"cos\", div_factor=25.0, final_div_factor=10000.0, "
        + "three_phase=False, cycle_momentum=False)"
    ),
    ("0.1..0.01:cosine", Horizon(steps: 9), "CosineAnnealingLR(optimizer, T_max=9, eta_min=0.01)"),
    (
      "(0.1..0@5st:cosine)x^2", Horizon(steps: 9),
      "CosineAnnealingWarmRestarts(optimizer, T_0=5, T_mult=2, eta_min=0.0)"
    ),
    (
      "0.1..0.05", Horizon(steps: 9, end: .closed),
      "LinearLR(optimizer, start_factor=1.0, end_factor=0.5, total_iters=8)"
    ),
    (
      "step(0.1,every=3st,decay=0.5)", Horizon(steps: 9),
      "StepLR(optimizer, step_size=3, gamma=0.5)"
    ),
  ])
  func schedulesOfPyTorchAreItsOwn(text: String, horizon: Horizon, call: String) throws {
    let module = try exported(["lr=\(text)"], to: .pytorch, horizon)
    #expect(module.contains("    return \(call)\n"), "\(module)")
    #expect(!module.contains("LambdaLR"))
  }

  /// A library's class comes back as itself.
  @Test(
    arguments: [
      ("OneCycleLR", ["max_lr": 0.1, "total_steps": 50], "OneCycleLR("),
      (
        "OneCycleLR", ["max_lr": 0.1, "total_steps": 50, "three_phase": true], "three_phase=True"
      ),
      ("StepLR", ["step_size": 5, "base_lr": 1], "StepLR("),
      (
        "CosineAnnealingWarmRestarts", ["T_0": 5, "base_lr": 1], "CosineAnnealingWarmRestarts("
      ),
    ] as [(String, [String: JSONValue], String)])
  func importsAreExportedAsThemselves(
    className: String, parameters: [String: JSONValue], call: String
  ) throws {
    let imported = try ImportedPlan(library: "torch", class: className, parameters: parameters)
    let module = try imported.plan.exported(to: .pytorch, over: imported.horizon(steps: 20))
    #expect(module.contains(call), "\(module)")
  }

  @Test func othersAreFunctions() throws {
    let module = try exported(
      ["lr=0..1@1st,1..0:1-sqrt", "momentum=0.95..0.85", "weightDecay=0.1"], to: .pytorch)
    for line in [
      "    if t < 1 - TINY:", "        return linear(0.0, 1.0, share(t, 1))",
      "    return one_minus_root(1.0, 0.0, share((t - 1), 3))", "class PlanLR(LambdaLR):",
      "            group[\"weight_decay\"] = value", "                group[\"momentum\"] = value",
    ] {
      #expect(module.contains(line + "\n"), "\(line)")
    }
  }

  /// A quotation mark in a group's name ends no string of the program.
  @Test func groupsMayBeCalledAnything() throws {
    let words = [#"x""\"\:lr=0.1"#, "lr=0.2"]
    let pytorch = try exported(words, to: .pytorch)
    #expect(pytorch.contains(#"    x\"\"\\\"\\:lr=0.1"# + "\n"))
    #expect(pytorch.contains(#"{"x\"\"\\\"\\": group_x_34__34__92__34__92__learning_rate, None:"#))
    let optax = try exported(words, to: .optax)
    #expect(optax.contains(#"    x\"\"\\\"\\:lr=0.1"# + "\n"))
    #expect(!pytorch.contains(words[0]) && !optax.contains(words[0]))
    #expect(
      try exported(words, to: .csv).hasPrefix(
        #"step,"x""""\""\:learningRate",learningRate"#))
  }

  @Test func optaxJoinsItsOwnSchedules() throws {
    let module = try exported(["lr=0..1@1st,1..0.5:cosine"], to: .optax)
    #expect(
      module.hasSuffix(
        """
        learning_rate = optax.join_schedules(
            [
                optax.linear_schedule(0.0, 1.0, 1),
                optax.cosine_decay_schedule(1.0, 3, alpha=0.5),
            ],
            [1],
        )

        """), "\(module)")
    #expect(try exported(["lr=1..0:rex"], to: .optax).contains("return value"))
  }

  @Test func whatHasNoFormulaIsListed() throws {
    let module = try exported(["lr=0.3..0.03:noise(1,2st)"], to: .pytorch)
    #expect(module.contains("return pick([0."))
  }

  @Test(arguments: [
    (["momentum=0.9"], ExportForm.pytorch, "a learning rate for all groups, found momentum=0.9"),
    (
      ["lr=1", "momentum=0.9"], .dawnbench,
      "a learning rate and nothing else, found lr=1 momentum=0.9"
    ),
    (["lr=1..0:cosine"], .dawnbench, "straight lines, found 1..0:cosine"),
    (["lr=1@2st,0.1"], .dawnbench, "no jumps, found 1 and 0.1 at step 2"),
  ])
  func refusesWhatAFormCannotHold(words: [String], form: ExportForm, message: String) throws {
    let horizon = Horizon(steps: 4, stepsPerEpoch: 2)
    let error = #expect(throws: ScheduleError.self) { try exported(words, to: form, horizon) }
    #expect(error?.description == "export to \(form.rawValue): expected \(message)")
  }

  @Test func dawnBenchGoesBothWays() throws {
    let horizon = Horizon(epochs: 35, stepsPerEpoch: 98)
    let text = try exported(["lr=0..0.4@15ep,0.4..0@15ep,0"], to: .dawnbench, horizon)
    #expect(
      text == "{\"type\": \"piecewiseLinear\", \"epochs\": [0, 15, 30, 35], "
        + "\"values\": [0, 0.4, 0, 0]}\n")
    let parameters = try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
    let imported = try ImportedPlan(
      library: "dawnbench", class: "piecewiseLinear",
      parameters: parameters.merging(["steps_per_epoch": 98]) { $1 })
    #expect(imported.stepCount == 35 * 98)
    #expect(try imported.plan.exported(to: .dawnbench, over: horizon) == text)
    #expect(throws: ScheduleError.self) {
      try exported(["lr=0..0.4@1st,0.4..0"], to: .dawnbench, Horizon(steps: 9))
    }
    let error = #expect(throws: ScheduleError.self) {
      try ImportedPlan(
        library: "dawnbench", class: "piecewiseLinear",
        parameters: ["epochs": [0, 5, 5], "values": [1, 2, 3]])
    }
    #expect(
      error?.description
        == "dawnbench.piecewiseLinear: expected ascending numbers for epochs, found [0, 5, 5]")
  }
}

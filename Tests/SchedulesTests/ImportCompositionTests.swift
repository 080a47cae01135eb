import Schedules
import Testing

@Suite struct ImportCompositionTests {
  private func rates(
    _ library: String, _ className: String, _ parameters: [String: JSONValue], steps: Int
  ) throws -> [Double] {
    let plan = try ImportedPlan(library: library, class: className, parameters: parameters)
    return try #require(try plan.values(steps: steps).values(of: "learningRate"))
  }

  @Test func sequencesNestSequencesAndChains() throws {
    let inner: JSONValue = [
      "SequentialLR",
      [
        "schedulers": [
          ["ConstantLR", ["factor": 0.5, "total_iters": 3]], ["ExponentialLR", ["gamma": 0.5]],
        ],
        "milestones": [3],
      ],
    ]
    let chain: JSONValue = [
      "ChainedScheduler",
      [
        "schedulers": [
          ["LinearLR", ["start_factor": 0.5, "total_iters": 2]],
          ["StepLR", ["step_size": 2, "gamma": 0.1]],
        ]
      ],
    ]
    let found = try rates(
      "torch", "SequentialLR",
      ["schedulers": [inner, chain], "milestones": [5], "base_lr": 1], steps: 10)
    for (value, expected) in zip(found, [0.5, 0.5, 0.5, 1, 0.5, 0.5, 0.75, 0.1, 0.1, 0.01]) {
      #expect(abs(value - expected) < 1e-15)
    }
  }

  /// A nested run keeps its own length and its own end, which PyTorch reaches one update early.
  @Test func aNestedOneCycleIsTheOneCycle() throws {
    let parameters: [String: JSONValue] = ["max_lr": 0.1, "total_steps": 20]
    let alone = try ImportedPlan(library: "torch", class: "OneCycleLR", parameters: parameters)
      .values(steps: 20)
    let nested = try ImportedPlan(
      library: "torch", class: "SequentialLR",
      parameters: [
        "schedulers": [
          ["OneCycleLR", ["max_lr": 1, "total_steps": 7]], ["OneCycleLR", .object(parameters)],
        ], "milestones": [7],
      ]
    ).values(steps: 27)
    for (own, inSequence) in zip(alone, nested) {
      #expect(own.name == inSequence.name)
      for (value, expected) in zip(inSequence.values.dropFirst(7), own.values) {
        #expect(abs(value - expected) <= 1e-12 * expected)
      }
    }
    #expect(nested.map(\.name) == ["learningRate", "momentum"])
  }

  @Test func optaxAndIgniteJoinWhatTheyAreGiven() throws {
    let joined = try rates(
      "optax", "join_schedules",
      [
        "schedules": [
          ["linear_schedule", ["init_value": 0, "end_value": 1, "transition_steps": 2]],
          [
            "join_schedules",
            [
              "schedules": [
                ["constant_schedule", ["value": 3]], ["constant_schedule", ["value": 4]],
              ], "boundaries": [1],
            ],
          ],
        ], "boundaries": [3],
      ], steps: 6)
    #expect(joined == [0, 0.5, 1, 3, 4, 4])
    let triangle: JSONValue = ["start_value": 0, "end_value": 1, "cycle_size": 4]
    let concatenated = try rates(
      "ignite", "ConcatScheduler",
      [
        "schedulers": [
          ["LinearCyclicalScheduler", triangle],
          ["PiecewiseLinear", ["milestones_values": [[0, 5], [2, 7]]]],
        ], "durations": [6],
      ], steps: 10)
    #expect(concatenated == [0, 0.5, 1, 0.5, 0, 0.5, 5, 6, 7, 7])
    let sgdr = try rates(
      "optax", "sgdr_schedule",
      [
        "cosine_kwargs": [
          ["init_value": 0, "peak_value": 1, "warmup_steps": 1, "decay_steps": 3],
          ["init_value": 0, "peak_value": 2, "warmup_steps": 1, "decay_steps": 3],
        ]
      ], steps: 6)
    for (value, expected) in zip(sgdr, [0, 1, 0.5, 0, 2, 1]) {
      #expect(abs(value - expected) < 1e-15)
    }
  }

  @Test(
    arguments: [
      (
        "torch", "SequentialLR", ["schedulers": [], "milestones": [1]],
        "torch.SequentialLR: expected a list of pairs of a class and its parameters, "
          + "[[\"NAME\", {…}], …], for schedulers, found []"
      ),
      (
        "torch", "SequentialLR",
        ["schedulers": [["StepLR", ["step_size": 1]]], "milestones": [], "base_lr": "x"],
        "torch.StepLR: expected a number of at least 0 for base_lr, found \"x\""
      ),
      (
        "torch", "ChainedScheduler",
        [
          "schedulers": [["ExponentialLR", ["gamma": 1]], ["CyclicLR", ["max_lr": 1]]],
          "base_lr": 1,
        ],
        "torch.ChainedScheduler: expected schedulers that multiply the rate, and no eta_min, for "
          + "schedulers, found [[\"ExponentialLR\", {\"gamma\": 1}], [\"CyclicLR\", {\"max_lr\": 1}]]"
      ),
      (
        "optax", "join_schedules", ["schedules": [["cosine_decay", ["init_value": 1]]]],
        "unknown class of optax 'cosine_decay'"
      ),
      (
        "ignite", "ConcatScheduler",
        [
          "schedulers": [
            ["PiecewiseLinear", ["milestones_values": [[0, 1]]]],
            ["PiecewiseLinear", ["milestones_values": [[0, 1]]]],
          ], "durations": [1, 2],
        ],
        "ignite.ConcatScheduler: expected a number for each of the 2 schedulers but the last for "
          + "durations, found [1, 2]"
      ),
      (
        "keras", "PolynomialDecay",
        ["initial_learning_rate": 1, "decay_steps": 2, "cycle": true],
        "keras.PolynomialDecay: expected false where the run's length is not known for cycle, "
          + "found true"
      ),
      (
        "composer", "LinearScheduler", ["t_max": "3 days"],
        "composer.LinearScheduler: expected a time such as \"10ep\", \"200ba\" or \"0.5dur\" for "
          + "t_max, found \"3 days\""
      ),
      (
        "optax", "piecewise_constant_schedule",
        ["init_value": 1, "boundaries_and_scales": ["x": 1]],
        "optax.piecewise_constant_schedule: expected an object with numbers by step, such as "
          + "{\"4\": 0.1}, for boundaries_and_scales, found {\"x\": 1}"
      ),
      (
        "timm", "WSDLRScheduler", ["t_initial": 3, "decay_t": 4, "base_lr": 1],
        "timm.WSDLRScheduler: expected no more than t_initial for decay_t, found 4"
      ),
    ] as [(String, String, [String: JSONValue], String)])
  func explainsMistakes(
    _ library: String, _ className: String, _ parameters: [String: JSONValue], _ message: String
  ) {
    let error = #expect(throws: ScheduleError.self) {
      try ImportedPlan(library: library, class: className, parameters: parameters)
    }
    #expect(error?.description == message)
  }

  /// A run that is shorter than the phases sees their beginning.
  @Test(arguments: ImportCase.all.filter { $0.error == nil && $0.steps > 3 })
  func shorterRunsSeeTheBeginning(_ golden: ImportCase) throws {
    let imported = try golden.imported()
    let whole = try imported.values(steps: golden.steps)
    for (part, entry) in zip(try imported.values(steps: 3), whole) {
      for (value, expected) in zip(part.values, entry.values) {
        #expect(abs(value - expected) <= 1e-12 * abs(expected))
      }
    }
  }
}

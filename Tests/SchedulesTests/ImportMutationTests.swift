import Testing

@testable import Schedules

/// Whatever the parameters of a class are, the answer is finite values or a typed error.
@Suite struct ImportMutationTests {
  private static let numbers: [Double] = [
    0, -0.0, 1, -1, 0.5, 2, 3, 7, 10, 0.1, 1.5, 1e-9, 1e-300, .leastNonzeroMagnitude, 1e9, 1e12,
    1e13, 1e300,
    -1e300,
    0x1p63, 0.999999, 1.000001,
  ]
  private static let words = [
    "linear", "cos", "cosine", "exp", "min", "max", "rel", "abs", "triangular", "triangular2",
    "exp_range", "1-sqrt", "cycle", "", "nan", "10ep", "1dur", "0.5dur", "3ba", "-1ba", "1e400ba",
  ]

  private func value(depth: Int, _ random: inout ScheduleGenerator) -> JSONValue {
    switch random.integer(0...11) {
    case 0: return .boolean(random.integer(0...1) == 1)
    case 1: return .string(random.pick(Self.words))
    case 2: return .null
    case 3 where depth > 0:
      let count = random.integer(0...3)
      return .array((0..<count).map { _ in value(depth: depth - 1, &random) })
    case 4 where depth > 0:
      return .object([
        random.pick(["0", "3", "1e300", "-1", "x"]): value(depth: depth - 1, &random)
      ])
    case 5 where depth > 0: return .array([part(&random), part(&random)])
    default: return .number(random.pick(Self.numbers))
    }
  }

  /// A schedule in a schedule of schedules, as PyTorch, optax and Ignite list them.
  private func part(_ random: inout ScheduleGenerator) -> JSONValue {
    let library = random.pick(ImportLibrary.all)
    let known = random.pick(library.classes)
    return .array([.string(known.name), .object(parameters(of: known, depth: 1, &random))])
  }

  private func parameters(
    of known: ImportClass, depth: Int, _ random: inout ScheduleGenerator
  ) -> [String: JSONValue] {
    var parameters: [String: JSONValue] = [:]
    for name in known.parameters where random.integer(0...2) > 0 {
      parameters[name] = value(depth: depth, &random)
    }
    return parameters
  }

  /// The parameters of recorded runs with one of them changed.
  @Test func recordedRunsWithAnotherValue() throws {
    var random = ScheduleGenerator(seed: 2)
    var read = 0
    for golden in ImportCase.all {
      for name in golden.parameters.keys.sorted() {
        var parameters = golden.parameters
        parameters[name] = value(depth: 2, &random)
        if check(golden.library, golden.class, parameters) { read += 1 }
      }
    }
    #expect(read > 500)
  }

  @Test func anythingAtAll() {
    var random = ScheduleGenerator(seed: 1)
    var read = 0
    for library in ImportLibrary.all {
      for known in library.classes {
        for _ in 0..<60 {
          let parameters = parameters(of: known, depth: 2, &random)
          if check(library.name, known.name, parameters) { read += 1 }
        }
      }
    }
    #expect(read > 50)
  }

  /// Whether the class took the parameters.
  private func check(_ library: String, _ name: String, _ parameters: [String: JSONValue]) -> Bool {
    do {
      let imported = try ImportedPlan(
        library: library, class: name, parameters: parameters, steps: 20)
      for entry in try imported.values(steps: 20) {
        #expect(
          entry.values.count == 20 && entry.values.allSatisfy { $0.isFinite },
          "\(library).\(name) \(JSONValue.object(parameters))")
      }
      #expect(try Plan(words: imported.plan.words) == imported.plan, "\(imported.plan)")
      return true
    } catch {
      #expect(!error.description.isEmpty)
      return false
    }
  }
}

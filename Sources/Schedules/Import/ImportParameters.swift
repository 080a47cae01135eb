/// The parameters of an imported class, read by name and kind, with the library's defaults.
///
/// A parameter that is null is one that was left out.
struct ImportParameters: Sendable {
  private let values: [String: JSONValue]
  private let className: String
  /// The library as the caller named it.
  let library: String
  /// The number of updates of the run, where the caller knows it.
  let steps: Int?

  init(
    _ values: [String: JSONValue], of known: ImportClass, in library: String, steps: Int? = nil
  ) throws(ScheduleError) {
    className = "\(library).\(known.name)"
    self.library = library
    self.steps = steps
    // The first in alphabetical order is reported: a dictionary has no order of its own.
    if let unknown = values.keys.filter({ !known.parameters.contains($0) }).min() {
      throw .unknownImport(
        kind: "parameter of \(className)", name: unknown,
        nearest: nearestName(to: unknown, among: known.parameters))
    }
    self.values = values.filter { $0.value != .null }
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  subscript(name: String) -> JSONValue? { values[name] }

  func error(_ name: String, expected: String) -> ScheduleError {
    .importedParameter(
      of: className, name: name, expected: expected,
      found: values[name].map(\.description) ?? "nothing")
  }

  // MARK: - One value

  func number(
    _ name: String, default fallback: Double? = nil, _ range: Range = .finite
  ) throws(ScheduleError) -> Double {
    let numbers = try self.numbers(name, default: fallback.map { [$0] }, range)
    guard numbers.count == 1 else { throw error(name, expected: range.expectation) }
    return numbers[0]
  }

  func count(_ name: String, default fallback: Int? = nil) throws(ScheduleError) -> Int {
    let number = try number(name, default: fallback.map(Double.init), .count)
    return Int(number)
  }

  /// A length in updates, from 0.
  func steps(_ name: String, default fallback: Double? = nil) throws(ScheduleError) -> Double {
    try number(name, default: fallback, .length)
  }

  func boolean(_ name: String, default fallback: Bool) throws(ScheduleError) -> Bool {
    switch values[name] {
    case nil: return fallback
    case .boolean(let value): return value
    default: throw error(name, expected: "true or false")
    }
  }

  func text(_ name: String) throws(ScheduleError) -> String? {
    switch values[name] {
    case nil: return nil
    case .string(let text): return text
    default: throw error(name, expected: "a string")
    }
  }

  /// One of several words.
  func word<Word: RawRepresentable & CaseIterable>(
    _ name: String, default fallback: Word
  ) throws(ScheduleError) -> Word where Word.RawValue == String {
    guard let value = values[name] else { return fallback }
    if case .string(let text) = value, let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
    throw error(name, expected: words)
  }

  // MARK: - Lists

  /// A number, or a list of them: one per group, or the values of a policy's phases.
  func numbers(
    _ name: String, default fallback: [Double]? = nil, _ range: Range = .finite
  ) throws(ScheduleError) -> [Double] {
    let found: [JSONValue]
    switch values[name] {
    case .array(let elements) where !elements.isEmpty: found = elements
    case let value?: found = [value]
    case nil:
      guard let fallback else { throw error(name, expected: range.expectation) }
      return fallback
    }
    var numbers: [Double] = []
    for element in found {
      guard case .number(let number) = element, range.accepts(number) else {
        throw error(name, expected: range.expectation)
      }
      numbers.append(number)
    }
    return numbers
  }

  /// Numbers by the update at which they begin to count, as in `{"4": 0.1, "8": 0.5}`, ascending.
  func numbersByStep(
    _ name: String
  ) throws(ScheduleError) -> [(step: Double, value: Double)] {
    let expected = "an object with numbers by step, such as {\"4\": 0.1},"
    switch values[name] {
    case nil: return []
    case .object(let object):
      var numbers: [(step: Double, value: Double)] = []
      for (key, value) in object {
        guard let step = Double(key), Range.length.accepts(step), case .number(let number) = value,
          number.isFinite
        else { throw error(name, expected: expected) }
        numbers.append((step, number))
      }
      return numbers.sorted { $0.step < $1.step }
    default: throw error(name, expected: expected)
    }
  }

  /// Several parameters of the parameter groups, side by side: one element per group.
  ///
  /// A single number holds for all groups.
  func groups(_ columns: [(name: String, values: [Double])]) throws(ScheduleError) -> [[Double]] {
    let count = columns.map(\.values.count).max() ?? 1
    for (name, values) in columns where values.count != 1 && values.count != count {
      throw error(name, expected: "1 or \(count) numbers, one for each group")
    }
    return (0..<count).map { group in
      columns.map { $0.values.count == 1 ? $0.values[0] : $0.values[group] }
    }
  }

  // MARK: - Ranges

  /// What a number may be.
  enum Range: Sendable {
    case finite
    case notNegative
    case positive
    case fraction
    case openFraction
    case momentum
    case length
    case wholeLength
    case count

    func accepts(_ value: Double) -> Bool {
      switch self {
      case .finite: value.isFinite
      case .notNegative: value >= 0 && value.isFinite
      case .positive: value > 0 && value.isFinite
      case .fraction: value >= 0 && value <= 1
      case .openFraction: value > 0 && value < 1
      case .momentum: value >= 0 && value < 1
      case .wholeLength: value >= 0 && value <= 1e12 && value == value.rounded()
      case .length: value >= 0 && value <= 1e12
      case .count: value >= 1 && value <= 1e12 && value == value.rounded()
      }
    }

    var expectation: String {
      switch self {
      case .finite: "a number"
      case .notNegative: "a number of at least 0"
      case .positive: "a number greater than 0"
      case .fraction: "a number in 0...1"
      case .openFraction: "a number greater than 0 and less than 1"
      case .momentum: "a number of at least 0 and less than 1"
      case .wholeLength: "a whole number of at least 0"
      case .length: "a number of updates, at least 0,"
      case .count: "a whole number of at least 1"
      }
    }
  }
}

extension Span {
  /// A fraction of the run as per cent, without the last bits that the factor of 100 leaves behind:
  /// 0.29 is 29 %, not 28.999999999999996 %.
  static func fraction(_ share: Double) -> Span {
    let exact = share * 100
    let short = (exact * 1e10).rounded() / 1e10
    return .percent(abs(short - exact) <= 4 * exact.ulp ? short : exact)
  }
}

extension Plan {
  /// A plan of the learning rate alone.
  static func learningRate(_ schedule: Schedule) -> Plan {
    Plan { Scheduled(.learningRate, schedule) }
  }

  /// A plan for PyTorch's numbered parameter groups.
  ///
  /// The first group's schedules hold for every group that has none of its own; the others are
  /// named by their numbers.
  static func groups(
    _ groups: [[Double]], _ scheduled: ([Double]) -> [Scheduled]
  ) -> Plan {
    Plan {
      for (index, parameters) in groups.enumerated() {
        for entry in scheduled(parameters) {
          index == 0 ? entry : entry.group("\(index)")
        }
      }
    }
  }
}

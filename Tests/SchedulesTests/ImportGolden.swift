import Schedules
import Testing

/// One run of another library's schedule, as it was recorded.
struct ImportCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Failure: Decodable, Sendable {
    let type: String
  }
  struct Group: Decodable, Sendable {
    let lr: [Double]
    let momentum: [Double]?
  }

  let name: String
  let library: String
  let version: String
  let `class`: String
  let parameters: [String: JSONValue]
  let steps: Int
  let relative: Double
  let absolute: Double
  let error: Failure?
  let learningRate: [Double]?
  let momentum: [Double]?
  let groups: [Group]?

  var testDescription: String { name }

  static let pytorch = read("pytorch.json")
  static let fastai = read("fastai.json")
  static let optax = read("optax.json")
  static let timm = read("timm.json")
  static let transformers = read("transformers.json")
  static let keras = read("keras.json")
  static let composer = read("composer.json")
  static let ignite = read("ignite.json")
  static let formula = read("formula.json")
  static let greedy = read("greedy.json")
  static let all =
    pytorch + fastai + optax + timm + transformers + keras + composer + ignite + formula
    + greedy
  static let smith = formula.filter { $0.class == "Smith1cycle.caffe" }

  private static func read(_ name: String) -> [ImportCase] {
    struct File: Decodable { let cases: [ImportCase] }
    return (try? GoldenFile.read(name, as: File.self).cases) ?? []
  }

  func imported() throws -> ImportedPlan {
    try ImportedPlan(
      library: library, class: `class`, parameters: parameters, steps: max(steps, 1))
  }

  /// The first difference between the library's values and the import's, in words.
  func difference() throws -> String? {
    let values = try imported().values(steps: steps)
    return difference(of: values.values(of: "learningRate"), from: learningRate)
      ?? difference(of: values.values(of: "momentum"), from: momentum)
  }

  func number(_ name: String) -> Double? {
    guard case .number(let value)? = parameters[name] else { return nil }
    return value
  }

  /// The first step where values differ by more than the tolerance, in words; nothing if none does.
  func difference(of values: [Double]?, from expected: [Double]?) -> String? {
    guard let values, let expected else {
      return (values == nil) == (expected == nil) ? nil : "one of them has no values"
    }
    guard values.count == expected.count else {
      return "\(values.count) values instead of \(expected.count)"
    }
    for (step, (value, reference)) in zip(values, expected).enumerated() {
      // Written so that a value that is not a number is a difference.
      guard abs(value - reference) <= absolute + relative * abs(reference) else {
        return "step \(step): \(value) instead of \(reference)"
      }
    }
    return nil
  }
}

extension [ImportedPlan.Values] {
  func values(of name: String, group: String? = nil) -> [Double]? {
    first { $0.name == name && $0.group == group }?.values
  }
}

/// A member of the JSON of a range test, some of which are named after the hyper-parameter.
struct RangeTestKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer where Key == RangeTestKey {
  /// The hyper-parameter after which a member is named, and that member.
  ///
  /// - Parameter name: The member's name for a hyper-parameter.
  /// - Returns: The first that is there; the learning rate's where none is, so that the error of
  ///   reading it names what is missing.
  func hyperparameter(
    _ name: (Hyperparameter<Double>) -> String
  ) -> (Hyperparameter<Double>, Key) {
    let all = HyperparameterKey.allCases.filter { !$0.isInteger }.map(Hyperparameter<Double>.init)
    let found = all.first { contains(RangeTestKey(name($0))) } ?? .learningRate
    return (found, RangeTestKey(name(found)))
  }
}

extension UpdateRule {
  /// Makes tensor 0 a copy of tensor 1.
  package static var copy: UpdateRule {
    var builder = UpdateBuilder(tensorCount: 2)
    builder.set(.tensor(0), to: .tensor(1))
    return builder.rule
  }

  /// Adds tensor 1 to tensor 0.
  package static var addition: UpdateRule {
    var builder = UpdateBuilder(tensorCount: 2)
    builder.set(.tensor(0), to: .tensor(0) + .tensor(1))
    return builder.rule
  }
}

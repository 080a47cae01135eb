import Tensors

/// The same arithmetic on every element of some tensors of one shape: an optimiser's step on one
/// parameter, an average of weights, the adding up of gradients.
///
/// What it does stands in its rule; each optimiser has a file of its own beside ``Optimizer``.
public struct Update: Hashable, Sendable {
  /// What it is, in words.
  public let name: String
  /// The tensors in the order of the rule's operands.
  public let tensors: [Slot]
  /// What is done.
  public let rule: UpdateRule
  /// A scalar without which nothing is done: it has to be above 0; `nil` for always.
  public var condition: Formula?
}

/// y[position] = Σ x², for clipping and for optimisers that look at norms.
public struct SquaredNorm: Hashable, Sendable {
  /// The tensor, of any shape.
  public let x: Slot
  /// The norms; one value is overwritten.
  public let y: Slot
  /// Which value.
  public let position: Int
}

extension Update {
  /// All scalars: those of the rule, then the condition.
  public var scalars: [Formula] { rule.scalars + (condition.map { [$0] } ?? []) }
}

extension Update: Operands {
  var reads: [Slot] {
    tensors + Set(scalars.flatMap(\.slots)).sorted { $0.index < $1.index }
  }
  var writes: [Slot] {
    let results = Set(rule.instructions.map(\.result))
    return tensors.indices.filter(results.contains).map { tensors[$0] }
  }
}

extension SquaredNorm: Operands {
  var name: String { "squared norm" }
  var reads: [Slot] { [x] }
  var writes: [Slot] { [y] }
}

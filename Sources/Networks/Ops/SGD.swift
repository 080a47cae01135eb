/// Stochastic gradient descent with momentum and weight decay, PyTorch's form.
///
///     g = gradient + weightDecay · parameter
///     velocity = momentum · velocity + g
///     parameter = parameter − learningRate · (nesterov ? g + momentum · velocity : velocity)
///
/// The three hyper-parameters are the step inputs of the parameter's group. The rate multiplies the
/// velocity when it is used, not when it is stored (Sutskever et al. 2013 store rate · gradient): the
/// two differ while the rate changes.
public struct SGD: Hashable, Sendable {
  /// The parameter; updated.
  public let parameter: Slot
  /// Its gradient.
  public let gradient: Slot
  /// Its momentum buffer; updated.
  public let velocity: Slot
  /// The position of its group in the step inputs.
  public let group: Int
  /// Whether the momentum is Nesterov's.
  public let usesNesterov: Bool
}

extension SGD: Operands {
  var name: String { usesNesterov ? "sgd nesterov" : "sgd" }
  var reads: [Slot] { [parameter, gradient, velocity] }
  var writes: [Slot] { [parameter, velocity] }
}

extension GraphBuilder {
  mutating func emitSGD(_ parameter: Graph.Parameter) {
    append(
      .sgd(
        SGD(
          parameter: parameter.values, gradient: parameter.gradient, velocity: parameter.velocity,
          group: parameter.group, usesNesterov: graph.configuration.usesNesterov)), to: .update)
  }
}

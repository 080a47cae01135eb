public import Tensors

/// A place for values in a graph: the position in `Graph.slots`.
public struct Slot: Hashable, Sendable {
  /// The position in `Graph.slots`.
  public let index: Int
}

/// What a graph says about one slot.
public struct SlotDescription: Hashable, Sendable {
  /// What the values are and how long they live.
  public enum Role: String, Sendable {
    /// The batch: images and labels, written before each step.
    case input
    /// The step inputs: everything that changes from step to step.
    case stepInput
    /// A trained parameter.
    case parameter
    /// A value that training updates but no gradient does: batch norm's running statistics.
    case state
    /// The gradient of the loss with respect to a parameter.
    case parameterGradient
    /// What the optimiser keeps of a parameter from step to step: its momentum, for instance.
    case optimizerState
    /// The average of a parameter or state.
    case average
    /// What a step gives: losses, hits.
    case output
    /// A layer's result or what it saves for its backward pass.
    case activation
    /// The gradient of the loss with respect to an activation.
    case activationGradient
  }

  /// The name: a parameter's path (`layer1.0.conv1.weight`) or a description.
  public let name: String
  /// The logical shape.
  public let shape: Shape
  /// What the values are.
  public let role: Role

  /// Whether it holds images: the batch, an activation `[n, c, h, w]` or its gradient.
  ///
  /// These are what ``Precision`` is about.
  public var isImage: Bool {
    switch role {
    case .input, .activation, .activationGradient: shape.rank == 4
    default: false
    }
  }

  /// Whether the values stay until they are written again.
  ///
  /// Others share memory by liveness.
  public var isPersistent: Bool {
    switch role {
    case .activation, .activationGradient: false
    default: true
    }
  }
}

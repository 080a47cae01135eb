import Tensors

/// Everything that changes from one step to the next, as the values of one slot.
///
/// A hyper-parameter reaches a backend only through this slot, written before each step. A captured
/// device graph then reads today's learning rate; a rate passed as a kernel's argument would be
/// frozen at its first value, and nothing would fail.
public struct StepInputs: Hashable, Sendable {
  /// The hyper-parameters of one parameter group.
  public struct Group: Hashable, Sendable {
    /// The learning rate, ≥ 0.
    public var learningRate: Float
    /// The momentum, or Adam's β₁, in 0..<1.
    public var momentum: Float
    /// The weight decay, ≥ 0.
    public var weightDecay: Float
    /// Adam's β₂, in 0..<1.
    public var beta2: Float

    /// Makes a group's hyper-parameters.
    public init(
      learningRate: Float, momentum: Float = 0, weightDecay: Float = 0, beta2: Float = 0
    ) {
      self.learningRate = learningRate
      self.momentum = momentum
      self.weightDecay = weightDecay
      self.beta2 = beta2
    }
  }

  /// The samples of the batch that count, from the first; a last batch of evaluation may be short.
  public var validCount: Int
  /// The share of each target spread evenly over all classes, 0...1.
  public var labelSmoothing: Float
  /// The weight of the new batch in batch norm's running statistics, 0...1 (PyTorch's meaning).
  public var batchNormMomentum: Float
  /// The number of this update, from 1.
  public var updateNumber: Int
  /// The weight of today's parameters in their average, 0...1.
  public var averagingWeight: Float
  /// One entry for each of the graph's parameter groups, in their order.
  public var groups: [Group]

  /// Makes the step inputs.
  public init(
    validCount: Int, labelSmoothing: Float = 0, batchNormMomentum: Float = 0.1,
    updateNumber: Int = 1, averagingWeight: Float = 0, groups: [Group] = []
  ) {
    self.validCount = validCount
    self.labelSmoothing = labelSmoothing
    self.batchNormMomentum = batchNormMomentum
    self.updateNumber = updateNumber
    self.averagingWeight = averagingWeight
    self.groups = groups
  }

  /// Where one hyper-parameter stands in the slot.
  public enum Field: Hashable, Sendable {
    /// ``StepInputs/validCount``.
    case validCount
    /// ``StepInputs/labelSmoothing``.
    case labelSmoothing
    /// ``StepInputs/batchNormMomentum``.
    case batchNormMomentum
    /// ``StepInputs/updateNumber``.
    case updateNumber
    /// ``StepInputs/averagingWeight``.
    case averagingWeight
    /// A group's learning rate.
    case learningRate(group: Int)
    /// A group's momentum.
    case momentum(group: Int)
    /// A group's weight decay.
    case weightDecay(group: Int)
    /// A group's β₂.
    case beta2(group: Int)

    /// The position among the slot's values.
    public var offset: Int {
      switch self {
      case .validCount: 0
      case .labelSmoothing: 1
      case .batchNormMomentum: 2
      case .updateNumber: 3
      case .averagingWeight: 4
      case .learningRate(let group): 5 + 4 * group
      case .momentum(let group): 6 + 4 * group
      case .weightDecay(let group): 7 + 4 * group
      case .beta2(let group): 8 + 4 * group
      }
    }
  }

  /// The slot's shape for a number of groups.
  static func shape(groupCount: Int) -> Shape { [5 + 4 * groupCount] }

  /// The slot's values, in the order that `Field.offset` tells.
  public var values: [Float] {
    [Float(validCount), labelSmoothing, batchNormMomentum, Float(updateNumber), averagingWeight]
      + groups.flatMap { [$0.learningRate, $0.momentum, $0.weightDecay, $0.beta2] }
  }
}

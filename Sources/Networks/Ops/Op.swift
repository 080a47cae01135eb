/// One operation of a graph.
///
/// The enumeration is closed: a backend switches over it, and a new case does not compile until
/// every backend handles it. Each kind's mathematics stands in the file named after its layer.
public enum Op: Hashable, Sendable {
  /// See ``ConvolutionForward``.
  case convolutionForward(ConvolutionForward)
  /// See ``ConvolutionBackwardData``.
  case convolutionBackwardData(ConvolutionBackwardData)
  /// See ``ConvolutionBackwardFilter``.
  case convolutionBackwardFilter(ConvolutionBackwardFilter)
  /// See ``BatchNormForward``.
  case batchNormForward(BatchNormForward)
  /// See ``BatchNormInference``.
  case batchNormInference(BatchNormInference)
  /// See ``BatchNormBackward``.
  case batchNormBackward(BatchNormBackward)
  /// See ``ReLUForward``.
  case reluForward(ReLUForward)
  /// See ``ReLUBackward``.
  case reluBackward(ReLUBackward)
  /// See ``GELUForward``.
  case geluForward(GELUForward)
  /// See ``GELUBackward``.
  case geluBackward(GELUBackward)
  /// See ``CELUForward``.
  case celuForward(CELUForward)
  /// See ``CELUBackward``.
  case celuBackward(CELUBackward)
  /// See ``AdditionForward``.
  case additionForward(AdditionForward)
  /// See ``AdditionBackward``.
  case additionBackward(AdditionBackward)
  /// See ``DownsampleForward``.
  case downsampleForward(DownsampleForward)
  /// See ``DownsampleBackward``.
  case downsampleBackward(DownsampleBackward)
  /// See ``GlobalAveragePoolForward``.
  case globalAveragePoolForward(GlobalAveragePoolForward)
  /// See ``GlobalAveragePoolBackward``.
  case globalAveragePoolBackward(GlobalAveragePoolBackward)
  /// See ``MaxPoolForward``.
  case maxPoolForward(MaxPoolForward)
  /// See ``MaxPoolBackward``.
  case maxPoolBackward(MaxPoolBackward)
  /// See ``GlobalMaxPoolForward``.
  case globalMaxPoolForward(GlobalMaxPoolForward)
  /// See ``GlobalMaxPoolBackward``.
  case globalMaxPoolBackward(GlobalMaxPoolBackward)
  /// See ``ConcatenationForward``.
  case concatenationForward(ConcatenationForward)
  /// See ``ConcatenationBackward``.
  case concatenationBackward(ConcatenationBackward)
  /// See ``BiasForward``.
  case biasForward(BiasForward)
  /// See ``BiasBackward``.
  case biasBackward(BiasBackward)
  /// See ``LinearForward``.
  case linearForward(LinearForward)
  /// See ``LinearBackward``.
  case linearBackward(LinearBackward)
  /// See ``SoftmaxCrossEntropy``.
  case softmaxCrossEntropy(SoftmaxCrossEntropy)
  /// See ``SquaredNorm``.
  case squaredNorm(SquaredNorm)
  /// See ``Update``.
  case update(Update)

  /// The operation's operands, whatever its kind.
  var operands: any Operands {
    switch self {
    case .convolutionForward(let op): op
    case .convolutionBackwardData(let op): op
    case .convolutionBackwardFilter(let op): op
    case .batchNormForward(let op): op
    case .batchNormInference(let op): op
    case .batchNormBackward(let op): op
    case .reluForward(let op): op
    case .reluBackward(let op): op
    case .geluForward(let op): op
    case .geluBackward(let op): op
    case .celuForward(let op): op
    case .celuBackward(let op): op
    case .additionForward(let op): op
    case .additionBackward(let op): op
    case .downsampleForward(let op): op
    case .downsampleBackward(let op): op
    case .globalAveragePoolForward(let op): op
    case .globalAveragePoolBackward(let op): op
    case .maxPoolForward(let op): op
    case .maxPoolBackward(let op): op
    case .globalMaxPoolForward(let op): op
    case .globalMaxPoolBackward(let op): op
    case .concatenationForward(let op): op
    case .concatenationBackward(let op): op
    case .biasForward(let op): op
    case .biasBackward(let op): op
    case .linearForward(let op): op
    case .linearBackward(let op): op
    case .softmaxCrossEntropy(let op): op
    case .squaredNorm(let op): op
    case .update(let op): op
    }
  }

  /// The kind in words, for example `convolution backward data`.
  public var name: String { operands.name }
  /// The slots whose values the operation needs.
  public var reads: [Slot] { operands.reads }
  /// The slots that the operation changes; the first is its main result.
  public var writes: [Slot] { operands.writes }
  /// Floating-point operations of its matrix products, two for each multiply-and-add; 0 for kinds
  /// that memory limits.
  public var flops: Int { operands.flops }
}

/// What can be said of an operation without knowing its kind: enough for liveness and tables.
protocol Operands {
  var name: String { get }
  var reads: [Slot] { get }
  var writes: [Slot] { get }
  var flops: Int { get }
}

extension Operands {
  var flops: Int { 0 }
}

/// A gradient slot with the way it is to be written.
public struct GradientTarget: Hashable, Sendable {
  /// The gradient.
  public let slot: Slot
  /// Whether it is the first write.
  public let write: GradientWrite

  init(slot: Slot, write: GradientWrite) {
    self.slot = slot
    self.write = write
  }

  init?(_ target: (slot: Slot, write: GradientWrite)?) {
    guard let target else { return nil }
    slot = target.slot
    write = target.write
  }

  /// The slot, if its old values matter.
  var read: [Slot] { write == .accumulate ? [slot] : [] }
}

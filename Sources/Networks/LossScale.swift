import Tensors

/// What keeps the gradients of activations in float16's range: the loss's gradient is multiplied by a
/// factor before it goes backward, and the parameters' gradients are divided by it before the optimiser
/// sees them (Micikevicius and others 2018, arXiv 1710.03740, §3.2).
///
/// The factor finds itself. An update whose gradients are not all finite is left out, as if the step had
/// not been, and the factor is halved; after ``growthInterval`` updates in a row it is doubled. These are
/// the numbers of PyTorch's `GradScaler`, which knows no largest factor; here there is one, as without it
/// gradients of 0 would let the factor grow until it is infinite itself.
///
/// Everything happens in the graph, by ``Update``s on two slots of one value and a condition on the others:
/// nothing waits for a device. Processes that share a step see the same sums and so the same factor.
public struct LossScale: Hashable, Sendable {
  /// The factor, `[1]`.
  public let factor: Slot
  /// The updates since the factor changed, `[1]`.
  public let updates: Slot

  /// The factor of the first step.
  public static let start: Float = 65_536
  /// The updates without overflow after which the factor is doubled.
  public static let growthInterval = 2_000
  /// The smallest factor: what overflows with it is not the factor's fault.
  static let smallest = 1.0
  /// The largest factor, 2²⁴.
  static let largest = 16_777_216.0
}

extension GraphBuilder {
  /// Declares the slots of the factor where the graph's precision needs one.
  mutating func declareLossScale() {
    guard graph.configuration.precision == .float16 else { return }
    graph.lossScale = LossScale(
      factor: addSlot("loss scale", [1], .state),
      updates: addSlot("updates since the loss scale changed", [1], .state))
  }

  /// Multiplies the gradient that goes backward.
  mutating func emitLossScaling(_ gradient: Slot) {
    guard let scale = graph.lossScale else { return }
    var builder = UpdateBuilder(tensorCount: 1)
    builder.set(.tensor(0), to: .element(scale.factor, 0) * .tensor(0))
    append(
      .update(Update(name: "loss scaling", tensors: [gradient], rule: builder.rule)), to: .backward)
  }

  /// Whether all gradients are finite: 1 or 0; `nil` where nobody asks.
  var gradientsAreFinite: Formula? {
    guard graph.lossScale != nil else { return nil }
    let sum = Formula.sumOfElements(graph.gradientNorms, count: graph.parameters.count)
    return .whenPositive(.constant(.greatestFiniteMagnitude) - sum, 1, otherwise: 0)
  }

  /// Moves the factor, behind the updates that it is about.
  mutating func emitLossScaleUpdate() {
    guard let scale = graph.lossScale, let areFinite = gradientsAreFinite else { return }
    let (factor, updates) = (Formula.element(scale.factor, 0), Formula.element(scale.updates, 0))
    let left = .constant(Double(LossScale.growthInterval) - 1) - updates
    let larger = Formula.minimum(2 * factor, .constant(LossScale.largest))
    let smaller = Formula.whenPositive(
      0.5 * factor - .constant(LossScale.smallest), 0.5 * factor,
      otherwise: .constant(LossScale.smallest))
    var builder = UpdateBuilder(tensorCount: 2)
    builder.set(
      .tensor(0),
      to: .whenPositive(
        areFinite, .whenPositive(left, factor, otherwise: larger), otherwise: smaller))
    builder.set(
      .tensor(1),
      to: .whenPositive(
        areFinite, .whenPositive(left, updates + 1, otherwise: 0), otherwise: 0))
    append(
      .update(
        Update(
          name: "loss scale", tensors: [scale.factor, scale.updates], rule: builder.rule)),
      to: .update)
  }
}

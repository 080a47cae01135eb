import CKernels
public import Tensors

// A bias for each channel, as a convolution that no batch norm follows has it, with the activation
// behind it in the same pass.

extension KernelLibrary {
  /// Floats of workspace that ``biasBackward(x:bias:dy:dx:accumulate:dBias:activation:workspace:)``
  /// uses.
  public func biasWorkspaceCount(_ layout: BlockedLayout) -> Int {
    layout.n * layout.blocks * BlockedLayout.lanes
  }

  /// Adds a bias: y[n,c,h,w] = f(x[n,c,h,w] + bias[c]).
  ///
  /// - Parameters:
  ///   - x: Input, `[n, c, h, w]`.
  ///   - bias: `[c]`.
  ///   - y: Output, `[n, c, h, w]`; overwritten. May be `x`.
  ///   - activation: f.
  public func bias(
    x: BlockedTensor, bias: UnsafePointer<Float>, y: BlockedTensor, activation: ActivationFunction
  ) {
    check(x, y)
    var task = biasTask(x, bias, activation)
    task.y = BlockedView(y)
    run(table.bias, planeTasks(x.layout, task.planesPerTask), task)
  }

  /// The gradients of ``bias(x:bias:y:activation:)``.
  ///
  ///     dx = dy · f′(x + bias),   dBias[c] = Σ_{n,h,w} dx[n,c,h,w]
  ///
  /// The sum is formed per plane in float32, the planes' sums are added in Double. f′ of ReLU is 0
  /// at 0.
  ///
  /// - Parameters:
  ///   - x: The forward pass's input, `[n, c, h, w]`.
  ///   - bias: `[c]`.
  ///   - dy: Output gradient, `[n, c, h, w]`.
  ///   - dx: Input gradient, `[n, c, h, w]`; overwritten, or accumulated into. May be `dy` when
  ///     overwritten.
  ///   - accumulate: Whether to add to `dx`.
  ///   - dBias: `[c]`; overwritten.
  ///   - activation: f.
  ///   - workspace: ``biasWorkspaceCount(_:)`` floats of any content; overwritten.
  public func biasBackward(
    x: BlockedTensor, bias: UnsafePointer<Float>, dy: BlockedTensor, dx: BlockedTensor,
    accumulate: Bool, dBias: UnsafeMutablePointer<Float>, activation: ActivationFunction,
    workspace: UnsafeMutablePointer<Float>
  ) {
    check(x, dy)
    check(x, dx)
    var task = biasTask(x, bias, activation)
    task.y = BlockedView(dy)
    task.dx = BlockedView(dx)
    task.dBias = dBias
    task.partials = workspace
    task.accumulates = accumulate
    run(table.biasBackward, planeTasks(x.layout, task.planesPerTask), task)
    run(table.reduceBiasGradient, x.layout.blocks, task)
  }

  private func biasTask(
    _ x: BlockedTensor, _ bias: UnsafePointer<Float>, _ activation: ActivationFunction
  ) -> BiasTask {
    BiasTask(
      x: BlockedView(x), y: .none, dx: .none, bias: bias, dBias: nil, partials: nil,
      planesPerTask: planesPerTask(x.layout), appliesReLU: activation == .relu,
      appliesGELU: activation == .gelu, accumulates: false)
  }

  private func check(_ x: BlockedTensor, _ y: BlockedTensor) {
    precondition(y.layout.hasSameShape(as: x.layout), "a bias needs tensors of one shape")
  }
}

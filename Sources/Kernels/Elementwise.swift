import CKernels

// Kernels that treat every pixel alike. They run at memory bandwidth: each task is a number of
// whole planes, large enough to be worth claiming.

extension KernelLibrary {
  /// The rectifier: y = max(x, 0).
  ///
  /// - Parameters:
  ///   - x: Input, `[n, c, h, w]`.
  ///   - y: Output, `[n, c, h, w]`; overwritten. May be `x`.
  public func relu(x: BlockedTensor, y: BlockedTensor) {
    runElementwise(table.relu, a: x, b: nil, y: y, accumulates: false)
  }

  /// The gradient of the rectifier: dx = dy where y > 0, else 0.
  ///
  /// - Parameters:
  ///   - y: The forward pass's output, `[n, c, h, w]`; its input would do as well.
  ///   - dy: Output gradient, `[n, c, h, w]`.
  ///   - dx: Input gradient, `[n, c, h, w]`; overwritten, or accumulated into. May be `dy` when
  ///     overwritten.
  ///   - accumulate: Whether to add to `dx`.
  public func reluBackward(
    y: BlockedTensor, dy: BlockedTensor, dx: BlockedTensor, accumulate: Bool
  ) {
    runElementwise(table.reluBackward, a: y, b: dy, y: dx, accumulates: accumulate)
  }

  /// GELU: y = x · Φ(x), Φ the normal distribution function; off by at most 1.8e-7 · |x|.
  ///
  /// - Parameters:
  ///   - x: Input, `[n, c, h, w]`.
  ///   - y: Output, `[n, c, h, w]`; overwritten. May be `x`.
  public func gelu(x: BlockedTensor, y: BlockedTensor) {
    runElementwise(table.gelu, a: x, b: nil, y: y, accumulates: false)
  }

  /// The gradient of GELU: dx = dy · (Φ(x) + x · φ(x)), φ the normal density.
  ///
  /// - Parameters:
  ///   - x: The forward pass's input, `[n, c, h, w]`.
  ///   - dy: Output gradient, `[n, c, h, w]`.
  ///   - dx: Input gradient, `[n, c, h, w]`; overwritten, or accumulated into. May be `dy` when
  ///     overwritten.
  ///   - accumulate: Whether to add to `dx`.
  public func geluBackward(
    x: BlockedTensor, dy: BlockedTensor, dx: BlockedTensor, accumulate: Bool
  ) {
    runElementwise(table.geluBackward, a: x, b: dy, y: dx, accumulates: accumulate)
  }

  /// CELU: y = max(x, 0) + α · (e^(min(x, 0)/α) − 1).
  ///
  /// - Parameters:
  ///   - x: Input, `[n, c, h, w]`.
  ///   - y: Output, `[n, c, h, w]`; overwritten. May be `x`.
  ///   - alpha: α, > 0: what the function falls to is −α.
  public func celu(x: BlockedTensor, y: BlockedTensor, alpha: Float) {
    runElementwise(table.celu, a: x, b: nil, y: y, alpha: alpha, accumulates: false)
  }

  /// The gradient of CELU: dx = dy where y > 0, else dy · (1 + y/α).
  ///
  /// - Parameters:
  ///   - y: The forward pass's output, `[n, c, h, w]`.
  ///   - dy: Output gradient, `[n, c, h, w]`.
  ///   - dx: Input gradient, `[n, c, h, w]`; overwritten, or accumulated into. May be `dy` when
  ///     overwritten.
  ///   - alpha: α of the forward pass.
  ///   - accumulate: Whether to add to `dx`.
  public func celuBackward(
    y: BlockedTensor, dy: BlockedTensor, dx: BlockedTensor, alpha: Float, accumulate: Bool
  ) {
    runElementwise(
      table.celuBackward, a: y, b: dy, y: dx, alpha: alpha, accumulates: accumulate)
  }

  /// The sum of two tensors: y = a + b.
  ///
  /// - Parameters:
  ///   - a: `[n, c, h, w]`.
  ///   - b: `[n, c, h, w]`.
  ///   - y: `[n, c, h, w]`; overwritten. May be `a` or `b`.
  public func add(a: BlockedTensor, b: BlockedTensor, y: BlockedTensor) {
    runElementwise(table.add, a: a, b: b, y: y, accumulates: false)
  }

  /// Copies a tensor, possibly to another halo: y = x.
  ///
  /// - Parameters:
  ///   - x: `[n, c, h, w]`.
  ///   - y: `[n, c, h, w]`; overwritten.
  public func copy(x: BlockedTensor, y: BlockedTensor) {
    runElementwise(table.copy, a: x, b: nil, y: y, accumulates: false)
  }

  /// Adds a tensor to another: y = y + x.
  ///
  /// - Parameters:
  ///   - x: `[n, c, h, w]`.
  ///   - y: `[n, c, h, w]`; accumulated into.
  public func accumulate(x: BlockedTensor, y: BlockedTensor) {
    runElementwise(table.copy, a: x, b: nil, y: y, accumulates: true)
  }

  private func runElementwise(
    _ function: KernelFunction, a: BlockedTensor, b: BlockedTensor?, y: BlockedTensor,
    alpha: Float = 1, accumulates: Bool
  ) {
    precondition(alpha > 0 && alpha.isFinite, "α is a number above 0, found \(alpha)")
    precondition(
      a.layout.hasSameShape(as: y.layout) && b?.layout.hasSameShape(as: y.layout) ?? true,
      "an elementwise kernel needs tensors of one shape")
    let planes = planesPerTask(y.layout)
    run(
      function, planeTasks(y.layout, planes),
      ElementwiseTask(
        a: BlockedView(a), b: b.map { BlockedView($0) } ?? .none, y: BlockedView(y),
        planesPerTask: planes, alpha: alpha, accumulates: accumulates))
  }

  /// Planes that make a task worth claiming: about 32 KiB of one tensor.
  func planesPerTask(_ layout: BlockedLayout) -> Int {
    max(1, 512 / (layout.h * layout.w))
  }

  /// Tasks that cover a tensor's planes.
  func planeTasks(_ layout: BlockedLayout, _ planesPerTask: Int) -> Int {
    (layout.n * layout.blocks + planesPerTask - 1) / planesPerTask
  }
}

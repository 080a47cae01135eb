import CKernels

extension KernelLibrary {
  /// The mean of every channel: y[n,c] = Σ_{h,w} x[n,c,h,w] / (h·w).
  ///
  /// - Parameters:
  ///   - x: Input, `[n, c, h, w]`.
  ///   - y: Output, dense `[n, c]`; overwritten.
  public func globalAveragePool(x: BlockedTensor, y: UnsafeMutablePointer<Float>) {
    let planes = planesPerTask(x.layout)
    run(
      table.globalAveragePool, planeTasks(x.layout, planes),
      DenseTask(
        blocked: BlockedView(x), input: nil, output: y, planesPerTask: planes, accumulates: false))
  }

  /// The gradient of the mean of every channel: dx[n,c,h,w] = dy[n,c] / (h·w).
  ///
  /// - Parameters:
  ///   - dy: Output gradient, dense `[n, c]`.
  ///   - dx: Input gradient, `[n, c, h, w]`; overwritten, or accumulated into.
  ///   - accumulate: Whether to add to `dx`.
  public func globalAveragePoolBackward(
    dy: UnsafePointer<Float>, dx: BlockedTensor, accumulate: Bool
  ) {
    let planes = planesPerTask(dx.layout)
    run(
      table.globalAveragePoolBackward, planeTasks(dx.layout, planes),
      DenseTask(
        blocked: BlockedView(dx), input: dy, output: nil, planesPerTask: planes,
        accumulates: accumulate))
  }
}

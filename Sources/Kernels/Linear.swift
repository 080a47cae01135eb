import CKernels

// The fully connected layer, on dense arrays. In a residual network it is the classifier alone,
// a thousandth of the work, so its kernels are simple loops of vectors.

extension KernelLibrary {
  /// A fully connected layer: y[n,k] = scale · Σ_c x[n,c] · w[k,c] + bias[k].
  ///
  /// - Parameters:
  ///   - n: Samples.
  ///   - c: Inputs.
  ///   - k: Outputs.
  ///   - x: Input, `[n, c]`.
  ///   - w: Weights, `[k, c]`.
  ///   - bias: `[k]`, or nothing.
  ///   - scale: What every product is multiplied by.
  ///   - y: Output, `[n, k]`; overwritten.
  public func linearForward(
    n: Int, c: Int, k: Int, x: UnsafePointer<Float>, w: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, scale: Float, y: UnsafeMutablePointer<Float>
  ) {
    let rows = rowsPerTask(n)
    run(
      table.linearForward, (n + rows - 1) / rows,
      LinearTask(
        a: x, b: w, result: y, bias: bias, dBias: nil, n: n, c: c, k: k, rowsPerTask: rows,
        scale: scale, accumulates: false))
  }

  /// The gradient with respect to the input: dx[n,c] = scale · Σ_k dy[n,k] · w[k,c].
  ///
  /// - Parameters:
  ///   - n: Samples.
  ///   - c: Inputs.
  ///   - k: Outputs.
  ///   - dy: Output gradient, `[n, k]`.
  ///   - w: Weights, `[k, c]`.
  ///   - scale: That of the forward pass.
  ///   - dx: Input gradient, `[n, c]`; overwritten, or accumulated into.
  ///   - accumulate: Whether to add to `dx`.
  public func linearBackwardData(
    n: Int, c: Int, k: Int, dy: UnsafePointer<Float>, w: UnsafePointer<Float>,
    scale: Float, dx: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    let rows = rowsPerTask(n)
    run(
      table.linearBackwardData, (n + rows - 1) / rows,
      LinearTask(
        a: dy, b: w, result: dx, bias: nil, dBias: nil, n: n, c: c, k: k, rowsPerTask: rows,
        scale: scale, accumulates: accumulate))
  }

  /// The gradients with respect to weights and bias.
  ///
  ///     dw[k,c] = scale · Σ_n dy[n,k] · x[n,c],   dBias[k] = Σ_n dy[n,k]
  ///
  /// - Parameters:
  ///   - n: Samples.
  ///   - c: Inputs.
  ///   - k: Outputs.
  ///   - x: Input, `[n, c]`.
  ///   - dy: Output gradient, `[n, k]`.
  ///   - scale: That of the forward pass.
  ///   - dw: Gradient of the weights, `[k, c]`; overwritten.
  ///   - dBias: Gradient of the bias, `[k]`; overwritten; or nothing.
  public func linearBackwardFilter(
    n: Int, c: Int, k: Int, x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    scale: Float, dw: UnsafeMutablePointer<Float>, dBias: UnsafeMutablePointer<Float>?
  ) {
    let rows = rowsPerTask(k)
    run(
      table.linearBackwardFilter, (k + rows - 1) / rows,
      LinearTask(
        a: x, b: dy, result: dw, bias: nil, dBias: dBias, n: n, c: c, k: k, rowsPerTask: rows,
        scale: scale, accumulates: false))
  }

  /// Rows of a result that make a task, so that there are a few for every thread.
  func rowsPerTask(_ rows: Int) -> Int {
    precondition(rows >= 1, "a dense kernel needs at least 1 row")
    return max(1, rows / (4 * pool.threadCount))
  }
}

import CKernels

// The parameter-free shortcut of He et al., 2016 (arXiv 1512.03385, §4.2, option A): every
// stride-th pixel, and zeros for the channels that the input lacks, appended after its own.

extension KernelLibrary {
  /// Takes every `stride`-th pixel and appends zero channels.
  ///
  ///     y[n,k,p,q] = x[n, k, p·stride, q·stride] for k < c, else 0
  ///
  /// - Parameters:
  ///   - x: Input, `[n, c, h, w]`.
  ///   - y: Output, `[n, k, ⌈h/stride⌉, ⌈w/stride⌉]`, k ≥ c; overwritten.
  ///   - stride: Step in pixels, ≥ 1.
  public func downsample(x: BlockedTensor, y: BlockedTensor, stride: Int) {
    check(x.layout, y.layout, stride)
    let planes = planesPerTask(y.layout)
    run(
      table.downsample, planeTasks(y.layout, planes),
      DownsampleTask(
        x: BlockedView(x), y: BlockedView(y), stride: stride, planesPerTask: planes,
        accumulates: false))
  }

  /// The gradient of ``downsample(x:y:stride:)``.
  ///
  ///     dx[n, c, p·stride, q·stride] = dy[n,c,p,q], and 0 elsewhere
  ///
  /// - Parameters:
  ///   - dy: Output gradient, `[n, k, ⌈h/stride⌉, ⌈w/stride⌉]`.
  ///   - dx: Input gradient, `[n, c, h, w]`; overwritten, or accumulated into.
  ///   - stride: Step in pixels, ≥ 1.
  ///   - accumulate: Whether to add to `dx`.
  public func downsampleBackward(
    dy: BlockedTensor, dx: BlockedTensor, stride: Int, accumulate: Bool
  ) {
    check(dx.layout, dy.layout, stride)
    let planes = planesPerTask(dx.layout)
    run(
      table.downsampleBackward, planeTasks(dx.layout, planes),
      DownsampleTask(
        x: BlockedView(dx), y: BlockedView(dy), stride: stride, planesPerTask: planes,
        accumulates: accumulate))
  }

  private func check(_ x: BlockedLayout, _ y: BlockedLayout, _ stride: Int) {
    precondition(
      stride >= 1 && y.n == x.n && y.c >= x.c && y.h == (x.h + stride - 1) / stride
        && y.w == (x.w + stride - 1) / stride,
      "\(x.n)×\(x.c)×\(x.h)×\(x.w) does not downsample to \(y.n)×\(y.c)×\(y.h)×\(y.w) "
        + "in steps of \(stride)")
  }
}

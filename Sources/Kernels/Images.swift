import CKernels

extension KernelLibrary {
  /// Brings dense images into the blocked layout.
  ///
  /// - Parameters:
  ///   - x: Dense `[n, c, h, w]`.
  ///   - y: Blocked `[n, c, h, w]`; overwritten.
  public func packImages(x: UnsafePointer<Float>, y: BlockedTensor) {
    let planes = planesPerTask(y.layout)
    run(
      table.packImages, planeTasks(y.layout, planes),
      DenseTask(
        blocked: BlockedView(y), input: x, output: nil, planesPerTask: planes, accumulates: false))
  }

  /// Brings a blocked tensor into the dense layout.
  ///
  /// - Parameters:
  ///   - x: Blocked `[n, c, h, w]`.
  ///   - y: Dense `[n, c, h, w]`; overwritten.
  public func unpackImages(x: BlockedTensor, y: UnsafeMutablePointer<Float>) {
    let planes = planesPerTask(x.layout)
    run(
      table.unpackImages, planeTasks(x.layout, planes),
      DenseTask(
        blocked: BlockedView(x), input: nil, output: y, planesPerTask: planes, accumulates: false))
  }
}

import CKernels

// Max pooling in windows of any size up to 16×16; and over whole images.

extension KernelLibrary {
  /// Bytes that say which pixel of each window was chosen; see ``maxPool(x:y:choices:size:stride:padding:)``.
  public static func maxPoolChoiceByteCount(_ y: BlockedLayout) -> Int {
    y.n * y.blocks * y.h * y.w * BlockedLayout.lanes
  }

  /// The largest value of every window.
  ///
  ///     y[n,c,p,q] = max_{i,j < size} x[n, c, p·stride + i − padding, q·stride + j − padding]
  ///
  /// Positions outside the image are left out. What does not fill a window at the right and below is left out. Where a window holds something
  /// that is not a number, that is its largest value.
  ///
  /// - Parameters:
  ///   - x: Input, `[n, c, h, w]`.
  ///   - y: Output, `[n, c, p, q]` with p = ⌊(h + 2·padding − size)/stride⌋ + 1, q alike; overwritten.
  ///   - choices: ``maxPoolChoiceByteCount(_:)`` of `y`'s layout, overwritten with what the backward
  ///     pass needs: i·size + j of the largest value, the first of equals. Or nothing.
  ///   - size: Height and width of a window, in 1…16.
  ///   - stride: Pixels from a window to the next, ≥ 1.
  ///   - padding: How far windows reach over the border, 0 to half their size.
  public func maxPool(
    x: BlockedTensor, y: BlockedTensor, choices: UnsafeMutableRawPointer?, size: Int, stride: Int,
    padding: Int = 0
  ) {
    check(x.layout, y.layout, size, stride, padding)
    let planes = planesPerTask(x.layout)
    run(
      table.maxPool, planeTasks(x.layout, planes),
      MaxPoolTask(
        x: BlockedView(x), y: BlockedView(y),
        choices: choices?.assumingMemoryBound(to: UInt8.self), size: size, stride: stride,
        padding: padding, planesPerTask: planes, accumulates: false))
  }

  /// The gradient of ``maxPool(x:y:choices:size:stride:padding:)``: all of dy[n,c,p,q] goes to the
  /// chosen pixel of the window, nothing to the others.
  ///
  /// - Parameters:
  ///   - choices: What the forward pass wrote.
  ///   - dy: Output gradient.
  ///   - dx: Input gradient, `[n, c, h, w]`; overwritten, or accumulated into.
  ///   - size: Height and width of a window, in 1…16.
  ///   - stride: Pixels from a window to the next, ≥ 1.
  ///   - padding: How far windows reach over the border, 0 to half their size.
  ///   - accumulate: Whether to add to `dx`.
  public func maxPoolBackward(
    choices: UnsafeRawPointer, dy: BlockedTensor, dx: BlockedTensor, size: Int, stride: Int,
    padding: Int = 0, accumulate: Bool
  ) {
    check(dx.layout, dy.layout, size, stride, padding)
    let planes = planesPerTask(dx.layout)
    // The task's pointer is writable for the forward pass; backward only reads it.
    let bytes = UnsafeMutableRawPointer(mutating: choices).assumingMemoryBound(to: UInt8.self)
    run(
      table.maxPoolBackward, planeTasks(dx.layout, planes),
      MaxPoolTask(
        x: BlockedView(dx), y: BlockedView(dy), choices: bytes, size: size, stride: stride,
        padding: padding, planesPerTask: planes, accumulates: accumulate))
  }

  /// The largest value of every channel: y[n,c] = max_{h,w} x[n,c,h,w].
  ///
  /// - Parameters:
  ///   - x: Input, `[n, c, h, w]`.
  ///   - y: Output, dense `[n, c]`; overwritten.
  ///   - choices: Dense `[n, c]`, overwritten with the number of the pixel, counted row by row, as
  ///     whole numbers; the first of equals. Or nothing.
  public func globalMaxPool(
    x: BlockedTensor, y: UnsafeMutablePointer<Float>, choices: UnsafeMutablePointer<Float>?
  ) {
    let planes = planesPerTask(x.layout)
    run(
      table.globalMaxPool, planeTasks(x.layout, planes),
      GlobalMaxPoolTask(
        x: BlockedView(x), y: y, choices: choices, planesPerTask: planes, accumulates: false))
  }

  /// The gradient of the largest value of every channel: dy[n,c] for the chosen pixel, 0 for others.
  ///
  /// - Parameters:
  ///   - choices: What the forward pass wrote, dense `[n, c]`.
  ///   - dy: Output gradient, dense `[n, c]`.
  ///   - dx: Input gradient, `[n, c, h, w]`; overwritten, or accumulated into.
  ///   - accumulate: Whether to add to `dx`.
  public func globalMaxPoolBackward(
    choices: UnsafePointer<Float>, dy: UnsafePointer<Float>, dx: BlockedTensor, accumulate: Bool
  ) {
    let planes = planesPerTask(dx.layout)
    // The task's pointers are writable for the forward pass; backward only reads these two.
    run(
      table.globalMaxPoolBackward, planeTasks(dx.layout, planes),
      GlobalMaxPoolTask(
        x: BlockedView(dx), y: UnsafeMutablePointer(mutating: dy),
        choices: UnsafeMutablePointer(mutating: choices), planesPerTask: planes,
        accumulates: accumulate))
  }

  private func check(
    _ x: BlockedLayout, _ y: BlockedLayout, _ size: Int, _ stride: Int, _ padding: Int
  ) {
    precondition((1...16).contains(size), "a window is 1×1 to 16×16, found \(size)×\(size)")
    precondition(
      0...size / 2 ~= padding, "windows of \(size)×\(size) reach out by \(padding) pixels")
    precondition(
      stride >= 1 && y.n == x.n && y.c == x.c && size <= min(x.h, x.w) + 2 * padding
        && y.h == (x.h + 2 * padding - size) / stride + 1
        && y.w == (x.w + 2 * padding - size) / stride + 1,
      "\(x.n)×\(x.c)×\(x.h)×\(x.w) does not pool to \(y.n)×\(y.c)×\(y.h)×\(y.w) "
        + "in windows of \(size)×\(size), \(stride) apart")
  }
}

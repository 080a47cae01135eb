import CKernels

extension KernelLibrary {
  /// Copies the beginnings of the rows of one dense matrix to those of another, or adds them.
  ///
  ///     target[n, k] (+)= source[n, k] for k < count
  ///
  /// With pointers into rows it cuts matrices out of others and puts them together.
  ///
  /// - Parameters:
  ///   - rows: The rows n, ≥ 1.
  ///   - count: The columns k of each, ≥ 1.
  ///   - source: The first row.
  ///   - sourceStride: Floats from a row of the source to the next, ≥ `count`.
  ///   - target: The first row; overwritten, or accumulated into. What lies between its rows stays.
  ///   - targetStride: Floats from a row of the target to the next, ≥ `count`.
  ///   - accumulate: Whether to add to the target.
  public func copyRows(
    rows: Int, count: Int, from source: UnsafePointer<Float>, sourceStride: Int,
    to target: UnsafeMutablePointer<Float>, targetStride: Int, accumulate: Bool
  ) {
    precondition(
      rows >= 1 && count >= 1 && sourceStride >= count && targetStride >= count,
      "\(rows) rows of \(count) do not fit \(sourceStride) and \(targetStride) apart")
    let rowsPerTask = max(1, 16_384 / count)
    run(
      table.copyRows, (rows + rowsPerTask - 1) / rowsPerTask,
      RowsTask(
        source: source, target: target, sourceStride: sourceStride, targetStride: targetStride,
        count: count, rows: rows, rowsPerTask: rowsPerTask, accumulates: accumulate))
  }
}

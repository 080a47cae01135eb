import CKernels

/// target[row, 0..<count] (+)= source[row, 0..<count] for the rows of a task.
///
/// A few hundred floats for each image of a batch: nothing that could be felt in a step.
func copyRows(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: RowsTask.self).pointee
  let first = index * task.rowsPerTask
  for row in first..<least(first + task.rowsPerTask, task.rows) {
    let source = task.source + row * task.sourceStride
    let target = task.target + row * task.targetStride
    for column in 0..<task.count {
      target[column] = task.accumulates ? target[column] + source[column] : source[column]
    }
  }
}

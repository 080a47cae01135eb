import Kernels
import Tensors
import Testing

@Suite("Rows")
struct RowsTests {
  @Test(
    "Rows are copied or added, and nothing between them is touched",
    arguments: [(1, 1, 1, 1), (3, 5, 9, 7), (7, 16, 16, 40), (40_000, 1, 2, 3)])
  func copies(rows: Int, count: Int, sourceStride: Int, targetStride: Int) {
    let source = randomValues(rows * sourceStride, 1)
    let before = randomValues(rows * targetStride, 2)
    for accumulates in [false, true] {
      let expected = before.indices.map { index in
        let (row, column) = (index / targetStride, index % targetStride)
        guard column < count else { return Expected(value: Double(before[index])) }
        let value = source[row * sourceStride + column]
        return Expected(value: Double(accumulates ? before[index] + value : value))
      }
      check(expected, "\(rows) rows of \(count), accumulating: \(accumulates)") {
        library, scope in
        let target = scope.floats(before)
        library.copyRows(
          rows: rows, count: count, from: scope.floats(source), sourceStride: sourceStride,
          to: target, targetStride: targetStride, accumulate: accumulates)
        return values(target, before.count)
      }
    }
  }
}

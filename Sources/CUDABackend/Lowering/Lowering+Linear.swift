import Networks
import Tensors

extension Lowering {
  /// A matrix in memory with the steps from row to row and from column to column.
  private struct Matrix {
    let address: DeviceAddress
    let row: Int
    let column: Int
  }

  /// y[rows, columns] = scale · a[rows, depth] · b[depth, columns] (+ bias of the column).
  private mutating func product(
    _ a: Matrix, _ b: Matrix, y: Slot, rows: Int, columns: Int, depth: Int, scale: Float,
    bias: Slot? = nil, write: Launch.Argument = .integer(false)
  ) {
    let tile = 32
    let (across, down) = ((columns + tile - 1) / tile, (rows + tile - 1) / tile)
    // The depth is shared out until there are two blocks for each multiprocessor of an H100.
    let shares = max(1, min(264 / (across * down), depth / (2 * tile)))
    let partial = scratch(byteCount: shares * rows * columns * 4)
    launch(
      .linear, "product", grid: .init(across, down, shares), block: .init(tile, 8),
      .address(a.address), .integer(a.row), .integer(a.column), .address(b.address),
      .integer(b.row), .integer(b.column), .address(partial), .integer(rows), .integer(columns),
      .integer(depth))
    launch(
      .linear, "productSum", grid: threads(rows * columns), .address(partial), .integer(shares),
      .integer(rows * columns), .integer(columns), .float(scale), pointer(bias), pointer(y), write)
  }

  mutating func lower(_ op: LinearForward) {
    let (n, c, k) = (shape(op.x)[0], shape(op.x)[1], shape(op.y)[1])
    product(
      Matrix(address: address(op.x), row: c, column: 1),
      Matrix(address: address(op.w), row: 1, column: c), y: op.y, rows: n, columns: k, depth: c,
      scale: op.scale, bias: op.bias)
  }

  mutating func lower(_ op: LinearBackward) {
    let (n, c, k) = (shape(op.x)[0], shape(op.x)[1], shape(op.dy)[1])
    product(
      Matrix(address: address(op.dy), row: 1, column: k),
      Matrix(address: address(op.x), row: c, column: 1), y: op.dw, rows: k, columns: c, depth: n,
      scale: op.scale)
    if let dBias = op.dBias {
      launch(
        .linear, "columnSums", grid: .init((k + 31) / 32), block: .init(32, 8), pointer(op.dy),
        pointer(dBias), .integer(n), .integer(k))
    }
    guard let dx = op.dx else { return }
    product(
      Matrix(address: address(op.dy), row: k, column: 1),
      Matrix(address: address(op.w), row: c, column: 1), y: dx.slot, rows: n, columns: c, depth: k,
      scale: op.scale, write: .write(dx))
  }

  mutating func lower(_ op: ConcatenationForward) {
    let (a, width) = (shape(op.a)[1], shape(op.y)[1])
    copyRows(from: address(op.a), width: a, to: address(op.y), width: width, op.y, columns: a)
    copyRows(
      from: address(op.b), width: width - a, to: address(op.y, a), width: width, op.y,
      columns: width - a)
  }

  mutating func lower(_ op: ConcatenationBackward) {
    let columns = shape(op.dx.slot)[1]
    copyRows(
      from: address(op.dy, op.first), width: shape(op.dy)[1], to: address(op.dx.slot),
      width: columns, op.dy, columns: columns, write: .write(op.dx))
  }

  private mutating func copyRows(
    from: DeviceAddress, width fromWidth: Int, to: DeviceAddress, width toWidth: Int, _ rows: Slot,
    columns: Int, write: Launch.Argument = .integer(false)
  ) {
    let n = shape(rows)[0]
    launch(
      .linear, "copyRows", grid: threads(n * columns), .address(from), .integer(fromWidth),
      .address(to), .integer(toWidth), .integer(n), .integer(columns), write)
  }

  mutating func lower(_ op: SoftmaxCrossEntropy) {
    let (n, k) = (shape(op.logits)[0], shape(op.logits)[1])
    launch(
      .crossEntropy, "crossEntropy", grid: warps(n), pointer(op.logits), pointer(op.labels),
      pointer(op.others?.labels), pointer(op.others?.shares), pointer(graph.stepInputs),
      pointer(op.losses), pointer(op.hits), pointer(op.dLogits), .integer(n), .integer(k))
  }
}

import Networks
import Tensors

extension Lowering {
  /// Height, width and channels of an image slot, as arguments.
  private func sizes(_ slot: Slot) -> (h: Launch.Argument, w: Launch.Argument, c: Launch.Argument) {
    let shape = shape(slot)
    return (.integer(shape[2]), .integer(shape[3]), .integer(shape[1]))
  }

  private func pixels(_ slot: Slot) -> Int { shape(slot)[2] * shape(slot)[3] }

  mutating func lower(_ op: GlobalAveragePoolForward) {
    let (n, c) = (shape(op.y)[0], shape(op.y)[1])
    let width = c % vector == 0 ? vector : 1
    var x = 1
    while x < min(c / width, 32) { x *= 2 }
    launch(
      .pooling, width == 1 ? "globalAveragePoolScalar" : "globalAveragePool",
      grid: .init((c / width + x - 1) / x, n), block: .init(x, Self.blockSize / x), pointer(op.x),
      pointer(op.y), .integer(pixels(op.x)), .integer(c))
  }

  mutating func lower(_ op: GlobalAveragePoolBackward) {
    let (count, c) = (shape(op.dx.slot).count, shape(op.dx.slot)[1])
    let pass = pass("globalAveragePoolBackward", count: count, c: c)
    launch(
      .pooling, pass.name, grid: pass.grid, pointer(op.dy), pointer(op.dx.slot), .write(op.dx),
      .integer(count), .integer(pixels(op.dx.slot)), .integer(c))
  }

  mutating func lower(_ op: GlobalMaxPoolForward) {
    let count = shape(op.y).count
    launch(
      .pooling, "globalMaxPool", grid: warps(count), pointer(op.x), pointer(op.y),
      pointer(op.choices), .integer(count), .integer(pixels(op.x)), .integer(shape(op.y)[1]))
  }

  mutating func lower(_ op: GlobalMaxPoolBackward) {
    let (count, c) = (shape(op.dx.slot).count, shape(op.dx.slot)[1])
    let pass = pass("globalMaxPoolBackward", count: count, c: c)
    launch(
      .pooling, pass.name, grid: pass.grid, pointer(op.choices), pointer(op.dy),
      pointer(op.dx.slot), .write(op.dx), .integer(count), .integer(pixels(op.dx.slot)),
      .integer(c))
  }

  mutating func lower(_ op: MaxPoolForward) {
    let (h, w, c) = sizes(op.x)
    let (p, q, _) = sizes(op.y)
    let count = shape(op.y).count
    let pass = pass("maxPool", count: count, c: shape(op.y)[1])
    launch(
      .pooling, pass.name, grid: pass.grid, pointer(op.x), pointer(op.y), pointer(op.choices),
      .integer(count), h, w, c, p, q, .integer(op.size), .integer(op.stride),
      .integer(op.padding))
  }

  mutating func lower(_ op: MaxPoolBackward) {
    let (h, w, c) = sizes(op.dx.slot)
    let (p, q, _) = sizes(op.dy)
    let count = shape(op.dx.slot).count
    let pass = pass("maxPoolBackward", count: count, c: shape(op.dy)[1])
    launch(
      .pooling, pass.name, grid: pass.grid, pointer(op.choices), pointer(op.dy),
      pointer(op.dx.slot), .write(op.dx), .integer(count), h, w, c, p, q, .integer(op.size),
      .integer(op.stride), .integer(op.padding))
  }

  mutating func lower(_ op: DownsampleForward) {
    let (h, w, c) = sizes(op.x)
    let (p, q, k) = sizes(op.y)
    let count = shape(op.y).count
    let pass = shortcut("downsample", count: count, from: op.x, to: op.y)
    launch(
      .pooling, pass.name, grid: pass.grid, pointer(op.x), pointer(op.y), .integer(count), h, w, c,
      p, q, k, .integer(op.stride))
  }

  mutating func lower(_ op: DownsampleBackward) {
    let (h, w, c) = sizes(op.dx.slot)
    let (p, q, k) = sizes(op.dy)
    let count = shape(op.dx.slot).count
    let pass = shortcut("downsampleBackward", count: count, from: op.dx.slot, to: op.dy)
    launch(
      .pooling, pass.name, grid: pass.grid, pointer(op.dy), pointer(op.dx.slot), .write(op.dx),
      .integer(count), h, w, c, p, q, k, .integer(op.stride))
  }

  /// A vector must reach over the end of neither image's channels.
  private func shortcut(
    _ name: String, count: Int, from x: Slot, to y: Slot
  ) -> (name: String, grid: Launch.Extent) {
    let (c, k) = (shape(x)[1], shape(y)[1])
    return pass(name, count: count, c: c % vector == 0 && k % vector == 0 ? vector : 1)
  }
}

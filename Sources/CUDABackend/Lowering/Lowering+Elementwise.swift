import Networks
import Tensors

extension Lowering {
  /// The variant, grid and number of values of a kernel that treats all values alike.
  private func elements(
    _ name: String, _ slot: Slot
  ) -> (name: String, grid: Launch.Extent, count: Launch.Argument) {
    let count = shape(slot).count
    let pass = pass(name, count: count, c: count)
    return (pass.name, pass.grid, .integer(count))
  }

  mutating func lower(_ op: ReLUForward) {
    let (name, grid, count) = elements("relu", op.x)
    launch(.elementwise, name, grid: grid, pointer(op.x), pointer(op.y), count)
  }

  mutating func lower(_ op: ReLUBackward) {
    let (name, grid, count) = elements("reluBackward", op.y)
    launch(
      .elementwise, name, grid: grid, pointer(op.y), pointer(op.dy), pointer(op.dx.slot),
      .write(op.dx), count)
  }

  mutating func lower(_ op: GELUForward) {
    let (name, grid, count) = elements("gelu", op.x)
    launch(.elementwise, name, grid: grid, pointer(op.x), pointer(op.y), count)
  }

  mutating func lower(_ op: GELUBackward) {
    let (name, grid, count) = elements("geluBackward", op.x)
    launch(
      .elementwise, name, grid: grid, pointer(op.x), pointer(op.dy), pointer(op.dx.slot),
      .write(op.dx), count)
  }

  mutating func lower(_ op: CELUForward) {
    let (name, grid, count) = elements("celu", op.x)
    launch(
      .elementwise, name, grid: grid, pointer(op.x), pointer(op.y), .float(op.alpha), count)
  }

  mutating func lower(_ op: CELUBackward) {
    let (name, grid, count) = elements("celuBackward", op.y)
    launch(
      .elementwise, name, grid: grid, pointer(op.y), pointer(op.dy), pointer(op.dx.slot),
      .float(op.alpha), .write(op.dx), count)
  }

  mutating func lower(_ op: AdditionForward) {
    let (name, grid, count) = elements("addition", op.y)
    launch(.elementwise, name, grid: grid, pointer(op.a), pointer(op.b), pointer(op.y), count)
  }

  mutating func lower(_ op: AdditionBackward) {
    let (name, grid, count) = elements("copy", op.dy)
    launch(
      .elementwise, name, grid: grid, pointer(op.dy), pointer(op.dx.slot), .write(op.dx), count)
  }
}

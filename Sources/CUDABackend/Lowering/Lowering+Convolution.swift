import Networks
import Tensors

/// Where filters lie that are rounded to the storage of images, and their gradients.
///
/// Filters are float32; a convolution in another storage reads a rounded copy, made at the head of
/// the phase by one kernel, and leaves a gradient that one kernel spreads at the phase's end, or at each
/// of its cuts.
struct RoundedFilters {
  /// The copy of a filter slot.
  var copies: [Slot: DeviceAddress] = [:]
}

extension Lowering {
  mutating func lower(_ op: ConvolutionForward) throws {
    try convolve(
      Convolution(op.geometry, .forward, layouts.storage), x: address(op.x), w: filter(op.w),
      y: address(op.y))
  }

  mutating func lower(_ op: ConvolutionBackwardFilter) throws {
    try convolve(
      Convolution(op.geometry, .backwardFilter, layouts.storage), x: address(op.x),
      w: filter(op.dw), y: address(op.dy))
  }

  mutating func lower(_ op: ConvolutionBackwardData) throws {
    let (dx, w, dy) = (address(op.dx.slot), filter(op.w), address(op.dy))
    let overwriting = Convolution(op.geometry, .backwardData, layouts.storage)
    guard op.dx.write == .accumulate else {
      return try convolve(overwriting, x: dx, w: w, y: dy)
    }
    let adding = Convolution(op.geometry, .backwardData, layouts.storage, accumulates: true)
    if let byteCount = try prepare(adding) {
      return convolve(adding, x: dx, w: w, y: dy, workspaceByteCount: byteCount)
    }
    // Beside the old values, then added to them.
    let byteCount = try prepare(overwriting) ?? 0
    let part = scratch(
      byteCount: layouts.byteCount(op.dx.slot, graph), behind: byteCount)
    convolve(overwriting, x: part, w: w, y: dy, workspaceByteCount: byteCount)
    let count = shape(op.dx.slot).count
    let pass = pass("copy", count: count, c: count)
    launch(
      .elementwise, pass.name, grid: pass.grid, .address(part), .address(dx), .integer(true),
      .integer(count))
  }

  private mutating func convolve(
    _ convolution: Convolution, x: DeviceAddress, w: DeviceAddress, y: DeviceAddress
  ) throws {
    convolve(
      convolution, x: x, w: w, y: y, workspaceByteCount: try prepare(convolution) ?? 0)
  }

  private mutating func convolve(
    _ convolution: Convolution, x: DeviceAddress, w: DeviceAddress, y: DeviceAddress,
    workspaceByteCount: Int
  ) {
    commands.append(
      .convolution(
        ConvolutionCall(
          convolution, x: x, w: w, y: y, workspace: scratch(byteCount: workspaceByteCount))))
  }
}

// MARK: - Rounded filters

extension Lowering {
  /// Where a convolution finds a filter slot, or leaves its gradient.
  private func filter(_ slot: Slot) -> DeviceAddress {
    roundedFilters.copies[slot] ?? address(slot)
  }

  /// Rounds the filters that a phase's convolutions read.
  ///
  /// The backward pass finds those of the forward pass; nothing changes filters between the two.
  mutating func roundFilters(_ operations: [Op]) {
    let slots = operations.compactMap { op -> Slot? in
      if case .convolutionForward(let op) = op { op.w } else { nil }
    }
    castSegments("castSegmentsToValues", slots)
    // Gradients need their places before the convolutions that write them.
    for case .convolutionBackwardFilter(let op) in operations { reserveCopy(of: op.dw) }
  }

  /// Casts the gradients that convolutions have left.
  mutating func spreadFilterGradients(_ operations: ArraySlice<Op>) {
    castSegments(
      "castSegmentsToFloats",
      operations.compactMap { op in
        if case .convolutionBackwardFilter(let op) = op { op.dw } else { nil }
      })
  }

  private mutating func reserveCopy(of slot: Slot) {
    guard layouts.storage != .float32, roundedFilters.copies[slot] == nil else { return }
    roundedFilters.copies[slot] = allocate(
      byteCount: shape(slot).count * layouts.storage.byteCount)
  }

  private mutating func castSegments(_ name: String, _ slots: [Slot]) {
    guard layouts.storage != .float32, !slots.isEmpty else { return }
    for slot in slots { reserveCopy(of: slot) }
    let segments = slots.map { slot in
      Segment(
        count: shape(slot).count,
        tensors: [
          floatOffset(slot), Int(filter(slot).rawValue) / layouts.storage.byteCount,
        ])
    }
    let table = SegmentTable(segments)
    launch(
      .update, name, grid: .init(table.blockCount), .address(DeviceAddress(0)),
      .address(DeviceAddress(0)), .address(constant(table.words)),
      .address(constant(table.blocks)))
  }
}

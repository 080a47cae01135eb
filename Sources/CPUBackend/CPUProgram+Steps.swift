import Kernels
import Networks
import Tensors

// What is worked out for an operation when a graph is made ready.

extension CPUProgram {
  /// An operation with what was worked out for it beforehand.
  struct Step {
    let op: Op
    let convolution: ConvolutionPlan?
    let update: UpdateProgram?
    /// The batch norm that comes next and whose sums a convolution leaves, or that takes them.
    var sums: SharedSums?
  }

  /// Sums that pass from a convolution to the batch norm right behind it.
  struct SharedSums {
    let parts: Int
    let batchNorm: Op
  }
}

extension SlotLayouts {
  /// The plan of a convolution's pass; `nil` for other operations.
  func convolutionPlan(
    of op: Op, _ algorithm: ConvolutionAlgorithm
  ) -> ConvolutionPlan? {
    func plan(_ geometry: ConvolutionGeometry, x: Slot, y: Slot) -> ConvolutionPlan? {
      guard let x = blocked[x.index], let y = blocked[y.index] else { return nil }
      return ConvolutionPlan(geometry: geometry, x: x, y: y, algorithm: algorithm)
    }
    return switch op {
    case .convolutionForward(let op): plan(op.geometry, x: op.x, y: op.y)
    case .convolutionBackwardData(let op): plan(op.geometry, x: op.dx.slot, y: op.dy)
    case .convolutionBackwardFilter(let op): plan(op.geometry, x: op.x, y: op.dy)
    default: nil
    }
  }

  /// The sums that a convolution can leave for the operation behind it, with the layout of the
  /// tensor that is summed; `nil` if that is not the batch norm of its result.
  func sharedSums(
    _ step: CPUProgram.Step, _ next: Op
  ) -> (CPUProgram.SharedSums, BlockedLayout)? {
    let found: (parts: Int?, result: Slot)? =
      switch (step.op, next) {
      case (.convolutionForward(let convolution), .batchNormForward(let norm))
      where convolution.y == norm.x:
        (step.convolution?.forwardSumParts, norm.x)
      case (.convolutionBackwardData(let convolution), .batchNormBackward(let norm))
      where convolution.dx.slot == norm.dy:
        (step.convolution?.backwardSumParts, norm.dy)
      default: nil
      }
    guard let found, let parts = found.parts, let layout = blocked[found.result.index] else {
      return nil
    }
    return (CPUProgram.SharedSums(parts: parts, batchNorm: next), layout)
  }

  /// The floats of workspace that an operation other than a convolution needs.
  func workspaceCount(of op: Op, _ graph: Graph, _ kernels: KernelLibrary) -> Int {
    func count(_ slot: Slot, _ count: (BlockedLayout) -> Int) -> Int {
      blocked[slot.index].map(count) ?? 0
    }
    return switch op {
    case .batchNormForward(let op): count(op.x, kernels.batchNormWorkspaceCount)
    case .batchNormInference(let op): count(op.x, kernels.batchNormWorkspaceCount)
    case .batchNormBackward(let op): count(op.x, kernels.batchNormWorkspaceCount)
    case .biasBackward(let op): count(op.x, kernels.biasWorkspaceCount)
    case .squaredNorm(let op): kernels.squaredNormWorkspaceCount(graph[op.x].shape.count)
    default: 0
    }
  }
}

extension UpdateProgram {
  /// The instructions of an update; `nil` for other operations.
  convenience init?(_ op: Op) {
    guard case .update(let update) = op else { return nil }
    self.init(
      update.rule.instructions, arrayCount: update.rule.tensorCount,
      scalarCount: update.rule.scalars.count, temporaryCount: update.rule.temporaryCount)
  }
}

import Kernels
package import Networks
import Tensors

/// A graph with its arena and kernels: one switch over the kinds of operations.
///
/// The only file in which slots become addresses.
@safe
package final class CPUProgram: CompiledProgram {
  /// The graph that is run, after fusion; prints as a table.
  package let graph: Graph
  /// Where the slots lie in the arena, in floats.
  package let memory: MemoryPlan
  private let kernels: KernelLibrary
  private let layouts: SlotLayouts
  private let arena: Arena
  private let workspaceOffset: Int
  private let sumsOffset: Int
  private let phases: [Graph.Phase: [Step]]

  init(
    _ graph: Graph, kernels: KernelLibrary, convolution: ConvolutionAlgorithm
  ) throws(CPUBackendError) {
    self.graph = graph
    self.kernels = kernels
    let layouts = SlotLayouts(graph, element: kernels.element)
    self.layouts = layouts
    memory = MemoryPlan(graph, alignment: BlockedLayout.lanes) { layouts.count(of: $0) }
    var workspaceCount = 0
    var sumsCount = 0
    var phases: [Graph.Phase: [Step]] = [:]
    for phase in Graph.Phase.allCases {
      var steps = graph.operations(phase).map { op in
        let plan = layouts.convolutionPlan(of: op, convolution)
        workspaceCount = max(
          workspaceCount,
          plan?.workspaceCount(threads: kernels.pool.threadCount)
            ?? layouts.workspaceCount(of: op, graph, kernels))
        return Step(op: op, convolution: plan, update: UpdateProgram(op))
      }
      for index in steps.indices.dropLast() {
        guard let (sums, layout) = layouts.sharedSums(steps[index], steps[index + 1].op) else {
          continue
        }
        sumsCount = max(sumsCount, ChannelSums.count(parts: sums.parts, layout: layout))
        steps[index].sums = sums
        steps[index + 1].sums = sums
      }
      phases[phase] = steps
    }
    self.phases = phases
    workspaceOffset = memory.size
    sumsOffset = workspaceOffset + workspaceCount
    arena = try Arena(count: sumsOffset + sumsCount)
  }

  /// Stores a slot's values.
  package func write(_ values: Span<Float>, to slot: Slot) {
    check(values.count, slot)
    unsafe values.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      if let tensor = tensor(slot) {
        unsafe kernels.packImages(x: first, y: tensor)
      } else {
        unsafe self[slot].update(from: first, count: source.count)
      }
    }
  }

  /// Fetches a slot's values.
  package func read(_ slot: Slot, into values: inout MutableSpan<Float>) {
    check(values.count, slot)
    unsafe values.withUnsafeMutableBufferPointer { target in
      guard let first = target.baseAddress else { return }
      if let tensor = tensor(slot) {
        unsafe kernels.unpackImages(x: tensor, y: first)
      } else {
        unsafe first.update(from: self[slot], count: target.count)
      }
    }
  }

  private func check(_ count: Int, _ slot: Slot) {
    let description = graph[slot]
    precondition(
      description.isPersistent, "\(description.name) keeps no values between operations")
    precondition(
      count == description.shape.count,
      "\(description.name) holds \(description.shape.count) values, found \(count)")
  }

  /// Carries out the operations of one phase.
  package func run(_ phase: Graph.Phase) {
    for step in phases[phase] ?? [] {
      run(step)
    }
  }

  /// Carries out a single operation of a phase: what a profile times.
  ///
  /// - Parameters:
  ///   - index: The operation's position in `graph.operations(phase)`.
  ///   - phase: The phase; all of it, and the phases before it, have run at least once.
  package func runOperation(_ index: Int, of phase: Graph.Phase) {
    guard let steps = phases[phase], steps.indices.contains(index) else {
      preconditionFailure("\(phase.rawValue) has no operation \(index)")
    }
    run(steps[index])
  }

  // MARK: - Addresses

  /// The address of a slot's first float.
  private subscript(slot: Slot) -> UnsafeMutablePointer<Float> {
    guard let offset = memory.offsets[slot.index] else {
      preconditionFailure("\(graph[slot].name) has no place in the arena")
    }
    return unsafe arena.pointer(at: offset)
  }

  private var workspace: UnsafeMutablePointer<Float> {
    unsafe arena.pointer(at: workspaceOffset)
  }

  /// Where sums pass from one operation to the next.
  private func sums(_ step: Step) -> ChannelSums? {
    guard let sums = step.sums else { return nil }
    return unsafe ChannelSums(values: arena.pointer(at: sumsOffset), parts: sums.parts)
  }

  /// The same, with the operands that the sums of a backward pass are made of.
  private func gradientSums(_ step: Step) -> (ChannelSums, BatchNormOperands)? {
    guard let sums = sums(step), case .batchNormBackward(let op)? = step.sums?.batchNorm else {
      return nil
    }
    return (sums, operands(op))
  }

  /// A blocked slot, or `nil` for a dense one.
  private func tensor(_ slot: Slot) -> BlockedTensor? {
    guard let layout = layouts.blocked[slot.index] else { return nil }
    return unsafe BlockedTensor(values: self[slot], layout: layout)
  }

  private func image(_ slot: Slot) -> BlockedTensor {
    guard let tensor = tensor(slot) else {
      preconditionFailure("\(graph[slot].name) is not [n, c, h, w]")
    }
    return tensor
  }

  private func stepInput(_ field: StepInputs.Field) -> Float {
    unsafe self[graph.stepInputs][field.offset]
  }

  // MARK: - Operations

  private func run(_ step: Step) {
    switch step.op {
    case .convolutionForward(let op):
      guard let plan = step.convolution else { return }
      unsafe kernels.conv2DForward(
        plan: plan, x: image(op.x), w: self[op.w], y: image(op.y), sums: sums(step),
        workspace: workspace)
    case .convolutionBackwardData(let op):
      guard let plan = step.convolution else { return }
      unsafe kernels.conv2DBackwardData(
        plan: plan, dy: image(op.dy), w: self[op.w], dx: image(op.dx.slot),
        accumulate: op.dx.write == .accumulate, sums: gradientSums(step), workspace: workspace)
    case .convolutionBackwardFilter(let op):
      guard let plan = step.convolution else { return }
      unsafe kernels.conv2DBackwardFilter(
        plan: plan, x: image(op.x), dy: image(op.dy), dw: self[op.dw], workspace: workspace)
    case .batchNormForward(let op): run(op, sums(step))
    case .batchNormInference(let op):
      unsafe kernels.batchNormInference(
        x: image(op.x), residual: op.residual.map { image($0) }, gamma: self[op.gamma],
        beta: self[op.beta], runningMean: self[op.runningMean],
        runningVariance: self[op.runningVariance], epsilon: Float(BatchNormForward.epsilon),
        y: image(op.y), activation: op.activation, workspace: workspace)
    case .batchNormBackward(let op): run(op, sums(step))
    case .reluForward(let op): kernels.relu(x: image(op.x), y: image(op.y))
    case .reluBackward(let op):
      kernels.reluBackward(
        y: image(op.y), dy: image(op.dy), dx: image(op.dx.slot),
        accumulate: op.dx.write == .accumulate)
    case .geluForward(let op): kernels.gelu(x: image(op.x), y: image(op.y))
    case .geluBackward(let op):
      kernels.geluBackward(
        x: image(op.x), dy: image(op.dy), dx: image(op.dx.slot),
        accumulate: op.dx.write == .accumulate)
    case .celuForward(let op): kernels.celu(x: image(op.x), y: image(op.y), alpha: op.alpha)
    case .celuBackward(let op):
      kernels.celuBackward(
        y: image(op.y), dy: image(op.dy), dx: image(op.dx.slot), alpha: op.alpha,
        accumulate: op.dx.write == .accumulate)
    case .additionForward(let op):
      kernels.add(a: image(op.a), b: image(op.b), y: image(op.y))
    case .additionBackward(let op):
      switch op.dx.write {
      case .overwrite: kernels.copy(x: image(op.dy), y: image(op.dx.slot))
      case .accumulate: kernels.accumulate(x: image(op.dy), y: image(op.dx.slot))
      }
    case .downsampleForward(let op):
      kernels.downsample(x: image(op.x), y: image(op.y), stride: op.stride)
    case .downsampleBackward(let op):
      kernels.downsampleBackward(
        dy: image(op.dy), dx: image(op.dx.slot), stride: op.stride,
        accumulate: op.dx.write == .accumulate)
    case .globalAveragePoolForward(let op):
      unsafe kernels.globalAveragePool(x: image(op.x), y: self[op.y])
    case .globalAveragePoolBackward(let op):
      unsafe kernels.globalAveragePoolBackward(
        dy: self[op.dy], dx: image(op.dx.slot), accumulate: op.dx.write == .accumulate)
    case .maxPoolForward(let op):
      unsafe kernels.maxPool(
        x: image(op.x), y: image(op.y),
        choices: op.choices.map { unsafe UnsafeMutableRawPointer(self[$0]) }, size: op.size,
        stride: op.stride, padding: op.padding)
    case .maxPoolBackward(let op):
      unsafe kernels.maxPoolBackward(
        choices: self[op.choices], dy: image(op.dy), dx: image(op.dx.slot), size: op.size,
        stride: op.stride, padding: op.padding, accumulate: op.dx.write == .accumulate)
    case .globalMaxPoolForward(let op):
      unsafe kernels.globalMaxPool(
        x: image(op.x), y: self[op.y], choices: op.choices.map { unsafe self[$0] })
    case .globalMaxPoolBackward(let op):
      unsafe kernels.globalMaxPoolBackward(
        choices: self[op.choices], dy: self[op.dy], dx: image(op.dx.slot),
        accumulate: op.dx.write == .accumulate)
    case .concatenationForward(let op): run(op)
    case .concatenationBackward(let op):
      let (n, columns) = (graph[op.dy].shape[0], graph[op.dx.slot].shape[1])
      unsafe kernels.copyRows(
        rows: n, count: columns, from: self[op.dy] + op.first,
        sourceStride: graph[op.dy].shape[1], to: self[op.dx.slot], targetStride: columns,
        accumulate: op.dx.write == .accumulate)
    case .biasForward(let op):
      unsafe kernels.bias(
        x: image(op.x), bias: self[op.bias], y: image(op.y), activation: op.activation)
    case .biasBackward(let op):
      unsafe kernels.biasBackward(
        x: image(op.x), bias: self[op.bias], dy: image(op.dy), dx: image(op.dx.slot),
        accumulate: op.dx.write == .accumulate, dBias: self[op.dBias], activation: op.activation,
        workspace: workspace)
    case .linearForward(let op):
      let (n, c, k) = linearSizes(x: op.x, y: op.y)
      unsafe kernels.linearForward(
        n: n, c: c, k: k, x: self[op.x], w: self[op.w], bias: op.bias.map { unsafe self[$0] },
        scale: op.scale, y: self[op.y])
    case .linearBackward(let op): run(op)
    case .softmaxCrossEntropy(let op): run(op)
    case .squaredNorm(let op):
      let norm = unsafe kernels.squaredNorm(
        x: self[op.x], count: graph[op.x].shape.count, workspace: workspace)
      unsafe self[op.y][op.position] = Float(norm)
    case .update(let op):
      guard let program = step.update, condition(of: op) > 0 else { return }
      for (index, slot) in op.tensors.enumerated() { unsafe program.setArray(index, self[slot]) }
      for (index, scalar) in op.rule.scalars.enumerated() {
        program.setScalar(
          index, Float(value(of: scalar)))
      }
      kernels.update(program, count: graph[op.tensors[0]].shape.count)
    }
  }

  private func condition(of op: Update) -> Double { op.condition.map { value(of: $0) } ?? 1 }

  private func value(of scalar: Formula) -> Double {
    scalar.value { slot, index in unsafe Double(self[slot][index]) }
  }

  private func run(_ op: BatchNormForward, _ sums: ChannelSums?) {
    unsafe kernels.batchNormForward(
      x: image(op.x), residual: op.residual.map { image($0) }, gamma: self[op.gamma],
      beta: self[op.beta], y: image(op.y), savedMean: self[op.mean],
      savedInverseDeviation: self[op.inverseDeviation], runningMean: self[op.runningMean],
      runningVariance: self[op.runningVariance], momentum: stepInput(.batchNormMomentum),
      epsilon: Float(BatchNormForward.epsilon), activation: op.activation, sums: sums,
      workspace: workspace)
  }

  private func run(_ op: BatchNormBackward, _ sums: ChannelSums?) {
    unsafe kernels.batchNormBackward(
      operands(op), dy: image(op.dy), dx: image(op.dx.slot),
      accumulatesDx: op.dx.write == .accumulate, dResidual: op.dResidual.map { image($0.slot) },
      accumulatesDResidual: op.dResidual?.write == .accumulate, dGamma: self[op.dGamma],
      dBeta: self[op.dBeta], sums: sums, workspace: workspace)
  }

  private func operands(_ op: BatchNormBackward) -> BatchNormOperands {
    unsafe BatchNormOperands(
      x: image(op.x), y: image(op.y), gamma: self[op.gamma], beta: self[op.beta],
      mean: self[op.mean], inverseDeviation: self[op.inverseDeviation],
      activation: op.activation, addsResidual: op.addsResidual)
  }

  private func run(_ op: ConcatenationForward) {
    let (a, b, y) = (graph[op.a].shape, graph[op.b].shape, graph[op.y].shape)
    unsafe kernels.copyRows(
      rows: y[0], count: a[1], from: self[op.a], sourceStride: a[1], to: self[op.y],
      targetStride: y[1], accumulate: false)
    unsafe kernels.copyRows(
      rows: y[0], count: b[1], from: self[op.b], sourceStride: b[1], to: self[op.y] + a[1],
      targetStride: y[1], accumulate: false)
  }

  private func run(_ op: LinearBackward) {
    let (n, c, k) = linearSizes(x: op.x, y: op.dy)
    unsafe kernels.linearBackwardFilter(
      n: n, c: c, k: k, x: self[op.x], dy: self[op.dy], scale: op.scale, dw: self[op.dw],
      dBias: op.dBias.map { unsafe self[$0] })
    guard let dx = op.dx else { return }
    unsafe kernels.linearBackwardData(
      n: n, c: c, k: k, dy: self[op.dy], w: self[op.w], scale: op.scale, dx: self[dx.slot],
      accumulate: dx.write == .accumulate)
  }

  private func run(_ op: SoftmaxCrossEntropy) {
    let shape = graph[op.logits].shape
    unsafe kernels.softmaxCrossEntropy(
      n: shape[0], k: shape[1], validCount: Int(stepInput(.validCount)), logits: self[op.logits],
      labels: self[op.labels],
      others: op.others.map {
        unsafe (labels: UnsafePointer(self[$0.labels]), shares: UnsafePointer(self[$0.shares]))
      },
      labelSmoothing: op.dLogits == nil ? 0 : stepInput(.labelSmoothing),
      losses: self[op.losses], correct: self[op.hits],
      dLogits: op.dLogits.map { unsafe self[$0] })
  }

  private func linearSizes(x: Slot, y: Slot) -> (n: Int, c: Int, k: Int) {
    (graph[x].shape[0], graph[x].shape[1], graph[y].shape[1])
  }
}

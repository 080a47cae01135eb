import CKernels
import Tensors

// Convolution, direct or by Winograd's transforms as the plan says. Direct convolution is the exact
// reference: every product is formed and summed in float32, in an order that depends on the shapes
// alone. All passes are lowered to register tiles of the variant.

extension KernelLibrary {
  /// A 2-D convolution.
  ///
  ///     y[n,k,p,q] = Σ_{c,r,s} x[n, c, p·stride + r − padding, q·stride + s − padding] · w[k,c,r,s]
  ///
  /// - Parameters:
  ///   - plan: The shapes.
  ///   - x: Input, `[n, c, h, w]`.
  ///   - w: Filter, dense `[k, c, r, s]`.
  ///   - y: Output, `[n, k, p, q]`; overwritten.
  ///   - sums: Room for the sums of `y`, of `plan.forwardSumParts` parts, or nothing.
  ///   - workspace: `plan.workspaceCount(threads:)` floats of any content; overwritten.
  public func conv2DForward(
    plan: ConvolutionPlan, x: BlockedTensor, w: UnsafePointer<Float>, y: BlockedTensor,
    sums: ChannelSums? = nil, workspace: UnsafeMutablePointer<Float>
  ) {
    precondition(x.layout == plan.x && y.layout == plan.y, "the tensors are not the plan's")
    precondition(sums == nil || sums?.parts == plan.forwardSumParts, "the plan has other parts")
    if let winograd = plan.winograd {
      self.winograd(
        winograd.forward, swapsChannels: false, geometry: plan.geometry, input: x, w: w, output: y,
        accumulates: false, sums: sums, norm: .none, workspace: workspace)
    } else {
      run(
        plan.forward, swapsChannels: false, plan: plan, input: x, w: w, output: y,
        accumulates: false, packed: workspace)
    }
  }

  /// The gradient of a 2-D convolution with respect to its input.
  ///
  ///     dx[n,c,h,w] = Σ_{k,r,s} dy[n,k,p,q] · w[k,c,r,s]   over p·stride + r − padding = h, q likewise
  ///
  /// - Parameters:
  ///   - plan: The shapes.
  ///   - dy: Output gradient, `[n, k, p, q]`.
  ///   - w: Filter, dense `[k, c, r, s]`.
  ///   - dx: Input gradient, `[n, c, h, w]`; overwritten, or accumulated into.
  ///   - accumulate: Whether to add to `dx`.
  ///   - sums: Room for the sums of the batch norm whose output gradient `dx` is, of
  ///     `plan.backwardSumParts` parts, with its operands; or nothing.
  ///   - workspace: `plan.workspaceCount(threads:)` floats of any content; overwritten.
  public func conv2DBackwardData(
    plan: ConvolutionPlan, dy: BlockedTensor, w: UnsafePointer<Float>, dx: BlockedTensor,
    accumulate: Bool, sums: (ChannelSums, BatchNormOperands)? = nil,
    workspace: UnsafeMutablePointer<Float>
  ) {
    precondition(dx.layout == plan.x && dy.layout == plan.y, "the tensors are not the plan's")
    precondition(
      sums == nil || sums?.0.parts == plan.backwardSumParts, "the plan has other parts")
    if let winograd = plan.winograd {
      self.winograd(
        winograd.backwardData, swapsChannels: true, geometry: plan.geometry, input: dy, w: w,
        output: dx, accumulates: accumulate, sums: sums?.0,
        norm: sums.map { NormGradient($0.1) } ?? .none, workspace: workspace)
    } else {
      run(
        plan.backwardData, swapsChannels: true, plan: plan, input: dy, w: w, output: dx,
        accumulates: accumulate, packed: workspace)
    }
  }

  /// The gradient of a 2-D convolution with respect to its filter.
  ///
  ///     dw[k,c,r,s] = Σ_{n,p,q} dy[n,k,p,q] · x[n, c, p·stride + r − padding, q·stride + s − padding]
  ///
  /// - Parameters:
  ///   - plan: The shapes.
  ///   - x: Input, `[n, c, h, w]`.
  ///   - dy: Output gradient, `[n, k, p, q]`.
  ///   - dw: Filter gradient, dense `[k, c, r, s]`; overwritten.
  ///   - workspace: `plan.workspaceCount(threads:)` floats of any content; overwritten.
  public func conv2DBackwardFilter(
    plan: ConvolutionPlan, x: BlockedTensor, dy: BlockedTensor, dw: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>
  ) {
    precondition(x.layout == plan.x && dy.layout == plan.y, "the tensors are not the plan's")
    let g = plan.geometry
    if let winograd = plan.winograd {
      return winogradFilterGradient(
        winograd.filterGradient, geometry: g, x: x, dy: dy, dw: dw, workspace: workspace)
    }
    let cut = plan.filterChunks
    cut.tapOffsets.withUnsafeBufferPointer { offsets in
      guard let offsets = offsets.baseAddress else { return }
      run(
        table.filterGradient, cut.chunks * plan.y.blocks,
        FilterGradientTask(
          x: BlockedView(x), dy: BlockedView(dy), partials: workspace, tapOffsets: offsets,
          positions: g.r * g.s, stride: g.stride, imagesPerChunk: cut.imagesPerChunk,
          chunks: cut.chunks, partialStride: cut.partialStride, narrowRows: cut.narrowRows))
    }
    run(
      table.reduceFilterGradient, g.k,
      FilterReductionTask(
        partials: workspace, dw: dw, chunks: cut.chunks, partialStride: cut.partialStride, k: g.k,
        c: g.c, positions: g.r * g.s, narrowRows: cut.narrowRows))
  }

  /// Packs the filter, then computes a pass.
  private func run(
    _ pass: ConvolutionPass, swapsChannels: Bool, plan: ConvolutionPlan, input: BlockedTensor,
    w: UnsafePointer<Float>, output: BlockedTensor, accumulates: Bool,
    packed: UnsafeMutablePointer<Float>
  ) {
    let g = plan.geometry
    let isNarrow = pass.phases.allSatisfy { $0.columns <= table.narrowColumns }
    let vectors = isNarrow ? table.vectorsPerNarrowTile : table.vectorsPerTile
    let groups = (output.layout.blocks + vectors - 1) / vectors
    pass.phases.withUnsafeBufferPointer { phases in
      guard let phases = phases.baseAddress else { return }
      pass.tapIndices.withUnsafeBufferPointer { indices in
        guard let indices = indices.baseAddress else { return }
        run(
          table.packFilter, groups,
          FilterPackingTask(
            w: w, packed: packed, phases: phases, tapIndices: indices,
            phaseCount: pass.phases.count, k: g.k, c: g.c, positions: g.r * g.s, vectors: vectors,
            swapsChannels: swapsChannels))
      }
      pass.tapOffsets.withUnsafeBufferPointer { offsets in
        guard let offsets = offsets.baseAddress else { return }
        let cut = ConvolutionCut(pass, output: output.layout, threads: pool.threadCount)
        run(
          table.convolution, cut.imageGroups * cut.rowGroups,
          ConvolutionTask(
            input: BlockedView(input), output: BlockedView(output), filter: packed,
            phases: phases, tapOffsets: offsets, phaseCount: pass.phases.count,
            inputStep: pass.inputStep, outputStep: pass.outputStep, vectors: vectors,
            imagesPerTask: cut.imagesPerTask, rowsPerTask: cut.rowsPerTask,
            rowGroups: cut.rowGroups, accumulates: accumulates))
      }
    }
  }
}

/// How a pass is cut into tasks.
///
/// Each output pixel is summed in one place and in one order, so the
/// cut may depend on the number of threads.
private struct ConvolutionCut {
  /// Pixels that one task should have at least, to read a filter from the cache often enough.
  private static let pixels = 1024

  let imagesPerTask: Int
  let rowsPerTask: Int
  let imageGroups: Int
  let rowGroups: Int

  init(_ pass: ConvolutionPass, output: BlockedLayout, threads: Int) {
    let rows = pass.phases.reduce(1) { max($0, $1.rows) }
    let tasks = threads == 1 ? 1 : 4 * threads
    let images = min(output.n, max(1, Self.pixels / (output.h * output.w)))
    imagesPerTask = max(1, min(images, output.n / tasks))
    imageGroups = (output.n + imagesPerTask - 1) / imagesPerTask
    let wantedRowGroups = max(1, min(rows, (tasks + imageGroups - 1) / imageGroups))
    let fewRows = max(1, 2 * Self.pixels / output.w)
    rowsPerTask = min(fewRows, (rows + wantedRowGroups - 1) / wantedRowGroups)
    rowGroups = (rows + rowsPerTask - 1) / rowsPerTask
  }
}

extension BlockedView {
  /// A tensor as the variants see it.
  init(_ tensor: BlockedTensor) {
    let layout = tensor.layout
    self.init(
      origin: tensor.values
        + layout.offset(n: 0, block: 0, y: 0, x: 0) * layout.element.byteCount,
      row: layout.rowStride,
      block: layout.blockStride, image: layout.imageStride, n: layout.n, blocks: layout.blocks,
      c: layout.c, h: layout.h, w: layout.w, halo: layout.halo)
  }

  /// Nothing; for tasks that do without.
  static var none: BlockedView {
    BlockedView(
      origin: nil, row: 0, block: 0, image: 0, n: 0, blocks: 0, c: 0, h: 0, w: 0, halo: 0)
  }
}

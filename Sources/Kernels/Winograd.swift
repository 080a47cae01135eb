import CKernels
import Tensors

// Winograd convolution: the transformed filter, the products and the way back. A workspace holds
// the counters, the transformed filter or the partial gradients, and each thread's scratch memory.

extension KernelLibrary {
  /// Transforms the filter, then computes a pass.
  func winograd(
    _ pass: WinogradPass, swapsChannels: Bool, geometry g: ConvolutionGeometry,
    input: BlockedTensor, w: UnsafePointer<Float>, output: BlockedTensor, accumulates: Bool,
    sums: ChannelSums?, norm: NormGradient, workspace: UnsafeMutablePointer<Float>
  ) {
    let filter = workspace + WinogradPass.headerCount
    let vectors = table.vectorsPerTile
    run(
      table.winogradFilter, output.layout.blocks,
      WinogradFilterTask(
        w: w, transformed: filter, plane: pass.filterPlane, k: g.k, c: g.c, vectors: vectors,
        swapsChannels: swapsChannels, bypassesCaches: pass.filterBypassesCaches))
    let counters = zeroedCounters(workspace)
    run(
      table.winograd, pool.threadCount,
      WinogradTask(
        input: BlockedView(input), output: BlockedView(output), grid: pass.grid, filter: filter,
        filterPlane: pass.filterPlane, scratch: filter + WinogradPass.area * pass.filterPlane,
        scratchStride: pass.scratchCount, nextBlock: counters, noOffset: counters + 8,
        tilesPerBlock: pass.tilesPerBlock, vectors: vectors, accumulates: accumulates,
        sums: sums?.values, norm: norm))
  }

  /// The gradient of the filter.
  func winogradFilterGradient(
    _ cut: WinogradGradientCut, geometry g: ConvolutionGeometry, x: BlockedTensor,
    dy: BlockedTensor, dw: UnsafeMutablePointer<Float>, workspace: UnsafeMutablePointer<Float>
  ) {
    let partials = workspace + WinogradPass.headerCount
    run(
      table.winogradFilterGradient, pool.threadCount,
      WinogradGradientTask(
        x: BlockedView(x), dy: BlockedView(dy), grid: cut.grid, partials: partials,
        partialStride: cut.partialStride, scratch: partials + cut.chunks * cut.partialStride,
        scratchStride: cut.scratchCount, nextTask: zeroedCounters(workspace),
        tilesPerBlock: cut.tilesPerBlock, tilesPerChunk: cut.tilesPerChunk, chunks: cut.chunks,
        blocksPerGroup: cut.blocksPerGroup, groups: cut.groups))
    run(
      table.reduceWinogradFilterGradient, g.k,
      WinogradReductionTask(
        partials: partials, dw: dw, chunks: cut.chunks, partialStride: cut.partialStride, k: g.k,
        c: g.c))
  }

  /// The counters at the start of a workspace, set to 0: one that threads count with, and on a cache
  /// line of its own one that stays 0.
  private func zeroedCounters(_ workspace: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Int>
  {
    workspace.update(repeating: 0, count: WinogradPass.headerCount)
    return UnsafeMutableRawPointer(workspace).assumingMemoryBound(to: Int.self)
  }
}

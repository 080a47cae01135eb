import CKernels
import Tensors

/// How convolutions are computed.
public enum ConvolutionAlgorithm: String, CaseIterable, Sendable {
  /// The faster of the other two for each convolution.
  case auto
  /// Every product is formed: the exact reference.
  case direct
  /// Winograd's F(4×4, 3×3) where it applies, to 3 × 3 filters of stride 1; direct elsewhere.
  case winograd
}

/// The three passes of a convolution by Winograd's F(4×4, 3×3).
///
/// An output tile of 4 × 4 takes 36 products per pair of channels instead of 144. Additions before
/// and after them cost little, and a few bits: with coefficients from 1/24 to 8 the largest error
/// is ten to twenty times a direct convolution's, about 1e-5 of the largest output.
struct WinogradPlan: Sendable {
  let forward: WinogradPass
  let backwardData: WinogradPass
  let filterGradient: WinogradGradientCut

  /// Plans a convolution, or `nil` if it is none that Winograd's tiles can do.
  init?(_ g: ConvolutionGeometry) {
    guard g.r == 3 && g.s == 3 && g.stride == 1 && g.padding <= 2 else { return nil }
    forward = WinogradPass(
      n: g.n, inputs: g.c, outputs: g.k, rows: g.p, columns: g.q, padding: g.padding)
    // The gradient is the convolution of `dy` with the turned filter, padded to give `x`'s size.
    backwardData = WinogradPass(
      n: g.n, inputs: g.k, outputs: g.c, rows: g.h, columns: g.w, padding: 2 - g.padding)
    filterGradient = WinogradGradientCut(g)
  }

  /// Whether the convolution is large enough for the transforms to pay.
  static func pays(_ g: ConvolutionGeometry) -> Bool {
    let tiles = TileGrid(n: g.n, rows: g.p, columns: g.q, padding: g.padding).tiles
    // Products per pair of channels, of which the transforms' additions are worth another half.
    return g.c > 4 && 3 * tiles * WinogradPass.area < 2 * g.n * g.p * g.q * g.r * g.s
  }

  /// Floats of workspace of the neediest pass.
  func workspaceCount(threads: Int) -> Int {
    max(
      forward.workspaceCount(threads: threads), backwardData.workspaceCount(threads: threads),
      filterGradient.workspaceCount(threads: threads))
  }
}

/// Forward, or backward-data.
struct WinogradPass: Sendable {
  /// Values of a transformed tile.
  static let area = 36
  /// Floats at the start of a workspace: counters.
  static let headerCount = 64
  /// Tiles of a block.
  ///
  /// More read the transformed filter less often, up to where a plane's share of them no longer fits
  /// into the L2 cache beside it.
  private static let mostTilesPerBlock = 96
  /// Floats of a transformed filter that no L2 cache holds.
  private static let largeFilter = 2 << 20

  let grid: TileGrid
  let tilesPerBlock: Int
  /// Floats between the planes of the transformed filter.
  let filterPlane: Int
  /// Whether the transformed filter is written past the caches, which it would only flush.
  let filterBypassesCaches: Bool
  /// Floats of scratch memory of a thread.
  let scratchCount: Int

  /// Blocks of tiles, each with sums of its own.
  var blocks: Int { (grid.tiles + tilesPerBlock - 1) / tilesPerBlock }

  init(n: Int, inputs: Int, outputs: Int, rows: Int, columns: Int, padding: Int) {
    let lanes = BlockedLayout.lanes
    let (inputBlocks, outputBlocks) = (inputs.blocks, outputs.blocks)
    grid = TileGrid(n: n, rows: rows, columns: columns, padding: padding)
    // An even number of blocks, so that two threads, or four, end together.
    let pairs = (grid.tiles + 2 * Self.mostTilesPerBlock - 1) / (2 * Self.mostTilesPerBlock)
    tilesPerBlock = (grid.tiles + 2 * pairs - 1) / (2 * pairs)
    filterPlane = outputBlocks * lanes * inputs + lanes
    filterBypassesCaches = Self.area * filterPlane > Self.largeFilter
    scratchCount = Self.scratchCount(inputBlocks, outputBlocks, tiles: tilesPerBlock)
  }

  /// Floats of a thread's two sets of planes and its patch, in whole pairs of cache lines.
  static func scratchCount(_ inputBlocks: Int, _ outputBlocks: Int, tiles: Int) -> Int {
    let lanes = BlockedLayout.lanes
    return area * lanes * (1 + (inputBlocks + outputBlocks) * tiles + 2) + 2 * lanes
  }

  func workspaceCount(threads: Int) -> Int {
    Self.headerCount + Self.area * filterPlane + threads * scratchCount
  }
}

/// How the filter gradient is cut: by the shapes alone, so that its result does not depend on the
/// number of threads.
struct WinogradGradientCut: Sendable {
  /// Tasks to aim for.
  private static let tasks = 8
  /// Floats of all partial results where that leaves a choice.
  private static let partialFloats = 4 << 20
  /// Output blocks of a group: enough for a transformed input to be used often.
  private static let widestGroup = 8

  let grid: TileGrid
  let tilesPerBlock: Int
  let tilesPerChunk: Int
  let chunks: Int
  let blocksPerGroup: Int
  let groups: Int
  /// Floats of one chunk's partial result.
  let partialStride: Int
  let scratchCount: Int

  init(_ g: ConvolutionGeometry) {
    let lanes = BlockedLayout.lanes
    let (inputBlocks, outputBlocks) = (g.c.blocks, g.k.blocks)
    grid = TileGrid(n: g.n, rows: g.p, columns: g.q, padding: g.padding)
    groups = (outputBlocks + Self.widestGroup - 1) / Self.widestGroup
    blocksPerGroup = (outputBlocks + groups - 1) / groups
    partialStride = WinogradPass.area * inputBlocks * outputBlocks * lanes * lanes
    let wanted = max(1, Self.tasks / groups)
    let affordable = max(1, Self.partialFloats / partialStride)
    let parts = min(wanted, affordable, max(1, grid.tiles / 32))
    tilesPerChunk = (grid.tiles + parts - 1) / parts
    chunks = (grid.tiles + tilesPerChunk - 1) / tilesPerChunk
    tilesPerBlock = min(tilesPerChunk, 128)
    scratchCount = WinogradPass.scratchCount(inputBlocks, blocksPerGroup, tiles: tilesPerBlock)
  }

  func workspaceCount(threads: Int) -> Int {
    WinogradPass.headerCount + chunks * partialStride + threads * scratchCount
  }
}

extension TileGrid {
  /// The tiles of `n` images of `rows` × `columns` outputs.
  init(n: Int, rows: Int, columns: Int, padding: Int) {
    let (down, across) = ((rows + 3) / 4, (columns + 3) / 4)
    self.init(rows: down, columns: across, tiles: n * down * across, padding: padding)
  }
}

extension Int {
  /// Blocks of 16 channels.
  fileprivate var blocks: Int { (self + BlockedLayout.lanes - 1) / BlockedLayout.lanes }
}

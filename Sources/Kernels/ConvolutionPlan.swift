import CKernels
public import Tensors

/// The three passes of one convolution on blocked tensors: which filter taps go where.
///
/// A pass is a list of *phases*, grids of output pixels that use the same filter taps. Forward has
/// one. Backward-data with stride *t* has t²: pixel (t·i + a, t·j + b) of `dx` meets only those
/// filter positions (r, s) for which (a + padding − r) and (b + padding − s) are multiples of t,
/// so no multiplication with an inserted zero is ever done.
///
/// Halos: `x` needs one of at least `padding`; `y` needs ``requiredOutputHalo(for:)``, which is
/// r − 1 − padding for stride 1 (1 for a padded 3×3 filter).
public struct ConvolutionPlan: Sendable {
  /// The convolution.
  public let geometry: ConvolutionGeometry
  /// Layout of `x` and `dx`.
  public let x: BlockedLayout
  /// Layout of `y` and `dy`.
  public let y: BlockedLayout
  let forward: ConvolutionPass
  let backwardData: ConvolutionPass
  let filterChunks: FilterChunks
  /// The same passes by Winograd's transforms, if they are to be used.
  let winograd: WinogradPlan?

  /// Makes a plan.
  ///
  /// - Parameters:
  ///   - geometry: The convolution.
  ///   - x: Layout of `x` and `dx`.
  ///   - y: Layout of `y` and `dy`.
  ///   - algorithm: How to compute it.
  /// - Precondition: The layouts have the geometry's shapes and halos as wide as stated above.
  public init(
    geometry: ConvolutionGeometry, x: BlockedLayout, y: BlockedLayout,
    algorithm: ConvolutionAlgorithm = .auto
  ) {
    let g = geometry
    precondition(
      x.n == g.n && x.c == g.c && x.h == g.h && x.w == g.w,
      "x is \(x.n)×\(x.c)×\(x.h)×\(x.w), the convolution takes \(g.inputShape)")
    precondition(
      y.n == g.n && y.c == g.k && y.h == g.p && y.w == g.q,
      "y is \(y.n)×\(y.c)×\(y.h)×\(y.w), the convolution gives \(g.outputShape)")
    precondition(
      x.halo >= g.padding, "x needs a halo of \(g.padding), found \(x.halo)")
    let halo = Self.requiredOutputHalo(for: g)
    precondition(y.halo >= halo, "y needs a halo of \(halo), found \(y.halo)")
    self.geometry = geometry
    self.x = x
    self.y = y
    forward = .forward(g, x: x)
    backwardData = .backwardData(g, dy: y)
    filterChunks = FilterChunks(g, x: x, y: y)
    winograd =
      switch algorithm {
      case .direct: nil
      case .winograd: WinogradPlan(g)
      case .auto: WinogradPlan.pays(g) ? WinogradPlan(g) : nil
      }
  }

  /// Whether the passes are computed by Winograd's transforms.
  public var usesWinograd: Bool { winograd != nil }

  /// The parts whose sums the forward pass can leave for a batch norm behind it, or `nil` if it
  /// cannot.
  public var forwardSumParts: Int? { winograd?.forward.blocks }
  /// The parts whose sums the backward-data pass can leave for the batch norm in front of it, or
  /// `nil` if it cannot.
  public var backwardSumParts: Int? { winograd?.backwardData.blocks }

  /// The floats of workspace that the neediest of the three passes uses.
  ///
  /// - Parameter threads: The threads of the library that will run them, ≥ 1.
  /// - Returns: The floats; Winograd's passes use some for each thread.
  public func workspaceCount(threads: Int) -> Int {
    winograd?.workspaceCount(threads: threads)
      ?? max(forward.packedCount, backwardData.packedCount, filterChunks.workspaceCount)
  }

  /// The zero pixels around `dy` that backward-data reads.
  public static func requiredOutputHalo(for geometry: ConvolutionGeometry) -> Int {
    let g = geometry
    var halo = 0
    for (size, outputs, filter) in [(g.h, g.p, g.r), (g.w, g.q, g.s)] {
      for phase in 0..<min(g.stride, size) {
        let last = (size - 1 - phase) / g.stride
        for position in 0..<filter where (phase + g.padding - position) % g.stride == 0 {
          let offset = (phase + g.padding - position) / g.stride
          halo = max(halo, -offset, last + offset - (outputs - 1))
        }
      }
    }
    return halo
  }
}

/// One pass as the variants' convolution function wants it.
struct ConvolutionPass: Sendable {
  var phases: [ConvolutionPhase] = []
  /// Per tap: floats from the input pixel that an output pixel starts at.
  var tapOffsets: [Int] = []
  /// Per tap: its position r · s in the filter.
  var tapIndices: [Int] = []
  /// Floats of the packed filter.
  var packedCount = 0
  var inputStep = 1
  var outputStep = 1

  static func forward(_ g: ConvolutionGeometry, x: BlockedLayout) -> ConvolutionPass {
    var pass = ConvolutionPass()
    pass.inputStep = g.stride
    for r in 0..<g.r {
      for s in 0..<g.s {
        pass.tapIndices.append(r * g.s + s)
        pass.tapOffsets.append(
          (r - g.padding) * x.rowStride + (s - g.padding) * BlockedLayout.lanes)
      }
    }
    pass.add(
      taps: 0..<g.r * g.s, y: 0, x: 0, rows: g.p, columns: g.q, inputs: g.c, outputs: g.k)
    return pass
  }

  static func backwardData(_ g: ConvolutionGeometry, dy: BlockedLayout) -> ConvolutionPass {
    var pass = ConvolutionPass()
    pass.outputStep = g.stride
    for a in 0..<min(g.stride, g.h) {
      for b in 0..<min(g.stride, g.w) {
        let first = pass.tapOffsets.count
        for r in 0..<g.r where (a + g.padding - r) % g.stride == 0 {
          for s in 0..<g.s where (b + g.padding - s) % g.stride == 0 {
            pass.tapIndices.append(r * g.s + s)
            pass.tapOffsets.append(
              (a + g.padding - r) / g.stride * dy.rowStride
                + (b + g.padding - s) / g.stride * BlockedLayout.lanes)
          }
        }
        pass.add(
          taps: first..<pass.tapOffsets.count, y: a, x: b,
          rows: (g.h - a + g.stride - 1) / g.stride,
          columns: (g.w - b + g.stride - 1) / g.stride, inputs: g.k, outputs: g.c)
      }
    }
    return pass
  }

  private mutating func add(
    taps: Range<Int>, y: Int, x: Int, rows: Int, columns: Int, inputs: Int, outputs: Int
  ) {
    phases.append(
      ConvolutionPhase(
        firstTap: taps.lowerBound, tapCount: taps.count, filter: packedCount, y: y, x: x,
        rows: rows, columns: columns))
    let lanes = BlockedLayout.lanes
    packedCount += taps.count * inputs * ((outputs + lanes - 1) / lanes * lanes)
  }
}

/// How the filter gradient's sum over images is cut: by the shapes alone, so that its result does
/// not depend on the number of threads.
struct FilterChunks: Sendable {
  /// Up to this many input channels there is more to gain from the taps than from vectors of
  /// channels, whose lanes would be padding.
  private static let narrowChannels = 4
  /// Rows of a narrow partial result are made a multiple of every variant's tile height: 9, 6, 3.
  private static let narrowTile = 18

  /// Floats from the `x` pixel that an output pixel starts at: per filter position, or if narrow
  /// per (channel, filter position), filled up to ``narrowRows``.
  let tapOffsets: [Int]
  /// 0, or if narrow the padded number of (channel, filter position) pairs.
  let narrowRows: Int
  let imagesPerChunk: Int
  let chunks: Int
  /// Floats of one chunk's partial result.
  let partialStride: Int

  var workspaceCount: Int { chunks * partialStride }

  init(_ g: ConvolutionGeometry, x: BlockedLayout, y: BlockedLayout) {
    let positions = g.r * g.s
    let offsets = (0..<positions).map { position in
      (position / g.s - g.padding) * x.rowStride
        + (position % g.s - g.padding) * BlockedLayout.lanes
    }
    if g.c <= Self.narrowChannels {
      let pairs = (0..<g.c).flatMap { c in offsets.map { $0 + c } }
      narrowRows = (pairs.count + Self.narrowTile - 1) / Self.narrowTile * Self.narrowTile
      // The filling repeats a tap: whatever it reads is inside the tensor, and nobody uses the sum.
      tapOffsets = pairs + Array(repeating: pairs[0], count: narrowRows - pairs.count)
      partialStride = y.blocks * BlockedLayout.lanes * narrowRows
    } else {
      narrowRows = 0
      tapOffsets = offsets
      partialStride =
        y.blocks * BlockedLayout.lanes * x.blocks * positions * BlockedLayout.lanes
    }
    // Tasks enough for many threads; partial results of at most 16 MiB where that leaves a choice.
    let wanted = max(1, (32 + y.blocks - 1) / y.blocks)
    let affordable = max(1, (4 << 20) / partialStride)
    let parts = min(g.n, wanted, affordable)
    imagesPerChunk = (g.n + parts - 1) / parts
    chunks = (g.n + imagesPerChunk - 1) / imagesPerChunk
  }
}

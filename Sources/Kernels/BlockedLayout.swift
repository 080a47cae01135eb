/// What the numbers of an activation are stored as.
public enum ElementType: String, CaseIterable, Sendable {
  /// 4 bytes, 24 bits of precision.
  case float32
  /// 2 bytes, the upper half of a float32: its range with 8 bits of precision. Rounded to nearest.
  case bfloat16
  /// 2 bytes, IEEE's half precision: 11 bits, numbers up to 65,504. Rounded to nearest.
  case float16

  /// Bytes of one number.
  public var byteCount: Int { self == .float32 ? 4 : 2 }
}

/// How the CPU kernels lay out activations: `[n][⌈c/16⌉][h + 2·halo][w + 2·halo][16]`.
///
/// Sixteen neighbouring channels of one pixel are one vector, 64 bytes of float32: one AVX-512 register, two
/// AVX2 registers, four NEON or SSE registers. The halo around every plane is zero, so that a
/// padded convolution reads zeros instead of testing for borders; it also keeps neighbouring rows
/// and planes away from power-of-two distances, which would fight for the same cache sets.
///
/// **What every kernel promises.** A kernel that writes a blocked tensor writes *all* of it: its
/// halo and the padding lanes of the last channel block are zero afterwards, whatever the bytes
/// were before, because buffers are shared by tensors that live at different times. A kernel that
/// *accumulates* finds halo and padding lanes zero and leaves them so. Padding lanes are zero as
/// long as the inputs are finite. Every kernel relies on this in what it reads.
public struct BlockedLayout: Hashable, Sendable {
  /// Channels in one block: the numbers of one vector.
  public static let lanes = 16

  /// Images, ≥ 1.
  public let n: Int
  /// Channels, ≥ 1; the last block is padded with zero lanes.
  public let c: Int
  /// Height in pixels, ≥ 1, without the halo.
  public let h: Int
  /// Width in pixels, ≥ 1, without the halo.
  public let w: Int
  /// Zero pixels around each plane on every side, ≥ 0.
  public let halo: Int
  /// What the numbers are stored as.
  public let element: ElementType

  /// Makes a layout.
  ///
  /// - Precondition: `n`, `c`, `h` and `w` are at least 1, `halo` at least 0.
  public init(n: Int, c: Int, h: Int, w: Int, halo: Int, element: ElementType = .float32) {
    precondition(
      n >= 1 && c >= 1 && h >= 1 && w >= 1 && halo >= 0,
      "a blocked layout needs positive sizes and a halo of at least 0")
    self.n = n
    self.c = c
    self.h = h
    self.w = w
    self.halo = halo
    self.element = element
  }

  /// Channel blocks, `⌈c/16⌉`.
  public var blocks: Int { (c + Self.lanes - 1) / Self.lanes }
  /// Numbers from a pixel to the one below it.
  public var rowStride: Int { (w + 2 * halo) * Self.lanes }
  /// Numbers from a pixel to the same pixel of the next channel block.
  public var blockStride: Int { (h + 2 * halo) * rowStride }
  /// Numbers from a pixel to the same pixel of the next image.
  public var imageStride: Int { blocks * blockStride }
  /// Numbers in the whole tensor, halo and padding lanes included.
  public var count: Int { n * imageStride }
  /// Bytes of the whole tensor.
  public var byteCount: Int { count * element.byteCount }

  /// The position of the first of a pixel's 16 lanes, in numbers from the start.
  ///
  /// - Parameters:
  ///   - n: The image.
  ///   - block: The channel block; channel `c` is lane `c % 16` of block `c / 16`.
  ///   - y: The row, in `-halo..<h + halo`.
  ///   - x: The column, in `-halo..<w + halo`.
  /// - Returns: The offset, in `0..<count`.
  public func offset(n: Int, block: Int, y: Int, x: Int) -> Int {
    n * imageStride + block * blockStride + (y + halo) * rowStride + (x + halo) * Self.lanes
  }

  /// Whether two layouts hold the same images, `[n, c, h, w]`; halos may differ.
  public func hasSameShape(as other: BlockedLayout) -> Bool {
    n == other.n && c == other.c && h == other.h && w == other.w
  }
}

/// Activations in memory: an address and how to read it.
///
/// The tensor does not own its memory. `values` is best aligned to 64 bytes, a cache line; nothing
/// breaks if it is not.
public struct BlockedTensor {
  /// The first number of the layout, a corner of the halo.
  public let values: UnsafeMutableRawPointer
  /// How the numbers are laid out; `layout.byteCount` bytes of them are there.
  public let layout: BlockedLayout

  /// Makes a tensor of memory that somebody else owns.
  public init(values: UnsafeMutableRawPointer, layout: BlockedLayout) {
    self.values = values
    self.layout = layout
  }
}

/// The sizes of one 2-D convolution.
///
///     y[n,k,p,q] = Σ_{c,r,s} x[n, c, p·stride + r − padding, q·stride + s − padding] · w[k,c,r,s]
///
/// This is cross-correlation, as in every deep-learning library; positions outside the image are 0.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// Images in a batch, ≥ 1.
  public let n: Int
  /// Input channels, ≥ 1.
  public let c: Int
  /// Input height in pixels, ≥ 1.
  public let h: Int
  /// Input width in pixels, ≥ 1.
  public let w: Int
  /// Output channels, ≥ 1.
  public let k: Int
  /// Filter height in pixels, ≥ 1.
  public let r: Int
  /// Filter width in pixels, ≥ 1.
  public let s: Int
  /// Step between neighbouring filter positions in pixels, ≥ 1, the same in both directions.
  public let stride: Int
  /// Zero pixels added on each side, ≥ 0.
  public let padding: Int

  /// Makes a geometry.
  ///
  /// - Precondition: Every size is in its range and the filter fits into the padded image.
  public init(
    n: Int, c: Int, h: Int, w: Int, k: Int, r: Int, s: Int, stride: Int = 1, padding: Int = 0
  ) {
    precondition(
      n >= 1 && c >= 1 && h >= 1 && w >= 1 && k >= 1 && r >= 1 && s >= 1,
      "a convolution needs positive sizes")
    precondition(stride >= 1 && padding >= 0, "stride ≥ 1 and padding ≥ 0 are required")
    precondition(
      h + 2 * padding >= r && w + 2 * padding >= s,
      "a \(r)×\(s) filter does not fit into \(h)×\(w) padded by \(padding)")
    self.n = n
    self.c = c
    self.h = h
    self.w = w
    self.k = k
    self.r = r
    self.s = s
    self.stride = stride
    self.padding = padding
  }

  /// Output height in pixels.
  public var p: Int { (h + 2 * padding - r) / stride + 1 }
  /// Output width in pixels.
  public var q: Int { (w + 2 * padding - s) / stride + 1 }

  /// `[n, c, h, w]`.
  public var inputShape: Shape { [n, c, h, w] }
  /// `[k, c, r, s]`.
  public var filterShape: Shape { [k, c, r, s] }
  /// `[n, k, p, q]`.
  public var outputShape: Shape { [n, k, p, q] }

  /// Floating-point operations of one pass, two for each multiply-and-add.
  public var flops: Int { 2 * n * k * p * q * c * r * s }
}

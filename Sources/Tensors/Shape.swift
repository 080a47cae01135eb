/// The extents of a dense array, outermost first.
///
/// Activations are `[n, c, h, w]`, filters `[k, c, r, s]`, vectors `[c]`. A shape is logical: how a
/// backend lays the elements out in memory is its own affair.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The extents, each ≥ 0.
  public let extents: [Int]

  /// Makes a shape.
  ///
  /// - Parameter extents: The extents, outermost first.
  /// - Precondition: No extent is negative.
  public init(_ extents: [Int]) {
    precondition(extents.allSatisfy { $0 >= 0 }, "a shape has no negative extent: \(extents)")
    self.extents = extents
  }

  /// Makes a shape from a list of extents.
  public init(arrayLiteral elements: Int...) {
    self.init(elements)
  }

  /// The number of axes.
  public var rank: Int { extents.count }

  /// The number of elements; 1 for a scalar's empty shape.
  public var count: Int { extents.reduce(1, *) }

  /// The extent of one axis.
  public subscript(axis: Int) -> Int { extents[axis] }

  /// The extents joined by ×, for example `128×3×32×32`.
  public var description: String {
    extents.isEmpty ? "scalar" : extents.map(String.init).joined(separator: "×")
  }
}

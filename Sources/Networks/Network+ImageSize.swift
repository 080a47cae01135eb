extension Network {
  /// Whether images of a size are large enough: every filter and every window fits into what the
  /// layers before it have left of them.
  ///
  /// - Parameters:
  ///   - height: The images' height in pixels, ≥ 1.
  ///   - width: Their width in pixels, ≥ 1.
  /// - Returns: Whether a graph of the network can be made for them.
  public func takesImages(height: Int, width: Int) -> Bool {
    var sides: [Int] = []
    for node in nodes {
      guard let input = node.inputs.first else {
        sides.append(min(height, width))
        continue
      }
      var side = sides[input.position]
      switch node.layer {
      case .convolution(_, let size, let stride, let padding),
        .maxPool(let size, let stride, let padding):
        guard side + 2 * padding >= size else { return false }
        side = (side + 2 * padding - size) / stride + 1
      case .downsample(_, let stride):
        side = (side + stride - 1) / stride
      default:
        break
      }
      sides.append(side)
    }
    return true
  }
}

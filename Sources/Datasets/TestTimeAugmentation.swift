import Tensors

/// The views of an image whose logits are averaged when a network is judged.
///
/// - `flip`: the image and its mirror image, ½ each.
/// - `flip,translate`: beside these two, ¼ each, the image moved by one pixel to the lower right and
///   to the upper left and the mirror images of both, ⅛ each. What moves in is the image's
///   reflection. Jordan 2024 (arXiv 2404.00498, §3.5 and `infer_mirror_translate` in airbench94).
///
/// The text form is what a recipe records.
public enum TestTimeAugmentation: String, Hashable, Sendable, Codable, CaseIterable,
  CustomStringConvertible
{
  /// The image as it is.
  case none
  /// Two views.
  case flip
  /// Six views.
  case flipAndTranslate = "flip,translate"

  /// One way to look at an image.
  public struct View: Hashable, Sendable {
    /// What is seen of it.
    public let window: Augmentation.Choice.Window
    /// How much its logits count.
    public let weight: Double
  }

  /// The text form.
  public var description: String { rawValue }

  /// The views, the image as it is first; their weights add up to 1.
  public var views: [View] {
    func pair(_ offset: Int, weight: Double) -> [View] {
      [false, true].map {
        View(
          window: .init(rowOffset: offset, columnOffset: offset, isFlipped: $0), weight: weight)
      }
    }
    return switch self {
    case .none: [View(window: .init(), weight: 1)]
    case .flip: pair(0, weight: 0.5)
    case .flipAndTranslate:
      pair(0, weight: 0.25) + pair(-1, weight: 0.125) + pair(1, weight: 0.125)
    }
  }
}

extension TestTimeAugmentation.View {
  /// Writes what is seen of images.
  ///
  /// - Parameters:
  ///   - images: `[n, c, h, w]`.
  ///   - height: h.
  ///   - width: w.
  ///   - target: `[n, c, h, w]`; overwritten.
  /// - Precondition: Both hold as many whole planes.
  public func write(
    _ images: Span<Float>, height: Int, width: Int, into target: inout MutableSpan<Float>
  ) {
    precondition(
      images.count == target.count && images.count.isMultiple(of: height * width),
      "images of \(height)×\(width) and their views need whole planes, found \(images.count) and "
        + "\(target.count) values")
    for plane in stride(from: 0, to: images.count, by: height * width) {
      for y in 0..<height {
        let source = plane + BatchWriter.reflected(y + window.rowOffset, height) * width
        for x in 0..<width {
          let column = (window.isFlipped ? width - 1 - x : x) + window.columnOffset
          target[plane + y * width + x] = images[source + BatchWriter.reflected(column, width)]
        }
      }
    }
  }
}

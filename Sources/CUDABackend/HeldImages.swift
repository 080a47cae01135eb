import Networks
import Tensors

/// The images of a split in a machine's memory, from which batches are made there.
///
/// A step then moves some dozens of bytes an image over the bus instead of all its pixels.
package struct HeldImages: Hashable, Sendable {
  let pixels: DeviceAddress
  let tables: DeviceAddress
  let reflects: Bool
}

extension ImageSource {
  /// The words of `ImageSource` in `Batch.cu`.
  static let wordCount = 18

  /// The words of `ImageSource` in `Batch.cu`.
  var words: [Int32] {
    let replaced = mixture?.area
    return view.words + Self.words(erased)
      + (mixture?.view ?? View(sample: -1)).words + Self.words(replaced)
      + [replaced == nil ? 0 : 1, Int32(bitPattern: (mixture?.share ?? 0).bitPattern)]
  }

  private static func words(_ area: Area?) -> [Int32] {
    guard let area else { return [0, 0, 0, 0] }
    return [
      area.rows.lowerBound, area.rows.upperBound, area.columns.lowerBound,
      area.columns.upperBound,
    ].map { Int32($0) }
  }
}

extension ImageSource.View {
  fileprivate var words: [Int32] {
    [Int32(sample), Int32(rowOffset), Int32(columnOffset), isFlipped ? 1 : 0]
  }
}

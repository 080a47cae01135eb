import Networks
import Tensors

/// The images of a split in a machine's memory, from which batches are made there.
///
/// A step then moves some dozens of bytes an image over the bus instead of all its pixels.
struct HeldImages: Hashable {
  let pixels: DeviceAddress
  let pixelByteCount: Int
  let tables: DeviceAddress
  var reflects = false
}

extension ImageSource {
  /// The words of `ImageSource` in `Batch.cu`.
  static let wordCount = 18

  /// Appends the words of `ImageSource` in `Batch.cu`.
  func append(to words: inout [Int32]) {
    view.append(to: &words)
    Self.append(erased, to: &words)
    (mixture?.view ?? View(sample: -1)).append(to: &words)
    Self.append(mixture?.area, to: &words)
    words.append(mixture?.area == nil ? 0 : 1)
    words.append(Int32(bitPattern: (mixture?.share ?? 0).bitPattern))
  }

  private static func append(_ area: Area?, to words: inout [Int32]) {
    words.append(Int32(area?.rows.lowerBound ?? 0))
    words.append(Int32(area?.rows.upperBound ?? 0))
    words.append(Int32(area?.columns.lowerBound ?? 0))
    words.append(Int32(area?.columns.upperBound ?? 0))
  }
}

extension ImageSource.View {
  fileprivate func append(to words: inout [Int32]) {
    words.append(Int32(sample))
    words.append(Int32(rowOffset))
    words.append(Int32(columnOffset))
    words.append(isFlipped ? 1 : 0)
  }
}

import Networks
import Tensors

/// The images of a split in a machine's memory, from which batches are made there.
///
/// A step then moves some dozens of bytes an image over the bus instead of all its pixels.
struct HeldImages: Hashable {
  /// One allocation: the tables, and behind them the pixels.
  let tables: DeviceAddress
  let tableByteCount: Int
  let pixelByteCount: Int
  var reflects = false

  var pixels: DeviceAddress { tables + tableByteCount }
}

/// The splits that a program holds, as far as its machine's memory goes.
struct HeldSplits {
  private var images: [HeldSplit: HeldImages] = [:]

  /// The images of a split, if they are held.
  subscript(split: HeldSplit) -> HeldImages? { images[split] }

  /// Brings the images of a split to a machine, in the place of those that were held as it.
  ///
  /// Images may take at most three quarters of the memory that is free. What is left is for the program
  /// of a training's next stage, which is made while this one is still there, and for the measuring of
  /// convolution plans: either would fail for want of memory, while batches with pixels only take longer.
  ///
  /// - Returns: Whether they are held; if not, none are held as this split.
  mutating func hold(
    _ split: HeldSplit, pixels: Span<UInt8>, tables: Span<Float>, padsByReflection: Bool,
    on machine: any Machine
  ) -> Bool {
    let tableByteCount = 4 * tables.count
    if let old = images[split],
      old.pixelByteCount != pixels.count || old.tableByteCount != tableByteCount
    {
      machine.free(old.tables)
      images[split] = nil
    }
    if images[split] == nil {
      let byteCount = tableByteCount + pixels.count
      guard let free = try? machine.freeByteCount(), byteCount <= free / 4 * 3,
        let address = try? machine.allocate(byteCount: byteCount)
      else { return false }
      images[split] = HeldImages(
        tables: address, tableByteCount: tableByteCount, pixelByteCount: pixels.count)
    }
    images[split]?.reflects = padsByReflection
    guard let held = images[split] else { return false }
    unsafe machine.write(tables.bytes, to: held.tables)
    unsafe machine.write(pixels.bytes, to: held.pixels)
    return true
  }
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

import Datasets
import Networks
import Tensors

/// A split that a program was offered, and whether it holds it.
///
/// The pixels are the data set's own, not a copy.
struct HeldOffer {
  private let pixels: [UInt8]
  private let normalization: Normalization
  private let padsByReflection: Bool
  /// Whether batches of the split need no pixels.
  let isHeld: Bool

  fileprivate init(_ dataset: ImageDataset, padsByReflection: Bool, isHeld: Bool) {
    pixels = dataset.pixels
    normalization = dataset.normalization
    self.padsByReflection = padsByReflection
    self.isHeld = isHeld
  }

  /// Whether it was the same; pixels that are one and the same array are not looked at.
  fileprivate func isOf(_ dataset: ImageDataset, padsByReflection: Bool) -> Bool {
    padsByReflection == self.padsByReflection && dataset.normalization == normalization
      && dataset.pixels == pixels
  }
}

extension TrainingProgram {
  /// Brings a split's images to where the program computes, if the backend does that and they are not
  /// there yet; what a backend has refused it is not asked for again.
  ///
  /// - Parameters:
  ///   - dataset: The images, as large as the graph's.
  ///   - split: What they take the place of.
  ///   - padsByReflection: Whether windows show an image's reflection around it, instead of black.
  /// - Returns: Whether batches of the split need no pixels.
  func hold(_ dataset: ImageDataset, as split: HeldSplit, padsByReflection: Bool) -> Bool {
    if let offer = offers[split], offer.isOf(dataset, padsByReflection: padsByReflection) {
      return offer.isHeld
    }
    let tables = (0..<dataset.channels).flatMap { dataset.normalization.table(channel: $0) }
    let isHeld = program.hold(
      split, pixels: dataset.pixels.span, tables: tables.span, padsByReflection: padsByReflection)
    offers[split] = HeldOffer(dataset, padsByReflection: padsByReflection, isHeld: isHeld)
    return isHeld
  }
}

extension BatchDescription {
  /// What a device makes the batch's images of.
  func sources(height: Int, width: Int) -> [ImageSource] {
    func area(_ patch: Augmentation.Choice.Patch) -> ImageSource.Area {
      let (rows, columns) = patch.area(height: height, width: width)
      return ImageSource.Area(rows: rows, columns: columns)
    }
    return zip(samples, choices).map { sample, choice in
      ImageSource(
        view: ImageSource.View(sample, choice.window), erased: choice.cutout.map(area),
        mixture: choice.mixture.map {
          ImageSource.Mixture(
            view: ImageSource.View($0.sample, $0.window), share: $0.share, area: $0.patch.map(area))
        })
    }
  }
}

extension BatchDescription {
  /// What a device makes a view of the batch's images of, in the place of what the batch says of them.
  func sources(seenThrough window: Augmentation.Choice.Window) -> [ImageSource] {
    samples.map { ImageSource(view: ImageSource.View($0, window)) }
  }
}

extension ImageSource.View {
  fileprivate init(_ sample: Int, _ window: Augmentation.Choice.Window) {
    self.init(
      sample: sample, rowOffset: window.rowOffset, columnOffset: window.columnOffset,
      isFlipped: window.isFlipped)
  }
}

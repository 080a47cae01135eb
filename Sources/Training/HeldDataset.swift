import Datasets
import Networks
import Tensors

extension TrainingProgram {
  /// Brings a split's images to where the program computes, if the backend does that.
  ///
  /// - Parameters:
  ///   - dataset: The split; its images are as large as the graph's.
  ///   - augmentation: What will happen to them.
  /// - Returns: Whether batches of the split need no pixels.
  func hold(_ dataset: ImageDataset, _ augmentation: Augmentation) -> Bool {
    let tables = (0..<dataset.channels).flatMap { dataset.normalization.table(channel: $0) }
    return program.hold(
      dataset.pixels.span, tables: tables.span, padsByReflection: augmentation.padsByReflection)
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

extension ImageSource.View {
  fileprivate init(_ sample: Int, _ window: Augmentation.Choice.Window) {
    self.init(
      sample: sample, rowOffset: window.rowOffset, columnOffset: window.columnOffset,
      isFlipped: window.isFlipped)
  }
}

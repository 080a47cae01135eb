/// Carries batch descriptions out: pixels of a split to normalised floats.
struct BatchWriter: Sendable {
  private let dataset: ImageDataset
  /// The normalised value of each channel's 256 pixel values.
  private let tables: [Float]

  init(_ dataset: ImageDataset) {
    self.dataset = dataset
    tables = (0..<dataset.channels).flatMap { dataset.normalization.table(channel: $0) }
  }

  /// Writes a batch.
  ///
  /// - Parameters:
  ///   - batch: At most as many samples as fit into `images` and `labels`.
  ///   - images: `[n, c, h, w]`; overwritten, with zeros after the batch's own images.
  ///   - labels: `[n]`, class indices; overwritten, with zeros after the batch's own labels.
  func write(
    _ batch: BatchDescription, images: inout MutableSpan<Float>, labels: inout MutableSpan<Float>
  ) {
    let size = dataset.imageSize
    precondition(
      batch.validCount <= labels.count && images.count == labels.count * size,
      "a batch of \(batch.validCount) does not fit")
    for index in 0..<batch.validCount {
      let sample = batch.samples[index]
      write(sample, batch.choices[index], images: &images, start: index * size)
      labels[index] = Float(dataset.labels[sample])
    }
    // What a shorter batch leaves free must not depend on the batch before it.
    for index in batch.validCount * size..<images.count {
      images[index] = 0
    }
    for index in batch.validCount..<labels.count {
      labels[index] = 0
    }
  }

  /// Writes one image `[c, h, w]` from `start` on.
  private func write(
    _ sample: Int, _ choice: Augmentation.Choice, images: inout MutableSpan<Float>, start: Int
  ) {
    let (height, width) = (dataset.height, dataset.width)
    let pixels = dataset.pixels.span
    let tables = tables.span
    // The columns of the result that show the image; those outside show padding.
    let shift = choice.isFlipped ? choice.columnOffset : -choice.columnOffset
    let left = min(width, max(0, shift))
    let columns = left..<max(left, min(width, width + shift))
    // The source column of result column x is `first + x · direction`.
    let first = choice.isFlipped ? width - 1 + choice.columnOffset : choice.columnOffset
    let direction = choice.isFlipped ? -1 : 1
    var target = start
    for channel in 0..<dataset.channels {
      let table = channel * 256
      let black = tables[table]
      let plane = (sample * dataset.channels + channel) * height * width
      for y in 0..<height {
        let row = y + choice.rowOffset
        if row >= 0, row < height, !columns.isEmpty {
          for x in 0..<columns.lowerBound { images[target + x] = black }
          let source = plane + row * width + first
          for x in columns {
            images[target + x] = tables[table + Int(pixels[source + x * direction])]
          }
          for x in columns.upperBound..<width { images[target + x] = black }
        } else {
          for x in 0..<width { images[target + x] = black }
        }
        target += width
      }
    }
  }
}

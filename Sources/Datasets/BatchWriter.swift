import Tensors

/// Carries batch descriptions out: pixels of a split to normalised floats.
struct BatchWriter: Sendable {
  private let dataset: ImageDataset
  private let padsByReflection: Bool
  /// The normalised value of each channel's 256 pixel values.
  private let tables: [Float]

  init(_ dataset: ImageDataset, augmentation: Augmentation = .none) {
    self.dataset = dataset
    padsByReflection = augmentation.padsByReflection
    tables = (0..<dataset.channels).flatMap { dataset.normalization.table(channel: $0) }
  }

  /// Writes a batch.
  ///
  /// - Parameters:
  ///   - batch: At most as many samples as fit into `images` and `labels`.
  ///   - images: `[n, c, h, w]`; overwritten, with zeros after the batch's own images.
  ///   - labels: `[n]`, class indices; overwritten, with zeros after the batch's own labels.
  ///   - others: `[2, n]`: the class that each sample is mixed with and its share; overwritten, with
  ///     zeros for samples that are not mixed.
  ///   - scratch: `[c, h, w]` if images are mixed; overwritten.
  func write(
    _ batch: BatchDescription, images: inout MutableSpan<Float>, labels: inout MutableSpan<Float>,
    others: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    let size = dataset.imageSize
    precondition(images.count == labels.count * size, "\(labels.count) images do not fit")
    writeLabels(batch, labels: &labels, others: &others)
    // What a shorter batch leaves free must not depend on the batch before it.
    for index in batch.validCount * size..<images.count { images[index] = 0 }
    for index in 0..<batch.validCount {
      let choice = batch.choices[index]
      write(batch.samples[index], choice.window, images: &images, start: index * size)
      if let cutout = choice.cutout { erase(cutout, images: &images, start: index * size) }
      guard let mixture = choice.mixture else { continue }
      write(mixture.sample, mixture.window, images: &scratch, start: 0)
      mix(mixture, scratch.span, images: &images, start: index * size)
    }
  }

  /// Writes what a batch says of classes, and no pixel.
  ///
  /// - Parameters:
  ///   - batch: At most as many samples as fit into `labels`.
  ///   - labels: `[n]`, as in `write`.
  ///   - others: `[2, n]`, as in `write`.
  func writeLabels(
    _ batch: BatchDescription, labels: inout MutableSpan<Float>, others: inout MutableSpan<Float>
  ) {
    let capacity = labels.count
    precondition(
      batch.validCount <= capacity && others.count == 2 * capacity,
      "a batch of \(batch.validCount) does not fit")
    for index in batch.validCount..<capacity { labels[index] = 0 }
    for index in others.indices { others[index] = 0 }
    for index in 0..<batch.validCount {
      labels[index] = Float(dataset.labels[batch.samples[index]])
      guard let mixture = batch.choices[index].mixture else { continue }
      others[index] = Float(dataset.labels[mixture.sample])
      others[capacity + index] = share(mixture)
    }
  }

  /// The share of the other image: its weight, or that of its pixels.
  private func share(_ mixture: Augmentation.Choice.Mixture) -> Float {
    guard let patch = mixture.patch else { return mixture.share }
    let (rows, columns) = patch.area(height: dataset.height, width: dataset.width)
    return Float(rows.count * columns.count) / Float(dataset.height * dataset.width)
  }

  /// Writes one image `[c, h, w]` from `start` on.
  private func write(
    _ sample: Int, _ window: Augmentation.Choice.Window, images: inout MutableSpan<Float>,
    start: Int
  ) {
    let (height, width) = (dataset.height, dataset.width)
    let pixels = dataset.pixels.span
    let tables = tables.span
    // The columns of the result that show the image; those outside show padding.
    let shift = window.isFlipped ? window.columnOffset : -window.columnOffset
    let left = min(width, max(0, shift))
    let columns = left..<max(left, min(width, width + shift))
    // The source column of result column x is `first + x · direction`.
    let first = window.isFlipped ? width - 1 + window.columnOffset : window.columnOffset
    let direction = window.isFlipped ? -1 : 1
    var target = start
    for channel in 0..<dataset.channels {
      let table = channel * 256
      let black = tables[table]
      let plane = (sample * dataset.channels + channel) * height * width
      for y in 0..<height {
        let row = y + window.rowOffset
        if padsByReflection {
          let source = plane + Self.reflected(row, height) * width
          for x in 0..<columns.lowerBound {
            let column = Self.reflected(first + x * direction, width)
            images[target + x] = tables[table + Int(pixels[source + column])]
          }
          for x in columns {
            images[target + x] = tables[table + Int(pixels[source + first + x * direction])]
          }
          for x in columns.upperBound..<width {
            let column = Self.reflected(first + x * direction, width)
            images[target + x] = tables[table + Int(pixels[source + column])]
          }
        } else if row >= 0, row < height, !columns.isEmpty {
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

  /// The position that a position outside shows when the image is mirrored at its outermost pixels,
  /// as often as it takes.
  static func reflected(_ position: Int, _ size: Int) -> Int {
    if size == 1 { return 0 }
    let period = 2 * (size - 1)
    let place = (position % period + period) % period
    return place < size ? place : period - place
  }

  /// Sets a part of an image to 0, the mean colour.
  private func erase(
    _ patch: Augmentation.Choice.Patch, images: inout MutableSpan<Float>, start: Int
  ) {
    let (rows, columns) = patch.area(height: dataset.height, width: dataset.width)
    for channel in 0..<dataset.channels {
      for row in rows {
        let line = start + (channel * dataset.height + row) * dataset.width
        for column in columns { images[line + column] = 0 }
      }
    }
  }

  /// Mixes another image in.
  private func mix(
    _ mixture: Augmentation.Choice.Mixture, _ other: Span<Float>,
    images: inout MutableSpan<Float>, start: Int
  ) {
    guard let patch = mixture.patch else {
      for index in other.indices {
        images[start + index] =
          images[start + index] * (1 - mixture.share) + other[index] * mixture.share
      }
      return
    }
    let (rows, columns) = patch.area(height: dataset.height, width: dataset.width)
    for channel in 0..<dataset.channels {
      for row in rows {
        let line = (channel * dataset.height + row) * dataset.width
        for column in columns { images[start + line + column] = other[line + column] }
      }
    }
  }
}

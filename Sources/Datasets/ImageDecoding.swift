private import Dispatch
private import Synchronization

#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

/// JPEG images of any size made squares of one size, over all processors.
///
/// Each image is decoded at the smallest scale at which it is still large enough, its middle square
/// resized, and turned upright. What comes out is a function of the files alone: every image has its
/// own place, and of several that are unusable the first is reported.
@safe
struct ImageDecoding: Sendable {
  /// Red, green, blue.
  static let channels = 3

  /// Pixels on a side of the result.
  let side: Int
  private let path: String
  private let library: TurboJPEG

  /// Prepares to decode.
  ///
  /// - Parameters:
  ///   - side: Pixels on a side of the result, ≥ 1.
  ///   - path: What is to be decoded, for messages.
  ///   - libraryNames: The libraries to try, so that tests can do without one.
  /// - Throws: `DatasetError.jpegMissing` on a system without the library.
  init(
    side: Int, path: String, libraryNames: [String] = TurboJPEG.libraryNames
  ) throws(DatasetError) {
    guard let library = TurboJPEG(libraryNames: libraryNames) else {
      throw .jpegMissing(path: path, searched: libraryNames)
    }
    self.side = side
    self.path = path
    self.library = library
  }

  /// The bytes of a decoded image.
  var imageSize: Int { Self.channels * side * side }

  /// What becomes of some images.
  struct Result {
    /// `[n, c, h, w]` of those that could be used.
    var pixels: [UInt8]
    /// What is wrong with each of the others, by its number.
    var failures: [Int: DatasetError]
  }

  /// Decodes `count` images.
  ///
  /// - Parameters:
  ///   - count: How many, ≥ 0.
  ///   - skipsBadImages: Whether images that are damaged are left out.
  ///   - read: Gives the bytes of an image and its name; called on any thread.
  /// - Returns: The images' pixels, and what is wrong with those that were left out.
  /// - Throws: What is wrong with the first image that cannot be used.
  func decode(
    count: Int, skipsBadImages: Bool,
    read: @Sendable (Int) throws(DatasetError) -> (bytes: [UInt8], path: String)
  ) throws(DatasetError) -> Result {
    let size = imageSize
    let memory = ProcessInfo.processInfo.physicalMemory
    guard UInt64(count) * UInt64(size) <= memory else {
      throw .tooLarge(
        path: path, count: count, side: side, gigabytes: count * size / 1_000_000_000,
        memory: Int(memory / 1_000_000_000))
    }
    let failures = Mutex<[Int: DatasetError]>([:])
    let next = Atomic<Int>(0)
    let hasFailed = Atomic<Bool>(false)
    let workers = max(1, min(count, ProcessInfo.processInfo.activeProcessorCount))
    var pixels = unsafe [UInt8](unsafeUninitializedCapacity: count * size) { buffer, filled in
      unsafe buffer.initialize(repeating: 0)
      filled = count * size
      // Each worker writes to the places of its own images only.
      let places = unsafe Places(start: buffer.baseAddress)
      DispatchQueue.concurrentPerform(iterations: workers) { _ in
        var worker = Worker(self)
        while !hasFailed.load(ordering: .relaxed) {
          // Images are begun in order, so when one fails those before it have been begun as well
          // and the first failure of all is known at the end.
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          do throws(DatasetError) {
            let (bytes, path) = try read(index)
            try worker.decode(bytes, path: path)
            unsafe places.write(worker.pixels, at: index * size)
          } catch {
            failures.withLock { $0[index] = error }
            if !(skipsBadImages && error.isBadImage) {
              hasFailed.store(true, ordering: .relaxed)
            }
          }
        }
      }
    }
    let found = failures.withLock { $0 }
    let fatal = found.filter { !(skipsBadImages && $0.value.isBadImage) }
    if let first = fatal.min(by: { $0.key < $1.key }) { throw first.value }
    if !found.isEmpty { Self.remove(found.keys, size: size, from: &pixels) }
    return Result(pixels: pixels, failures: found)
  }

  /// Closes the gaps of images that are left out.
  private static func remove(
    _ indices: some Collection<Int>, size: Int, from pixels: inout [UInt8]
  ) {
    let indices = Set(indices)
    var target = 0
    for index in 0..<pixels.count / size where !indices.contains(index) {
      if target != index {
        pixels.replaceSubrange(
          target * size..<(target + 1) * size, with: pixels[index * size..<(index + 1) * size])
      }
      target += 1
    }
    pixels.removeLast(pixels.count - target * size)
  }

  /// Memory that several threads write to, each to places of its own.
  @safe
  private struct Places: @unchecked Sendable {
    private let start: UnsafeMutablePointer<UInt8>?

    init(start: UnsafeMutablePointer<UInt8>?) { unsafe self.start = start }

    @unsafe
    func write(_ bytes: [UInt8], at offset: Int) {
      unsafe bytes.withUnsafeBufferPointer { source in
        guard let target = unsafe start, let address = source.baseAddress else { return }
        unsafe (target + offset).update(from: address, count: source.count)
      }
    }
  }

  /// What one thread decodes with.
  private struct Worker {
    private let decoder: JPEGDecoder
    private let side: Int
    private var scratch: [UInt8] = []
    private var square: [UInt8]
    /// The image decoded last, `[c, side, side]`.
    private(set) var pixels: [UInt8]

    init(_ decoding: ImageDecoding) {
      decoder = JPEGDecoder(decoding.library)
      side = decoding.side
      square = [UInt8](repeating: 0, count: decoding.imageSize)
      pixels = square
    }

    mutating func decode(_ bytes: [UInt8], path: String) throws(DatasetError) {
      try decoder.decode(bytes, path: path, side: side)
      let image = decoder.image
      Self.resize(image, side: side, scratch: &scratch, into: &square)
      if image.orientation == .upright {
        swap(&square, &pixels)
      } else {
        Self.turn(square, image.orientation, side: side, into: &pixels)
      }
    }

    /// Resizes the middle square of the stored image.
    private static func resize(
      _ image: JPEGDecoder.Image, side: Int, scratch: inout [UInt8], into square: inout [UInt8]
    ) {
      // In pixels of the decoded image, which may be smaller than the stored one.
      let factor = image.scale.factor
      let shorter = min(image.fullWidth, image.fullHeight)
      let resampling = ImageResampling(
        width: image.width, height: image.height,
        left: Double(image.fullWidth - shorter) / 2 * factor,
        top: Double(image.fullHeight - shorter) / 2 * factor, length: Double(shorter) * factor,
        side: side)
      var target = square.mutableSpan
      for channel in 0..<ImageDecoding.channels {
        resampling.resize(
          image.bytes.span, start: channel, pixelStride: image.pixelStride,
          rowStride: image.width * image.pixelStride, scratch: &scratch, into: &target,
          at: channel * side * side)
      }
    }

    /// Turns the square upright; since it is the middle one, that is all there is to do.
    private static func turn(
      _ square: [UInt8], _ orientation: ImageOrientation, side: Int,
      into pixels: inout [UInt8]
    ) {
      var target = pixels.mutableSpan
      var index = 0
      for channel in 0..<ImageDecoding.channels {
        for row in 0..<side {
          for column in 0..<side {
            let place = orientation.source(row: row, column: column, side: side)
            target[index] = square[(channel * side + place.row) * side + place.column]
            index += 1
          }
        }
      }
    }
  }
}

/// Decodes JPEG images one after the other; each thread has its own.
@safe
final class JPEGDecoder {
  /// A decoded image: red, green and blue of each pixel, row by row.
  struct Image {
    /// The size it was decoded at, `⌈width · scale⌉` by `⌈height · scale⌉`.
    var width = 0
    var height = 0
    /// The size it is stored with.
    var fullWidth = 0
    var fullHeight = 0
    var scale = JPEGScale.full
    /// Bytes of a pixel: 3, or 4 of which the last means nothing.
    var pixelStride = 3
    /// How it is to be turned.
    var orientation = ImageOrientation.upright
    /// Pixels; there may be more bytes than the image has.
    var bytes: [UInt8] = []
  }

  /// The most pixels accepted: headers beyond it are taken for damage, since a progressive image
  /// takes six bytes a pixel while it is decoded.
  static let largestPixelCount = 1 << 28

  private let library: TurboJPEG
  /// Made when an image is decoded; nil before, and after one that failed: an error in a header leaves
  /// behind what the library reads as the beginning of the next one.
  private var handle: OpaquePointer?
  /// The image decoded last; its memory is used again.
  private(set) var image = Image()

  /// Makes a decoder.
  init(_ library: TurboJPEG) {
    self.library = library
  }

  deinit {
    release()
  }

  private func release() {
    guard let old = unsafe handle else { return }
    _ = unsafe library.destroy(old)
    unsafe handle = nil
  }

  /// Decodes an image into `image`.
  ///
  /// - Parameters:
  ///   - bytes: The JPEG file's.
  ///   - path: For messages.
  ///   - side: The pixels that the shorter side has to keep, if it has them.
  /// - Throws: `DatasetError.image` for whatever is no whole JPEG image.
  func decode(_ bytes: [UInt8], path: String, side: Int) throws(DatasetError) {
    guard !bytes.isEmpty else { throw .image(path: path, reason: "0 bytes") }
    guard bytes.starts(with: [0xFF, 0xD8]) else { throw .image(path: path, reason: "other bytes") }
    if unsafe handle == nil { unsafe handle = library.create() }
    guard let handle = unsafe handle else {
      throw .unreadable(path: path, reason: "no memory for a JPEG decoder")
    }
    do throws(DatasetError) {
      try unsafe decode(bytes, path: path, side: side, with: handle)
    } catch {
      release()
      throw error
    }
  }

  @unsafe
  private func decode(
    _ bytes: [UInt8], path: String, side: Int, with handle: OpaquePointer
  ) throws(DatasetError) {
    let isCMYK = try unsafe readHeader(bytes, path: path, with: handle)
    image.scale = .smallest(
      of: library.scales, width: image.fullWidth, height: image.fullHeight, side: side)
    image.width = image.scale.length(image.fullWidth)
    image.height = image.scale.length(image.fullHeight)
    image.pixelStride = isCMYK ? 4 : 3
    image.orientation = ImageOrientation(exifOf: bytes) ?? .upright
    let byteCount = image.width * image.height * image.pixelStride
    if image.bytes.count < byteCount {
      image.bytes = [UInt8](repeating: 0, count: byteCount)
    }
    let (width, height, stride) = (image.width, image.height, image.pixelStride)
    let result = unsafe bytes.withUnsafeBufferPointer { source in
      unsafe image.bytes.withUnsafeMutableBufferPointer { target in
        // Neither is empty, so both have addresses.
        unsafe library.decompress(
          handle, source.baseAddress.unsafelyUnwrapped, CUnsignedLong(source.count),
          target.baseAddress.unsafelyUnwrapped, CInt(width), CInt(width * stride), CInt(height),
          isCMYK ? Self.cmyk : Self.rgb, Self.limitScans)
      }
    }
    if result != 0 {
      let (reason, isWarning) = unsafe failure(of: handle)
      // Superfluous bytes between two markers damage nothing; cameras and ImageNet have them.
      guard isWarning, reason.contains("extraneous bytes before marker") else {
        throw .image(path: path, reason: "it damaged (libjpeg-turbo: \(reason))")
      }
    }
    if isCMYK { Self.convertFromCMYK(&image.bytes, byteCount) }
  }

  /// Sets the full size.
  ///
  /// - Returns: Whether the image has four inks.
  @unsafe
  private func readHeader(
    _ bytes: [UInt8], path: String, with handle: OpaquePointer
  ) throws(DatasetError) -> Bool {
    var (width, height, subsampling, colors): (CInt, CInt, CInt, CInt) = (0, 0, 0, -1)
    _ = unsafe bytes.withUnsafeBufferPointer { source in
      unsafe library.header(
        handle, source.baseAddress.unsafelyUnwrapped, CUnsignedLong(source.count), &width,
        &height, &subsampling, &colors)
    }
    // The result is not asked: a rare subsampling of the colours is an error here and none when the
    // image is decoded, and then these are set.
    guard width > 0, height > 0, colors >= 0 else {
      let reason = unsafe failure(of: handle).reason
      throw .image(path: path, reason: "it damaged (libjpeg-turbo: \(reason))")
    }
    guard Int(width) * Int(height) <= Self.largestPixelCount else {
      throw .image(
        path: path, reason: "one of \(width)×\(height) pixels, more than \(Self.largestPixelCount)")
    }
    (image.fullWidth, image.fullHeight) = (Int(width), Int(height))
    return colors == Self.cmykColors || colors == Self.ycckColors
  }

  /// What the last call said was wrong.
  @unsafe
  private func failure(of handle: OpaquePointer) -> (reason: String, isWarning: Bool) {
    let text = unsafe library.errorText(handle).map { unsafe String(cString: $0) } ?? "no reason"
    return (text, unsafe library.errorCode(handle) == Self.warning)
  }

  /// Red, green and blue of four inks, each over the black: `r = c · k / 255`.
  ///
  /// As Adobe's programs store them, 255 for no ink, which is how every reader takes CMYK images.
  private static func convertFromCMYK(_ pixels: inout [UInt8], _ byteCount: Int) {
    var bytes = pixels.mutableSpan
    for pixel in stride(from: 0, to: byteCount, by: 4) {
      let black = Int(bytes[pixel + 3])
      for ink in pixel..<pixel + 3 {
        bytes[ink] = UInt8((Int(bytes[ink]) * black + 127) / 255)
      }
    }
  }

  // turbojpeg.h: TJPF_RGB, TJPF_CMYK, TJCS_CMYK, TJCS_YCCK, TJFLAG_LIMITSCANS, TJERR_WARNING.
  private static let rgb: CInt = 0
  private static let cmyk: CInt = 11
  private static let cmykColors: CInt = 3
  private static let ycckColors: CInt = 4
  private static let limitScans: CInt = 32_768
  private static let warning: CInt = 0
}

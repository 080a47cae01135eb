/// The system's libjpeg-turbo, loaded when an image is first decoded.
///
/// Only the `tj…` functions are used, which every version since 2.0 has, 3.x included: they take
/// opaque handles, so no layout of libjpeg's own has to be repeated here.
@safe
struct TurboJPEG: Sendable {
  /// The names under which systems install it, tried in this order.
  static let libraryNames = [
    "libturbojpeg.so.0", "libturbojpeg.0.dylib",
    // Homebrew's places, which the dynamic linker does not search.
    "/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.0.dylib",
    "/usr/local/opt/jpeg-turbo/lib/libturbojpeg.0.dylib",
  ]

  typealias Create = @convention(c) () -> OpaquePointer?
  typealias Header =
    @convention(c) (
      OpaquePointer, UnsafePointer<UInt8>, CUnsignedLong, UnsafeMutablePointer<CInt>,
      UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CInt>
    ) -> CInt
  typealias Decompress =
    @convention(c) (
      OpaquePointer, UnsafePointer<UInt8>, CUnsignedLong, UnsafeMutablePointer<UInt8>, CInt, CInt,
      CInt, CInt, CInt
    ) -> CInt
  typealias ScalingFactors =
    @convention(c) (UnsafeMutablePointer<CInt>) -> UnsafePointer<CInt>?
  typealias ErrorText = @convention(c) (OpaquePointer) -> UnsafePointer<CChar>?
  typealias ErrorCode = @convention(c) (OpaquePointer) -> CInt
  typealias Destroy = @convention(c) (OpaquePointer) -> CInt

  let create: Create
  let header: Header
  let decompress: Decompress
  let errorText: ErrorText
  let errorCode: ErrorCode
  let destroy: Destroy
  /// The scales at which it can decode, at most 1 and the largest first.
  let scales: [JPEGScale]

  /// Loads the first of the named libraries that has what is needed; nil when none has.
  init?(libraryNames: [String] = Self.libraryNames) {
    for name in libraryNames {
      guard let library = SystemLibrary(name),
        let create = unsafe library.function("tjInitDecompress", as: Create.self),
        let header = unsafe library.function("tjDecompressHeader3", as: Header.self),
        let decompress = unsafe library.function("tjDecompress2", as: Decompress.self),
        let scalingFactors = unsafe library.function(
          "tjGetScalingFactors", as: ScalingFactors.self),
        let errorText = unsafe library.function("tjGetErrorStr2", as: ErrorText.self),
        let errorCode = unsafe library.function("tjGetErrorCode", as: ErrorCode.self),
        let destroy = unsafe library.function("tjDestroy", as: Destroy.self)
      else { continue }
      unsafe (self.create, self.header, self.decompress) = (create, header, decompress)
      unsafe (self.errorText, self.errorCode, self.destroy) = (errorText, errorCode, destroy)
      scales = unsafe Self.scales(scalingFactors)
      return
    }
    return nil
  }

  private static func scales(_ scalingFactors: ScalingFactors) -> [JPEGScale] {
    var count: CInt = 0
    guard let factors = unsafe scalingFactors(&count) else { return [.full] }
    // An array of pairs, numerator and denominator.
    return (0..<Int(count)).map {
      unsafe JPEGScale(numerator: Int(factors[2 * $0]), denominator: Int(factors[2 * $0 + 1]))
    }.filter { $0.numerator <= $0.denominator }.sorted { $0.factor > $1.factor }
  }
}

/// A fraction of an image's size at which it is decoded.
struct JPEGScale: Hashable, Sendable {
  static let full = JPEGScale(numerator: 1, denominator: 1)

  let numerator: Int
  let denominator: Int

  var factor: Double { Double(numerator) / Double(denominator) }

  /// A length at this scale, rounded up as the decoder does.
  func length(_ length: Int) -> Int { (length * numerator + denominator - 1) / denominator }

  /// The smallest of `scales` at which an image still has `side` pixels in its shorter direction,
  /// so that what is left to do is to make it smaller; the full size where none has.
  ///
  /// - Parameters:
  ///   - scales: Those there are, largest first.
  ///   - width: The image's width in pixels.
  ///   - height: The image's height in pixels.
  ///   - side: The pixels it has to keep.
  /// - Returns: The scale that the decoder takes for the lengths at it.
  static func smallest(of scales: [JPEGScale], width: Int, height: Int, side: Int) -> JPEGScale {
    let enough = scales.filter {
      min(width, height) * $0.numerator >= side * $0.denominator
    }
    guard let smallest = enough.last else { return .full }
    // The decoder is told lengths and takes the largest scale that has them.
    return enough.first {
      $0.length(width) == smallest.length(width) && $0.length(height) == smallest.length(height)
    } ?? smallest
  }
}

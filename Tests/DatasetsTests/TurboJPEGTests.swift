import Testing

@testable import Datasets

@Suite struct TurboJPEGTests {
  @Test func isAbsentWhereNoLibraryHasIt() {
    #expect(TurboJPEG(libraryNames: []) == nil)
    // A library that exists and is another one.
    #expect(TurboJPEG(libraryNames: ["libc.so.6", "libSystem.B.dylib", "no-such.so"]) == nil)
  }

  @Test(.enabled(if: SampleJPEG.isLibraryThere, SampleJPEG.skipped))
  func knowsItsScales() throws {
    let scales = try #require(TurboJPEG()).scales
    #expect(scales.first == .full)
    #expect(scales.last == JPEGScale(numerator: 1, denominator: 8))
    #expect(scales.map(\.factor) == scales.map(\.factor).sorted(by: >))
  }

  private let eighths = (1...8).reversed().map { JPEGScale(numerator: $0, denominator: 8) }

  private func scale(_ width: Int, _ height: Int, _ side: Int) -> Double {
    JPEGScale.smallest(of: eighths, width: width, height: height, side: side).factor
  }

  @Test func takesTheSmallestScaleThatIsEnough() {
    #expect(scale(224, 224, 224) == 1)
    #expect(scale(224, 224, 160) == 0.75)
    #expect(scale(224, 224, 168) == 0.75)
    #expect(scale(224, 224, 169) == 0.875)
    #expect(scale(500, 375, 40) == 0.125)
    #expect(scale(375, 500, 47) == 0.25)
    // The shorter side decides: 47 of 375 are more than an eighth, 46 are not.
    #expect(scale(375, 500, 46) == 0.125)
    #expect(scale(10, 10, 64) == 1)
  }

  /// The decoder is told lengths; where two scales have the same it takes the larger.
  @Test func takesTheScaleThatTheDecoderTakes() {
    #expect(scale(5, 5, 4) == 1)
    #expect(JPEGScale(numerator: 7, denominator: 8).length(5) == 5)
    #expect(scale(1, 1, 1) == 1)
    #expect(JPEGScale.smallest(of: [], width: 8, height: 8, side: 1) == .full)
  }
}

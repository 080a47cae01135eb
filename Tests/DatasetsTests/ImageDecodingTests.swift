import Testing

@testable import Datasets

@Suite struct ImageDecodingTests {
  @Test func saysThatThereIsNoLibrary() {
    #expect(
      throws: DatasetError.jpegMissing(path: "photos", searched: ["no-such.so", "other.so"])
    ) {
      try ImageDecoding(side: 8, path: "photos", libraryNames: ["no-such.so", "other.so"])
    }
    #expect(
      DatasetError.jpegMissing(path: "photos", searched: ["no-such.so"]).description
        == "cannot decode the images of photos: this system has no libjpeg-turbo (no-such.so); "
        + "install libturbojpeg0 (Debian, Ubuntu), turbojpeg (Fedora) or jpeg-turbo (Homebrew)")
  }
}

@Suite(.enabled(if: SampleJPEG.isLibraryThere, SampleJPEG.skipped))
struct ImageDecodingOfImagesTests {
  private func decode(
    _ images: [[UInt8]], side: Int, skipping: Bool = false
  ) throws -> ImageDecoding.Result {
    try ImageDecoding(side: side, path: "photos").decode(
      count: images.count, skipsBadImages: skipping
    ) { (images[$0], "\($0).jpg") }
  }

  /// The pixels of an image, each a list of red, green and blue.
  private func pixels(_ result: ImageDecoding.Result, image: Int, side: Int) -> [[Int]] {
    let plane = side * side
    return (0..<plane).map { place in
      (0..<3).map { Int(result.pixels[(image * 3 + $0) * plane + place]) }
    }
  }

  private func isClose(_ pixels: [[Int]], _ expected: [[Int]]) -> Bool {
    pixels.count == expected.count
      && zip(pixels.joined(), expected.joined()).allSatisfy { abs($0 - $1) <= 3 }
  }

  private let red = [254, 0, 0]
  private let green = [0, 255, 1]
  private let blue = [0, 0, 254]
  private let white = [255, 255, 255]

  @Test func turnsImagesUpright() throws {
    let images = ImageOrientation.allCases.map {
      SampleJPEG.oriented(SampleJPEG.quarters, UInt8($0.rawValue))
    }
    let result = try decode(images, side: 2)
    #expect(result.failures.isEmpty && result.pixels.count == 8 * 12)
    // What a viewer shows for red and green over blue and white, stored with each orientation.
    let expected = [
      [red, green, blue, white], [green, red, white, blue], [white, blue, green, red],
      [blue, white, red, green], [red, blue, green, white], [blue, red, white, green],
      [white, green, blue, red], [green, white, red, blue],
    ]
    for (index, expected) in expected.enumerated() {
      let found = pixels(result, image: index, side: 2)
      #expect(isClose(found, expected), "\(index + 1): \(found)")
    }
  }

  /// Pillow 13: `draft` to 32×24, then the middle square at 20×20.
  @Test func agreesWithPillow() throws {
    let found = pixels(try decode([SampleJPEG.wide], side: 20), image: 0, side: 20)
    #expect(
      isClose(
        [found[0], found[205], found[399]], [[35, 6, 232], [80, 126, 164], [216, 231, 57]]))
    let reds = [
      36, 47, 55, 63, 71, 80, 92, 103, 112, 119, 131, 139, 149, 159, 171, 180, 188, 197, 205, 216,
    ]
    #expect(isClose([found[200..<220].map { $0[0] }], [reds]))
  }

  @Test func doesNotDependOnTheOtherImages() throws {
    let kinds = [SampleJPEG.quarters, SampleJPEG.wide, SampleJPEG.inks, SampleJPEG.grey]
    let alone = try kinds.map { try decode([$0], side: 12).pixels }
    let together = try decode((0..<60).map { kinds[$0 * 7 % 4] }, side: 12)
    for index in 0..<60 {
      #expect(together.pixels[index * 432..<(index + 1) * 432].elementsEqual(alone[index * 7 % 4]))
    }
  }

  @Test func reportsTheFirstBadImage() {
    var images = [[UInt8]](repeating: SampleJPEG.quarters, count: 40)
    for index in [17, 23, 31] { images[index] = [UInt8(index)] }
    for _ in 0..<5 {
      #expect(throws: DatasetError.image(path: "17.jpg", reason: "other bytes")) {
        try decode(images, side: 4)
      }
    }
  }

  @Test func leavesBadImagesOut() throws {
    let images = [
      [], SampleJPEG.quarters, [1, 2], SampleJPEG.inks, Array(SampleJPEG.wide.prefix(300)),
    ]
    let result = try decode(images, side: 4, skipping: true)
    #expect(result.failures.keys.sorted() == [0, 2, 4])
    let good = try decode([SampleJPEG.quarters, SampleJPEG.inks], side: 4)
    #expect(result.pixels == good.pixels)
    #expect(try decode([[], []], side: 4, skipping: true).pixels.isEmpty)
    #expect(try decode([], side: 4).pixels.isEmpty)
  }

  /// What is wrong with the disk is no matter of single images.
  @Test func doesNotSkipUnreadableFiles() throws {
    let decoding = try ImageDecoding(side: 4, path: "photos")
    let failure = DatasetError.unreadable(path: "2.jpg", reason: "no permission")
    #expect(throws: failure) {
      try decoding.decode(count: 4, skipsBadImages: true) { index throws(DatasetError) in
        if index == 2 { throw failure }
        return (SampleJPEG.quarters, "")
      }
    }
  }

  @Test func refusesMoreThanTheMemory() throws {
    let decoding = try ImageDecoding(side: 1 << 20, path: "photos")
    do throws(DatasetError) {
      _ = try decoding.decode(count: 1_000, skipsBadImages: false) { _ in ([], "") }
      Issue.record("3 PB are too much")
    } catch {
      #expect(error.description.hasPrefix("expected images that fit into the "))
      #expect(
        error.description.hasSuffix(
          "found 1000 in photos, which take 3298534 GB at 1048576×1048576"))
    }
  }
}

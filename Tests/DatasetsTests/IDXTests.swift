import Testing

@testable import Datasets

@Suite struct IDXTests {
  private func imageError(_ bytes: [UInt8]) -> String {
    do throws(DatasetError) {
      _ = try IDX.images(bytes, path: "x")
      return "no error"
    } catch {
      return error.description
    }
  }

  private func labelError(_ bytes: [UInt8], classCount: Int = 10) -> String {
    do throws(DatasetError) {
      _ = try IDX.labels(bytes, classCount: classCount, path: "y")
      return "no error"
    } catch {
      return error.description
    }
  }

  @Test func readsImages() throws {
    let images = try IDX.images(idx(0x803, [2, 1, 3], [1, 2, 3, 4, 5, 6]), path: "x")
    #expect(images.count == 2)
    #expect(images.height == 1)
    #expect(images.width == 3)
    #expect(images.pixels == [1, 2, 3, 4, 5, 6])
  }

  @Test func readsLabels() throws {
    #expect(
      try IDX.labels(idx(0x801, [4], [3, 0, 9, 1]), classCount: 10, path: "y") == [3, 0, 9, 1])
  }

  @Test func saysWhatIsWrongWithImages() {
    #expect(imageError([]) == "expected an IDX file in x, found 0 bytes")
    #expect(
      imageError([0, 0, 8]) == "expected 16 bytes (the header alone) in x, found 3")
    #expect(
      imageError(Array(idx(0x803, [2, 2, 2], []).prefix(15)))
        == "expected 16 bytes (the header alone) in x, found 15")
    #expect(
      imageError(idx(0x801, [2], [1, 2]))
        == "expected magic number 0x00000803 in x, found 0x00000801")
    #expect(
      imageError(idx(0x803, [2, 2, 2], [1, 2, 3, 4, 5, 6, 7]))
        == "expected 24 bytes (2 images of 2×2) in x, found 23")
    #expect(
      imageError(idx(0x803, [2, 2, 2], Array(0..<9)))
        == "expected 24 bytes (2 images of 2×2) in x, found 25")
    #expect(
      imageError(idx(0x803, [1, 0, 28], []))
        == "expected at least 1 image of 1×1 to 16384×16384 pixels in x, found 1 of 0×28")
    #expect(
      imageError(idx(0x803, [0, 28, 28], []))
        == "expected at least 1 image of 1×1 to 16384×16384 pixels in x, found 0 of 28×28")
    #expect(
      imageError(idx(0x803, [.max, .max, .max], [])).hasSuffix(
        "found 4294967295 of 4294967295×4294967295"))
    #expect(
      imageError(idx(0x803, [.max, 16384, 16384], []))
        == "expected 1152921504338411536 bytes (4294967295 images of 16384×16384) in x, found 16")
  }

  @Test func saysWhatIsWrongWithLabels() {
    #expect(labelError([]) == "expected an IDX file in y, found 0 bytes")
    #expect(
      labelError(idx(0x803, [1, 1, 1], [0]))
        == "expected magic number 0x00000801 in y, found 0x00000803")
    #expect(
      labelError(idx(0x801, [3], [1, 2])) == "expected 11 bytes (3 labels) in y, found 10")
    #expect(
      labelError(idx(0x801, [3], [1, 10, 11]))
        == "expected labels from 0 to 9 in y, found 10 at position 1")
    #expect(
      labelError(idx(0x801, [1], [2]), classCount: 2)
        == "expected labels from 0 to 1 in y, found 2 at position 0")
  }

  /// Every prefix and every one-byte change of a good file is read or refused, never trapped on.
  @Test func survivesDamage() {
    let good = idx(0x803, [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(imageError(good) == "no error")
    for length in 0..<good.count {
      #expect(imageError(Array(good.prefix(length))) != "no error")
    }
    for position in 0..<16 {
      for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] where value != good[position] {
        var bytes = good
        bytes[position] = value
        #expect(imageError(bytes) != "no error")
      }
    }
  }
}

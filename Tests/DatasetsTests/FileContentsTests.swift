import Foundation
import Testing

@testable import Datasets

@Suite struct FileContentsTests {
  /// 5,000 bytes `i·i mod 251`, packed by Python's `gzip.compress(data, mtime=0)`.
  private static let plain = (0..<5_000).map { UInt8($0 * $0 % 251) }
  private let folder: TemporaryFolder
  private let packed: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    packed = [UInt8](try #require(Data(base64Encoded: Self.packedText)))
  }

  private func error(
    _ bytes: [UInt8], _ name: String, zlib: () -> Zlib? = { Zlib() }
  ) throws -> String {
    let path = try folder.write(bytes, name)
    do throws(DatasetError) {
      _ = try FileContents.bytes(of: path, zlib: zlib)
      return "no error"
    } catch {
      return error.description.replacingOccurrences(of: path, with: name)
    }
  }

  @Test func readsPlainAndPackedAlike() throws {
    #expect(try FileContents.bytes(of: folder.write(Self.plain, "a")) == Self.plain)
    #expect(try FileContents.bytes(of: folder.write(packed, "a.gz")) == Self.plain)
    #expect(try FileContents.bytes(of: folder.write(packed, "unsuspicious")) == Self.plain)
  }

  @Test func prefersThePlainFile() throws {
    try folder.write(packed, "b.gz")
    #expect(FileContents.path(of: "b", in: folder.path) == "\(folder.path)/b.gz")
    try folder.write(Self.plain, "b")
    #expect(FileContents.path(of: "b", in: folder.path) == "\(folder.path)/b")
    #expect(FileContents.path(of: "c", in: folder.path) == nil)
  }

  @Test func saysWhatIsWrongWithPackedFiles() throws {
    #expect(try error([1, 2, 3], "c.gz") == "expected gzip data in c.gz, found other bytes")
    #expect(try error([], "e.gz") == "no error")
    #expect(
      try error(packed.dropLast(9), "t.gz")
        == "expected a whole gzip file in t.gz, found its end missing after 5000 unpacked bytes")
    #expect(
      try error(packed.dropLast(4), "t.gz")
        == "expected a whole gzip file in t.gz, found its end missing after 5000 unpacked bytes")
    var damaged = packed
    damaged[packed.count - 6] ^= 0x40
    #expect(
      try error(damaged, "d.gz")
        == "expected gzip data in d.gz, found damaged bytes (zlib: incorrect data check)")
    damaged = packed
    damaged[2] = 9
    #expect(
      try error(damaged, "m.gz")
        == "expected gzip data in m.gz, found damaged bytes (zlib: unknown compression method)")
  }

  @Test func survivesDamage() throws {
    for length in 2..<packed.count {
      let message = try error(Array(packed.prefix(length)), "p.gz")
      #expect(message.contains("found its end missing"), "\(length): \(message)")
    }
    for position in stride(from: 10, to: packed.count, by: 5) {
      var bytes = packed
      bytes[position] ^= 0x55
      #expect(try error(bytes, "f.gz") != "no error", "byte \(position)")
    }
  }

  @Test func saysThatZlibIsMissing() throws {
    #expect(Zlib(libraryNames: ["libanneal-has-no-such.so"]) == nil)
    #expect(
      try error(packed, "z.gz", zlib: { Zlib(libraryNames: ["libanneal-has-no-such.so"]) })
        == "cannot unpack z.gz: this system has no zlib (libz.so.1, libz.1.dylib); "
        + "install it or unpack the file with gunzip")
  }

  @Test func refusesToUnpackWithoutBound() throws {
    let path = try folder.write(packed, "big.gz")
    let zlib = try #require(Zlib())
    #expect(throws: DatasetError.compressedTooLarge(path: path, limit: 4_999)) {
      try zlib.unpack(path, limit: 4_999)
    }
    #expect(try zlib.unpack(path, limit: 5_000).count == 5_000)
    #expect(
      DatasetError.compressedTooLarge(path: "x", limit: 9).description
        == "expected at most 9 unpacked bytes in x, found more")
  }

  @Test func saysWhatCannotBeRead() throws {
    let path = "\(folder.path)/nothing"
    #expect(throws: DatasetError.unreadable(path: path, reason: "no such file")) {
      try FileContents.bytes(of: path)
    }
    #expect(throws: DatasetError.unreadable(path: folder.path, reason: "it is a folder")) {
      try FileContents.bytes(of: folder.path)
    }
    #expect(
      DatasetError.unreadable(path: "x", reason: "no permission").description
        == "cannot read x: no permission")
  }

  private static let packedText = """
    H4sIAAAAAAACA2NgZOEUkFQxdAhMqZyw8shDVjXPvKn7Xkp7Va97LB8x+YJI6Iy7mkV7+ePWs8dsFsw5qdv3MfqQwW
    zemrept8LO+58JuBh5L+tzs+gSq7PpzHNsbtYqHyuQOVqqfq3H5efWYuMPW6qceC4vLHQWf3FgVlmIidjX24fXzmwv
    z4wN9nZ1tLd3dPUOjs0sb5+59vDtr2ImIWWzDrwQdy5ceJnHqWrLB+PirT9deq6plx6VKTimXHvTZg5z+lmrJaLNn7
    PuRV4MOON/PuxW6tsa3tkGh6I/9umezBHcHMO+Po5/b5Hm3RmhIhcmR8g/XlftJf1y39Q8TzXWh0dWTqhMCXQwVJEU
    4GRhZBj1+qjXR70+6vVRr496fdTro14f9fqo10e9Pur1Ua+Pen3U66NeH/X6qNfp5XUANtGF3IgTAAA=
    """.replacingOccurrences(of: "\n", with: "")
}

import Testing

@testable import Datasets

/// A member of a tar archive: its header with a right checksum, and its contents in whole blocks.
func tarMember(
  _ name: String, _ contents: [UInt8], kind: Character = "0", prefix: String = ""
) -> [UInt8] {
  var header = [UInt8](repeating: 0, count: 512)
  func put(_ text: String, at start: Int) {
    for (index, byte) in text.utf8.enumerated() { header[start + index] = byte }
  }
  func octal(_ number: Int, digits: Int) -> String {
    let text = String(number, radix: 8)
    return String(repeating: "0", count: digits - text.count) + text
  }
  put(String(name.prefix(100)), at: 0)
  put("0000644", at: 100)
  put(octal(contents.count, digits: 11), at: 124)
  put("        ", at: 148)
  put(String(kind), at: 156)
  put("ustar\0" + "00", at: 257)
  put(prefix, at: 345)
  put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
  let padding = (512 - contents.count % 512) % 512
  return header + contents + [UInt8](repeating: 0, count: padding)
}

@Suite struct TarTests {
  private let end = [UInt8](repeating: 0, count: 1_024)

  private func error(_ bytes: [UInt8]) -> String {
    do throws(DatasetError) {
      _ = try Tar(bytes, path: "a.tar")
      return "no error"
    } catch {
      return error.description
    }
  }

  @Test func listsRegularFiles() throws {
    let bytes =
      tarMember("d/", [], kind: "5") + tarMember("d/one", [1, 2, 3]) + tarMember("two", [])
      + tarMember("name", [9], prefix: "a/long/prefix") + end
    let members = try Tar(bytes, path: "a.tar").members
    #expect(members.map(\.name) == ["d/one", "two", "a/long/prefix/name"])
    #expect(members.map(\.lastName) == ["one", "two", "name"])
    #expect(Array(bytes[members[0].range]) == [1, 2, 3])
    #expect(Array(bytes[members[2].range]) == [9])
  }

  @Test func readsLongNames() throws {
    let name = String(repeating: "n", count: 300)
    let gnu = tarMember("././@LongLink", Array(name.utf8) + [0], kind: "L") + tarMember("n", [7])
    #expect(try Tar(gnu + end, path: "a.tar").members.map(\.name) == [name])
    let record = "310 path=" + name + "\n"
    let pax = tarMember("PaxHeader", Array(record.utf8), kind: "x") + tarMember("n", [7])
    #expect(record.utf8.count == 310)
    // The name is for one member; the next has its own.
    #expect(
      try Tar(pax + tarMember("m", [8]) + end, path: "a.tar").members.map(\.name) == [name, "m"])
  }

  @Test func saysWhatIsWrong() {
    #expect(error(end) == "expected a tar archive in a.tar, found no file in it")
    var damaged = tarMember("x", [1]) + tarMember("y", [2])
    damaged[1_024] ^= 1
    #expect(
      error(damaged)
        == "expected a tar archive in a.tar, found no header with a right checksum at byte 1024")
    #expect(
      error(Array(tarMember("x", [UInt8](repeating: 1, count: 600)).prefix(612)))
        == "expected a tar archive in a.tar, found 100 of the 600 bytes of x")
    #expect(!Tar.isArchive([1, 2, 3]))
    #expect(!Tar.isArchive(end))
    #expect(Tar.isArchive(tarMember("x", [])))
  }

  /// Every prefix and every damaged header byte is read or refused, never trapped on.
  @Test func survivesDamage() {
    let good =
      tarMember("PaxHeader", Array("11 path=ab\n".utf8), kind: "x") + tarMember("n", [7]) + end
    for length in stride(from: 0, to: good.count, by: 37) {
      _ = error(Array(good.prefix(length)))
    }
    for position in 0..<2_048 {
      var bytes = good
      bytes[position] ^= 0xFF
      _ = error(bytes)
    }
    for text in ["99 path=ab\n", "-1 path=a\n", "0 path=a\n", "3 =\n", "x y=z\n", "1 \n"] {
      _ = error(tarMember("PaxHeader", Array(text.utf8), kind: "x") + tarMember("n", [7]) + end)
    }
  }
}

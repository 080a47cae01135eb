import Testing

@testable import anneal

@Suite final class FileTailTests {
  private let folder: TemporaryFolder
  private var tail: FileTail

  init() throws {
    folder = try TemporaryFolder()
    tail = FileTail(path: "\(folder.path)/lines")
  }

  private func poll() -> FileTail.Change? { tail.poll() }

  private func write(_ text: String) throws { try folder.write(Array(text.utf8), "lines") }

  private func lines(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }

  @Test func linesComeWhenTheyAreWhole() throws {
    #expect(poll() == nil, "a file that is not there is empty")
    try write("one\ntw")
    #expect(poll() == .lines(lines("one")))
    #expect(poll() == nil)
    try write("one\ntwo\nthree\n")
    #expect(poll() == .lines(lines("two", "three")))
    #expect(poll() == nil)
  }

  @Test func aFileThatWasCutBeginsAgain() throws {
    try write("one\ntwo\n")
    #expect(poll() == .lines(lines("one", "two")))
    try write("one\n")
    #expect(poll() == .restart(lines("one")))
    try write("")
    #expect(poll() == .restart([]))
  }

  /// A training that is resumed may have written more than was cut off before anybody looks.
  @Test func aFileThatWasCutAndHasGrownBeginsAgain() throws {
    try write("one\ntwo\n")
    #expect(poll() == .lines(lines("one", "two")))
    try write("one\n2\nthree\nfour\n")
    #expect(poll() == .restart(lines("one", "2", "three", "four")))
  }

  @Test func longFilesComeInOnePiece() throws {
    let line = String(repeating: "x", count: 50_000)
    try write("\(line)\n\(line)\n\(line)\nend\n")
    #expect(poll() == .lines(lines(line, line, line, "end")))
  }
}

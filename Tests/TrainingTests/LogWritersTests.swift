import Foundation
import Testing

@testable import Training

/// What callbacks write for other programs.
@Suite struct LogWritersTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aRowForEachEpoch() throws {
    let path = "\(folder.path)/log.csv"
    let result = try Toy.trainer(Toy.recipe(), ScriptedBackend()).run([
      Recorder(), CSVWriter(path),
    ])
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.first == "epoch,trainLoss,testLoss,testAccuracy,wallSeconds,imagesPerSecond")
    #expect(lines.count == 3)
    let epoch = try #require(result.epochs.last)
    #expect(lines.last == "1,1.0,0.5,0.5,\(epoch.wallSeconds),\(epoch.imagesPerSecond)")
  }

  @Test func whatIsNoNumberIsAnEmptyCell() throws {
    let path = "\(folder.path)/log.csv"
    _ = try Toy.trainer(Toy.recipe(epochs: 1), ScriptedBackend(evaluationLosses: [.nan]))
      .run([CSVWriter(path)])
    let row = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")[1]
    #expect(row.hasPrefix("0,,,0.5,"))
  }

  /// A file with rows beyond the point, and one that a run before its first checkpoint left.
  @Test(arguments: [(0, 1), (1, 2), (2, 3), (9, 3)])
  func goesOnAfterTheEpochsThatCount(kept: Int, lines: Int) throws {
    let path = "\(folder.path)/log.csv"
    try "epoch,…\n0,a\n1,b\n2,half".write(toFile: path, atomically: false, encoding: .utf8)
    _ = try CSVWriter(path, keepingEpochs: kept)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.split(separator: "\n").count == lines)
    #expect(text.hasSuffix("\n"))
    try "ep".write(toFile: path, atomically: false, encoding: .utf8)
    _ = try CSVWriter(path, keepingEpochs: kept)
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("epoch,trainLoss,"))
  }

  /// The check values of RFC 3720, appendix B.4, and the usual one of nine digits.
  @Test func checksumsAreCastagnolis() {
    let crc = CRC32C()
    #expect(crc.checksum([]) == 0)
    #expect(crc.checksum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(crc.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(crc.checksum([UInt8](repeating: 255, count: 32)) == 0x62A8_AB43)
    #expect(crc.checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
  }

  /// Bytes that TensorBoard 2.21 (`RecordWriter` over its own `Event`) writes for these events.
  @Test func eventsAreThoseOfTensorBoard() {
    let events = TensorBoardEvents()
    func hexadecimal(_ bytes: [UInt8]) -> String {
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    #expect(hexadecimal(events.fileVersion(wallTime: 1.5)) == Self.version)
    #expect(hexadecimal(events.sessionStart(step: 300, wallTime: 1.5)) == Self.start)
    #expect(
      hexadecimal(
        events.scalars([("loss/train", 0.25), ("momentum", 0.9)], step: 300, wallTime: 1.5))
        == Self.scalars)
  }

  private static let version =
    "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c"
  private static let start = "100000000000000095fbfe1809000000000000f83f10ac023a020801713b788a"
  private static let scalars =
    "3200000000000000241956ec09000000000000f83f10ac022a240a110a0a"
    + "6c6f73732f747261696e150000803e0a0f0a086d6f6d656e74756d156666663fac36620f"

  @Test func everyProcessHasAFile() throws {
    let logs = "\(folder.path)/a/b"
    for _ in 0..<2 {
      _ = try Toy.trainer(Toy.recipe(), ScriptedBackend())
        .run([TensorBoardWriter(logs) { 1_500_000_000.25 }])
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: logs).sorted()
    #expect(
      names == [
        "events.out.tfevents.1500000000.0.anneal", "events.out.tfevents.1500000000.1.anneal",
      ])
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(logs)/\(names[0])"))
    // Version and start, 8 steps, 2 epochs: whole records from end to end.
    var (position, records) = (0, 0)
    while position < bytes.count {
      position += 8 + 4 + Int(bytes[position]) + 4
      records += 1
    }
    #expect(position == bytes.count)
    #expect(records == 12)
    #expect(try Data(contentsOf: URL(fileURLWithPath: "\(logs)/\(names[1])")).count == bytes.count)
  }
}

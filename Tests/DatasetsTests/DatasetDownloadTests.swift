import Foundation
import Testing

@testable import Datasets

@Suite(.serialized) struct DatasetDownloadTests {
  private let folder: TemporaryFolder
  private let contents = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 >> 8) }

  init() throws {
    folder = try TemporaryFolder()
  }

  private var download: DatasetDownload {
    DatasetDownload(
      name: "few", source: "http://127.0.0.1:9/nowhere", dataName: "few-full",
      files: [
        .init(
          name: "few.bin", byteCount: contents.count, sha256: SHA256.hexadecimal(of: contents))
      ],
      members: [])
  }

  private func fetch(
    _ answers: LoopbackServer.Answer..., served: [UInt8]? = nil
  ) throws -> (
    error: DatasetError?, starts: [Int?]
  ) {
    let server = try LoopbackServer(served ?? contents, answers)
    let error = failure("http://127.0.0.1:\(server.port)/mirror/")
    return (error, server.starts)
  }

  private func failure(_ source: String) -> DatasetError? {
    do throws(DatasetError) {
      _ = try download.fetch(into: folder.path, from: source)
      return nil
    } catch {
      return error
    }
  }

  private func bytes(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: "\(folder.path)/\(name)").map { [UInt8]($0) }
  }

  @Test func downloadsAWholeFile() throws {
    let (error, starts) = try fetch(.rest)
    #expect(error == nil)
    #expect(starts == [nil])
    #expect(bytes("few-full/few.bin") == contents)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["few-full"])
    // What is there is not fetched again.
    #expect(failure("http://127.0.0.1:1") == nil)
  }

  @Test func goesOnWithABrokenDownload() throws {
    let (error, _) = try fetch(.broken(1_234))
    #expect(error?.kind == .transfer)
    #expect(error?.description.hasSuffix("the same command goes on where this one ended") == true)
    #expect(bytes(".few-full.partial/few.bin.partial") == Array(contents.prefix(1_234)))
    #expect(bytes("few-full/few.bin") == nil)
    let (second, starts) = try fetch(.rest)
    #expect(second == nil)
    #expect(starts == [1_234])
    #expect(bytes("few-full/few.bin") == contents)
  }

  @Test func startsAgainWhereTheRestIsNotToBeHad() throws {
    try folder.write(Array(contents.prefix(100)), ".few-full.partial/few.bin.partial")
    let (error, starts) = try fetch(.whole, .whole)
    #expect(error == nil)
    #expect(starts == [100, nil])
    #expect(bytes("few-full/few.bin") == contents)
  }

  @Test func startsAgainWhereTheBeginningIsAnotherFile() throws {
    try folder.write([1, 2, 3], ".few-full.partial/few.bin.partial")
    let (error, starts) = try fetch(.rest, .rest)
    #expect(error == nil)
    #expect(starts == [3, nil])
    #expect(bytes("few-full/few.bin") == contents)
  }

  @Test func refusesAWrongChecksum() throws {
    var wrong = contents
    wrong[4_000] ^= 1
    let (error, _) = try fetch(.rest, served: wrong)
    #expect(error?.kind == .malformed)
    #expect(
      error?.description.hasSuffix(
        "few.bin, found 5000 bytes with \(SHA256.hexadecimal(of: wrong))") == true)
    #expect(error?.description.hasPrefix("expected 5000 bytes with the SHA-256 ") == true)
    // Nothing of it stays.
    #expect(bytes("few-full/few.bin") == nil)
    #expect(bytes(".few-full.partial/few.bin.partial") == nil)
  }

  @Test func saysWhatTheServerSaid() throws {
    let (error, _) = try fetch(.notFound)
    #expect(error?.kind == .transfer)
    #expect(error?.description.contains("404") == true)
    // A port that was given up a moment ago has nobody behind it.
    let server = try LoopbackServer([], [])
    let refused = failure("http://127.0.0.1:\(server.port)")
    #expect(refused?.description.hasPrefix("cannot download http://127.0.0.1:") == true)
  }

  @Test func takesFilesFromAFolder() throws {
    let mirror = try TemporaryFolder()
    #expect(
      failure(mirror.path)?.description
        == "cannot read \(mirror.path)/few.bin: no such file")
    try mirror.write([1], "few.bin")
    guard case .checksum? = failure(mirror.path) else {
      Issue.record("a wrong file was taken")
      return
    }
    try mirror.write(contents, "few.bin")
    #expect(failure(mirror.path) == nil)
    #expect(bytes("few-full/few.bin") == contents)
  }

  @Test func unpacksAnArchive() throws {
    let mirror = try TemporaryFolder()
    let archive =
      tarMember("d/a.bin", [1, 2]) + tarMember("d/b.bin", [3]) + tarMember("d/readme", [4])
      + [UInt8](repeating: 0, count: 1_024)
    try mirror.write(archive, "few.tar")
    let download = DatasetDownload(
      name: "few", source: "", dataName: "few",
      files: [
        .init(name: "few.tar", byteCount: archive.count, sha256: SHA256.hexadecimal(of: archive))
      ],
      members: ["a.bin", "b.bin"])
    let result = try download.fetch(into: folder.path, from: mirror.path)
    #expect(result == "\(folder.path)/few")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: result).sorted() == ["a.bin", "b.bin"])
    #expect(bytes("few/a.bin") == [1, 2])
  }

  @Test func everyDownloadHasACatalogueName() {
    for download in DatasetDownload.all {
      #expect(DatasetCatalog.entries.contains { $0.name == download.dataName })
      #expect(download.files.allSatisfy { $0.sha256.count == 64 && $0.byteCount > 4_000 })
    }
  }
}

import Foundation
import Testing

@testable import CUDABackend

@Suite struct FileCacheTests {
  private let fakes: FakeLibraries
  private let cache: FileCache
  private let key = FileCache.Key(["source", "13.0", "--std=c++17"])

  init() throws {
    fakes = try FakeLibraries([])
    cache = try #require(FileCache(environment: fakes.environment, kind: "cubin"))
  }

  @Test func keepsBytes() throws {
    #expect(cache[key] == nil)
    cache.store([1, 10, 2, 0], for: key)
    #expect(cache[key] == [1, 10, 2, 0])
    #expect(cache.path(key).hasPrefix("\(fakes.folder)/cache/anneal/cubin/"))
    // Nothing but the file itself: what was written beside it was moved.
    let names = try FileManager.default.contentsOfDirectory(atPath: cache.folder)
    #expect(names == ["\(key.text).cubin"])
  }

  @Test func everyPartCountsAndSoDoesWhereItEnds() {
    let keys = [
      FileCache.Key(["a", "b"]), FileCache.Key(["ab"]), FileCache.Key(["a", "b", ""]),
      FileCache.Key(["b", "a"]), FileCache.Key(["a", "c"]),
    ]
    #expect(Set(keys).count == keys.count)
    #expect(keys.allSatisfy { $0.text.count == 32 })
  }

  @Test func aDamagedFileIsNotTrusted() throws {
    cache.store(Array("machine code".utf8), for: key)
    let whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: cache.path(key))))
    var changed = whole
    changed[changed.count - 1] ^= 1
    for damaged in [changed, Array(whole.dropLast()), Array(whole.prefix(5)), [], whole + [0]] {
      try Data(damaged).write(to: URL(fileURLWithPath: cache.path(key)))
      #expect(cache[key] == nil)
    }
    // Another key's file under this name is none either.
    let other = FileCache.Key(["other"])
    cache.store([1], for: other)
    try FileManager.default.removeItem(atPath: cache.path(key))
    try FileManager.default.moveItem(atPath: cache.path(other), toPath: cache.path(key))
    #expect(cache[key] == nil)
  }

  @Test func aFolderThatCannotBeWrittenKeepsNothing() {
    let cache = FileCache(folder: "/proc/nothing", kind: "cubin")
    cache.store([1], for: key)
    #expect(cache[key] == nil)
  }

  @Test func needsAHome() {
    #expect(FileCache(environment: [:], kind: "cubin") == nil)
    #expect(
      FileCache(environment: ["HOME": "/home/me"], kind: "plan")?.folder
        == "/home/me/.cache/anneal/plan")
  }
}

@Suite struct FingerprintTests {
  /// The published values of FNV-1a for the empty text and for `a`.
  @Test func publishedValues() {
    var fingerprint = Fingerprint()
    #expect(fingerprint.text == "cbf29ce484222325")
    fingerprint.add("a".utf8)
    #expect(fingerprint.text == "af63dc4c8601ec8c")
  }
}

#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

/// Results that take long to find, kept between runs: a file each.
///
/// A file begins with a line that says how many bytes follow and what their fingerprint is, so that
/// one that was cut off or changed is seen and made again. It is written beside its place and moved
/// there at once, so that processes that start together do not read each other's halves.
struct FileCache: Hashable, Sendable {
  /// What a result depends on.
  struct Key: Hashable, Sendable {
    /// Thirty-two hexadecimal digits.
    let text: String

    /// The key of everything that a result depends on.
    init(_ parts: [String]) {
      // Two numbers of 64 bits: one alone would meet by chance once in thousands of millions of files.
      text = [0xCBF2_9CE4_8422_2325, 0x6C62_272E_07BB_0142 as UInt64].map { basis in
        var fingerprint = Fingerprint(basis: basis)
        for part in parts { fingerprint.add(part) }
        return fingerprint.text
      }.joined()
    }
  }

  /// The folder; made when the first file is.
  let folder: String
  /// What is kept, in one word: the ending of the files.
  let kind: String

  /// A cache in a folder.
  init(folder: String, kind: String) {
    self.folder = folder
    self.kind = kind
  }

  /// The user's cache, `$XDG_CACHE_HOME/anneal/KIND` or `~/.cache/anneal/KIND`; `nil` where neither is
  /// known.
  init?(environment: [String: String], kind: String) {
    func value(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    guard let base = value("XDG_CACHE_HOME") ?? value("HOME").map({ "\($0)/.cache" }) else {
      return nil
    }
    self.init(folder: "\(base)/anneal/\(kind)", kind: kind)
  }

  /// The bytes of a key; `nil` if there are none that can be trusted.
  subscript(key: Key) -> [UInt8]? {
    guard let bytes = try? [UInt8](Data(contentsOf: URL(fileURLWithPath: path(key)))),
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
    else { return nil }
    let content = Array(bytes[(end + 1)...])
    return Array(bytes[...end]) == Array(header(key, content).utf8) ? content : nil
  }

  /// Keeps bytes; a folder that cannot be written to keeps nothing, and nothing else goes wrong.
  func store(_ content: [UInt8], for key: Key) {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let bytes = Array(header(key, content).utf8) + content
    try? Data(bytes).write(to: URL(fileURLWithPath: path(key)), options: .atomic)
  }

  /// The file of a key.
  func path(_ key: Key) -> String { "\(folder)/\(key.text).\(kind)" }

  private func header(_ key: Key, _ content: [UInt8]) -> String {
    var fingerprint = Fingerprint()
    fingerprint.add(content)
    return "anneal \(kind) 1 \(key.text) \(content.count) \(fingerprint.text)\n"
  }
}

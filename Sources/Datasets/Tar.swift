/// A tar archive in memory: where each of its regular files lies.
///
/// Reads the POSIX.1-1988 `ustar` layout with the two ways in use to write names longer than 255
/// bytes: GNU's `L` members and POSIX.1-2001's `x` headers. Folders, links and devices are left out.
struct Tar: Sendable {
  /// A regular file.
  struct Member: Hashable, Sendable {
    /// The path inside the archive.
    let name: String
    /// The contents, as a range of the archive's bytes.
    let range: Range<Int>

    /// The path's last part.
    var lastName: Substring { name.split(separator: "/").last ?? "" }
  }

  /// The regular files in the archive's order.
  let members: [Member]

  private static let blockSize = 512

  /// Lists an archive.
  ///
  /// - Parameters:
  ///   - bytes: The unpacked archive.
  ///   - path: The archive's file, for messages.
  /// - Throws: What is malformed, and at which byte.
  init(_ bytes: [UInt8], path: String) throws(DatasetError) {
    var members: [Member] = []
    var start = 0
    /// Name and size that an extended header gave for the member after it.
    var longName: String?
    var longSize: Int?
    while start + Self.blockSize <= bytes.count {
      let block = bytes[start..<start + Self.blockSize]
      // An archive ends with blocks of zeros; whatever follows is padding.
      if block.allSatisfy({ $0 == 0 }) { break }
      let header = Header(block)
      guard header.isIntact else {
        throw .archive(path: path, reason: "no header with a right checksum at byte \(start)")
      }
      guard let size = longSize ?? header.size else {
        throw .archive(path: path, reason: "a member without a size at byte \(start)")
      }
      let first = start + Self.blockSize
      guard size <= bytes.count - first else {
        throw .archive(
          path: path,
          reason: "\(bytes.count - first) of the \(size) bytes of \(longName ?? header.name)")
      }
      let contents = first..<first + size
      switch header.kind {
      case .file:
        members.append(Member(name: longName ?? header.name, range: contents))
        (longName, longSize) = (nil, nil)
      case .longName:
        longName = text(bytes[contents])
      case .extended:
        let records = Self.records(bytes[contents])
        longName = records["path"] ?? longName
        longSize = records["size"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
      case .other:
        (longName, longSize) = (nil, nil)
      }
      let padded = (size + Self.blockSize - 1) / Self.blockSize * Self.blockSize
      start = min(bytes.count, first + padded)
    }
    guard !members.isEmpty else {
      throw .archive(path: path, reason: "no file in it")
    }
    self.members = members
  }

  /// Whether some bytes start as a tar archive does.
  static func isArchive(_ bytes: [UInt8]) -> Bool {
    bytes.count >= blockSize && Header(bytes[..<blockSize]).isIntact
      && bytes[..<blockSize].contains { $0 != 0 }
  }

  /// The records `LENGTH NAME=VALUE\n` of an extended header; damaged ones end the list.
  private static func records(_ bytes: ArraySlice<UInt8>) -> [String: String] {
    var records: [String: String] = [:]
    var rest = bytes
    while let space = rest.firstIndex(of: UInt8(ascii: " ")),
      let length = Int(text(rest[..<space])), length > space - rest.startIndex,
      length <= rest.count
    {
      let record = rest[(space + 1)..<rest.startIndex + length].dropLast()
      if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
        records[text(record[..<equals])] = text(record[(equals + 1)...])
      }
      rest = rest.dropFirst(length)
    }
    return records
  }
}

/// A member's header of 512 bytes.
private struct Header {
  enum Kind {
    case file, longName, extended, other
  }

  private let block: [UInt8]

  init(_ block: ArraySlice<UInt8>) {
    self.block = Array(block)
  }

  /// Whether the sum of the header's bytes, with blanks for the checksum, is what it says.
  var isIntact: Bool {
    guard let expected = octal(148..<156) else { return false }
    let sum = block.enumerated().reduce(0) { sum, byte in
      sum + (148..<156 ~= byte.offset ? 32 : Int(byte.element))
    }
    return sum == expected
  }

  var name: String {
    let isPOSIX = block[257..<262].elementsEqual("ustar".utf8)
    let prefix = isPOSIX && block[262] == 0 ? text(block[345..<500]) : ""
    let name = text(block[0..<100])
    return prefix.isEmpty ? name : "\(prefix)/\(name)"
  }

  /// The contents' bytes; nil for a number that is none.
  var size: Int? {
    guard block[124] & 0x80 != 0 else { return octal(124..<136) }
    // Sizes from 8 GiB on are written in base 256.
    let digits = [block[124] & 0x7F] + block[125..<136]
    guard digits.prefix(5).allSatisfy({ $0 == 0 }), digits[5] == 0 else { return nil }
    return digits.reduce(0) { $0 << 8 | Int($1) }
  }

  var kind: Kind {
    switch block[156] {
    case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
    case UInt8(ascii: "L"): .longName
    case UInt8(ascii: "x"): .extended
    default: .other
    }
  }

  private func octal(_ range: Range<Int>) -> Int? {
    let digits = text(block[range]).filter { $0 != " " }
    return digits.isEmpty ? nil : Int(digits, radix: 8).flatMap { $0 >= 0 ? $0 : nil }
  }
}

/// The text up to the first zero.
private func text(_ bytes: ArraySlice<UInt8>) -> String {
  String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
}

import Datasets
import Tensors

#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

extension Checkpoint {
  /// Reads a file.
  ///
  /// - Parameter path: The file.
  /// - Throws: What is wrong with it.
  public init(path: String) throws(TrainingError) {
    try self.init(bytes: InputFile.bytes(path), path: path)
  }

  /// Reads a file's bytes; `path` is for messages.
  init(bytes: [UInt8], path: String) throws(TrainingError) {
    guard bytes.count >= 8 else {
      throw .malformedCheckpoint(path: path, reason: "\(bytes.count) bytes")
    }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << UInt64(8 * $1) }
    // The format's own limit; a larger number is another kind of file.
    guard length <= 100_000_000 else {
      throw .malformedCheckpoint(path: path, reason: "a header of \(length) bytes")
    }
    let start = 8 + Int(length)
    guard bytes.count >= start else {
      throw .checkpointLength(path: path, expected: start, found: bytes.count)
    }
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: Data(bytes[8..<start]))
    } catch {
      throw .malformedCheckpoint(path: path, reason: "a header that is not its JSON")
    }
    let entries = header.entries.sorted { ($0.start, $0.name) < ($1.start, $1.name) }
    try Self.check(entries, start: start, byteCount: bytes.count, path: path)
    var metadata = header.metadata
    let digest = metadata.removeValue(forKey: Self.digestKey)
    let headerDigest = metadata.removeValue(forKey: Self.headerDigestKey)
    if metadata[Self.formatKey] == Self.format {
      // The name of a digest can be damaged like anything else.
      guard digest != nil, headerDigest != nil else { throw .checkpointDamaged(path: path) }
    }
    if let digest, digest != SHA256.hexadecimal(of: Array(bytes[start...])) {
      throw .checkpointDamaged(path: path)
    }
    if let headerDigest, headerDigest != Self.headerDigest(metadata, entries.map(\.member)) {
      throw .checkpointDamaged(path: path)
    }
    self.metadata = metadata
    tensors = entries.map { entry in
      let first = start + entry.start
      return Tensor(
        name: entry.name, shape: Shape(entry.shape),
        values: stride(from: first, to: start + entry.end, by: 4).map { position in
          Float(
            bitPattern: (0..<4).reduce(UInt32(0)) {
              $0 | UInt32(bytes[position + $1]) << UInt32(8 * $1)
            })
        })
    }
  }

  /// The tensors must fill the file from end to end, which rules overlaps and gaps out.
  private static func check(
    _ entries: [Entry], start: Int, byteCount: Int, path: String
  ) throws(TrainingError) {
    var end = 0
    for entry in entries {
      guard entry.type == "F32" else {
        throw .malformedCheckpoint(path: path, reason: "\(entry.name) of type \(entry.type)")
      }
      guard let count = entry.byteCount, count <= Int.max / 2 - end, entry.start == end,
        entry.end == end + count
      else {
        throw .malformedCheckpoint(
          path: path, reason: "\(entry.name) at bytes \(entry.start) to \(entry.end)")
      }
      end = entry.end
    }
    guard byteCount == start + end else {
      throw .checkpointLength(path: path, expected: start + end, found: byteCount)
    }
  }

  /// What the header tells of one tensor.
  private struct Entry {
    let name: String
    let type: String
    let shape: [Int]
    let start: Int
    let end: Int

    /// What the header says, in the form that its digest is taken of.
    var member: (name: String, value: String) {
      (name, Checkpoint.entry(shape: shape, start: start, end: end, type: type))
    }

    /// The bytes that the shape needs; nil for a shape that no file can hold.
    var byteCount: Int? {
      var count = 4
      for extent in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: extent)
        // Half the range leaves room for sums.
        guard extent >= 0, !overflow, product < Int.max / 2 else { return nil }
        count = product
      }
      return count
    }
  }

  private struct Header: Decodable {
    var metadata: [String: String] = [:]
    var entries: [Entry] = []

    private struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    private struct Description: Decodable {
      let dtype: String
      let shape: [Int]
      let dataOffsets: [Int]

      private enum CodingKeys: String, CodingKey {
        case dtype, shape
        case dataOffsets = "data_offsets"
      }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Name.self)
      for name in container.allKeys {
        if name.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: name)
          continue
        }
        let description = try container.decode(Description.self, forKey: name)
        guard description.dataOffsets.count == 2 else {
          throw DecodingError.dataCorruptedError(
            forKey: name, in: container, debugDescription: "a tensor has two offsets")
        }
        entries.append(
          Entry(
            name: name.stringValue, type: description.dtype, shape: description.shape,
            start: description.dataOffsets[0], end: description.dataOffsets[1]))
      }
    }
  }
}

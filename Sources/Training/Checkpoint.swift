import Datasets
public import Tensors

/// Named arrays of numbers in a file: the safetensors format, which most frameworks read.
///
/// A file is the header's length (8 bytes, little-endian), a header of JSON and the values
/// (little-endian `F32`). The header tells each tensor's type, shape and place; strings about the
/// whole file stand under `__metadata__`. Two of them are digests and are checked when a file that has
/// them is read: `sha256` is that of the values' bytes, `headerSHA256` that of everything that the
/// header says beside the digests.
public struct Checkpoint: Hashable, Sendable {
  /// One named array.
  public struct Tensor: Hashable, Sendable {
    /// The name: a parameter's path, or `momentum/` and the path for its momentum buffer.
    public let name: String
    /// The extents, outermost first.
    public let shape: Shape
    /// The values in the order of the shape.
    public let values: [Float]

    /// Makes a tensor.
    ///
    /// - Precondition: As many values as the shape holds.
    public init(name: String, shape: Shape, values: [Float]) {
      precondition(values.count == shape.count, "a tensor has as many values as its shape holds")
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// The tensors in the order of their values in the file.
  public var tensors: [Tensor]
  /// What else is known: network, seed, steps made, recipe.
  public var metadata: [String: String]

  /// Makes a checkpoint.
  ///
  /// - Precondition: No two tensors share a name.
  public init(tensors: [Tensor], metadata: [String: String] = [:]) {
    precondition(
      Set(tensors.map(\.name)).count == tensors.count, "the tensors of a checkpoint differ in name")
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Whether every value is a finite number.
  public var isFinite: Bool {
    tensors.allSatisfy { $0.values.allSatisfy(\.isFinite) }
  }

  /// The tensor of a name.
  public subscript(name: String) -> Tensor? {
    tensors.first { $0.name == name }
  }
}

// MARK: - Writing

extension Checkpoint {
  static let digestKey = "sha256"
  static let headerDigestKey = "headerSHA256"
  /// Stands in the metadata of every checkpoint of a training.
  static let formatKey = "format"
  static let format = "anneal"
  static let arithmeticKey = "arithmetic"

  /// The digest of what the header says, whatever the order in which it says so.
  static func headerDigest(
    _ metadata: [String: String], _ entries: [(name: String, value: String)]
  ) -> String {
    let strings = metadata.sorted { $0.key < $1.key }.map { ($0.key, JSONText.quoted($0.value)) }
    let text =
      JSONText.object(strings) + JSONText.object(entries.sorted { $0.name < $1.name })
    return SHA256.hexadecimal(of: Array(text.utf8))
  }

  /// What the header says of one tensor.
  static func entry(shape: [Int], start: Int, end: Int, type: String = "F32") -> String {
    JSONText.object([
      ("dtype", JSONText.quoted(type)),
      ("shape", "[\(shape.map(String.init).joined(separator: ","))]"),
      ("data_offsets", "[\(start),\(end)]"),
    ])
  }

  /// The file's bytes; the same checkpoint always gives the same ones.
  public func serialized() -> [UInt8] {
    var values: [UInt8] = []
    values.reserveCapacity(tensors.reduce(0) { $0 + 4 * $1.values.count })
    var members: [(name: String, value: String)] = []
    for tensor in tensors {
      let start = values.count
      for value in tensor.values { append(value.bitPattern, to: &values) }
      members.append(
        (
          tensor.name,
          Self.entry(shape: Array(tensor.shape.extents), start: start, end: values.count)
        ))
    }
    var metadata = metadata
    metadata[Self.headerDigestKey] = Self.headerDigest(metadata, members)
    metadata[Self.digestKey] = SHA256.hexadecimal(of: values)
    let strings = metadata.sorted { $0.key < $1.key }.map { ($0.key, JSONText.quoted($0.value)) }
    var header = Array(
      JSONText.object([("__metadata__", JSONText.object(strings))] + members).utf8)
    // Spaces after the header let the values begin at a multiple of 8, as the format asks for.
    while !header.count.isMultiple(of: 8) { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + values.count)
    append(UInt64(header.count), to: &bytes)
    return bytes + header + values
  }

  /// Writes the file beside its place and then moves it there, on the disk at once or not at all.
  ///
  /// A write that fails, for want of space for instance, leaves the file that was there, and nothing
  /// beside it.
  public func write(to path: String) throws(TrainingError) {
    try OutputFile.replace(path, with: serialized())
  }

  private func append(_ value: some FixedWidthInteger & UnsignedInteger, to bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}

import Datasets
public import Tensors

/// Named arrays of numbers in a file: the safetensors format, which most frameworks read.
///
/// A file is the header's length (8 bytes, little-endian), a header of JSON and the values
/// (little-endian `F32`). The header tells each tensor's type, shape and place; strings about the
/// whole file stand under `__metadata__`. The SHA-256 of the values is one of them and is checked
/// when a file that has one is read.
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
          JSONText.object([
            ("dtype", "\"F32\""),
            ("shape", "[\(tensor.shape.extents.map(String.init).joined(separator: ","))]"),
            ("data_offsets", "[\(start),\(values.count)]"),
          ])
        ))
    }
    var metadata = metadata
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
  public func write(to path: String) throws(TrainingError) {
    let temporary = "\(path).partial"
    let file = try OutputFile(temporary, replaces: true)
    try file.write(serialized())
    try file.synchronize()
    try OutputFile.move(temporary, to: path)
  }

  private func append(_ value: some FixedWidthInteger & UnsignedInteger, to bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}

/// Writes events in the form of TensorBoard's files.
///
/// A file is a row of records (TFRecord): the length in 8 bytes, its checksum in 4, the data, its
/// checksum in 4, everything little-endian. A checksum is a CRC-32C, rotated to the right by 15 bits
/// and added to 0xA282EAD8, so that data which holds checksums can be checked too. The data is a
/// protocol buffer, `tensorflow.Event`, of which scalars need few fields:
///
///     Event:   1 wall_time (double)   2 step (int64)   3 file_version (string)
///              5 summary (Summary)    7 session_log (SessionLog)
///     Summary: 1 value (Value, repeated)     Value: 1 tag (string)   2 simple_value (float)
///     SessionLog: 1 status (1 = START)
struct TensorBoardEvents {
  private let crc = CRC32C()

  /// The record that a file begins with.
  func fileVersion(wallTime: Double) -> [UInt8] {
    record(event(wallTime: wallTime, step: 0) + Self.bytes(3, Array("brain.Event:2".utf8)))
  }

  /// The record of a process that begins at a step: readers forget what earlier files say of it and of
  /// later ones.
  func sessionStart(step: Int, wallTime: Double) -> [UInt8] {
    let start = Self.varint(1 << 3) + Self.varint(1)
    return record(event(wallTime: wallTime, step: step) + Self.bytes(7, start))
  }

  /// The record of some values at a step.
  func scalars(_ values: [(tag: String, value: Double)], step: Int, wallTime: Double) -> [UInt8] {
    let summary = values.flatMap { tag, value in
      Self.bytes(
        1,
        Self.bytes(1, Array(tag.utf8)) + Self.varint(2 << 3 | 5)
          + Self.littleEndian(Float(value).bitPattern))
    }
    return record(event(wallTime: wallTime, step: step) + Self.bytes(5, summary))
  }

  private func event(wallTime: Double, step: Int) -> [UInt8] {
    Self.varint(1 << 3 | 1) + Self.littleEndian(wallTime.bitPattern)
      + (step == 0 ? [] : Self.varint(2 << 3) + Self.varint(UInt64(step)))
  }

  private func record(_ data: [UInt8]) -> [UInt8] {
    let length = Self.littleEndian(UInt64(data.count))
    return length + checksum(length) + data + checksum(data)
  }

  private func checksum(_ bytes: [UInt8]) -> [UInt8] {
    let value = crc.checksum(bytes)
    return Self.littleEndian((value >> 15 | value << 17) &+ 0xA282_EAD8)
  }

  // MARK: - Protocol buffers

  /// A field of bytes: a string or a message.
  private static func bytes(_ field: UInt64, _ value: [UInt8]) -> [UInt8] {
    varint(field << 3 | 2) + varint(UInt64(value.count)) + value
  }

  /// Seven bits a byte, the lowest first; the highest bit says that more follow.
  private static func varint(_ value: UInt64) -> [UInt8] {
    var (value, bytes) = (value, [UInt8]())
    while value >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 128)
      value >>= 7
    }
    return bytes + [UInt8(value)]
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    stride(from: 0, to: value.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}

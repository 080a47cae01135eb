/// A tensor's share of an update over many tensors, as `Update.cu` reads it.
struct Segment: Hashable {
  /// The tensors that a segment has room for.
  static let tensorCapacity = 6

  /// The elements.
  let count: Int
  /// The position of the segment's first scalar, or of its first partial sum.
  var firstScalar = 0
  /// Where the tensors begin, in the units that the kernel counts.
  let tensors: [Int]
}

/// The tables of a kernel that goes over many tensors at once: what each tensor is, and which part of
/// which one a block does.
struct SegmentTable: Hashable {
  /// The elements of a block, `CHUNK` in `Update.cu`.
  static let chunk = 2048

  /// The segments, 14 words each: positions have two, the lower half first.
  let words: [Int32]
  /// A block's segment and first element, 2 words each.
  let blocks: [Int32]

  init(_ segments: [Segment]) {
    words = segments.flatMap { segment in
      precondition(
        segment.tensors.count <= Segment.tensorCapacity,
        "an update has room for \(Segment.tensorCapacity) tensors, found \(segment.tensors.count)")
      let padding = [Int](repeating: 0, count: Segment.tensorCapacity - segment.tensors.count)
      return [Int32(segment.count), Int32(segment.firstScalar)]
        + (segment.tensors + padding).flatMap { position in
          [Int32(truncatingIfNeeded: position), Int32(truncatingIfNeeded: position >> 32)]
        }
    }
    blocks = segments.enumerated().flatMap { number, segment in
      stride(from: 0, to: segment.count, by: Self.chunk).flatMap { [Int32(number), Int32($0)] }
    }
  }

  var blockCount: Int { blocks.count / 2 }

  /// The blocks that a number of elements takes.
  static func blockCount(_ count: Int) -> Int { (count + chunk - 1) / chunk }
}

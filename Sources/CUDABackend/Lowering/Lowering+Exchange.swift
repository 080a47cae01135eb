package import Networks
import Tensors

/// How a bucket's gradients are added up between processes, beside the rest of the backward phase.
package struct GradientExchange: Hashable, Sendable {
  /// The gradients, and the sums that they are added to.
  package let bucket: GradientBucket
  /// The mark of the backward phase behind which the gradients are whole.
  package let mark: Int
  /// What packs, sums and adds.
  package var commands: [Command]
}

extension Lowering {
  /// The positions of a graph's operations behind which one of the buckets is whole, ascending.
  ///
  /// The buckets may come from another way to write the same network, whose list is another one.
  static func cuts(_ graph: Graph, _ buckets: [GradientBucket]) -> [Int] {
    Set(lastWrites(graph, buckets)).sorted()
  }

  private static func lastWrites(_ graph: Graph, _ buckets: [GradientBucket]) -> [Int] {
    guard !buckets.isEmpty else { return [] }
    let last = graph.lastBackwardWrites
    return buckets.map { bucket in
      bucket.gradients.map { gradient in
        guard let position = last[gradient] else {
          preconditionFailure("nothing writes \(graph[gradient].name)")
        }
        return position
      }.max() ?? 0
    }
  }

  /// Exchanges of buckets, one after the other through one flat buffer.
  ///
  /// A launch copies the gradients into the buffer, the buffer is summed in place, a launch adds it to
  /// the sums. Neither uses scratch, which belongs to the phases.
  mutating func lower(_ buckets: [GradientBucket], _ cuts: [Int]) -> [GradientExchange] {
    let places = buckets.map { flatPlaces($0) }
    guard let largest = places.map(\.count).max() else { return [] }
    let buffer = allocate(byteCount: 4 * largest)
    let first = Int(buffer.rawValue) / 4
    let whole = Self.lastWrites(graph, buckets)
    let copy = UpdateProgram(.copy)
    let addition = UpdateProgram(.addition)
    return buckets.indices.map { index in
      let (bucket, place) = (buckets[index], places[index])
      func segments(_ slots: [Slot], isTarget: Bool) -> [Segment] {
        zip(slots, place.offsets).map { slot, offset in
          let pair = [floatOffset(slot), first + offset]
          return Segment(count: shape(slot).count, tensors: isTarget ? pair : pair.reversed())
        }
      }
      commands = []
      launch(copy, segments(bucket.gradients, isTarget: false))
      commands.append(.sum(buffer, count: place.count))
      launch(addition, segments(bucket.sums, isTarget: true))
      return GradientExchange(
        bucket: bucket, mark: cuts.firstIndex(of: whole[index]) ?? 0, commands: commands)
    }
  }

  /// Where each gradient begins in the flat buffer, in floats, and how many there are.
  ///
  /// 16 bytes at a time are moved, so each begins at a multiple of them. What lies between is summed too
  /// and used by nobody.
  private func flatPlaces(_ bucket: GradientBucket) -> (offsets: [Int], count: Int) {
    var (offsets, count) = ([Int](), 0)
    for gradient in bucket.gradients {
      offsets.append(count)
      count += (shape(gradient).count + 3) / 4 * 4
    }
    return (offsets, count)
  }
}

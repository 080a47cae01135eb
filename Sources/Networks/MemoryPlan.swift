/// Where each slot of a graph lies in one arena.
///
/// Persistent slots have bytes of their own. The others live from their first write to their last
/// use, and slots whose lives do not meet share bytes; on ResNet-20 that saves about half. A
/// training step's phases are one line of time (forward, backward, update), an evaluation is
/// another one over the same bytes.
public struct MemoryPlan: Hashable, Sendable {
  /// The first position of each slot, in the unit of the sizes given; `nil` for a slot that no
  /// operation uses.
  public let offsets: [Int?]
  /// The arena's size.
  public let size: Int
  /// What the slots would take without sharing.
  public let sizeWithoutSharing: Int

  /// Plans an arena.
  ///
  /// Slots are placed from the largest to the smallest, each at the lowest position that is free
  /// during its whole life.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - alignment: Every offset is a multiple of it, ≥ 1.
  ///   - sizes: A slot's size in the backend's own layout, ≥ 0.
  public init(_ graph: Graph, alignment: Int, sizes: (Slot) -> Int) {
    func aligned(_ size: Int) -> Int { (size + alignment - 1) / alignment * alignment }
    let lifetimes = Lifetime.all(of: graph)
    let slots = graph.slots.indices.map(Slot.init)
    var offsets = [Int?](repeating: nil, count: slots.count)
    var end = 0
    for slot in slots where graph[slot].isPersistent {
      offsets[slot.index] = end
      end += aligned(sizes(slot))
    }
    let shared = end
    var total = end
    var placed: [(lifetime: Lifetime, range: Range<Int>)] = []
    let transient = slots.filter { !graph[$0].isPersistent && lifetimes[$0.index] != nil }
      .map { (slot: $0, size: aligned(sizes($0))) }
      .sorted { ($1.size, $0.slot.index) < ($0.size, $1.slot.index) }
    for (slot, size) in transient {
      guard let lifetime = lifetimes[slot.index] else { continue }
      var offset = shared
      for other in placed where other.lifetime.overlaps(lifetime) {
        if offset + size <= other.range.lowerBound { break }
        offset = max(offset, other.range.upperBound)
      }
      offsets[slot.index] = offset
      total += size
      end = max(end, offset + size)
      placed.append((lifetime, offset..<offset + size))
      placed.sort {
        ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
      }
    }
    self.offsets = offsets
    self.size = end
    sizeWithoutSharing = total
  }
}

/// The operations between which a slot's values are needed.
private struct Lifetime: Hashable {
  enum Timeline {
    case training, evaluation
  }

  let timeline: Timeline
  var operations: ClosedRange<Int>

  func overlaps(_ other: Lifetime) -> Bool {
    timeline == other.timeline && operations.overlaps(other.operations)
  }

  static func all(of graph: Graph) -> [Lifetime?] {
    var lifetimes = [Lifetime?](repeating: nil, count: graph.slots.count)
    let training = [Graph.Phase.forward, .backward, .update].flatMap(graph.operations)
    for (timeline, ops) in [
      (Timeline.training, training), (.evaluation, graph.operations(.evaluate)),
    ] {
      for (time, op) in ops.enumerated() {
        for slot in op.reads + op.writes where !graph[slot].isPersistent {
          if let old = lifetimes[slot.index] {
            precondition(old.timeline == timeline, "\(graph[slot].name) is in two timelines")
            lifetimes[slot.index]?.operations = old.operations.lowerBound...time
          } else {
            lifetimes[slot.index] = Lifetime(timeline: timeline, operations: time...time)
          }
        }
      }
    }
    return lifetimes
  }
}

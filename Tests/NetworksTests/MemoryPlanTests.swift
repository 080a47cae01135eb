import Networks
import Tensors
import Testing

@Suite struct MemoryPlanTests {
  static let graph = Graph(
    network: .resNetCIFAR(depth: 20).fusingBatchNorm(),
    configuration: .init(batch: 8, height: 16, width: 16))

  static func size(_ slot: Slot) -> Int { graph[slot].shape.count }

  /// Runs both timelines and checks at each operation that nothing it reads was overwritten by
  /// another slot since it was written.
  @Test func slotsThatShareBytesNeverMeet() throws {
    let graph = Self.graph
    let plan = MemoryPlan(graph, alignment: 16, sizes: Self.size)
    for phases in [[Graph.Phase.forward, .backward, .update], [.evaluate]] {
      var owner = [Int](repeating: -1, count: plan.size)
      for op in phases.flatMap(graph.operations) {
        for slot in op.reads where !graph[slot].isPersistent {
          let offset = try #require(plan.offsets[slot.index])
          #expect(owner[offset] == slot.index && owner[offset + Self.size(slot) - 1] == slot.index)
        }
        for slot in op.writes {
          let offset = try #require(plan.offsets[slot.index])
          #expect(offset.isMultiple(of: 16) && offset + Self.size(slot) <= plan.size)
          for index in offset..<offset + Self.size(slot) {
            owner[index] = slot.index
          }
        }
      }
    }
  }

  @Test func sharingSavesMoreThanAThird() {
    let plan = MemoryPlan(Self.graph, alignment: 16, sizes: Self.size)
    #expect(3 * plan.size < 2 * plan.sizeWithoutSharing)
  }
}

import Networks
import Tensors
import Testing

@Suite struct GradientBucketTests {
  private static func graph(_ name: String = "resnet8") throws -> Graph {
    let entry = try #require(NetworkCatalog[name])
    return Graph(
      network: entry.network(imageChannels: 1, classes: 10),
      configuration: Graph.Configuration(batch: 2, height: 28, width: 28, accumulation: 2))
  }

  @Test(arguments: [1, 20_000, 100_000, 1 << 30]) func holdEveryGradientOnce(limit: Int) throws {
    let graph = try Self.graph()
    let buckets = graph.gradientBuckets(byteLimit: limit)
    #expect(
      Set(buckets.flatMap(\.gradients)) == Set(graph.parameters.map(\.gradient)))
    #expect(buckets.flatMap(\.gradients).count == graph.parameters.count)
    #expect(buckets.reduce(0) { $0 + $1.valueCount } == graph.parameterCount)
    for bucket in buckets {
      #expect(
        bucket.valueCount == bucket.gradients.reduce(0) { $0 + graph[$1].shape.count })
      #expect(bucket.byteCount <= limit || bucket.gradients.count == 1)
      for (gradient, sum) in zip(bucket.gradients, bucket.sums) {
        let parameter = try #require(graph.parameters.first { $0.gradient == gradient })
        #expect(parameter.gradientSum == sum)
      }
    }
    // Two neighbours would not fit into one.
    for (first, second) in zip(buckets, buckets.dropFirst()) {
      let next = try #require(second.gradients.first)
      #expect(first.byteCount + 4 * graph[next].shape.count > limit)
    }
    if limit == 1 { #expect(buckets.count == graph.parameters.count) }
    if limit == 1 << 30 { #expect(buckets.count == 1) }
  }

  @Test func comeInTheOrderOfTheBackwardPass() throws {
    let graph = try Self.graph()
    let buckets = graph.gradientBuckets(byteLimit: 20_000)
    #expect(buckets.count > 3)
    let operations = graph.operations(.backward)
    var earlier = -1
    for bucket in buckets {
      #expect(bucket.lastOperation >= earlier)
      earlier = bucket.lastOperation
      // The operation completes one of the gradients, and none behind it writes any.
      #expect(operations[bucket.lastOperation].writes.contains { bucket.gradients.contains($0) })
      for operation in operations[(bucket.lastOperation + 1)...] {
        #expect(!operation.writes.contains { bucket.gradients.contains($0) })
      }
    }
    // The classifier's gradient is there first, the first convolution's last.
    let names = buckets.flatMap(\.gradients).map { graph[$0].name }
    #expect(names.first?.contains("fc.") == true)
    #expect(names.last == "gradient of conv1.weight" || names.last?.contains("conv") == true)
  }

  @Test func runningStatisticsAreThoseOfBatchNorm() throws {
    let entry = try #require(NetworkCatalog["airbench94"])
    let choice = try #require(InitializationChoice("whitening"))
    let graph = Graph(
      network: try entry.network(imageChannels: 3, classes: 10).starting(with: choice),
      configuration: Graph.Configuration(batch: 2, height: 32, width: 32))
    let names = graph.runningStatistics.map { graph[$0].name }
    #expect(!names.isEmpty && Set(names).count == names.count)
    #expect(names.allSatisfy { $0.contains("running") })
    // Frozen filters are states too, which no batch moves.
    #expect(names.count < graph.states.count)
  }
}

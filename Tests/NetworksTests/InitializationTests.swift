import Networks
import Tensors
import Testing

@Suite struct InitializationTests {
  private func values(_ initialization: Initialization, seed: UInt64, index: Int) -> [Double] {
    var buffer = HostBuffer(count: 20_000)
    buffer.withMutableSpan { initialization.fill(&$0, seed: seed, index: index) }
    return buffer.withSpan { span in span.indices.map { Double(span[$0]) } }
  }

  @Test func heNormalHasItsVariance() {
    let values = values(.heNormal(fanIn: 144), seed: 1, index: 0)
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    #expect(abs(mean) < 0.005)
    #expect(abs(variance * 72 - 1) < 0.05)
  }

  @Test func uniformStaysInsideAndFillsItsRange() throws {
    let values = values(.uniform(fanIn: 16), seed: 1, index: 0)
    let (low, high) = (try #require(values.min()), try #require(values.max()))
    #expect(low >= -0.25 && low < -0.249 && high <= 0.25 && high > 0.249)
  }

  @Test func seedsAndParametersDiffer() {
    let first = values(.heNormal(fanIn: 9), seed: 1, index: 0)
    #expect(first == values(.heNormal(fanIn: 9), seed: 1, index: 0))
    #expect(first != values(.heNormal(fanIn: 9), seed: 2, index: 0))
    #expect(first != values(.heNormal(fanIn: 9), seed: 1, index: 1))
  }
}

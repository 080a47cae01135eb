import Tensors
import Testing

@Suite struct RandomStreamBetaTests {
  /// Mean ½ and variance 1/(4(2α + 1)).
  @Test(arguments: [0.05, 0.2, 0.4, 1, 2]) func hasItsMoments(alpha: Double) {
    var stream = RandomStream(seed: 6, purpose: .test)
    let values = (0..<20_000).map { _ in stream.nextBeta(alpha) }
    #expect(values.allSatisfy { 0...1 ~= $0 })
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    let expected = 1 / (4 * (2 * alpha + 1))
    #expect(abs(mean - 0.5) < 0.015)
    #expect(abs(variance / expected - 1) < 0.04)
  }

  @Test func noneIsAllOrNothing() {
    var stream = RandomStream(seed: 6, purpose: .test)
    let values = (0..<1_000).map { _ in stream.nextBeta(0) }
    #expect(Set(values) == [0, 1])
    #expect(abs(values.reduce(0, +) - 500) < 64)
  }

  @Test func takesNoMoreDrawsThanItSays() {
    var stream = RandomStream(seed: 6, purpose: .test)
    for _ in 0..<10_000 {
      let before = stream.position
      _ = stream.nextBeta(2)
      #expect(stream.position - before <= UInt64(RandomStream.largestBetaDraws))
    }
  }
}

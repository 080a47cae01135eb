import Tensors
import Testing

@Suite struct RandomStreamTests {
  @Test func drawsAreAFunctionOfThePosition() {
    var stream = RandomStream(seed: 5, purpose: .test, index: 3)
    let first = (0..<10).map { _ in stream.next() }
    #expect(first == (0..<10).map { stream.bits(at: $0) })
    stream.position = 4
    #expect(stream.next() == first[4])
    #expect(Set(first).count == 10)
  }

  @Test func keysSeparateStreams() {
    let streams = [
      RandomStream(seed: 0, purpose: .test), RandomStream(seed: 1, purpose: .test),
      RandomStream(seed: 0, purpose: .shuffle), RandomStream(seed: 0, purpose: .test, index: 1),
    ]
    #expect(Set(streams.map { $0.bits(at: 0) }).count == streams.count)
  }

  /// Pins the values: a change would change every training.
  @Test func valuesStay() {
    let stream = RandomStream(seed: 42, purpose: .initialization, index: 7)
    #expect(
      (0..<3).map { stream.bits(at: $0) } == [
        17_044_652_987_346_340_625, 15_869_100_352_930_609_089, 18_135_763_532_998_158_698,
      ])
  }

  @Test func uniformAndIntegers() {
    var stream = RandomStream(seed: 1, purpose: .test)
    let uniform = (0..<20_000).map { _ in stream.nextUniform() }
    #expect(uniform.allSatisfy { (0..<1).contains($0) })
    #expect(abs(uniform.reduce(0, +) / 20_000 - 0.5) < 0.01)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<21_000 {
      counts[stream.nextInteger(below: 7)] += 1
    }
    #expect(counts.allSatisfy { abs($0 - 3000) < 220 })
  }

  @Test func normalHasMeanZeroAndVarianceOne() {
    var stream = RandomStream(seed: 2, purpose: .test)
    let values = (0..<20_000).map { _ in stream.nextNormal() }
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(mean) < 0.03)
    #expect(abs(variance - 1) < 0.03)
  }
}

import Testing

@testable import Plotting

@Suite struct DecimationTests {
  @Test func gapsSplitRuns() {
    let a = Pixel(x: 1, y: 1)
    #expect(Decimation.runs([nil, a, a, nil, nil, a, nil]) == [[a, a], [a]])
    #expect(Decimation.runs([nil, nil]).isEmpty)
    #expect(Decimation.runs([]).isEmpty)
  }

  @Test func everyColumnKeepsItsEndsAndExtremes() {
    var state: UInt64 = 5
    let points = (0..<10_000).map { index -> Pixel in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Pixel(x: Double(index) / 100, y: Double(state >> 40))
    }
    let kept = Decimation.keepingExtremes(points, columnWidth: 1)
    #expect(kept.count <= 400)
    for column in 0..<100 {
      let all = points.filter { Int($0.x) == column }
      let left = kept.filter { Int($0.x) == column }
      #expect(left.first == all.first)
      #expect(left.last == all.last)
      #expect(left.map(\.y).min() == all.map(\.y).min())
      #expect(left.map(\.y).max() == all.map(\.y).max())
    }
    #expect(zip(kept, kept.dropFirst()).allSatisfy { $0.x < $1.x }, "the order stays")
  }

  @Test func fewPointsAndLoopsStay() {
    let few = (0..<4).map { Pixel(x: 0, y: Double($0)) }
    #expect(Decimation.keepingExtremes(few) == few)
    let loop = (0..<50).map { Pixel(x: Double($0 % 7) / 100, y: Double($0)) }
    #expect(Decimation.keepingExtremes(loop) == loop)
    #expect(Decimation.keepingExtremes([]).isEmpty)
  }

  @Test func constantColumnKeepsTwoPoints() {
    let flat = (0..<100).map { Pixel(x: Double($0) / 1000, y: 3) }
    #expect(Decimation.keepingExtremes(flat) == [flat[0], flat[99]])
  }

  @Test func filledLinesHaveNoLargeSteps() {
    let filled = Decimation.filled([Pixel(x: 0, y: 0), Pixel(x: 10, y: 3)], spacing: 2)
    #expect(filled.map(\.x) == [0, 2, 4, 6, 8, 10])
    #expect(Decimation.filled([], spacing: 2).isEmpty)
  }
}

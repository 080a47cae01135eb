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

  @Test func straightStretchesShrinkToTheirKnots() {
    let roof = (0...100).map { Pixel(x: Double($0), y: Double($0 < 30 ? $0 : 60 - $0)) }
    #expect(Decimation.straightened(roof) == [roof[0], roof[30], roof[100]])
    let steps = [(0.0, 5.0), (1, 5), (2, 5), (2, 1), (3, 1), (4, 1)].map { Pixel(x: $0, y: $1) }
    #expect(Decimation.straightened(steps) == [steps[0], steps[2], steps[3], steps[5]])
    let spike = (0...9).map { Pixel(x: Double($0), y: $0 == 5 ? 9 : 0) }
    #expect(Decimation.straightened(spike) == [0, 4, 5, 6, 9].map { spike[$0] })
    #expect(Decimation.straightened([]).isEmpty)
    #expect(Decimation.straightened([roof[3]]) == [roof[3]])
  }

  @Test func curvesStayWithinTheTolerance() {
    let curve = (0...400).map { index -> Pixel in
      let x = Double(index)
      return Pixel(x: x, y: (x - 200) * (x - 200) / 100)
    }
    let kept = Decimation.straightened(curve)
    #expect(kept.count < 150)
    for (start, end) in zip(kept, kept.dropFirst()) {
      for point in curve where point.x > start.x && point.x < end.x {
        let share = (point.x - start.x) / (end.x - start.x)
        #expect(abs(start.y * (1 - share) + end.y * share - point.y) <= 0.0501)
      }
    }
  }

  @Test func filledLinesHaveNoLargeSteps() {
    let filled = Decimation.filled([Pixel(x: 0, y: 0), Pixel(x: 10, y: 3)], spacing: 2)
    #expect(filled.map(\.x) == [0, 2, 4, 6, 8, 10])
    #expect(Decimation.filled([], spacing: 2).isEmpty)
  }
}

import Testing

@testable import Plotting

@Suite struct ThinningTests {
  @Test func everyStretchKeepsItsEndsAndExtremes() {
    let values = (0..<1000).map { Double($0 * 7919 % 1009) }
    let thinning = Thinning(values, length: 10)
    #expect(thinning.kept == thinning.kept.sorted())
    #expect(thinning.means.count == 100)
    for start in stride(from: 0, to: 1000, by: 10) {
      let stretch = start..<(start + 10)
      let kept = thinning.kept.filter(stretch.contains)
      #expect(kept.count <= 4 && kept.first == start && kept.last == start + 9)
      #expect(kept.map { values[$0] }.min() == values[stretch].min())
      #expect(kept.map { values[$0] }.max() == values[stretch].max())
      #expect(thinning.means[start / 10] == values[stretch].reduce(0, +) / 10)
    }
  }

  @Test func gapsStay() {
    let values: [Double] = [1, 2, .nan, .nan, .nan, 3, 9, 4, 5, 6, 7]
    let thinning = Thinning(values, length: 8)
    #expect(thinning.kept == [0, 1, 2, 4, 5, 6, 7, 8, 10])
    #expect(thinning.means == [19 / 5.0, 6])
    #expect(Thinning([.nan, .nan], length: 5).means[0].isNaN)
  }
}

import Testing

@testable import anneal

@Suite struct SparklineTests {
  private func line(_ values: [Double]) -> Sparkline {
    values.reduce(into: Sparkline()) { $0.append($1) }
  }

  @Test func drawsEachValueWhereThereIsRoom() {
    #expect(line([0, 1, 2, 3, 4, 5, 6, 7]).text(columns: 30) == "▁▂▃▄▅▆▇█")
    #expect(line([2, 1, 0]).text(columns: 30) == "█▅▁")
  }

  @Test func drawsMeansWhereThereIsLess() {
    #expect(line([0, 0, 7, 7, 0, 0]).text(columns: 3) == "▁█▁")
    #expect(line((0..<60).map(Double.init)).text(columns: 4) == "▂▄▅▇")
  }

  @Test func hasNothingToSayOfAConstantOrASingleValue() {
    for values: [Double] in [[], [1], [2, 2, 2]] { #expect(line(values).text(columns: 9).isEmpty) }
    #expect(line([1, 2]).text(columns: 1).isEmpty)
  }

  @Test func keepsTheWholeCourseOfALongTraining() {
    let text = line((0..<100_000).map { $0 < 50_000 ? 1 : 0 }).text(columns: 8)
    #expect(text == "████▁▁▁▁")
  }

  @Test func leavesOutWhatIsNotFinite() {
    #expect(line([1, .nan, 0, .infinity]).text(columns: 9) == "█▁")
  }
}

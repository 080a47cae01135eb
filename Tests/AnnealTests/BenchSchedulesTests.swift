import Foundation
import Testing

@testable import anneal

@Suite struct BenchSchedulesTests {
  private struct Report: Decodable {
    struct Texts: Decodable {
      var tried: Int
      var accepted: Int
      var notReadBack: Int
    }
    var lookupNanoseconds: Double
    var millionStepsMilliseconds: Double
    var texts: Texts?
  }

  @Test func everyAcceptedTextIsReadBack() throws {
    let test = TestConsole()
    test.run("bench", "schedules", "--texts", "20000", "--seed", "3", "--rounds", "1", "--json")
    let report = try JSONDecoder().decode(Report.self, from: Data(test.output.utf8))
    let texts = try #require(report.texts)
    #expect(texts.tried == 20_000 && texts.notReadBack == 0)
    #expect(texts.accepted > 5_000 && texts.accepted < 15_000)
  }

  @Test func textsDependOnTheSeedAlone() {
    var (one, two, other) = (
      RandomScheduleTexts(seed: 1), RandomScheduleTexts(seed: 1), RandomScheduleTexts(seed: 2)
    )
    let texts = (0..<50).map { _ in one.next() }
    #expect(texts == (0..<50).map { _ in two.next() })
    #expect(texts != (0..<50).map { _ in other.next() })
  }
}

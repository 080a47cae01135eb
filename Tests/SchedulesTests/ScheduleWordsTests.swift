import Schedules
import Testing

@Suite("Schedules in words")
struct ScheduleWordsTests {
  private static let cases: [(String, String)] = [
    (
      "onecycle(0.1,aligned=pytorch)",
      "from 0.004 up to 0.1 over 30% of the run minus 1 step along a cosine, "
        + "then from 0.1 down to 4e-07 over the rest along a cosine"
    ),
    (
      "sgdr(0.05,10ep,stretch=2,decay=0.9,count=3)",
      "(from 0.05 down to 0 over 10 epochs along a cosine) 3 times, each 2 times as long and "
        + "0.9 times as high above its end as the one before"
    ),
    (
      "step(0.1,30ep)",
      "(0.1 for 30 epochs) again and again, each 0.1 times as large as the one before"
    ),
    ("{1,2,3}@6st", "3 sampled values over 6 steps"),
    (
      "(0..1@1ep)[0.1..0.9]",
      "(from 0 up to 1 over 1 epoch in a straight line) kept between 0.1 and 0.9"
    ),
    ("(1)*2", "2 times (1 for the rest)"),
    ("(1)+(2)", "(1 for the rest) plus (2 for the rest)"),
    ("(1)until(5tok+2sp)", "(1 for the rest) for 2 samples plus 5 tokens"),
    ("1@0st,2@2rest", "1 for no time, then 2 for 2 shares of the rest"),
  ]

  @Test("As one reads them aloud", arguments: cases)
  func words(text: String, words: String) throws {
    #expect(try Schedule(parsing: text).inWords == words)
  }
}

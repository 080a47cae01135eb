import Schedules
import Testing

@Suite("Plans as text")
struct PlanTextTests {
  @Test("Words print as documented and read back equal")
  func words() throws {
    let plan = Plan {
      Scheduled(.learningRate, .oneCycle(peak: 0.4))
      Scheduled(.momentum) {
        Ramp(from: 0.95, to: 0.85, over: 30.percent); Ramp(from: 0.85, to: 0.95)
      }
      Scheduled(.learningRate, .constant(0.1)).group("stem", scaledBy: 0.5)
      Scheduled(.imageSize, roundedToMultipleOf: 32) {
        Hold(128, for: 13.epochs); Hold(224, for: 12.epochs); Hold(288)
      }
      Scheduled(.batchSize, .constant(64))
    }
    #expect(
      plan.words == [
        "lr=0.016..0.4@30%:cosine,0.4..1.6e-06:cosine", "momentum=0.95..0.85@30%,0.85..0.95",
        "stem:lr=(0.1)*0.5", "imageSize=128@13ep,224@12ep,288/32", "batchSize=64",
      ])
    #expect(try Plan(words: plan.words) == plan)
    #expect(Plan(plan.description) == plan)
    #expect(
      try Plan(words: ["learningRate=onecycle(peak=0.4,warmup=30%)"]).words == [plan.words[0]])
  }

  private static let errorCases: [([String], String)] = [
    (["lr"], "expected '=' at column 3 of 'lr', found the end"),
    (
      ["momentun=1"],
      "unknown hyper-parameter 'momentun' at column 1 of 'momentun=1'; did you mean 'momentum'?"
    ),
    (
      ["stem:learningrate=1"],
      "unknown hyper-parameter 'learningrate' at column 6 of 'stem:learningrate=1'; "
        + "did you mean 'learningRate'?"
    ),
    ([":lr=1"], "expected a group's name before ':' at column 1 of ':lr=1', found ':'"),
    (["lr=1", "lr=2"], "learningRate is scheduled twice"),
    (["lr=0.1/2"], "expected ',' or a modifier or the end at column 7 of 'lr=0.1/2', found '/'"),
    (
      ["imageSize=1/0"],
      "expected a whole number of at least 1 at column 13 of 'imageSize=1/0', found '0'"
    ),
    (
      ["imageSize=1/99999999999"],
      "imageSize: expected 1 to 1000000000 for multiple, found 99999999999"
    ),
    (
      ["lr=0..1:cosin"],
      "unknown curve 'cosin' at column 9 of 'lr=0..1:cosin'; did you mean 'cosine'?"
    ),
    (["=1"], "expected a hyper-parameter's name at column 1 of '=1', found '='"),
    (["stem:=1"], "expected a hyper-parameter's name at column 6 of 'stem:=1', found '='"),
  ]

  @Test(
    "Errors say what was expected, what was found and where",
    arguments: errorCases)
  func errors(words: [String], message: String) {
    do {
      let plan = try Plan(words: words)
      Issue.record("\(words) was read as \(plan)")
    } catch {
      #expect(error.description == message)
    }
  }
}

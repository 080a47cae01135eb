import Testing

@testable import anneal

@Suite struct ConsoleTests {
  @Test(
    arguments: [
      (120, [:], 120), (nil, [:], 80), (nil, ["COLUMNS": "132"], 132),
      (120, ["COLUMNS": "60"], 120),
      (nil, ["COLUMNS": "wide"], 80), (nil, ["COLUMNS": "-4"], 20), (3, [:], 20),
    ] as [(Int?, [String: String], Int)])
  func knowsItsWidth(terminal: Int?, environment: [String: String], width: Int) {
    let console = TestConsole(environment: environment, terminalColumns: terminal).console
    #expect(console.columns(of: console.output) == width)
  }

  @Test func printsOneJSONValueWithSortedKeys() throws {
    let test = TestConsole()
    try test.console.printJSON(["steps": 3.0, "bad": Double.nan, "path": 0.1])
    #expect(test.output == #"{"bad":"nan","path":0.1,"steps":3}"# + "\n")
  }
}

import Foundation
import Networks
import TestSupport
import Testing

@testable import anneal

@Suite struct SelfTestTests {
  private struct Row: Decodable {
    var backend: String
    var testCase: String
    var passes: Bool
  }

  /// Programs that are right, and programs that round to eight bits where nobody asked for it.
  private func group(_ precision: Precision) -> SelfTest.Group {
    let subject = SelfTest.Subject(name: "plain") { graph in
      var configuration = graph.configuration
      configuration.precision = precision
      return ReferenceProgram(Graph(network: graph.network, configuration: configuration))
    }
    return SelfTest.Group(
      precision: .float32, tolerance: { _ in .float32 },
      curveTolerance: LossCurve.Tolerance.float32, subjects: [subject])
  }

  @Test func passesWhatIsRight() throws {
    let test = TestConsole()
    let cases = Array(OpCase.all.prefix(2))
    #expect(
      try SelfTest.run([group(.float32)], cases, asJSON: false, test.console) == .done)
    let lines = test.output.split(separator: "\n")
    #expect(lines.count == 2 + 3 + 1)
    #expect(lines.last == "3 cases, 0 failed")
    #expect(lines.dropFirst(2).dropLast().allSatisfy { $0.hasPrefix("plain    float32    ") })
  }

  @Test func failsWhatIsNot() throws {
    let test = TestConsole()
    let cases = Array(OpCase.all.prefix(1))
    #expect(
      try SelfTest.run([group(.bfloat16)], cases, asJSON: false, test.console) == .failed)
    #expect(test.output.contains("FAILED: "))
    #expect(test.output.hasSuffix("2 cases, 2 failed\n"))
  }

  @Test func printsJSON() throws {
    let test = TestConsole()
    #expect(
      try SelfTest.run([group(.float32)], [], asJSON: true, test.console) == .done)
    let rows = try JSONDecoder().decode([Row].self, from: Data(test.output.utf8))
    #expect(rows.map(\.testCase) == ["losses of 50 steps"] && rows.allSatisfy(\.passes))
  }
}

import Testing

@testable import NotebookKit

@Suite struct WaitingTests {
  private struct Failure: Error, Equatable {}

  @Test func givesTheValue() {
    #expect(wait { await Task { 3 }.value } == 3)
  }

  @Test func throwsTheError() {
    #expect(throws: Failure.self) {
      try wait { () async throws(Failure) -> Int in throw Failure() }
    }
  }
}

import Foundation
import Testing

@testable import NotebookKit

@Suite struct WaitingTests {
  private struct Failure: Error, Equatable {}

  /// What a thread of its own comes to: a test that waits on one of Swift's threads would keep it from
  /// the task that it waits for.
  private func onAThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: body()) }.start()
    }
  }

  @Test func givesTheValue() async {
    #expect(await onAThread { wait { await Task { 3 }.value } } == 3)
  }

  @Test func throwsTheError() async {
    let result = await onAThread {
      Result { () throws(Failure) -> Int in
        try wait { () async throws(Failure) -> Int in throw Failure() }
      }
    }
    #expect(result == .failure(Failure()))
  }
}

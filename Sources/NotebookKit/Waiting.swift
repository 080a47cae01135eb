import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs asynchronous code and waits for its result; a cell has no `await` at its top level.
///
///     let (a, b) = wait { await (first(), second()) }
///
/// The code runs on Swift's own threads while the cell waits. An interrupt cancels its task, which code
/// that asks `Task.isCancelled` or sleeps notices.
///
/// - Parameter body: What to run.
/// - Returns: Its value.
/// - Throws: Its error.
public func wait<Value: Sendable, Failure: Error>(
  _ body: @escaping @Sendable () async throws(Failure) -> Value
) throws(Failure) -> Value {
  let box = ResultBox<Value, Failure>()
  let task = Task.detached {
    do throws(Failure) {
      box.put(.success(try await body()))
    } catch {
      box.put(.failure(error))
    }
  }
  while true {
    if let result = box.take() { return try result.get() }
    if isInterrupted { task.cancel() }
    // A semaphore would not see the interrupt; two milliseconds are not felt beside a compilation.
    usleep(2_000)
  }
}

/// Where a task leaves its result for the thread that waits.
private final class ResultBox<Value: Sendable, Failure: Error>: Sendable {
  private let result = Mutex<Result<Value, Failure>?>(nil)

  func put(_ value: Result<Value, Failure>) { result.withLock { $0 = value } }

  func take() -> Result<Value, Failure>? { result.withLock { $0 } }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs something on a thread of its own, of which nobody waits for the end.
///
/// A queue of Dispatch would do, but its workers are gone for good in the copy of a process that a
/// notebook goes on with after a crash, whereas a thread can always be started anew.
///
/// - Precondition: The system gives the process one more thread.
func startBackgroundThread(_ work: @escaping @Sendable () -> Void) {
  let box = unsafe Unmanaged.passRetained(WorkBox(work))
  #if canImport(Darwin)
  var thread: pthread_t?
  let error = unsafe pthread_create(&thread, nil, { unsafe runBox($0) }, box.toOpaque())
  #else
  var thread = pthread_t()
  let error = unsafe pthread_create(
    &thread, nil, { unsafe $0.flatMap { unsafe runBox($0) } }, box.toOpaque())
  #endif
  precondition(error == 0, "the system could not start a thread (error \(error))")
  #if canImport(Darwin)
  if let thread = unsafe thread { unsafe pthread_detach(thread) }
  #else
  pthread_detach(thread)
  #endif
}

/// What a thread is handed.
private final class WorkBox: Sendable {
  let work: @Sendable () -> Void

  init(_ work: @escaping @Sendable () -> Void) { self.work = work }
}

private func runBox(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  let box = unsafe Unmanaged<WorkBox>.fromOpaque(context).takeRetainedValue()
  box.work()
  return nil
}

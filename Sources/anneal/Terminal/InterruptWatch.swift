import Training

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Ends a run after the current step when somebody interrupts or terminates the program.
///
/// The two signals are held back while a run goes on and looked for after each step, which needs no
/// handler and no state outside this object. A run that is ended so writes its checkpoint.
final class InterruptWatch: Callback {
  private var signals = sigset_t()
  private var previous = sigset_t()
  private var isWatching = false

  func handle(_ event: Event, of trainer: Trainer) -> Directive {
    switch event {
    case .runBegan:
      unsafe sigemptyset(&signals)
      unsafe sigaddset(&signals, SIGINT)
      unsafe sigaddset(&signals, SIGTERM)
      isWatching = unsafe pthread_sigmask(SIG_BLOCK, &signals, &previous) == 0
    case .stepEnded: if isInterrupted { return .endRun(.interrupted) }
    case .runEnded:
      guard isWatching else { break }
      // The signal has been answered; it must not end the program once it is let through.
      if isInterrupted {
        var signal: CInt = 0
        unsafe sigwait(&signals, &signal)
      }
      isWatching = false
      unsafe pthread_sigmask(SIG_SETMASK, &previous, nil)
    case .epochBegan, .epochEnded: break
    }
    return .proceed
  }

  private var isInterrupted: Bool {
    guard isWatching else { return false }
    var pending = sigset_t()
    unsafe sigpending(&pending)
    return unsafe sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1
  }
}

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
/// The two signals are held back while the watch is there and looked for after each step, which needs
/// no handler and no state outside this object. A run that is ended so writes its checkpoint.
final class InterruptWatch: Callback {
  private var signals = sigset_t()
  private var previous = sigset_t()
  private let isWatching: Bool

  /// Holds the signals back for this thread and for the threads that it starts from now on.
  ///
  /// A thread that was there before would still take the signal, so the watch is made before what it
  /// watches.
  init() {
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe sigaddset(&signals, SIGTERM)
    isWatching = unsafe pthread_sigmask(SIG_BLOCK, &signals, &previous) == 0
  }

  deinit {
    guard isWatching else { return }
    // A signal that has been answered must not end the program once it is let through.
    while isInterrupted {
      var signal: CInt = 0
      guard unsafe sigwait(&signals, &signal) == 0 else { break }
    }
    unsafe pthread_sigmask(SIG_SETMASK, &previous, nil)
  }

  func handle(_ event: Event, of trainer: Trainer) -> Directive {
    if case .stepEnded = event, isInterrupted { return .endRun(.interrupted) }
    return .proceed
  }

  private var isInterrupted: Bool {
    var pending = sigset_t()
    unsafe sigemptyset(&pending)
    unsafe sigpending(&pending)
    return unsafe sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1
  }
}

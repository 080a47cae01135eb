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
/// SIGTERM and SIGUSR1 are held back while the watch is there and looked for after each step, which needs
/// no handler and no state outside this object. SIGINT is different, since a second one is to end the
/// program at once: the first is answered by a handler that is good for one signal and turns it into a
/// SIGUSR1. A run that is ended so writes its checkpoint.
final class InterruptWatch: Callback {
  private var signals = sigset_t()
  private var previous = sigset_t()
  private var previousInterrupt = sigaction()
  private let isWatching: Bool
  private let catchesInterrupts: Bool

  /// Holds the signals back for this thread and for the threads that it starts from now on.
  ///
  /// A thread that was there before would still take the signal, so the watch is made before what it
  /// watches, on the program's main thread, which is the one that the system hands a SIGINT.
  init() {
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGTERM)
    unsafe sigaddset(&signals, SIGUSR1)
    isWatching = unsafe pthread_sigmask(SIG_BLOCK, &signals, &previous) == 0
    // A program that was started with interrupts ignored, by nohup for instance, goes on ignoring them.
    unsafe sigaction(SIGINT, nil, &previousInterrupt)
    catchesInterrupts = isWatching && !Self.ignores(previousInterrupt)
    guard catchesInterrupts else { return }
    var action = sigaction()
    Self.setHandler(of: &action) { _ in raise(SIGUSR1) }
    action.sa_flags = CInt(truncatingIfNeeded: SA_RESETHAND) | CInt(SA_RESTART)
    unsafe sigaction(SIGINT, &action, nil)
  }

  deinit {
    if catchesInterrupts { unsafe sigaction(SIGINT, &previousInterrupt, nil) }
    guard isWatching else { return }
    // A signal that has been answered must not end the program once it is let through.
    while isInterrupted {
      var signal: CInt = 0
      guard unsafe sigwait(&signals, &signal) == 0 else { break }
    }
    unsafe pthread_sigmask(SIG_SETMASK, &previous, nil)
  }

  func handle(_ event: Event, of trainer: Trainer) -> Directive {
    switch event {
    case .runBegan, .stepEnded, .epochEnded: isInterrupted ? .endRun(.interrupted) : .proceed
    case .epochBegan, .runEnded: .proceed
    }
  }

  private var isInterrupted: Bool {
    var pending = sigset_t()
    unsafe sigemptyset(&pending)
    unsafe sigpending(&pending)
    return unsafe sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGUSR1) == 1
  }

  private static func setHandler(
    of action: inout sigaction, _ handler: @escaping @convention(c) (CInt) -> Void
  ) {
    #if canImport(Darwin)
    unsafe action.__sigaction_u.__sa_handler = handler
    #else
    unsafe action.__sigaction_handler.sa_handler = handler
    #endif
  }

  private static func ignores(_ action: sigaction) -> Bool {
    // The value that stands for ignoring is 1 on every system, and not the address of a function.
    #if canImport(Darwin)
    let handler = unsafe action.__sigaction_u.__sa_handler
    #else
    let handler = unsafe action.__sigaction_handler.sa_handler
    #endif
    return unsafe unsafeBitCast(handler, to: Int.self) == 1
  }
}

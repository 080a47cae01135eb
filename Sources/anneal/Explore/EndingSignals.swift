#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#elseif canImport(Darwin)
private import Darwin
#endif

/// Holds back the signals that ask the program to end, so that it ends between two answers.
final class EndingSignals {
  private var signals = sigset_t()
  private var previous = sigset_t()
  private let isHolding: Bool

  init() {
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe sigaddset(&signals, SIGTERM)
    isHolding = unsafe pthread_sigmask(SIG_BLOCK, &signals, &previous) == 0
  }

  deinit {
    guard isHolding else { return }
    // What has been answered must not end the program once it is let through.
    while isPending {
      var signal: CInt = 0
      guard unsafe sigwait(&signals, &signal) == 0 else { break }
    }
    unsafe pthread_sigmask(SIG_SETMASK, &previous, nil)
  }

  /// Whether somebody asked the program to end.
  var isPending: Bool {
    var pending = sigset_t()
    unsafe sigemptyset(&pending)
    unsafe sigpending(&pending)
    return unsafe sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1
  }
}

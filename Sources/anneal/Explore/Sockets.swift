#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#elseif canImport(Darwin)
private import Darwin
#endif

/// A socket that takes connections of this machine alone.
struct ListeningSocket: ~Copyable {
  let descriptor: Int32
  /// The port, also where any free one was asked for.
  let port: Int

  /// Listens on 127.0.0.1.
  ///
  /// - Parameter port: The port, 0…65535; 0 for any that is free.
  /// - Throws: `CommandError` with the system's reason.
  init(port: Int) throws(CommandError) {
    #if canImport(Glibc)
    let kind = Int32(SOCK_STREAM.rawValue)
    #else
    let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { throw Self.failure(port) }
    var yes: Int32 = 1
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
        unsafe bind(descriptor, general, length) == 0 && listen(descriptor, 64) == 0
          && getsockname(descriptor, general, &length) == 0
      }
    }
    guard isBound, Descriptors.makeNonBlocking(descriptor) else {
      let error = Self.failure(port)
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    self.port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }

  /// The next connection that waits; `nil` when none does.
  func accepted() -> Int32? {
    let connection = accept(descriptor, nil, nil)
    guard connection >= 0 else { return nil }
    guard Descriptors.makeNonBlocking(connection) else {
      close(connection)
      return nil
    }
    #if canImport(Darwin)
    // Elsewhere each send says that a client which has gone is no reason for a signal.
    var yes: Int32 = 1
    unsafe setsockopt(
      connection, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
    #endif
    return connection
  }

  private static func failure(_ port: Int) -> CommandError {
    .failure(
      .unavailable,
      "cannot listen on 127.0.0.1:\(port): \(unsafe String(cString: strerror(errno)))")
  }
}

/// What is done with the connections' descriptors.
enum Descriptors {
  /// What came in.
  enum Received: Hashable, Sendable {
    case bytes([UInt8])
    case nothing
    case end
  }

  static func receive(_ descriptor: Int32) -> Received {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0)
    }
    if count > 0 { return .bytes(Array(buffer[..<count])) }
    if count < 0, errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR { return .nothing }
    return .end
  }

  /// Sends what fits; `nil` for a connection that is broken.
  static func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int? {
    #if canImport(Darwin)
    let flags: Int32 = 0
    #else
    let flags = Int32(MSG_NOSIGNAL)
    #endif
    let count = unsafe bytes.withUnsafeBytes { buffer in
      #if canImport(Glibc)
      unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, flags)
      #elseif canImport(Musl)
      unsafe Musl.send(descriptor, buffer.baseAddress, buffer.count, flags)
      #else
      unsafe Darwin.send(descriptor, buffer.baseAddress, buffer.count, flags)
      #endif
    }
    if count >= 0 { return count }
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : nil
  }

  static func end(_ descriptor: Int32) { close(descriptor) }

  /// Says that nothing more will be sent.
  static func endSending(_ descriptor: Int32) {
    #if canImport(Glibc)
    shutdown(descriptor, Int32(SHUT_WR))
    #else
    shutdown(descriptor, SHUT_WR)
    #endif
  }

  /// Waits until one of the descriptors has something to read, or takes something, or time is up.
  static func wait(reading: [Int32], writing: [Int32], milliseconds: Int) {
    var places = reading.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    places += writing.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) }
    unsafe _ = poll(&places, nfds_t(places.count), Int32(milliseconds))
  }

  fileprivate static func makeNonBlocking(_ descriptor: Int32) -> Bool {
    fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 && fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0
  }
}

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

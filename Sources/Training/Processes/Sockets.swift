#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#elseif canImport(Darwin)
private import Darwin
#endif

/// A socket that takes connections of this machine alone.
package struct ListeningSocket: ~Copyable {
  package let descriptor: Int32
  /// The port, also where any free one was asked for.
  package let port: Int

  /// Listens on 127.0.0.1.
  ///
  /// - Parameter port: The port, 0…65535; 0 for any that is free.
  /// - Throws: `TrainingError.noSocket` with the system's reason.
  package init(port: Int) throws(TrainingError) {
    let descriptor = Descriptors.makeSocket()
    guard descriptor >= 0 else { throw Self.failure(port) }
    Descriptors.turnOn(SO_REUSEADDR, at: SOL_SOCKET, of: descriptor)
    var address = Descriptors.loopback(port: port)
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
  package func accepted() -> Int32? {
    let connection = accept(descriptor, nil, nil)
    guard connection >= 0 else { return nil }
    guard Descriptors.makeNonBlocking(connection) else {
      close(connection)
      return nil
    }
    #if canImport(Darwin)
    // Elsewhere each send says that a client which has gone is no reason for a signal.
    Descriptors.turnOn(SO_NOSIGPIPE, at: SOL_SOCKET, of: connection)
    #endif
    return connection
  }

  private static func failure(_ port: Int) -> TrainingError {
    .noSocket(port: port, reason: unsafe String(cString: strerror(errno)))
  }
}

/// What is done with the connections' descriptors.
package enum Descriptors {
  /// What came in.
  package enum Received: Hashable, Sendable {
    case bytes([UInt8])
    case nothing
    case end
  }

  package static func receive(_ descriptor: Int32) -> Received {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe receive(descriptor, into: $0) }
    guard let count else { return .end }
    return count == 0 ? .nothing : .bytes(Array(buffer[..<count]))
  }

  /// Receives what is there: 0 bytes for nothing yet; `nil` for a connection that has ended.
  static func receive(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
    if count > 0 { return count }
    return count < 0 && isPatient ? 0 : nil
  }

  /// Sends what fits; `nil` for a connection that is broken.
  package static func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int? {
    unsafe bytes.withUnsafeBytes { unsafe send($0, to: descriptor) }
  }

  static func send(_ buffer: UnsafeRawBufferPointer, to descriptor: Int32) -> Int? {
    #if canImport(Glibc)
    let count = unsafe Glibc.send(
      descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
    #elseif canImport(Musl)
    let count = unsafe Musl.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
    #else
    let count = unsafe Darwin.send(descriptor, buffer.baseAddress, buffer.count, 0)
    #endif
    if count >= 0 { return count }
    return isPatient ? 0 : nil
  }

  /// Whether the last call only says that it is too early.
  private static var isPatient: Bool {
    errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR
  }

  package static func end(_ descriptor: Int32) { close(descriptor) }

  /// Says that nothing more will be sent.
  package static func endSending(_ descriptor: Int32) {
    #if canImport(Glibc)
    shutdown(descriptor, Int32(SHUT_WR))
    #else
    shutdown(descriptor, SHUT_WR)
    #endif
  }

  /// Waits until one of the descriptors has something to read, or takes something, or time is up.
  package static func wait(reading: [Int32], writing: [Int32], milliseconds: Int) {
    var places = reading.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    places += writing.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) }
    unsafe _ = poll(&places, nfds_t(places.count), Int32(milliseconds))
  }

  /// Whether the other end has closed a connection, or has said that it sends nothing more.
  static func isClosed(_ descriptor: Int32) -> Bool {
    #if os(Linux)
    // `POLLRDHUP`, which not every module of the C library shows.
    let closing = Int16(0x2000)
    #else
    let closing = Int16(0)
    #endif
    var places = [pollfd(fd: descriptor, events: closing, revents: 0)]
    unsafe _ = poll(&places, 1, 0)
    return places[0].revents & (closing | Int16(POLLHUP | POLLERR)) != 0
  }

  /// A connection to a port of this machine; `nil` where nobody listens.
  static func connection(port: Int) -> Int32? {
    let descriptor = makeSocket()
    guard descriptor >= 0 else { return nil }
    #if canImport(Darwin)
    turnOn(SO_NOSIGPIPE, at: SOL_SOCKET, of: descriptor)
    #endif
    var address = loopback(port: port)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    // On one machine a connection is made, or refused, at once.
    let isConnected = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
        unsafe connect(descriptor, general, length) == 0
      }
    }
    guard isConnected, makeNonBlocking(descriptor) else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// Lets small messages leave at once: somebody waits for each of them.
  static func sendAtOnce(_ descriptor: Int32) {
    turnOn(TCP_NODELAY, at: Int32(IPPROTO_TCP), of: descriptor)
  }

  fileprivate static func makeSocket() -> Int32 {
    // A program that is started at this moment must not keep a connection open.
    #if canImport(Glibc)
    socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    #elseif canImport(Musl)
    socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)
    #else
    socket(AF_INET, SOCK_STREAM, 0)
    #endif
  }

  fileprivate static func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  fileprivate static func turnOn(_ option: Int32, at level: Int32, of descriptor: Int32) {
    var yes: Int32 = 1
    unsafe setsockopt(descriptor, level, option, &yes, socklen_t(MemoryLayout<Int32>.size))
  }

  fileprivate static func makeNonBlocking(_ descriptor: Int32) -> Bool {
    fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 && fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0
  }
}

import Networks

/// A line between two processes on which messages travel whole.
///
/// A message is a header of 16 bytes (what it is, the number of the exchange that it belongs to, its
/// length) and its bytes. Both ends are on one machine, so numbers are as the machine has them.
@safe
final class Connection {
  /// What a message is.
  enum Kind: UInt32, Sendable {
    // The high bytes tell messages from what strangers may send.
    case hello = 0x616E_6E01
    case welcome = 0x616E_6E02
    case values = 0x616E_6E03
    case gather = 0x616E_6E04
    case broadcast = 0x616E_6E05
    case end = 0x616E_6E06
  }

  /// Why a message does not come or go.
  enum Trouble: Error {
    /// The other end is closed.
    case closed
    /// The other end does nothing.
    case silent
    /// What came is not what should have come.
    case unexpected(String)
    /// The other end says that it, or another process, cannot go on.
    case ended(CollectiveError)
  }

  struct Header {
    var kind: UInt32
    var exchange: UInt32
    var byteCount: UInt64
  }

  /// The longest message beside values: a network of a billion parameters with its optimiser.
  private static let byteLimit = UInt64(1) << 34

  private let descriptor: Int32

  /// Takes a connection over.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    Descriptors.sendAtOnce(descriptor)
  }

  deinit { Descriptors.end(descriptor) }

  // MARK: - Messages

  /// Sends a message.
  func send(
    _ kind: Kind, _ exchange: UInt32, _ bytes: UnsafeRawBufferPointer, by deadline: Deadline
  ) throws(Trouble) {
    let header = [
      Header(kind: kind.rawValue, exchange: exchange, byteCount: UInt64(bytes.count))
    ]
    do throws(Trouble) {
      try unsafe header.span.withUnsafeBytes { (bytes) throws(Trouble) in
        try unsafe sendAll(bytes, by: deadline)
      }
      try unsafe sendAll(bytes, by: deadline)
    } catch {
      // Whoever closes a connection may have said why.
      if case .closed = error { try receiveEnd() }
      throw error
    }
  }

  /// Sends a short message.
  func send(
    _ kind: Kind, _ exchange: UInt32, _ bytes: [UInt8], by deadline: Deadline
  ) throws(Trouble) {
    try unsafe bytes.span.withUnsafeBytes { (bytes) throws(Trouble) in
      try unsafe send(kind, exchange, bytes, by: deadline)
    }
  }

  /// Receives a message of any length.
  func receive(
    _ kind: Kind, _ exchange: UInt32, limit: UInt64 = byteLimit, by deadline: Deadline
  ) throws(Trouble) -> [UInt8] {
    let count = try receiveHeader(kind, exchange, by: deadline)
    guard count <= limit else { throw .unexpected("\(count) bytes") }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    var span = bytes.mutableSpan
    try unsafe span.withUnsafeMutableBytes { (bytes) throws(Trouble) in
      try unsafe receiveAll(bytes, by: deadline)
    }
    return bytes
  }

  /// Receives the header of a message whose length is known.
  func receiveHeader(
    _ kind: Kind, _ exchange: UInt32, byteCount: Int, by deadline: Deadline
  ) throws(Trouble) {
    let count = try receiveHeader(kind, exchange, by: deadline)
    guard count == UInt64(byteCount) else {
      throw .unexpected("\(count) bytes in the place of \(byteCount)")
    }
  }

  private func receiveHeader(
    _ kind: Kind, _ exchange: UInt32, by deadline: Deadline
  ) throws(Trouble) -> UInt64 {
    var headers = [Header(kind: 0, exchange: 0, byteCount: 0)]
    var span = headers.mutableSpan
    try unsafe span.withUnsafeMutableBytes { (bytes) throws(Trouble) in
      try unsafe receiveAll(bytes, by: deadline)
    }
    let header = headers[0]
    guard let found = Kind(rawValue: header.kind) else { throw .unexpected("no message") }
    if found == .end { throw .ended(try endMessage(byteCount: header.byteCount)) }
    guard found == kind, header.exchange == exchange else {
      throw .unexpected("\(found) \(header.exchange) in the place of \(kind) \(exchange)")
    }
    return header.byteCount
  }

  // MARK: - Ending

  /// Says why there will be no more messages; whether it arrives is not waited for.
  func sendEnd(_ error: CollectiveError) {
    try? send(.end, 0, EndMessage.bytes(error), by: Deadline(seconds: 1))
    Descriptors.endSending(descriptor)
  }

  /// Takes in what still comes, so that closing the connection loses nothing on its way to the
  /// other end.
  func drain(by deadline: Deadline) {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe bytes.withUnsafeMutableBytes {
        unsafe Descriptors.receive(descriptor, into: $0)
      }
      guard let count, !deadline.isOver else { return }
      if count == 0 {
        Descriptors.wait(reading: [descriptor], writing: [], milliseconds: deadline.milliseconds)
      }
    }
  }

  /// Whether the other end sends nothing more; what it sent before may still wait here.
  var isClosed: Bool { Descriptors.isClosed(descriptor) }

  /// Throws why the other end is closed.
  func checkEnd() throws(Trouble) {
    try receiveEnd()
    throw .closed
  }

  /// Throws what the other end said before it closed, if it said anything.
  private func receiveEnd() throws(Trouble) {
    do throws(Trouble) {
      _ = try receiveHeader(.end, 0, by: Deadline(seconds: 1))
    } catch {
      if case .ended = error { throw error }
    }
  }

  private func endMessage(byteCount: UInt64) throws(Trouble) -> CollectiveError {
    guard byteCount <= 65_536 else { throw .unexpected("\(byteCount) bytes") }
    var bytes = [UInt8](repeating: 0, count: Int(byteCount))
    var span = bytes.mutableSpan
    try unsafe span.withUnsafeMutableBytes { (bytes) throws(Trouble) in
      try unsafe receiveAll(bytes, by: Deadline(seconds: 1))
    }
    guard let error = EndMessage.error(bytes) else { throw .unexpected("no reason") }
    return error
  }

  // MARK: - Bytes

  private func sendAll(
    _ bytes: UnsafeRawBufferPointer, by deadline: Deadline
  ) throws(Trouble) {
    var sent = 0
    while sent < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[sent...])
      guard let count = unsafe Descriptors.send(rest, to: descriptor) else { throw .closed }
      sent += count
      guard count == 0 else { continue }
      guard !deadline.isOver else { throw .silent }
      Descriptors.wait(reading: [], writing: [descriptor], milliseconds: deadline.milliseconds)
    }
  }

  /// Fills a buffer.
  func receiveAll(
    _ bytes: UnsafeMutableRawBufferPointer, by deadline: Deadline
  ) throws(Trouble) {
    var received = 0
    while received < bytes.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[received...])
      guard let count = unsafe Descriptors.receive(descriptor, into: rest) else { throw .closed }
      received += count
      guard count == 0 else { continue }
      guard !deadline.isOver else { throw .silent }
      Descriptors.wait(reading: [descriptor], writing: [], milliseconds: deadline.milliseconds)
    }
  }
}

/// A moment after which nobody waits any longer.
struct Deadline: Sendable {
  private let end: ContinuousClock.Instant

  init(seconds: Double) { end = .now + .seconds(seconds) }

  var isOver: Bool { ContinuousClock.now >= end }

  /// Until then, 1 to 1,000: waits are cut so that none misses its end by much.
  var milliseconds: Int {
    let rest = (end - .now) / .milliseconds(1)
    return min(max(Int(rest), 1), 1_000)
  }
}

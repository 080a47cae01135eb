public import Networks
import Tensors

/// Processes of one machine that talk through connections to process 0.
///
/// Process 0 takes the others' values in the order of their ranks, adds them, and sends the sums back: the
/// bits are those of one process that adds the same values one after the other, whoever is slow. It moves
/// all values through one process, which is good for a few processes on one machine, where a copy is
/// cheap; more of them, or GPUs, want another collective beside the same small messages.
///
/// A process that dies is noticed by its closed connection, one that hangs when a time limit is over;
/// process 0 then tells the others, and all of them throw the same.
@safe
public final class LoopbackCollective: Collective {
  /// How long others are waited for.
  public struct Limits: Hashable, Sendable {
    /// Seconds until all processes are there, > 0.
    public var meeting: Double
    /// Seconds that an answer may take, > 0: the longest time for which one process may be busy while
    /// the others wait, writing a checkpoint for instance.
    public var answer: Double

    /// Makes limits.
    public init(meeting: Double = 60, answer: Double = 600) {
      self.meeting = meeting
      self.answer = answer
    }
  }

  /// The number of this process.
  public let rank: Int
  /// The processes.
  public let count: Int
  /// On process 0 those to the others, by rank − 1; elsewhere the one to process 0.
  private let connections: [Connection]
  /// How long others are waited for.
  public let limits: Limits
  /// The number of the next exchange: whoever is at another one is in another training, or in
  /// another place of this one.
  private var exchange: UInt32 = 0
  /// Why there is nothing more to be had.
  private var failure: CollectiveError?
  /// Values on their way into the totals.
  private var arriving = HostBuffer(count: 65_536)

  init(rank: Int, count: Int, connections: [Connection], limits: Limits) {
    self.rank = rank
    self.count = count
    self.connections = connections
    self.limits = limits
  }

  /// Adds every process's values to totals, one process after the other.
  public func add(
    _ values: Span<Float>, onto totals: inout MutableSpan<Float>
  ) throws(CollectiveError) {
    precondition(
      values.count == totals.count, "\(values.count) values for \(totals.count) totals")
    let (exchange, deadline) = try begin()
    if rank == 0 {
      for index in totals.indices { totals[index] += values[index] }
      for peer in 1..<count {
        try with(peer) { (connection) throws(Connection.Trouble) in
          try receive(connection, exchange, onto: &totals, by: deadline)
        }
      }
      for peer in 1..<count {
        try with(peer) { (connection) throws(Connection.Trouble) in
          try unsafe totals.span.withUnsafeBytes { (bytes) throws(Connection.Trouble) in
            try unsafe connection.send(.values, exchange, bytes, by: deadline)
          }
        }
      }
    } else {
      try with(0) { (connection) throws(Connection.Trouble) in
        try unsafe values.withUnsafeBytes { (bytes) throws(Connection.Trouble) in
          try unsafe connection.send(.values, exchange, bytes, by: deadline)
        }
        try connection.receiveHeader(
          .values, exchange, byteCount: 4 * totals.count, by: deadline)
        try unsafe totals.withUnsafeMutableBytes { (bytes) throws(Connection.Trouble) in
          try unsafe connection.receiveAll(bytes, by: deadline)
        }
      }
    }
  }

  private func receive(
    _ connection: Connection, _ exchange: UInt32, onto totals: inout MutableSpan<Float>,
    by deadline: Deadline
  ) throws(Connection.Trouble) {
    try connection.receiveHeader(.values, exchange, byteCount: 4 * totals.count, by: deadline)
    var first = 0
    while first < totals.count {
      let count = min(arriving.count, totals.count - first)
      try arriving.withMutableSpan { (values) throws(Connection.Trouble) in
        try unsafe values.withUnsafeMutableBytes { (bytes) throws(Connection.Trouble) in
          try unsafe connection.receiveAll(
            UnsafeMutableRawBufferPointer(rebasing: bytes[..<(4 * count)]), by: deadline)
        }
        for index in 0..<count { totals[first + index] += values[index] }
      }
      first += count
    }
  }

  /// Tells everybody what everybody has to say.
  public func gather(_ message: [UInt8]) throws(CollectiveError) -> [[UInt8]] {
    let (exchange, deadline) = try begin()
    guard rank == 0 else {
      let all = try with(0) { (connection) throws(Connection.Trouble) in
        try connection.send(.gather, exchange, message, by: deadline)
        return try connection.receive(.gather, exchange, by: deadline)
      }
      guard let messages = MessageList(bytes: all)?.messages, messages.count == count else {
        throw fail(.disagreement(rank: rank, expected: "\(count) messages", found: "others"))
      }
      return messages
    }
    var messages = [message]
    for peer in 1..<count {
      messages.append(
        try with(peer) { (connection) throws(Connection.Trouble) in
          try connection.receive(.gather, exchange, by: deadline)
        })
    }
    let all = MessageList(messages: messages).bytes
    for peer in 1..<count {
      try with(peer) { (connection) throws(Connection.Trouble) in
        try connection.send(.gather, exchange, all, by: deadline)
      }
    }
    return messages
  }

  /// Tells everybody what rank 0 has to say.
  public func broadcast(_ message: [UInt8]) throws(CollectiveError) -> [UInt8] {
    let (exchange, deadline) = try begin()
    guard rank == 0 else {
      return try with(0) { (connection) throws(Connection.Trouble) in
        try connection.receive(.broadcast, exchange, by: deadline)
      }
    }
    for peer in 1..<count {
      try with(peer) { (connection) throws(Connection.Trouble) in
        try connection.send(.broadcast, exchange, message, by: deadline)
      }
    }
    return message
  }

  /// Looks whether a connection has been closed at its other end: everywhere to process 0, there to
  /// all others.
  public func check() throws(CollectiveError) {
    if let failure { throw failure }
    for (index, connection) in connections.enumerated() where connection.isClosed {
      try with(rank == 0 ? index + 1 : 0) { (connection) throws(Connection.Trouble) in
        try connection.checkEnd()
      }
    }
  }

  /// Lets the others know that this process cannot go on.
  public func abandon(_ reason: String) {
    guard failure == nil else { return }
    _ = fail(.failed(rank: rank, reason: reason))
  }

  // MARK: - Failing

  private func begin() throws(CollectiveError) -> (exchange: UInt32, deadline: Deadline) {
    if let failure { throw failure }
    exchange &+= 1
    // The others wait for process 0, which may be waiting for one of them: it is to say whom.
    return (exchange, Deadline(seconds: rank == 0 ? limits.answer : 2 * limits.answer))
  }

  /// Does something with the connection to a process, and ends everything where that fails.
  private func with<Result>(
    _ peer: Int, _ body: (Connection) throws(Connection.Trouble) -> Result
  ) throws(CollectiveError) -> Result {
    do throws(Connection.Trouble) {
      return try body(connections[rank == 0 ? peer - 1 : 0])
    } catch {
      throw fail(
        CollectiveError(error, of: peer, seconds: limits.answer, exchange: "\(exchange)"))
    }
  }

  /// Remembers that it is over and tells the others, by way of process 0.
  private func fail(_ error: CollectiveError) -> CollectiveError {
    failure = error
    for connection in connections { connection.sendEnd(error) }
    let deadline = Deadline(seconds: 2)
    for connection in connections { connection.drain(by: deadline) }
    return error
  }
}

extension CollectiveError {
  /// What trouble with the connection to a process means.
  init(_ trouble: Connection.Trouble, of peer: Int, seconds: Double, exchange: String) {
    self =
      switch trouble {
      case .closed: .lost(rank: peer)
      case .silent: .silent(rank: peer, seconds: seconds)
      case .unexpected(let found):
        .disagreement(rank: peer, expected: "exchange \(exchange)", found: found)
      case .ended(let error): error
      }
  }
}

/// Messages of several processes in one.
struct MessageList {
  var messages: [[UInt8]]

  init(messages: [[UInt8]]) { self.messages = messages }

  /// The length of each, in 8 bytes, before it.
  var bytes: [UInt8] {
    messages.reduce(into: []) { bytes, message in
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: message.count >> shift))
      }
      bytes += message
    }
  }

  /// Reads them back; nil for bytes that are no such list.
  init?(bytes: [UInt8]) {
    messages = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard rest.count >= 8 else { return nil }
      let length = rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      rest = rest.dropFirst(8)
      guard length <= UInt64(rest.count) else { return nil }
      messages.append(Array(rest.prefix(Int(length))))
      rest = rest.dropFirst(Int(length))
    }
  }
}

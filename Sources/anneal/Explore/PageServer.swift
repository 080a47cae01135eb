/// Answers browsers on one thread: it waits for whichever connection has something to do.
struct PageServer: ~Copyable {
  /// The most connections at a time; browsers open a few each.
  static let connectionLimit = 64
  /// Seconds that a request may take to arrive, and a kept connection may rest.
  static let patience = 15.0
  /// Bytes that a slow reader of events may be behind.
  static let backlogLimit = 8_000_000
  /// Milliseconds between looks at the runs.
  static let period = 250

  private struct Connection {
    var parser = RequestParser()
    var output: [UInt8] = []
    /// How much of the output is sent.
    var sent = 0
    var isStream = false
    /// Nothing more is read; what is left to send is.
    var isEnding = false
    var lastSeen: Double
  }

  private let socket: ListeningSocket
  private var explorer: Explorer
  private var connections: [Int32: Connection] = [:]
  private let now: @Sendable () -> Double
  private var nextLook = 0.0
  private var nextBeat = 0.0

  init(
    _ socket: consuming ListeningSocket, explorer: Explorer, now: @escaping @Sendable () -> Double
  ) {
    self.socket = socket
    self.explorer = explorer
    self.now = now
  }

  deinit { for descriptor in connections.keys { Descriptors.end(descriptor) } }

  /// Serves until a signal asks for the end.
  mutating func run(until signals: EndingSignals) {
    while !signals.isPending {
      let waiting = connections.filter { $0.value.sent < $0.value.output.count }
      Descriptors.wait(
        reading: [socket.descriptor] + connections.filter { !$0.value.isEnding }.keys.sorted(),
        writing: waiting.keys.sorted(), milliseconds: Self.period)
      let time = now()
      accept(at: time)
      for descriptor in connections.keys.sorted() {
        guard var connection = connections.removeValue(forKey: descriptor) else { continue }
        if serve(&connection, descriptor, at: time) {
          connections[descriptor] = connection
        } else {
          Descriptors.end(descriptor)
        }
      }
      if time >= nextLook {
        nextLook = time + Double(Self.period) / 1000
        broadcast(explorer.poll().map(\.text).joined())
      }
      if time >= nextBeat {
        // A connection whose page has gone is noticed by writing to it.
        nextBeat = time + Self.patience
        broadcast(": still here\n\n")
      }
    }
  }

  private mutating func accept(at time: Double) {
    while let descriptor = socket.accepted() {
      var connection = Connection(lastSeen: time)
      if connections.count >= Self.connectionLimit {
        connection.isEnding = true
        connection.output = HTTPResponse(status: 503, "too many connections\n")
          .bytes(keepsAlive: false)
      }
      connections[descriptor] = connection
    }
  }

  private mutating func broadcast(_ text: String) {
    guard !text.isEmpty else { return }
    for descriptor in connections.keys where connections[descriptor]?.isStream == true {
      connections[descriptor]?.output += Array(text.utf8)
    }
  }

  /// Reads, answers and sends; whether the connection stays.
  private func serve(
    _ connection: inout Connection, _ descriptor: Int32, at time: Double
  ) -> Bool {
    if !connection.isEnding {
      switch Descriptors.receive(descriptor) {
      case .bytes(let bytes):
        connection.lastSeen = time
        if !connection.isStream { connection.parser.append(bytes) }
      case .nothing: break
      case .end: return false
      }
      answer(&connection)
    }
    let rest = connection.output[connection.sent...]
    if !rest.isEmpty {
      guard let count = Descriptors.send(rest, to: descriptor) else { return false }
      connection.sent += count
      if count > 0 { connection.lastSeen = time }
      if connection.output.count - connection.sent > Self.backlogLimit { return false }
    }
    if connection.sent == connection.output.count {
      (connection.output, connection.sent) = ([], 0)
      if connection.isEnding { return false }
      if connection.isStream { return true }
    }
    if time - connection.lastSeen <= Self.patience { return true }
    // One that stopped in the middle of a request is told; one that rests is closed.
    guard connection.parser.isInside, !connection.isEnding else { return false }
    connection.isEnding = true
    connection.lastSeen = time
    connection.output += HTTPResponse(status: 408, "the request took too long\n")
      .bytes(keepsAlive: false)
    return true
  }

  private func answer(_ connection: inout Connection) {
    while !connection.isStream, !connection.isEnding {
      do throws(RequestParser.Refusal) {
        guard let request = try connection.parser.next() else { return }
        let response = explorer.response(to: request)
        connection.output += response.bytes(
          includesBody: request.method != .head, keepsAlive: request.keepsAlive)
        connection.isStream = response.isStream && request.method != .head
        connection.isEnding = !connection.isStream && (!request.keepsAlive || response.isStream)
      } catch {
        connection.output += HTTPResponse(error).bytes(keepsAlive: false)
        connection.isEnding = true
      }
    }
  }
}

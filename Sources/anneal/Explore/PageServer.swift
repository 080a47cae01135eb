import Training

/// Answers browsers on one thread: it waits for whichever connection has something to do.
struct PageServer: ~Copyable {
  /// The most connections that are answered at a time; browsers open a few each.
  static let connectionLimit = 64
  /// Milliseconds between looks at the runs.
  static let period = 250

  private let socket: ListeningSocket
  private var explorer: Explorer
  private var connections: [Int32: PageConnection] = [:]
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

  /// How many connections are open.
  var connectionCount: Int { connections.count }

  /// Serves until a signal asks for the end.
  mutating func run(until signals: EndingSignals) {
    while !signals.isPending { turn(milliseconds: Self.period) }
  }

  /// Waits until there is something to do, for so long at most, and does it.
  mutating func turn(milliseconds: Int) {
    // What is beyond the connections that are told to come later waits in the system's queue.
    let takesMore = connections.count < 2 * Self.connectionLimit
    Descriptors.wait(
      reading: (takesMore ? [socket.descriptor] : [])
        + connections.filter { $0.value.isReading }.keys.sorted(),
      writing: connections.filter { $0.value.pendingCount > 0 }.keys.sorted(),
      milliseconds: milliseconds)
    let time = now()
    accept(at: time)
    for descriptor in connections.keys.sorted() {
      guard var connection = connections.removeValue(forKey: descriptor) else { continue }
      if connection.serve(descriptor, at: time, answer: explorer.response) {
        connections[descriptor] = connection
      } else {
        Descriptors.end(descriptor)
      }
    }
    if time >= nextLook {
      nextLook = time + Double(Self.period) / 1000
      broadcast(explorer.poll().map(\.text).joined(), at: time)
    }
    if time >= nextBeat {
      // A connection whose page has gone is noticed by writing to it.
      nextBeat = time + PageConnection.patience
      broadcast(": still here\n\n", at: time)
    }
  }

  private mutating func accept(at time: Double) {
    while connections.count < 2 * Self.connectionLimit, let descriptor = socket.accepted() {
      connections[descriptor] =
        connections.count < Self.connectionLimit
        ? PageConnection(at: time) : PageConnection(refusedAt: time)
    }
  }

  private mutating func broadcast(_ text: String, at time: Double) {
    guard !text.isEmpty else { return }
    let bytes = Array(text.utf8)
    for descriptor in connections.keys { connections[descriptor]?.broadcast(bytes, at: time) }
  }
}

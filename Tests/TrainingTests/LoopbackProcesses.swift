import Dispatch
import Networks
import Synchronization

@testable import Training

/// Ranks of a collective as threads of this process, which meet on a free port.
enum LoopbackProcesses {
  /// Long enough for a busy machine, and for nobody to wait for it.
  static let limits = LoopbackCollective.Limits(meeting: 60, answer: 60)

  /// The work and what came of it, handed between threads.
  private final class Board<Value: Sendable>: Sendable {
    private let kept: Mutex<(port: Int, results: [Result<Value, any Error>?])>
    private let ready = DispatchSemaphore(value: 0)

    init(_ count: Int) {
      kept = Mutex((0, [Result<Value, any Error>?](repeating: nil, count: count)))
    }

    func publish(port: Int, readers: Int) {
      kept.withLock { $0.port = port }
      for _ in 0..<readers { ready.signal() }
    }

    func waitForPort() -> Int {
      ready.wait()
      return kept.withLock { $0.port }
    }

    func put(_ result: Result<Value, any Error>, rank: Int) {
      kept.withLock { $0.results[rank] = result }
    }

    var results: [Result<Value, any Error>?] { kept.withLock { $0.results } }
  }

  /// Runs `body` in as many threads as there are ranks.
  ///
  /// - Parameters:
  ///   - count: The ranks.
  ///   - absent: Ranks that never come.
  ///   - limits: How long a rank waits for others.
  ///   - identity: What a rank says it is about.
  ///   - name: The rank that a thread says it is.
  ///   - body: A rank's work.
  /// - Returns: What came of each rank's; nil for those that never came.
  static func run<Value: Sendable>(
    _ count: Int, absent: Set<Int> = [],
    limits: @escaping @Sendable (Int) -> LoopbackCollective.Limits = { _ in limits },
    identity: @escaping @Sendable (Int) -> String = { _ in "one recipe" },
    as name: @escaping @Sendable (Int) -> Int = { $0 },
    _ body: @escaping @Sendable (LoopbackCollective) throws -> Value
  ) -> [Result<Value, any Error>?] {
    let board = Board<Value>(count)
    let group = DispatchGroup()
    for rank in 0..<count where !absent.contains(rank) {
      let queue = DispatchQueue(label: "rank \(rank)")
      queue.async(group: group) {
        board.put(
          Result {
            try body(
              meet(
                name(rank), of: count, on: board, limits: limits(rank), identity: identity(rank)))
          }, rank: rank)
      }
    }
    group.wait()
    return board.results
  }

  private static func meet<Value: Sendable>(
    _ rank: Int, of count: Int, on board: Board<Value>, limits: LoopbackCollective.Limits,
    identity: String
  ) throws -> LoopbackCollective {
    guard rank == 0 else {
      let place = ProcessPlace(
        rank: rank, count: count, port: board.waitForPort(), session: "test")
      return try LoopbackCollective(place, identity: identity, limits: limits)
    }
    let socket = try ListeningSocket(port: 0)
    let place = ProcessPlace(rank: 0, count: count, port: socket.port, session: "test")
    board.publish(port: socket.port, readers: count - 1)
    return try LoopbackCollective(socket, place, identity: identity, limits: limits)
  }

  /// The errors' descriptions; "done" for ranks that came to the end.
  static func endings<Value>(_ results: [Result<Value, any Error>?]) -> [String] {
    results.map { result in
      switch result {
      case .success: "done"
      case .failure(let error): "\(error)"
      case nil: "absent"
      }
    }
  }
}

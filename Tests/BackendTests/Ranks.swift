import Dispatch
import Networks
import Synchronization

@testable import Training

/// The processes of a training as threads of this one.
enum Ranks {
  /// What threads leave for each other.
  private final class Board<Value: Sendable>: Sendable {
    let results = Mutex<[Int: Result<Value, any Error>]>([:])
    let port = Mutex(0)
    let isListening = DispatchSemaphore(value: 0)
  }

  /// Runs `body` in a thread for each rank.
  ///
  /// - Parameters:
  ///   - count: The ranks.
  ///   - body: A rank's work, with its end of a collective through the host.
  /// - Returns: What came of each.
  /// - Throws: The first rank's error.
  static func run<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (LoopbackCollective) throws -> Value
  ) throws -> [Value] {
    let board = Board<Value>()
    let group = DispatchGroup()
    for rank in 0..<count {
      DispatchQueue(label: "rank \(rank)").async(group: group) {
        let result = Result { try body(meet(rank, of: count, on: board)) }
        board.results.withLock { $0[rank] = result }
      }
    }
    group.wait()
    return try board.results.withLock { results in
      try (0..<count).compactMap { try results[$0]?.get() }
    }
  }

  private static func meet<Value: Sendable>(
    _ rank: Int, of count: Int, on board: Board<Value>
  ) throws -> LoopbackCollective {
    let limits = LoopbackCollective.Limits(meeting: 60, answer: 60)
    guard rank == 0 else {
      board.isListening.wait()
      let place = ProcessPlace(rank: rank, count: count, port: board.port.withLock { $0 })
      return try LoopbackCollective(place, identity: "one", limits: limits)
    }
    let socket = try ListeningSocket(port: 0)
    let place = ProcessPlace(rank: 0, count: count, port: socket.port)
    board.port.withLock { $0 = place.port }
    for _ in 1..<count { board.isListening.signal() }
    return try LoopbackCollective(socket, place, identity: "one", limits: limits)
  }
}

import Networks
import Training

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The processes that carry a command out together: those that its environment tells of, or those that
/// it starts itself.
final class ProcessTeam {
  /// Where this process stands.
  let place: ProcessPlace
  /// How it talks with the others.
  let collective: LoopbackCollective
  /// Those that this process has started.
  private let children: LocalProcesses?
  /// Whether somebody else started all of them, who may have given each its processors.
  private let isStartedByOthers: Bool

  static let option = Option.optional(
    "processes", "N", .count(1...64), "share each step among N processes")

  /// Of a process that one of this program has started.
  private static let sessionKey = "ANNEAL_SESSION"
  private static let limitKey = "ANNEAL_PROCESS_SECONDS"

  /// How many processes there are, or are to be.
  ///
  /// - Throws: `CommandError` where the command line and the environment contradict each other.
  static func count(_ arguments: Arguments, _ console: Console) throws -> Int {
    let asked = try arguments(option)
    guard let place = try ProcessPlace(environment: console.environment) else { return asked ?? 1 }
    guard asked == nil || asked == place.count else {
      throw CommandError.failure(
        .usage,
        "--processes \(asked ?? 1) in the environment of one of \(place.count) processes")
    }
    return place.count
  }

  /// Meets the other processes, which are started if they are not there.
  ///
  /// - Parameters:
  ///   - count: How many there are.
  ///   - identity: What all of them are to be about, in lines.
  ///   - console: Has the environment.
  /// - Returns: `nil` for a process that is alone.
  /// - Throws: `CommandError` or `TrainingError` with who has not come.
  static func meeting(
    count: Int, identity: String, _ console: Console
  ) throws -> ProcessTeam? {
    guard count > 1 else { return nil }
    let limits = try limits(console)
    if let place = try ProcessPlace(environment: console.environment) {
      return ProcessTeam(
        place, try LoopbackCollective(place, identity: identity, limits: limits), children: nil,
        isStartedByOthers: console.environment[sessionKey] == nil)
    }
    guard let program = console.program else {
      throw CommandError.failure(.unavailable, "processes cannot be started here")
    }
    let socket = try ListeningSocket(port: 0)
    var stream = SystemRandomNumberGenerator()
    let place = ProcessPlace(
      rank: 0, count: count, port: socket.port, session: String(stream.next(), radix: 16))
    let children = try LocalProcesses(
      program,
      environments: (1..<count).map { rank in
        console.environment.merging([
          "RANK": "\(rank)", "LOCAL_RANK": "\(rank)", "WORLD_SIZE": "\(count)",
          "LOCAL_WORLD_SIZE": "\(count)", "MASTER_ADDR": "127.0.0.1",
          "MASTER_PORT": "\(place.port)", sessionKey: place.session,
        ]) { $1 }
      })
    let collective = try LoopbackCollective(
      socket, place, identity: identity, limits: limits, check: { children.missing })
    return ProcessTeam(place, collective, children: children, isStartedByOthers: false)
  }

  private init(
    _ place: ProcessPlace, _ collective: LoopbackCollective, children: LocalProcesses?,
    isStartedByOthers: Bool
  ) {
    self.place = place
    self.collective = collective
    self.children = children
    self.isStartedByOthers = isStartedByOthers
  }

  private static func limits(_ console: Console) throws -> LoopbackCollective.Limits {
    guard let text = console.environment[limitKey] else { return LoopbackCollective.Limits() }
    guard let seconds = Double(text), seconds > 0, seconds <= 1e6 else {
      throw CommandError.failure(
        .usage, "\(limitKey) expects seconds above 0, found '\(text)'")
    }
    return LoopbackCollective.Limits(meeting: seconds, answer: seconds)
  }

  /// This process's part of the machine's threads.
  ///
  /// - Parameter total: The threads of all processes; `nil` for as many as there are processors.
  /// - Returns: At least 1.
  func threads(of total: Int?) -> Int {
    let available = ProcessInfo.processInfo.activeProcessorCount
    // Whoever is bound to some of the machine's processors has been given its part.
    if total == nil, isStartedByOthers, available < sysconf(CInt(_SC_NPROCESSORS_ONLN)) {
      return available
    }
    return place.threads(of: total ?? available)
  }

  /// Waits for the processes that this one has started.
  ///
  /// - Parameter code: What all of them are to end with.
  /// - Returns: A line for each that ended otherwise.
  func finish(expecting code: ExitCode) -> [String] {
    children?.finish(expecting: code) ?? []
  }

  /// An error with how the process ended that it is about, where that is known.
  func explained(_ error: any Error) -> any Error {
    guard case TrainingError.collective(.lost(let rank)) = error,
      let end = children?.end(of: rank)
    else { return error }
    return TrainingError.collective(.failed(rank: rank, reason: end))
  }

  /// Whether it falls to this process to say how the command ended: to the first that is left.
  static func reports(_ error: any Error, rank: Int) -> Bool {
    switch error {
    case TrainingError.collective(.lost(rank: 0)): rank == 1
    case TrainingError.collective(.unreachable): true
    default: false
    }
  }
}

/// Processes that carry out one training together, as one of them sees them.
///
/// All of them call the same functions in the same order, and each call returns when the others have
/// done their part. Once a call has thrown, or one of the processes has given up, every further call
/// of all of them throws: nobody waits for somebody who has gone.
///
/// What a call returns is the same, bit for bit, in every process. Sums are formed in the order of the
/// ranks, so that they are those of one process that adds the same gradients one after the other.
/// A collective that sums on devices in an order of its own says so where it is described; its
/// trainings are then those of one process but for the last bits.
///
/// Gradients are summed where they are. The host's way is ``add(_:onto:)``, between two copies of a
/// program's slots. A collective that knows a backend's programs (the CUDA backend's `NCCLCollective`,
/// between GPUs) implements ``accumulate(_:of:)`` as well: the backend finds each bucket's
/// ``GradientBucket/lastOperation`` in its own list, marks the moment behind it, and packs and sums the
/// bucket beside the rest of the backward pass; `update` waits for the last of them. Programs know
/// nothing of processes, and small messages still go through the host.
public protocol Collective: AnyObject {
  /// The number of this process, 0..<`count`.
  var rank: Int { get }

  /// The processes, ≥ 1.
  var count: Int { get }

  /// Adds every process's values to totals, one process after the other.
  ///
  ///     totals ← (((totals + values of rank 0) + values of rank 1) + …)
  ///
  /// - Parameters:
  ///   - values: As many in every process.
  ///   - totals: As many; the same in every process before and after. Accumulated into.
  /// - Throws: Who is gone, silent, or about something else.
  func add(_ values: Span<Float>, onto totals: inout MutableSpan<Float>) throws(CollectiveError)

  /// Adds every process's gradients to the sums of a step's parts, in the program's own memory.
  ///
  /// - Parameters:
  ///   - bucket: The slots; its ``GradientBucket/sums`` are the same in every process before and after.
  ///   - program: Has run `backward`.
  /// - Returns: False, without having done or sent anything, in every process, where the collective knows
  ///   no way to the program's memory: then the values go through ``add(_:onto:)``.
  /// - Throws: Who is gone, silent, or about something else.
  func accumulate(
    _ bucket: GradientBucket, of program: any CompiledProgram
  ) throws(CollectiveError) -> Bool

  /// Tells everybody what everybody has to say.
  ///
  /// - Parameter message: This process's; of any length.
  /// - Returns: The messages in the order of the ranks.
  /// - Throws: Who is gone, silent, or about something else.
  func gather(_ message: [UInt8]) throws(CollectiveError) -> [[UInt8]]

  /// Tells everybody what rank 0 has to say.
  ///
  /// - Parameter message: Rank 0's; what other ranks pass is not used.
  /// - Returns: Rank 0's message.
  /// - Throws: Who is gone, silent, or about something else.
  func broadcast(_ message: [UInt8]) throws(CollectiveError) -> [UInt8]

  /// Looks whether the others are still there, without waiting for any of them.
  ///
  /// - Throws: Who is gone, as far as it is known here.
  func check() throws(CollectiveError)

  /// Lets the others know that this process cannot go on; the first call counts.
  ///
  /// - Parameter reason: One sentence for their errors.
  func abandon(_ reason: String)
}

extension Collective {
  /// Knows no program.
  public func accumulate(
    _ bucket: GradientBucket, of program: any CompiledProgram
  ) throws(CollectiveError) -> Bool { false }

  /// Knows of nobody who has gone.
  public func check() throws(CollectiveError) {}

  /// Returns when every process has called it.
  public func barrier() throws(CollectiveError) { _ = try gather([]) }
}

/// What keeps processes from carrying a training out together.
public enum CollectiveError: Error, Hashable, Sendable, Codable, CustomStringConvertible {
  /// Processes that have not come.
  case missing(ranks: [Int], count: Int, seconds: Double)
  /// No process 0 where it should be.
  case unreachable(address: String, seconds: Double)
  /// A process that was killed or has crashed.
  case lost(rank: Int)
  /// A process that could not go on, in its own words.
  case failed(rank: Int, reason: String)
  /// A process that is there and does nothing.
  case silent(rank: Int, seconds: Double)
  /// A process that is about something else than process 0.
  case disagreement(rank: Int, expected: String, found: String)

  /// One sentence: what was expected, what was found, where.
  public var description: String {
    switch self {
    case .missing(let ranks, let count, let seconds):
      "expected \(count) processes within \(Self.text(seconds)), found no process "
        + ranks.map { "\($0)" }.joined(separator: ", ")
    case .unreachable(let address, let seconds):
      "expected process 0 at \(address) within \(Self.text(seconds)), found none"
    case .lost(let rank): "process \(rank) is gone: it was killed or has crashed"
    case .failed(let rank, let reason): "process \(rank) has ended: \(reason)"
    case .silent(let rank, let seconds):
      "expected an answer of process \(rank) within \(Self.text(seconds)), found none"
    case .disagreement(let rank, let expected, let found):
      "expected \(expected) in process \(rank) as in process 0, found \(found)"
    }
  }

  private static func text(_ seconds: Double) -> String {
    let number = seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
    return number == "1" ? "1 second" : "\(number) seconds"
  }
}

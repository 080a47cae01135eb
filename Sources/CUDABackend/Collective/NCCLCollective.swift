public import Networks

/// Processes that each have a GPU: gradients go from GPU to GPU, everything else through the host.
///
/// A bucket's sum is queued on a second stream of the program's machine, behind the mark at which the
/// backward pass has completed it, and goes on while the pass does. NCCL sums in an order of its own,
/// which depends on the number of GPUs and on how they are connected. It is the same in every process and
/// in every run on such a machine, but not that of one process: a training is that of one process but for
/// the last bits.
///
/// When a process has gone, whoever notices aborts the sums of its own GPU, so that nobody waits for them
/// for ever, and nobody goes on with half a sum.
public final class NCCLCollective: Collective {
  /// The number of this process.
  public var rank: Int { host.rank }
  /// The processes.
  public var count: Int { host.count }
  private let host: any Collective
  private let abort: () -> Void

  /// Puts sums between GPUs beside a collective.
  ///
  /// - Parameters:
  ///   - host: Carries everything but gradients.
  ///   - abort: Ends this process's sums, whatever the others do.
  package init(_ host: any Collective, abort: @escaping () -> Void) {
    self.host = host
    self.abort = abort
  }

  /// Adds every process's values to totals, through the host.
  public func add(
    _ values: Span<Float>, onto totals: inout MutableSpan<Float>
  ) throws(CollectiveError) {
    do throws(CollectiveError) {
      try host.add(values, onto: &totals)
    } catch {
      abort()
      throw error
    }
  }

  /// Queues the sum of a bucket between the GPUs.
  public func accumulate(
    _ bucket: GradientBucket, of program: any CompiledProgram
  ) throws(CollectiveError) -> Bool {
    guard let program = program as? CUDAProgram else { return false }
    // The GPU would wait for whoever is known to have gone.
    try check()
    do {
      return try program.addUp(bucket)
    } catch {
      let reason = "\(error)"
      abandon(reason)
      throw .failed(rank: rank, reason: reason)
    }
  }

  /// Tells everybody what everybody has to say, through the host.
  public func gather(_ message: [UInt8]) throws(CollectiveError) -> [[UInt8]] {
    try orAbort { () throws(CollectiveError) in try host.gather(message) }
  }

  /// Tells everybody what rank 0 has to say, through the host.
  public func broadcast(_ message: [UInt8]) throws(CollectiveError) -> [UInt8] {
    try orAbort { () throws(CollectiveError) in try host.broadcast(message) }
  }

  /// Looks whether the others are still there.
  public func check() throws(CollectiveError) {
    try orAbort { () throws(CollectiveError) in try host.check() }
  }

  /// Ends this process's sums and lets the others know.
  public func abandon(_ reason: String) {
    abort()
    host.abandon(reason)
  }

  private func orAbort<Result>(
    _ body: () throws(CollectiveError) -> Result
  ) throws(CollectiveError) -> Result {
    do throws(CollectiveError) {
      return try body()
    } catch {
      abort()
      throw error
    }
  }
}

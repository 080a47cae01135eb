import Networks

/// Looks after the other processes while this one waits for its GPU.
///
/// A GPU that takes part in a sum waits for the others' without end. So nothing of a program waits for the
/// GPU alone: every while it is looked whether the others are still there.
struct TeamWatch: @unchecked Sendable {
  // Unchecked: it is asked by the thread that the collective and the programs belong to.

  let communicator: Communicator
  let host: any Collective
  /// Seconds that a GPU may be waited for while a sum goes on.
  let patience: Double

  /// Ends the sums of this process if they cannot come to an end.
  ///
  /// A process that has come to the end of the training may leave: it has had its sums, and others who
  /// still wait for their GPU have had theirs.
  ///
  /// - Parameter seconds: How long the GPU has been waited for.
  /// - Throws: Who is gone, or what NCCL has found wrong.
  func look(after seconds: Double) throws(CUDABackendError) {
    guard try communicator.isBusy() else { return }
    do throws(CollectiveError) {
      try host.check()
    } catch {
      communicator.abort()
      throw .brokenTeam(error)
    }
    var reason: String?
    do throws(CUDABackendError) {
      try communicator.check()
    } catch {
      reason = error.description
    }
    if reason == nil, seconds > patience {
      reason = "the sum of all processes' gradients has not come within \(Int(patience)) seconds"
    }
    if let reason {
      communicator.abort()
      host.abandon(reason)
      throw .brokenTeam(.failed(rank: host.rank, reason: reason))
    }
  }
}

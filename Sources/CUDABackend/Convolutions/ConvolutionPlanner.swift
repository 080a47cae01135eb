internal import CCUDA

/// Finds plans for convolutions: asks cuDNN for engines, leaves out those whose arithmetic is not
/// allowed, makes plans of the rest.
struct ConvolutionPlanner {
  /// cuDNN.
  let library: ConvolutionLibrary
  /// The device.
  let target: PlanTarget
  /// What engines may do to numbers.
  let numerics: ConvolutionNumerics

  /// The largest workspace that a plan may ask for, in bytes.
  static let workspaceLimit = 1 << 30

  /// The engines that may be used, cuDNN's favourites first.
  ///
  /// - Returns: Configurations in an order that depends on the device, the version and the
  ///   convolution alone; not all of them make a plan.
  /// - Throws: `unplannedConvolution` if there is none.
  func configurations(
    _ convolution: Convolution
  ) throws(CUDABackendError) -> [EngineConfiguration] {
    let graph = try ConvolutionGraph(convolution, library, target)
    var found: [EngineConfiguration] = []
    var lastFailure: CUDABackendError?
    for mode in [CUDNN_HEURISTICS_A, CUDNN_HEURISTICS_FALLBACK] {
      do {
        found += try EngineConfiguration.proposed(for: graph, mode: mode, library, target)
      } catch {
        // One way to ask may know nothing where the other does.
        lastFailure = error
      }
    }
    let allowed = found.filter { numerics.allows($0.notes, convolution.storage) }
    guard allowed.isEmpty else { return allowed }
    let reason =
      found.isEmpty
      ? lastFailure?.description ?? "it proposes no engine"
      : "none of its \(found.count) engines computes as precisely as asked for"
    throw .unplannedConvolution(convolution.description, reason: reason)
  }

  /// The first plans that can be made.
  ///
  /// - Parameters:
  ///   - convolution: What is computed.
  ///   - limit: The most plans.
  /// - Returns: The plans with their positions among the configurations; never empty.
  /// - Throws: `unplannedConvolution` if there is none.
  func plans(
    _ convolution: Convolution, limit: Int = 8
  ) throws(CUDABackendError) -> [(position: Int, plan: ConvolutionPlan)] {
    let configurations = try configurations(convolution)
    var plans: [(position: Int, plan: ConvolutionPlan)] = []
    var lastFailure: CUDABackendError?
    for (position, configuration) in configurations.enumerated() where plans.count < limit {
      do {
        let plan = try ConvolutionPlan(configuration, library, target)
        if plan.workspaceByteCount <= Self.workspaceLimit { plans.append((position, plan)) }
      } catch {
        lastFailure = error
      }
    }
    guard plans.isEmpty else { return plans }
    throw .unplannedConvolution(
      convolution.description,
      reason: lastFailure?.description
        ?? "every plan needs more than \(Self.workspaceLimit) bytes of workspace")
  }
}

public import Networks

/// Makes cuDNN's plans for networks' convolutions, on a machine with or without a GPU.
///
/// Plans are made for a GPU that is only described, so this shows that every operation is one that
/// cuDNN knows and has engines for, and nothing of their speed.
public final class PlanCheck {
  /// What was found for a network.
  public struct Row: Hashable, Sendable {
    /// Its different convolutions.
    public let convolutions: Int
    /// Those that no network before it had.
    public let new: Int
    /// The plans that were made for the new ones.
    public let plans: Int
    /// Convolutions that add to what is there and have to be done in two steps.
    public let inTwoSteps: Int
    /// The largest workspace of a first plan in bytes.
    public let workspaceByteCount: Int
  }

  /// The version of cuDNN.
  public let version: String
  private let planner: ConvolutionPlanner
  private var plans: [Convolution: (count: Int, workspace: Int)?] = [:]

  /// The described GPU: an H100 of 80 GB.
  public static var h100: String {
    String(decoding: PackageResources.H100_json, as: UTF8.self)
  }

  /// Loads cuDNN and describes a GPU to it.
  ///
  /// - Parameters:
  ///   - search: Where cuDNN is looked for.
  ///   - device: The GPU's properties, a JSON text.
  ///   - numerics: What engines may do to numbers.
  /// - Throws: `CUDABackendError` if cuDNN is missing or does not take the description.
  public init(
    _ search: LibrarySearch, device: String = h100, numerics: ConvolutionNumerics
  ) throws(CUDABackendError) {
    let library = try search.convolutions()
    version = library.version
    planner = ConvolutionPlanner(
      library: library, target: try .described(device, library), numerics: numerics)
  }

  /// The properties of a GPU of this machine, a JSON text that ``init(_:device:numerics:)`` takes on
  /// machines without it.
  ///
  /// - Parameters:
  ///   - search: Where NVIDIA's libraries are looked for.
  ///   - device: The GPU's number, from 0.
  /// - Returns: What cuDNN says of it.
  /// - Throws: What is missing, or what the driver refuses.
  public static func describe(
    _ search: LibrarySearch, device: Int
  ) throws(CUDABackendError) -> String {
    let session = try DeviceSession(
      search, device: device, ConvolutionNumerics(), environment: [:])
    try session.context.makeCurrent()
    let stream = try DeviceStream(session.context)
    return try ConvolutionHandle(session.convolutions, stream).deviceProperties()
  }

  /// Makes plans for a graph's convolutions.
  ///
  /// - Throws: `CUDABackendError` for a convolution without a plan.
  public func check(_ graph: Graph) throws(CUDABackendError) -> Row {
    let convolutions = graph.convolutions
    var new = 0
    var made = 0
    for convolution in convolutions where plans[convolution] == nil {
      new += 1
      do {
        let found = try planner.plans(convolution)
        plans[convolution] = .some((found.count, found[0].plan.workspaceByteCount))
        made += found.count
      } catch {
        guard convolution.accumulates else { throw error }
        // The program then overwrites memory of its own and adds that.
        _ = try planner.plans(
          Convolution(convolution.geometry, convolution.pass, convolution.storage), limit: 1)
        plans[convolution] = .some(nil)
      }
    }
    let found = convolutions.map { plans[$0] ?? nil }
    return Row(
      convolutions: convolutions.count, new: new, plans: made,
      inTwoSteps: found.count { $0 == nil },
      workspaceByteCount: found.reduce(0) { max($0, $1?.workspace ?? 0) })
  }
}

extension Graph {
  /// The graph's convolutions, each once, in the order in which they are met.
  var convolutions: [Convolution] {
    let storage = Storage(configuration.precision)
    var seen: Set<Convolution> = []
    var found: [Convolution] = []
    for phase in Phase.allCases {
      for operation in operations(phase) {
        let convolution: Convolution? =
          switch operation {
          case .convolutionForward(let op): Convolution(op.geometry, .forward, storage)
          case .convolutionBackwardData(let op):
            Convolution(
              op.geometry, .backwardData, storage, accumulates: op.dx.write == .accumulate)
          case .convolutionBackwardFilter(let op):
            Convolution(op.geometry, .backwardFilter, storage)
          default: nil
          }
        if let convolution, seen.insert(convolution).inserted { found.append(convolution) }
      }
    }
    return found
  }
}

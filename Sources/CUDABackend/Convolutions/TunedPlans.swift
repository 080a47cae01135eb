internal import CCUDA
import Tensors

/// The plans of one machine: for each convolution the fastest one, measured on its GPU.
///
/// Up to eight plans are timed when a convolution is first met, and the choice is kept by the
/// convolution, the versions and the GPU's name. Where results are to be reproducible the first plan
/// that cuDNN proposes is taken instead: timings differ from run to run.
final class TunedPlans {
  private let session: DeviceSession
  private let stream: DeviceStream
  private let handle: ConvolutionHandle
  private let planner: ConvolutionPlanner
  private var plans: [Convolution: ConvolutionPlan] = [:]

  /// Makes plans that run on a stream; the context is current.
  init(_ session: DeviceSession, _ stream: DeviceStream) throws(CUDABackendError) {
    self.session = session
    self.stream = stream
    handle = try ConvolutionHandle(session.convolutions, stream)
    planner = ConvolutionPlanner(
      library: session.convolutions, target: .device(handle), numerics: session.numerics)
  }

  /// Gives a run to the stream.
  ///
  /// - Parameters:
  ///   - convolution: What is run; it was prepared.
  ///   - operands: What its plan made of a call.
  /// - Throws: What cuDNN refuses.
  func run(_ convolution: Convolution, _ operands: Descriptor) throws(CUDABackendError) {
    try prepare(convolution).run(operands, handle)
  }

  /// The plan of a convolution, chosen when it is first asked for.
  ///
  /// A plan has run at least once before this returns: what cuDNN loads on a first run must not be
  /// loaded during a capture.
  func prepare(_ convolution: Convolution) throws(CUDABackendError) -> ConvolutionPlan {
    if let plan = plans[convolution] { return plan }
    let operands = try Operands(convolution, session.context)
    let key = key(convolution)
    let plan: ConvolutionPlan
    if let kept = kept(key, convolution), (try? run(kept, operands)) != nil {
      plan = kept
    } else {
      let choice = try choose(try planner.plans(convolution), operands, convolution)
      if !session.numerics.isReproducible {
        session.planCache?.store(
          Array("\(choice.position) \(choice.plan.engine)".utf8), for: key)
      }
      plan = choice.plan
    }
    try stream.synchronize()
    plans[convolution] = plan
    return plan
  }

  // MARK: - Choosing

  /// The fastest plan, or the first where that is asked for; a plan that does not run is left out.
  private func choose(
    _ candidates: [(position: Int, plan: ConvolutionPlan)], _ operands: Operands,
    _ convolution: Convolution
  ) throws(CUDABackendError) -> (position: Int, plan: ConvolutionPlan) {
    var best: (position: Int, plan: ConvolutionPlan)?
    var bestTime = Double.infinity
    var failure: CUDABackendError?
    for candidate in candidates {
      do {
        try run(candidate.plan, operands)
        if session.numerics.isReproducible { return candidate }
        let time = try milliseconds(candidate.plan, operands)
        if time < bestTime { (best, bestTime) = (candidate, time) }
      } catch {
        failure = error
      }
    }
    guard let best else {
      throw .unplannedConvolution(
        convolution.description, reason: failure?.description ?? "no plan was proposed")
    }
    return best
  }

  /// The time of one run: the shortest of a few rounds, so that a disturbed one does not count.
  private func milliseconds(
    _ plan: ConvolutionPlan, _ operands: Operands
  ) throws(CUDABackendError) -> Double {
    let (start, end) = (try DeviceEvent(session.context), try DeviceEvent(session.context))
    let pack = try plan.operands(try operands.call(plan))
    let runs = 4
    var shortest = Double.infinity
    for _ in 0..<3 {
      try start.record(on: stream)
      for _ in 0..<runs { try plan.run(pack, handle) }
      try end.record(on: stream)
      try end.synchronize()
      shortest = min(shortest, try end.milliseconds(since: start) / Double(runs))
    }
    return shortest
  }

  private func run(_ plan: ConvolutionPlan, _ operands: Operands) throws(CUDABackendError) {
    try plan.run(try plan.operands(try operands.call(plan)), handle)
    try stream.synchronize()
  }

  // MARK: - Keeping

  private func key(_ convolution: Convolution) -> FileCache.Key {
    FileCache.Key([convolution.description, session.arithmetic])
  }

  /// The plan that an earlier run chose; `nil` if there is none or cuDNN now proposes others.
  private func kept(_ key: FileCache.Key, _ convolution: Convolution) -> ConvolutionPlan? {
    guard !session.numerics.isReproducible, let bytes = session.planCache?[key] else { return nil }
    let numbers = String(decoding: bytes, as: UTF8.self).split(separator: " ").map { Int($0) }
    guard numbers.count == 2, let position = numbers[0], let engine = numbers[1],
      let configurations = try? planner.configurations(convolution),
      configurations.indices.contains(position), configurations[position].engine == engine
    else { return nil }
    return try? ConvolutionPlan(
      configurations[position], session.convolutions, .device(handle))
  }
}

/// Memory for the operands of a convolution that is tried out.
private final class Operands {
  private let convolution: Convolution
  private let context: DeviceContext
  private let x: DeviceAllocation
  private let w: DeviceAllocation
  private let y: DeviceAllocation
  private var workspace: (memory: DeviceAllocation, byteCount: Int)?

  init(_ convolution: Convolution, _ context: DeviceContext) throws(CUDABackendError) {
    self.convolution = convolution
    self.context = context
    func allocate(_ shape: Shape) throws(CUDABackendError) -> DeviceAllocation {
      try DeviceAllocation(context, byteCount: shape.count * convolution.storage.byteCount)
    }
    x = try allocate(convolution.geometry.inputShape)
    w = try allocate(convolution.geometry.filterShape)
    y = try allocate(convolution.geometry.outputShape)
  }

  /// A call with as much workspace as a plan needs; the context is current, nothing is running.
  func call(_ plan: ConvolutionPlan) throws(CUDABackendError) -> ConvolutionCall {
    if (workspace?.byteCount ?? -1) < plan.workspaceByteCount {
      // The old one goes first: the two together may not fit.
      workspace = nil
      workspace = (
        try DeviceAllocation(context, byteCount: plan.workspaceByteCount), plan.workspaceByteCount
      )
    }
    return ConvolutionCall(
      convolution, x: x.address, w: w.address, y: y.address,
      workspace: workspace?.memory.address ?? DeviceAddress(0))
  }
}

internal import CCUDA
import Tensors

/// A GPU that carries a lowered program out, on a stream of its own.
///
/// What can be refused is refused while a program is made ready. A failure later (a GPU that is lost,
/// an address that is wrong) leaves nothing to go on with: it goes to `stop`, which does not return.
final class CUDAMachine: Machine {
  /// What the last bits of results depend on.
  let arithmetic: String

  private let context: DeviceContext
  private let stream: DeviceStream
  /// Where sums between processes go on; `nil` for a process that is alone.
  private let side: SideStream?
  private let kernels: LoadedKernels
  private let plans: TunedPlans
  private let stop: @Sendable (CUDABackendError) -> Never
  private var allocations: [DeviceAllocation] = []
  private var graphs: [DeviceGraph] = []
  private var operands: [ConvolutionCall: Descriptor] = [:]
  private let staging: StagingRing

  /// Makes a machine.
  ///
  /// - Parameters:
  ///   - session: The GPU and its libraries.
  ///   - stop: Told what went wrong with a program that was made ready.
  /// - Throws: What the driver or cuDNN refuses.
  init(
    _ session: DeviceSession, stop: @escaping @Sendable (CUDABackendError) -> Never
  ) throws(CUDABackendError) {
    context = session.context
    try context.makeCurrent()
    arithmetic = session.arithmetic
    stream = try DeviceStream(context)
    side =
      if let communicator = session.communicator {
        try SideStream(context, communicator)
      } else {
        nil
      }
    kernels = LoadedKernels(context, session.compiler)
    plans = try TunedPlans(session, stream)
    staging = try StagingRing(context)
    self.stop = stop
  }

  deinit {
    // What the machine holds goes after this, on this thread, with the context current.
    try? context.makeCurrent()
    try? side?.stream.synchronize()
    try? stream.synchronize()
  }

  // MARK: - Making ready

  func allocate(byteCount: Int) throws -> DeviceAddress {
    try context.makeCurrent()
    let allocation = try DeviceAllocation(context, byteCount: byteCount)
    allocations.append(allocation)
    try stream.clear(allocation.address, byteCount: byteCount)
    return allocation.address
  }

  func free(_ address: DeviceAddress) {
    orStop { () throws(CUDABackendError) in
      try context.makeCurrent()
      // The driver would wait too, for all streams; nothing in its documents promises that it does.
      try side?.stream.synchronize()
      try stream.synchronize()
      allocations.removeAll { $0.address == address }
    }
  }

  func freeByteCount() throws -> Int {
    try context.makeCurrent()
    var (free, total) = (0, 0)
    unsafe try context.driver.call("cuMemGetInfo_v2") {
      unsafe $0.pointee.cuMemGetInfo_v2(&free, &total)
    }
    return free
  }

  func prepare(_ kernels: Set<Kernel>) throws {
    try context.makeCurrent()
    for kernel in kernels { _ = try self.kernels(kernel) }
  }

  func prepare(_ convolution: Convolution) throws -> Int? {
    try context.makeCurrent()
    do {
      return try plans.prepare(convolution).workspaceByteCount
    } catch {
      // A sum in two steps does where cuDNN has no plan that adds.
      if convolution.accumulates, case .unplannedConvolution = error { return nil }
      throw error
    }
  }

  func capture(_ commands: [Command]) throws -> CapturedGraph {
    try context.makeCurrent()
    // What a command needs is made now: a capture may hold nothing but work.
    for case .convolution(let call) in commands { _ = try operands(of: call) }
    graphs.append(
      try stream.capture { () throws(CUDABackendError) in
        for command in commands { try carryOut(command, on: stream) }
      })
    return CapturedGraph(index: graphs.count - 1)
  }

  // MARK: - Running

  func write(_ bytes: RawSpan, to address: DeviceAddress) {
    orStop { () throws(CUDABackendError) in
      try context.makeCurrent()
      try unsafe bytes.withUnsafeBytes { source throws(CUDABackendError) in
        try unsafe staging.send(source, to: address, stream)
      }
    }
  }

  func read(_ address: DeviceAddress, into bytes: inout MutableRawSpan) {
    var failure: CUDABackendError?
    unsafe bytes.withUnsafeMutableBytes { target in
      do {
        try context.makeCurrent()
        try unsafe staging.fetch(address, into: target, stream)
      } catch {
        failure = error as? CUDABackendError
      }
    }
    if let failure { stop(failure) }
  }

  func run(_ command: Command) {
    orStop { () throws(CUDABackendError) in
      try context.makeCurrent()
      try carryOut(command, on: stream)
    }
  }

  func replay(_ graph: CapturedGraph) {
    orStop { () throws(CUDABackendError) in
      try context.makeCurrent()
      try stream.replay(graphs[graph.index])
    }
  }

  // MARK: - Beside

  func mark(_ number: Int) {
    orStop { () throws(CUDABackendError) in
      try context.makeCurrent()
      try team.mark(number, on: stream)
    }
  }

  func runBeside(_ commands: [Command], after number: Int) throws {
    try context.makeCurrent()
    try team.wait(for: number)
    for command in commands { try carryOut(command, on: team.stream) }
  }

  func join() {
    orStop { () throws(CUDABackendError) in
      try context.makeCurrent()
      try team.join(stream)
    }
  }

  private var team: SideStream {
    guard let side else { preconditionFailure("a machine of its own sums with nobody") }
    return side
  }

  /// Gives a command to a stream; the context is current.
  private func carryOut(
    _ command: Command, on stream: DeviceStream
  ) throws(CUDABackendError) {
    switch command {
    case .launch(let launch):
      try stream.launch(launch, kernels(launch.kernel))
    case .convolution(let call):
      precondition(stream === self.stream, "cuDNN works on the main stream")
      try plans.run(call.convolution, operands(of: call))
    case .clear(let address, let byteCount):
      try stream.clear(address, byteCount: byteCount)
    case .copy(let from, let to, let byteCount):
      try stream.copy(from: from, to: to, byteCount: byteCount)
    case .sum(let address, let count):
      try team.communicator.sum(address, count: count, on: stream)
    }
  }

  private func operands(of call: ConvolutionCall) throws(CUDABackendError) -> Descriptor {
    if let operands = operands[call] { return operands }
    let made = try plans.prepare(call.convolution).operands(call)
    operands[call] = made
    return made
  }

  private func orStop(_ body: () throws(CUDABackendError) -> Void) {
    do { try body() } catch { stop(error) }
  }
}

import CUDABackend
import CUDAEmulation
import Tensors
import Testing

/// A machine in the processor: our own kernels as C++, thread by thread, and convolutions by their
/// definition.
///
/// A captured graph is a frozen list of commands, arguments included, as it is on a GPU. A machine of a
/// team has two lines of work, each of which runs as early or as late as marks and joins allow.
final class EmulatedMachine: Machine {
  /// The order in which blocks and threads run.
  enum Order: CaseIterable {
    case forward, reverse, random
  }

  /// The kernels that are there to try the emulation.
  private static let trials: Set = [
    "reverseBlock", "reverseBlockWithoutBarrier", "divergentBarrier", "readsSharedGarbage",
    "warpSums", "stepWithRateAsArgument",
  ]

  private let order: Order
  private let addsConvolutions: Bool
  private var allocations: [(address: UInt, byteCount: Int)] = []
  private var graphs: [[Command]] = []
  private var launchCount: UInt64 = 0
  private let workspaceByteCount = 1000
  private let team: EmulatedTeam.Member?
  private var lines: WorkLines
  /// The bytes of memory.
  var capacity = 1 << 40
  /// The bytes of it that are used.
  var usedByteCount: Int { allocations.map(\.byteCount).reduce(0, +) }
  /// How often somebody asked how much memory is free.
  private(set) var capacityQuestionCount = 0
  /// The bytes that came from the host.
  private(set) var writtenByteCount = 0

  /// Makes a machine.
  ///
  /// - Parameters:
  ///   - order: The order in which blocks and threads run.
  ///   - addsConvolutions: Whether convolutions can be added to what is there.
  ///   - team: The place among the machines that sum together; `nil` for a machine alone.
  ///   - precedence: Which line of work runs first where both may.
  init(
    _ order: Order, addsConvolutions: Bool = true, team: EmulatedTeam.Member? = nil,
    precedence: WorkLines.Precedence = .main
  ) {
    self.order = order
    self.addsConvolutions = addsConvolutions
    self.team = team
    lines = WorkLines(precedence)
  }

  deinit {
    for allocation in allocations {
      UnsafeMutableRawPointer(bitPattern: allocation.address)?.deallocate()
    }
  }

  func freeByteCount() -> Int {
    capacityQuestionCount += 1
    return capacity - usedByteCount
  }

  func free(_ address: DeviceAddress) {
    workOff()
    guard let index = allocations.firstIndex(where: { $0.address == UInt(address.rawValue) }) else {
      preconditionFailure("nothing is allocated at \(address)")
    }
    UnsafeMutableRawPointer(bitPattern: allocations.remove(at: index).address)?.deallocate()
  }

  func allocate(byteCount: Int) -> DeviceAddress {
    precondition(byteCount <= capacity - usedByteCount, "the memory is used up")
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 256)
    bytes.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    allocations.append((UInt(bitPattern: bytes), byteCount))
    return DeviceAddress(UInt64(UInt(bitPattern: bytes)))
  }

  func prepare(_ kernels: Set<Kernel>) {}

  func prepare(_ convolution: Convolution) -> Int? {
    convolution.accumulates && !addsConvolutions ? nil : workspaceByteCount
  }

  func write(_ bytes: RawSpan, to address: DeviceAddress) {
    let copy = bytes.withUnsafeBytes { Array($0) }
    writtenByteCount += copy.count
    give { machine in
      copy.withUnsafeBytes { source in
        guard let first = source.baseAddress else { return }
        machine.pointer(address, source.count).copyMemory(from: first, byteCount: source.count)
      }
    }
  }

  func read(_ address: DeviceAddress, into bytes: inout MutableRawSpan) {
    workOff()
    bytes.withUnsafeMutableBytes { target in
      target.baseAddress?.copyMemory(from: pointer(address, target.count), byteCount: target.count)
    }
  }

  func capture(_ commands: [Command]) -> CapturedGraph {
    graphs.append(commands)
    return CapturedGraph(index: graphs.count - 1)
  }

  func replay(_ graph: CapturedGraph) {
    for command in graphs[graph.index] { run(command) }
  }

  func run(_ command: Command) { give { $0.carryOut(command) } }

  func mark(_ number: Int) { lines.mark(number) }

  func runBeside(_ commands: [Command], after number: Int) {
    lines.giveBeside(commands.map { command in { $0.carryOut(command) } }, after: number)
  }

  func join() { lines.join() }

  private func workOff() {
    while let work = lines.next() { work(self) }
  }

  /// A machine alone does everything at once.
  private func give(_ work: @escaping WorkLines.Work) {
    if team == nil { work(self) } else { lines.give(work) }
  }

  private func carryOut(_ command: Command) {
    switch command {
    case .launch(let launch):
      if let problem = problem(launch) { Issue.record("\(launch): \(problem)") }
    case .convolution(let call): run(call)
    case .clear(let address, let byteCount):
      pointer(address, byteCount)
        .initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    case .copy(let from, let to, let byteCount):
      pointer(to, byteCount).copyMemory(from: pointer(from, byteCount), byteCount: byteCount)
    case .sum(let address, let count):
      guard let team else { preconditionFailure("a machine alone sums with nobody") }
      let values = UnsafeMutableBufferPointer(
        start: pointer(address, 4 * count).assumingMemoryBound(to: Float.self), count: count)
      for (index, sum) in team.sum(Array(values)).enumerated() { values[index] = sum }
    }
  }

  /// Runs a kernel; gives what is wrong with it.
  func problem(_ launch: Launch) -> String? {
    let arguments = launch.arguments.map { argument in
      switch argument {
      case .address(let address):
        CUDAEmulationArgument(bits: UInt64(UInt(bitPattern: pointer(address, 1))), kind: kind("p"))
      case .none: CUDAEmulationArgument(bits: 0, kind: kind("p"))
      case .integer(let value):
        CUDAEmulationArgument(bits: UInt64(UInt32(bitPattern: value)), kind: kind("i"))
      case .float(let value):
        CUDAEmulationArgument(bits: UInt64(value.bitPattern), kind: kind("f"))
      }
    }
    launchCount += 1
    let order =
      switch order {
      case .forward: CUDAEmulationForward
      case .reverse: CUDAEmulationReverse
      case .random: CUDAEmulationRandom
      }
    let message = cudaEmulationLaunch(
      Self.trials.contains(launch.kernel.name)
        ? CUDAEmulationTrial : storage(launch.kernel.storage), launch.kernel.name,
      extent(launch.grid),
      extent(launch.block), arguments, Int32(arguments.count), order, launchCount)
    return message.map { String(cString: $0) }
  }

  private func run(_ call: ConvolutionCall) {
    let g = call.convolution.geometry
    let geometry = CUDAEmulationGeometry(
      n: Int32(g.n), c: Int32(g.c), h: Int32(g.h), w: Int32(g.w), k: Int32(g.k), r: Int32(g.r),
      s: Int32(g.s), p: Int32(g.p), q: Int32(g.q), stride: Int32(g.stride),
      padding: Int32(g.padding))
    let storage = storage(call.convolution.storage)
    let size = call.convolution.storage.byteCount
    // What stood in the workspace is lost, as with any library.
    pointer(call.workspace, workspaceByteCount)
      .initializeMemory(as: UInt8.self, repeating: 0xFF, count: workspaceByteCount)
    let x = pointer(call.x, g.inputShape.count * size)
    let w = pointer(call.w, g.filterShape.count * size)
    let y = pointer(call.y, g.outputShape.count * size)
    let adds: Int32 = call.convolution.accumulates ? 1 : 0
    switch call.convolution.pass {
    case .forward: cudaEmulationConvolutionForward(geometry, storage, x, w, y, adds)
    case .backwardData: cudaEmulationConvolutionBackwardData(geometry, storage, y, w, x, adds)
    case .backwardFilter: cudaEmulationConvolutionBackwardFilter(geometry, storage, x, y, w, adds)
    }
  }

  private func kind(_ letter: Unicode.Scalar) -> CChar { CChar(letter.value) }

  private func extent(_ extent: Launch.Extent) -> CUDAEmulationExtent {
    CUDAEmulationExtent(x: UInt32(extent.x), y: UInt32(extent.y), z: UInt32(extent.z))
  }

  private func storage(_ storage: Storage) -> CUDAEmulationStorage {
    switch storage {
    case .float32: CUDAEmulationFloat32
    case .bfloat16: CUDAEmulationBFloat16
    case .float16: CUDAEmulationFloat16
    }
  }

  /// The bytes at an address, all of which lie in one allocation.
  private func pointer(_ address: DeviceAddress, _ byteCount: Int) -> UnsafeMutableRawPointer {
    let first = UInt(address.rawValue)
    precondition(
      allocations.contains {
        first >= $0.address && first + UInt(byteCount) <= $0.address + UInt($0.byteCount)
      },
      "\(byteCount) bytes at \(address) are in no allocation")
    guard let pointer = UnsafeMutableRawPointer(bitPattern: first) else {
      preconditionFailure("an allocation is nowhere")
    }
    return pointer
  }
}

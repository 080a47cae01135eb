import Networks
import Tensors

/// Turns operations into commands; each family of operations has a file of its own.
///
/// Addresses count from 0 to the end of the program's memory; those of the scratch, whose size is
/// known only at the end, count from ``scratch``.
struct Lowering {
  /// Where the addresses of the scratch begin: further than any memory reaches.
  static let scratch = DeviceAddress(1 << 60)
  /// Every buffer begins at a multiple of it, in bytes.
  static let alignment = 256
  /// The threads of a block wherever a kernel does not say otherwise.
  static let blockSize = 256
  /// The blocks of 256 threads that an H100's 132 multiprocessors hold at once.
  static let blocksInFlight = 132 * 8

  let graph: Graph
  let layouts: SlotLayouts
  let memory: MemoryPlan
  let prepare: (Convolution) throws -> Int?
  /// The bytes of memory given out so far.
  private(set) var byteCount: Int
  /// The bytes of scratch that some command needs.
  private(set) var scratchByteCount = 0
  /// What is written once, before the first run.
  private(set) var constants: [Blueprint.Constant] = []
  /// The commands of the phase that is being lowered.
  var commands: [Command] = []
  /// Where a convolution finds the filters of a slot, rounded to its storage.
  var roundedFilters = RoundedFilters()
  /// How many commands of the phase stand before each of its cuts.
  private(set) var cutPositions: [Int] = []

  init(_ graph: Graph, prepare: @escaping (Convolution) throws -> Int?) {
    let layouts = SlotLayouts(graph)
    self.graph = graph
    self.layouts = layouts
    self.prepare = prepare
    memory = MemoryPlan(graph, alignment: Self.alignment) { layouts.byteCount($0, graph) }
    byteCount = memory.size
  }

  /// The commands of one phase.
  ///
  /// - Parameters:
  ///   - phase: The phase.
  ///   - cuts: Positions of operations, ascending, behind each of which all gradients made so far are to
  ///     be whole; ``cutPositions`` then tells where among the commands that is.
  /// - Returns: The commands.
  /// - Throws: What making a convolution ready throws.
  mutating func lower(_ phase: Graph.Phase, cuts: [Int] = []) throws -> [Command] {
    commands = []
    cutPositions = []
    var firstUnspread = 0
    let operations = graph.operations(phase)
    roundFilters(operations)
    var index = 0
    while index < operations.count {
      // Optimisers and norms go over all parameters at once.
      let updates = operations[index...].run { if case .update(let op) = $0 { op } else { nil } }
      let norms = operations[index...].run { if case .squaredNorm(let op) = $0 { op } else { nil } }
      if !updates.isEmpty {
        lower(updates)
      } else if !norms.isEmpty {
        lower(norms)
      } else {
        try lower(operations[index])
      }
      index += max(1, updates.count + norms.count)
      while cutPositions.count < cuts.count, index > cuts[cutPositions.count] {
        spreadFilterGradients(operations[firstUnspread..<index])
        firstUnspread = index
        cutPositions.append(commands.count)
      }
    }
    spreadFilterGradients(operations[firstUnspread...])
    return commands
  }

  private mutating func lower(_ op: Op) throws {
    switch op {
    case .convolutionForward(let op): try lower(op)
    case .convolutionBackwardData(let op): try lower(op)
    case .convolutionBackwardFilter(let op): try lower(op)
    case .batchNormForward(let op): lower(op)
    case .batchNormInference(let op): lower(op)
    case .batchNormBackward(let op): lower(op)
    case .reluForward(let op): lower(op)
    case .reluBackward(let op): lower(op)
    case .geluForward(let op): lower(op)
    case .geluBackward(let op): lower(op)
    case .celuForward(let op): lower(op)
    case .celuBackward(let op): lower(op)
    case .additionForward(let op): lower(op)
    case .additionBackward(let op): lower(op)
    case .downsampleForward(let op): lower(op)
    case .downsampleBackward(let op): lower(op)
    case .globalAveragePoolForward(let op): lower(op)
    case .globalAveragePoolBackward(let op): lower(op)
    case .maxPoolForward(let op): lower(op)
    case .maxPoolBackward(let op): lower(op)
    case .globalMaxPoolForward(let op): lower(op)
    case .globalMaxPoolBackward(let op): lower(op)
    case .concatenationForward(let op): lower(op)
    case .concatenationBackward(let op): lower(op)
    case .biasForward(let op): lower(op)
    case .biasBackward(let op): lower(op)
    case .linearForward(let op): lower(op)
    case .linearBackward(let op): lower(op)
    case .softmaxCrossEntropy(let op): lower(op)
    case .squaredNorm(let op): lower([op])
    case .update(let op): lower([op])
    }
  }
}

extension ArraySlice {
  /// What `transform` makes of the elements at the front, up to the first of which it makes nothing.
  fileprivate func run<Result>(_ transform: (Element) -> Result?) -> [Result] {
    var results: [Result] = []
    for element in self {
      guard let result = transform(element) else { break }
      results.append(result)
    }
    return results
  }
}

// MARK: - Memory

extension Lowering {
  /// The address of a slot.
  func address(_ slot: Slot) -> DeviceAddress {
    guard let offset = memory.offsets[slot.index] else {
      preconditionFailure("\(graph[slot].name) has no place in memory")
    }
    return DeviceAddress(UInt64(offset))
  }

  /// The address of one value of a dense slot.
  func address(_ slot: Slot, _ index: Int) -> DeviceAddress { address(slot) + 4 * index }

  /// The place of a slot as update tables count, in floats.
  func floatOffset(_ slot: Slot) -> Int { Int(address(slot).rawValue) / 4 }

  /// Memory that stays as long as the program.
  mutating func allocate(byteCount count: Int) -> DeviceAddress {
    defer { byteCount += Self.aligned(count) }
    return DeviceAddress(UInt64(byteCount))
  }

  /// Memory that holds some words from the beginning.
  mutating func constant(_ words: [Int32]) -> DeviceAddress {
    let address = allocate(byteCount: 4 * words.count)
    constants.append(Blueprint.Constant(address: address, words: words))
    return address
  }

  /// Memory that one operation uses between its commands.
  mutating func scratch(byteCount: Int, behind offset: Int = 0) -> DeviceAddress {
    let first = Self.aligned(offset)
    scratchByteCount = max(scratchByteCount, first + Self.aligned(byteCount))
    return Self.scratch + first
  }

  static func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
}

// MARK: - Launches

extension Lowering {
  /// The values of 16 bytes.
  var vector: Int { 16 / layouts.storage.byteCount }

  /// Adds the launch of a kernel.
  mutating func launch(
    _ source: KernelSource, _ name: String, grid: Launch.Extent,
    block: Launch.Extent = .init(Self.blockSize), _ arguments: Launch.Argument...
  ) {
    commands.append(
      .launch(
        Launch(
          Kernel(source, name, layouts.storage), grid: grid, block: block, arguments)))
  }

  /// A kernel that goes over all values of an image, 16 bytes a thread where sizes allow.
  ///
  /// - Parameters:
  ///   - name: The kernel.
  ///   - count: The values.
  ///   - c: What a vector must not reach over: the channels, or `count` where that does not matter.
  /// - Returns: The name of the variant and its grid. The grid's stride is a multiple of the channels
  ///   if that is possible, so that a thread stays with its channels.
  func pass(_ name: String, count: Int, c: Int) -> (name: String, grid: Launch.Extent) {
    let width = c % vector == 0 ? vector : 1
    var blocks = min((count / width + Self.blockSize - 1) / Self.blockSize, Self.blocksInFlight)
    let groups = c / width
    let period = groups / greatestCommonDivisor(groups, Self.blockSize)
    if blocks > period { blocks -= blocks % period }
    return (width == 1 ? name + "Scalar" : name, Launch.Extent(max(blocks, 1)))
  }

  /// The kernels that add up over the rows of `[rows, c]`: see `ChannelSums.cu`.
  struct ChannelSums {
    let name: String
    let grid: Launch.Extent
    let block: Launch.Extent
    /// The blocks of each channel: the sums that a second kernel adds up.
    let chunks: Int
    /// The grid of the second kernel, a warp a channel.
    let finish: Launch.Extent
  }

  /// Splits the sums so that there are two blocks for each multiprocessor of an H100.
  func channelSums(_ name: String, rows: Int, c: Int) -> ChannelSums {
    let width = c % vector == 0 ? vector : 1
    let groups = c / width
    var x = 1
    while x < min(groups, 32) { x *= 2 }
    let y = Self.blockSize / x
    let tiles = (groups + x - 1) / x
    let chunks = max(1, min(Self.blocksInFlight / 2 / tiles, rows / (4 * y)))
    return ChannelSums(
      name: width == 1 ? name + "Scalar" : name, grid: .init(tiles, chunks), block: .init(x, y),
      chunks: chunks, finish: warps(c))
  }

  /// The grid with a warp for each of `count` things.
  func warps(_ count: Int) -> Launch.Extent {
    .init((count * 32 + Self.blockSize - 1) / Self.blockSize)
  }

  /// The grid with a thread for each of `count` things, or as many as fit at once.
  func threads(_ count: Int) -> Launch.Extent {
    .init(max(1, min((count + Self.blockSize - 1) / Self.blockSize, Self.blocksInFlight)))
  }

  private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }
}

// MARK: - Arguments

extension Lowering {
  /// The pointer to a slot.
  func pointer(_ slot: Slot) -> Launch.Argument { .address(address(slot)) }

  /// The pointer to a slot, or none.
  func pointer(_ slot: Slot?) -> Launch.Argument { slot.map { pointer($0) } ?? .none }

  /// The pointer to a step input.
  func pointer(_ field: StepInputs.Field) -> Launch.Argument {
    .address(address(graph.stepInputs, field.offset))
  }

  func shape(_ slot: Slot) -> Shape { graph[slot].shape }
}

extension Launch.Argument {
  /// An `int` of the kernel.
  static func integer(_ value: Int) -> Launch.Argument { .integer(Int32(value)) }
  /// An `int` that is 1 or 0.
  static func integer(_ value: Bool) -> Launch.Argument { .integer(Int32(value ? 1 : 0)) }
  /// Whether a gradient is added to what is there.
  static func write(_ target: GradientTarget?) -> Launch.Argument {
    .integer(target?.write == .accumulate)
  }
  /// The number of an activation function in `Prelude.cu`.
  static func activation(_ function: ActivationFunction) -> Launch.Argument {
    switch function {
    case .identity: .integer(0)
    case .relu: .integer(1)
    case .gelu: .integer(2)
    }
  }
}

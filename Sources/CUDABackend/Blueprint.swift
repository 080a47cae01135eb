package import Networks
import Tensors

/// What a graph becomes before it has a machine: commands, and the memory they need.
///
/// Prints as a list.
package struct Blueprint: Sendable {
  /// Words that are written once, before the first run.
  package struct Constant: Hashable, Sendable {
    /// Where.
    package let address: DeviceAddress
    /// What.
    package let words: [Int32]
  }

  /// The rows of step inputs that the device holds.
  static let rowCapacity = 1024

  /// The graph.
  package let graph: Graph
  /// The commands of each phase, addresses counted from 0 and from ``Lowering/scratch``.
  package var phases: [Graph.Phase: [Command]]
  /// How many commands of the backward phase stand before each mark that gradients wait for.
  package let marks: [Int]
  /// How gradients are added up between processes; empty for a process that is alone.
  package let exchanges: [GradientExchange]
  /// What makes the next row of step inputs the current one.
  package let takeStepInputs: Command
  /// Where the rows of step inputs begin.
  package let stepInputRows: DeviceAddress
  /// Where values of images and filters lie between the host and their slots.
  package let staging: DeviceAddress
  /// Where the sources of a batch's images lie.
  let imageSources: DeviceAddress
  /// The bytes that stay as long as the program.
  package let byteCount: Int
  /// The bytes that commands share.
  package let scratchByteCount: Int
  /// What memory holds from the beginning.
  package let constants: [Constant]
  /// Where each slot lies.
  package let memory: MemoryPlan
  let layouts: SlotLayouts

  /// Lowers a graph.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - buckets: The gradients that are added up between processes, in the order in which that is done.
  ///   - prepare: Makes a convolution ready and gives the workspace it needs, as
  ///     ``Machine/prepare(_:)`` does.
  /// - Throws: What `prepare` throws.
  package init(
    _ graph: Graph, buckets: [GradientBucket] = [],
    prepare: @escaping (Convolution) throws -> Int?
  ) throws {
    var lowering = Lowering(graph, prepare: prepare)
    let width = graph[graph.stepInputs].shape.count
    stepInputRows = lowering.allocate(byteCount: 4 * width * Self.rowCapacity)
    let counter = lowering.allocate(byteCount: 4)
    lowering.launch(
      .stepInputs, "takeStepInputs", grid: .init(1), block: .init(64), .address(stepInputRows),
      .address(counter), lowering.pointer(graph.stepInputs), .integer(width),
      .integer(Self.rowCapacity))
    takeStepInputs = lowering.commands[0]
    let largest = graph.slots.filter { $0.isPersistent && $0.shape.rank == 4 }
      .map(\.shape.count).max()
    staging = lowering.allocate(byteCount: 4 * (largest ?? 0))
    imageSources = lowering.allocate(
      byteCount: 4 * ImageSource.wordCount * graph.configuration.batch)
    var phases: [Graph.Phase: [Command]] = [:]
    let cuts = Lowering.cuts(graph, buckets)
    var marks: [Int] = []
    for phase in Graph.Phase.allCases {
      phases[phase] = try lowering.lower(phase, cuts: phase == .backward ? cuts : [])
      if phase == .backward { marks = lowering.cutPositions }
    }
    exchanges = lowering.lower(buckets, cuts)
    self.marks = marks
    self.graph = graph
    self.phases = phases
    byteCount = lowering.byteCount
    scratchByteCount = lowering.scratchByteCount
    constants = lowering.constants
    memory = lowering.memory
    layouts = lowering.layouts
  }

  /// What changes the order of a slot's values between the host's, in ``staging``, and the slot's own;
  /// `nil` for a slot whose values lie in the order of its shape.
  func reorder(_ slot: Slot, toHost: Bool) -> Command? {
    let name: String
    switch layouts.layouts[slot.index] {
    case .image: name = toHost ? "imagesToHost" : "imagesFromHost"
    case .filter: name = toHost ? "filtersToHost" : "filtersFromHost"
    case .dense, .choice: return nil
    }
    let shape = graph[slot].shape
    let (host, own) = (Launch.Argument.address(staging), Launch.Argument.address(address(slot)))
    return .launch(
      Launch(
        Kernel(.layout, name, layouts.storage),
        grid: .init(
          max(1, min((shape.count + Lowering.blockSize - 1) / Lowering.blockSize, 1 << 16))),
        block: .init(Lowering.blockSize),
        [
          toHost ? own : host, toHost ? host : own, .integer(shape.count), .integer(shape[1]),
          .integer(shape[2] * shape[3]),
        ]))
  }

  /// The address of a slot, counted from 0.
  package func address(_ slot: Slot) -> DeviceAddress {
    guard let offset = memory.offsets[slot.index] else {
      preconditionFailure("\(graph[slot].name) has no place in memory")
    }
    return DeviceAddress(UInt64(offset))
  }

  /// Every kernel that the program runs.
  package var kernels: Set<Kernel> {
    let names = ["imagesFromHost", "imagesToHost", "filtersFromHost", "filtersToHost"]
    let commands =
      [takeStepInputs] + phases.values.joined() + exchanges.flatMap(\.commands)
    let launched = commands.compactMap { command in
      if case .launch(let launch) = command { launch.kernel } else { nil }
    }
    return Set(launched + names.map { Kernel(.layout, $0, layouts.storage) } + [makeImages])
  }

  private var makeImages: Kernel { Kernel(.batch, "makeImages", layouts.storage) }

  /// What fills the slot of the images from a split that a machine holds.
  ///
  /// - Parameters:
  ///   - images: The split.
  ///   - placed: Where an address of this blueprint lies.
  /// - Returns: The launch.
  func makeImages(
    from images: HeldImages, _ placed: (DeviceAddress) -> DeviceAddress
  ) -> Command {
    let shape = graph[graph.images].shape
    return .launch(
      Launch(
        makeImages,
        grid: .init(
          (shape[2] * shape[3] + Lowering.blockSize - 1) / Lowering.blockSize, shape[0]),
        block: .init(Lowering.blockSize),
        [
          .address(images.pixels), .address(images.tables), .address(placed(imageSources)),
          .address(placed(address(graph.images))), .integer(shape[1]), .integer(shape[2]),
          .integer(shape[3]), .integer(images.reflects),
        ]))
  }
}

extension Blueprint: CustomStringConvertible {
  /// Memory and commands, phase by phase.
  package var description: String {
    var lines = ["\(byteCount) bytes and \(scratchByteCount) bytes of scratch"]
    for phase in Graph.Phase.allCases {
      guard let commands = phases[phase], !commands.isEmpty else { continue }
      lines.append("\(phase.rawValue):")
      lines += commands.map { "  \($0)" }
    }
    for exchange in exchanges {
      lines.append("beside, after command \(marks[exchange.mark]) of backward:")
      lines += exchange.commands.map { "  \($0)" }
    }
    return lines.joined(separator: "\n")
  }
}

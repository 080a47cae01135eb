package import Networks
import Tensors

/// A graph with its memory on a machine: a captured graph for each phase, replayed.
///
/// Writes and runs only queue work; `read` alone waits. Step inputs go to a ring of rows in the
/// machine's memory, and the first kernel of the next run copies the row of today to where all other
/// kernels read it: nothing that changes from step to step is ever an argument.
///
/// Where gradients are added up between processes, the backward phase is as many graphs as it has marks,
/// one behind each.
package final class CUDAProgram: CompiledProgram {
  /// What is run.
  package let blueprint: Blueprint
  private let machine: any Machine
  private let memory: DeviceAddress
  private let phases: [Graph.Phase: [CapturedGraph]]
  /// The phases that begin a step, with the taking of a row at their head.
  private let beginnings: [Graph.Phase: CapturedGraph]
  /// The taking of a row alone, for a run that begins in the middle of a step.
  private let taking: CapturedGraph
  /// What adds a bucket's gradients up between processes.
  private let exchanges: [GradientBucket: GradientExchange]
  /// The slots that this reads and writes beside the phases.
  private let exchanged: Set<Slot>
  /// Whether something goes on beside that the phases do not wait for yet.
  private var goesOnBeside = false
  /// The images that batches are made of.
  private var held = HeldSplits()
  /// Rows that were written.
  private var rowsWritten = 0
  /// Whether the last row written waits to be taken.
  private var rowWaits = false

  /// Allocates memory, makes kernels ready and captures the phases.
  ///
  /// - Throws: The machine's own error if it lacks memory or a kernel does not compile.
  package init(_ blueprint: Blueprint, on machine: any Machine) throws {
    self.blueprint = blueprint
    self.machine = machine
    try machine.prepare(blueprint.kernels)
    let memory = try machine.allocate(byteCount: blueprint.byteCount)
    let scratch = try machine.allocate(byteCount: max(blueprint.scratchByteCount, 1))
    self.memory = memory
    func placed(_ command: Command) -> Command {
      command.mapAddresses { address in
        address.rawValue < Lowering.scratch.rawValue
          ? memory + Int(address.rawValue)
          : scratch + Int(address.rawValue - Lowering.scratch.rawValue)
      }
    }
    for constant in blueprint.constants {
      unsafe machine.write(constant.words.span.bytes, to: memory + Int(constant.address.rawValue))
    }
    let take = placed(blueprint.takeStepInputs)
    taking = try machine.capture([take])
    var phases: [Graph.Phase: [CapturedGraph]] = [:]
    var beginnings: [Graph.Phase: CapturedGraph] = [:]
    for (phase, commands) in blueprint.phases where !commands.isEmpty {
      let commands = commands.map(placed)
      let ends = (phase == .backward ? blueprint.marks : []).filter { $0 < commands.count }
      phases[phase] = try zip([0] + ends, ends + [commands.count]).map { first, end in
        try machine.capture(Array(commands[first..<end]))
      }
      if phase == .forward || phase == .evaluate {
        beginnings[phase] = try machine.capture([take] + commands)
      }
    }
    self.phases = phases
    self.beginnings = beginnings
    exchanges = Dictionary(
      uniqueKeysWithValues: blueprint.exchanges.map { exchange in
        var exchange = exchange
        exchange.commands = exchange.commands.map(placed)
        return (exchange.bucket, exchange)
      })
    exchanged = Set(blueprint.exchanges.flatMap { $0.bucket.gradients + $0.bucket.sums })
  }

  private var graph: Graph { blueprint.graph }

  /// Stores a slot's values; step inputs become the next row of the schedule on the device.
  package func write(_ values: Span<Float>, to slot: Slot) {
    check(values.count, slot)
    if exchanged.contains(slot) { waitForExchanges() }
    if slot == graph.stepInputs {
      writeRow(values)
    } else if let reordering = reorder(slot, toHost: false) {
      unsafe machine.write(values.bytes, to: placed(blueprint.staging))
      machine.run(reordering)
    } else {
      unsafe machine.write(values.bytes, to: placed(blueprint.address(slot)))
    }
  }

  /// Fetches a slot's values, after waiting for all that was queued.
  package func read(_ slot: Slot, into values: inout MutableSpan<Float>) {
    check(values.count, slot)
    if exchanged.contains(slot) { waitForExchanges() }
    if slot == graph.stepInputs { takeRow() }
    var bytes = unsafe values.mutableBytes
    if let reordering = reorder(slot, toHost: true) {
      machine.run(reordering)
      machine.read(placed(blueprint.staging), into: &bytes)
    } else {
      machine.read(placed(blueprint.address(slot)), into: &bytes)
    }
  }

  /// Queues the commands of one phase.
  package func run(_ phase: Graph.Phase) {
    guard let graphs = phases[phase] else { return }
    switch phase {
    // They touch neither gradients nor their sums.
    case .forward, .evaluate: break
    // The next part's gradients take the place of those on their way, an update wants them all.
    case .backward, .accumulate, .update, .average, .exchange: waitForExchanges()
    }
    if rowWaits, let beginning = beginnings[phase] {
      rowWaits = false
      machine.replay(beginning)
    } else {
      takeRow()
      for (number, graph) in graphs.enumerated() {
        machine.replay(graph)
        if phase == .backward, number < blueprint.marks.count { machine.mark(number) }
      }
    }
  }

  // MARK: - Gradients of several processes

  /// Queues the sum of a bucket's gradients over all processes, and its addition to the sums of the
  /// step's parts, beside the rest of the backward phase.
  ///
  /// - Parameter bucket: One of those that the program was made for.
  /// - Returns: False for any other bucket, of which nothing is done.
  /// - Throws: The machine's own error if the sum is refused.
  package func addUp(_ bucket: GradientBucket) throws -> Bool {
    guard let exchange = exchanges[bucket] else { return false }
    goesOnBeside = true
    try machine.runBeside(exchange.commands, after: exchange.mark)
    return true
  }

  private func waitForExchanges() {
    guard goesOnBeside else { return }
    goesOnBeside = false
    machine.join()
  }

  // MARK: - Images that the machine holds

  /// Brings the images of a split to the machine, if its memory takes them.
  package func hold(
    _ split: HeldSplit, pixels: Span<UInt8>, tables: Span<Float>, padsByReflection: Bool
  ) -> Bool {
    let shape = graph[graph.images].shape
    precondition(
      pixels.count % (shape[1] * shape[2] * shape[3]) == 0 && tables.count == 256 * shape[1],
      "images of \(shape[1])×\(shape[2])×\(shape[3]) pixels are expected")
    return held.hold(
      split, pixels: pixels, tables: tables, padsByReflection: padsByReflection, on: machine)
  }

  /// Makes the batch's images from those that the machine holds.
  package func write(_ sources: [ImageSource], of split: HeldSplit) {
    guard let images = held[split] else {
      preconditionFailure("the program holds no \(split.rawValue) images")
    }
    let batch = graph.configuration.batch
    precondition(sources.count <= batch, "a batch holds \(batch) images, found \(sources.count)")
    var words: [Int32] = []
    words.reserveCapacity(ImageSource.wordCount * batch)
    for source in sources { source.append(to: &words) }
    for _ in sources.count..<batch { ImageSource.none.append(to: &words) }
    unsafe machine.write(words.span.bytes, to: placed(blueprint.imageSources))
    machine.run(blueprint.makeImages(from: images, placed))
  }

  // MARK: - Step inputs

  /// A row that nobody has taken is replaced: the last one written before a run is the one that counts.
  ///
  /// However far the host is ahead, no row is overwritten before it is taken: the write of row r + 1024
  /// is given to the machine behind the run that takes row r, and a machine keeps that order. So the
  /// ring's length bounds nothing; what bounds the host is the machine's room for bytes on their way.
  private func writeRow(_ values: Span<Float>) {
    if !rowWaits { rowsWritten += 1 }
    rowWaits = true
    let position = (rowsWritten - 1) % Blueprint.rowCapacity
    unsafe machine.write(
      values.bytes, to: placed(blueprint.stepInputRows) + 4 * position * values.count)
  }

  private func takeRow() {
    guard rowWaits else { return }
    rowWaits = false
    machine.replay(taking)
  }

  // MARK: - Places

  private func placed(_ address: DeviceAddress) -> DeviceAddress {
    memory + Int(address.rawValue)
  }

  private func reorder(_ slot: Slot, toHost: Bool) -> Command? {
    blueprint.reorder(slot, toHost: toHost)?.mapAddresses(placed)
  }

  private func check(_ count: Int, _ slot: Slot) {
    let description = graph[slot]
    precondition(
      description.isPersistent, "\(description.name) keeps no values between operations")
    precondition(
      count == description.shape.count,
      "\(description.name) holds \(description.shape.count) values, found \(count)")
  }
}

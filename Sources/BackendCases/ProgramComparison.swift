public import Networks
import Tensors

/// Backends' programs beside the reference, value by value.
public struct ProgramComparison: Sendable {
  /// One slot after some phases.
  public struct Row: Sendable {
    /// The slot's name.
    public let slot: String
    /// The phases that were run before the slot was read.
    public let phases: [Graph.Phase]
    /// The number of values.
    public let count: Int
    /// The norm of the reference's values.
    public let scale: Double
    /// The norm of the difference; not a number if a value is none.
    public let error: Double

    /// The largest error that a tolerance allows.
    public func allowed(_ tolerance: Tolerance) -> Double {
      tolerance.relative * scale + tolerance.absolute * Double(count).squareRoot()
    }

    /// Whether the error is within a tolerance; never if it is not a number.
    public func isWithin(_ tolerance: Tolerance) -> Bool { error <= allowed(tolerance) }
  }

  private let testCase: OpCase
  private let roundsFilters: Bool

  /// Compares programs of a case.
  ///
  /// - Parameters:
  ///   - testCase: The case.
  ///   - roundsFilters: Whether the reference rounds filters as it does images, where those have
  ///     16 bits; see `ReferenceProgram`.
  public init(_ testCase: OpCase, roundsFilters: Bool = false) {
    self.testCase = testCase
    self.roundsFilters = roundsFilters
  }

  /// Runs steps and evaluations beside the reference.
  ///
  /// - Parameter compilations: Each makes the program of a graph as it is.
  /// - Returns: For each compilation every slot that a step or an evaluation changes, after every few
  ///   phases.
  /// - Throws: What a compilation throws.
  public func rows(
    _ compilations: [@Sendable (Graph) throws -> any CompiledProgram]
  ) throws -> [[Row]] {
    var rows = compilations.map { _ in [Row]() }
    for graph in testCase.graphs {
      let programs = try compilations.map { try $0(graph) }
      let reference = ReferenceProgram(graph, roundsFilters: roundsFilters)
      for program in programs + [reference] { testCase.prepare(program, graph) }
      for phases in [
        [Graph.Phase.forward, .backward, .accumulate, .update], [.evaluate], [.forward, .backward],
        [.average], [.exchange], [.evaluate],
      ] {
        for phase in phases { reference.run(phase) }
        for (number, program) in programs.enumerated() {
          for phase in phases { program.run(phase) }
          rows[number] += graph.results.map { slot in
            row(program.values(of: slot, in: graph), reference[slot], graph[slot].name, phases)
          }
        }
      }
    }
    return rows
  }

  private func row(
    _ found: [Float], _ expected: [Double], _ slot: String, _ phases: [Graph.Phase]
  ) -> Row {
    precondition(found.count == expected.count, "both have the slot's values")
    let error = zip(found, expected).reduce(0) { sum, pair in
      let difference = Double(pair.0) - pair.1
      return sum + difference * difference
    }
    return Row(
      slot: slot, phases: phases, count: found.count,
      scale: expected.reduce(0) { $0 + $1 * $1 }.squareRoot(), error: error.squareRoot())
  }
}

extension ProgramComparison.Row {
  /// The error as a part of what a tolerance allows; infinite if it is not a number.
  public func part(of tolerance: Tolerance) -> Double {
    guard error.isFinite else { return .infinity }
    return error / max(allowed(tolerance), .leastNormalMagnitude)
  }
}

/// How much a backend's values may differ from the reference.
public struct Tolerance: Hashable, Sendable {
  /// The part of the norm of what was expected.
  public let relative: Double
  /// What is added for each value, for gradients that are 0 but for rounding.
  public let absolute: Double

  /// Allows something.
  public init(relative: Double, absolute: Double) {
    self.relative = relative
    self.absolute = absolute
  }

  /// All of float32's bits.
  public static let float32 = Tolerance(relative: 1e-5, absolute: 1e-7)

  /// Products of 10 bits, summed in float32.
  public static let tf32 = Tolerance(relative: 1e-3, absolute: 1e-5)

  /// Activations of 8 bits.
  ///
  /// The reference rounds what the kernels round, so the two differ by single roundings. One that
  /// falls the other way is 2⁻⁸ of a value; so is one where a batch norm sums what a convolution has
  /// not rounded yet. Two blocks of batch norms over a few pixels multiply that, so cases of blocks
  /// are allowed six times as much.
  ///
  /// - Parameters:
  ///   - testCase: The case.
  ///   - roundsFilters: Whether filters are rounded too, which allows a little more.
  /// - Returns: The tolerance.
  public static func bfloat16(_ testCase: OpCase, roundsFilters: Bool = false) -> Tolerance {
    let slack = testCase.name.contains("blocks") ? 6.0 : 1
    return Tolerance(
      relative: slack * (roundsFilters ? 1e-2 : 0x1p-7), absolute: slack * 0x1p-9)
  }

  /// Activations of 11 bits: an eighth of ``bfloat16(_:roundsFilters:)``.
  ///
  /// Cases of blocks are allowed twice as much as there instead. A value near 0 whose rounding decides on
  /// which side of a ReLU it falls changes a gradient by as much in any precision, and the cases' loss
  /// scale is 2.
  public static func float16(_ testCase: OpCase, roundsFilters: Bool = false) -> Tolerance {
    let coarse = bfloat16(testCase, roundsFilters: roundsFilters)
    let factor = testCase.name.contains("blocks") ? 2 : 0.125
    return Tolerance(relative: factor * coarse.relative, absolute: factor * coarse.absolute)
  }
}

extension CompiledProgram {
  /// All values of a slot.
  public func values(of slot: Slot, in graph: Graph) -> [Float] {
    var buffer = HostBuffer(count: graph[slot].shape.count)
    buffer.withMutableSpan { read(slot, into: &$0) }
    return buffer.withSpan { span in span.indices.map { span[$0] } }
  }
}

extension Graph {
  /// The slots that a step or an evaluation changes.
  public var results: [Slot] {
    parameters.flatMap { [$0.gradient, $0.values] + $0.optimizerStates }
      + (parameters.compactMap(\.average) + states.compactMap(\.average))
      + states.map(\.values) + [losses, hits] + (lossScale.map { [$0.factor, $0.updates] } ?? [])
  }
}

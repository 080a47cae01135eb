import Networks
import Tensors
import TestSupport
import Testing

/// Backends' programs beside the reference, value by value.
struct ProgramComparison {
  private let testCase: OpCase
  private let roundsFilters: Bool

  init(_ testCase: OpCase, roundsFilters: Bool = false) {
    self.testCase = testCase
    self.roundsFilters = roundsFilters
  }

  /// Runs steps and evaluations beside the reference.
  ///
  /// - Parameters:
  ///   - compilations: Each makes the program of a graph as it is.
  ///   - bound: The largest norm of the difference, from the norm of what was expected and the number
  ///     of values.
  /// - Throws: What a compilation throws.
  func check(
    _ compilations: [@Sendable (Graph) throws -> any CompiledProgram],
    bound: (Double, Double) -> Double
  ) throws {
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
          for slot in graph.results {
            let found = program.values(of: slot, in: graph).map(Double.init)
            let expected = reference[slot]
            #expect(found.count == expected.count)
            let error = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            let scale = expected.reduce(0) { $0 + $1 * $1 }
            let allowed = bound(scale.squareRoot(), Double(found.count))
            let place = "\(graph[slot].name) after \(phases.map(\.rawValue)), program \(number)"
            #expect(
              error.squareRoot() <= allowed, "\(place): \(error.squareRoot()), \(allowed)")
          }
        }
      }
    }
  }
}

extension CompiledProgram {
  /// All values of a slot.
  func values(of slot: Slot, in graph: Graph) -> [Float] {
    var buffer = HostBuffer(count: graph[slot].shape.count)
    buffer.withMutableSpan { read(slot, into: &$0) }
    return buffer.withSpan { span in span.indices.map { span[$0] } }
  }
}

extension Graph {
  /// The slots that a step or an evaluation changes.
  var results: [Slot] {
    parameters.flatMap { [$0.gradient, $0.values] + $0.optimizerStates }
      + (parameters.compactMap(\.average) + states.compactMap(\.average))
      + states.map(\.values) + [losses, hits]
  }
}

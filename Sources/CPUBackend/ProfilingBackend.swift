package import Networks

/// A processor backend whose programs time each operation.
package struct ProfilingBackend: Backend {
  private let backend: CPUBackend
  private let profile: Profile
  private let now: @Sendable () -> Double

  /// Makes a backend.
  ///
  /// - Parameters:
  ///   - backend: What runs the operations.
  ///   - profile: What takes the times of the last program compiled.
  ///   - now: Seconds on a clock that never goes back.
  package init(_ backend: CPUBackend, profile: Profile, now: @escaping @Sendable () -> Double) {
    self.backend = backend
    self.profile = profile
    self.now = now
  }

  /// That of the backend inside.
  package var arithmetic: String { backend.arithmetic }

  /// Makes the same program as the backend inside does.
  package func compile(_ graph: Graph) throws -> any CompiledProgram {
    let program = try backend.program(fusing: graph)
    profile.begin(program.graph)
    return ProfiledProgram(program, profile: profile, now: now)
  }
}

/// A program that runs operation by operation and hands over the time of each.
private final class ProfiledProgram: CompiledProgram {
  private let program: CPUProgram
  private let profile: Profile
  private let now: () -> Double
  /// Where a phase's operations begin in the graph's table.
  private let firstRows: [Graph.Phase: Int]

  init(_ program: CPUProgram, profile: Profile, now: @escaping () -> Double) {
    self.program = program
    self.profile = profile
    self.now = now
    var firstRows: [Graph.Phase: Int] = [:]
    for (index, row) in program.graph.rows.enumerated() where firstRows[row.phase] == nil {
      firstRows[row.phase] = index
    }
    self.firstRows = firstRows
  }

  func run(_ phase: Graph.Phase) {
    let first = firstRows[phase] ?? 0
    for index in program.graph.operations(phase).indices {
      let start = now()
      program.runOperation(index, of: phase)
      profile.record(now() - start, of: first + index)
    }
  }

  func write(_ values: Span<Float>, to slot: Slot) { program.write(values, to: slot) }

  func read(_ slot: Slot, into values: inout MutableSpan<Float>) {
    program.read(slot, into: &values)
  }
}

import Networks
import TestSupport
import Testing

extension ProgramComparison {
  /// Expects every value of every program to be within a tolerance of the reference.
  func check(
    _ compilations: [@Sendable (Graph) throws -> any CompiledProgram], _ tolerance: Tolerance
  ) throws {
    for (number, rows) in try rows(compilations).enumerated() {
      #expect(!rows.isEmpty)
      for row in rows {
        #expect(
          row.isWithin(tolerance),
          """
          \(row.slot) after \(row.phases.map(\.rawValue)), program \(number): \(row.error), \
          \(row.allowed(tolerance))
          """)
      }
    }
  }
}

import Synchronization

/// The times of a program's operations, each in its place in the step.
package final class Profile: Sendable {
  /// An operation and the seconds of each of its runs.
  package struct Operation: Sendable {
    /// What it is, as in the graph's table.
    package let row: Graph.Row
    /// One entry a run.
    package internal(set) var seconds: [Double] = []
  }

  private let operations = Mutex<[Operation]>([])

  /// Makes an empty profile.
  package init() {}

  /// Every operation so far, in the order of the graph's table.
  package var times: [Operation] { operations.withLock { $0 } }

  /// Drops the times so far, those of a warm-up.
  package func forget() {
    operations.withLock { operations in
      for index in operations.indices { operations[index].seconds = [] }
    }
  }

  /// Begins with the operations of a program.
  package func begin(_ graph: Graph) {
    operations.withLock { $0 = graph.rows.map { Operation(row: $0) } }
  }

  /// Adds the time of a run of the operation at `index`.
  package func record(_ seconds: Double, of index: Int) {
    operations.withLock { $0[index].seconds.append(seconds) }
  }
}

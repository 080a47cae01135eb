import Tensors

/// The graph as a table: one line an operation, with its result's shape and size and its work.
extension Graph: CustomStringConvertible {
  /// One row of the table.
  public struct Row: Hashable, Sendable {
    /// The phase that the operation belongs to.
    public let phase: Phase
    /// The kind of operation.
    public let operation: String
    /// The name of its main result.
    public let result: String
    /// The shape of the first tensor that it reads, or empty.
    public let inputShape: String
    /// The shape of its main result, for example `128×16×32×32`.
    public let shape: String
    /// The logical bytes of all it reads.
    public let readByteCount: Int
    /// The logical bytes of all it writes.
    public let byteCount: Int
    /// Floating-point operations; 0 where memory is the limit.
    public let flops: Int
  }

  /// The table's rows, phase after phase.
  public var rows: [Row] {
    Phase.allCases.flatMap { phase in
      operations(phase).map { op in
        let result = op.writes.first.map { self[$0] }
        func byteCount(_ slots: [Slot]) -> Int {
          slots.reduce(0) { $0 + self[$1].shape.count * bytesPerValue(self[$1]) }
        }
        return Row(
          phase: phase, operation: op.name, result: result?.name ?? "",
          inputShape: op.reads.first.map { self[$0].shape.description } ?? "",
          shape: result?.shape.description ?? "", readByteCount: byteCount(op.reads),
          byteCount: byteCount(op.writes), flops: op.flops)
      }
    }
  }

  private func bytesPerValue(_ description: SlotDescription) -> Int {
    description.isImage ? configuration.precision.byteCount : 4
  }

  /// The table as text in aligned columns.
  public var description: String {
    func tenths(_ count: Int) -> String { "\(count / 10).\(count % 10)" }
    let header = ["phase", "operation", "result", "shape", "kB", "MFLOP"]
    let cells =
      [header]
      + rows.map { row in
        [
          row.phase.rawValue, row.operation, row.result, row.shape,
          String((row.byteCount + 999) / 1000),
          row.flops == 0 ? "" : tenths((row.flops + 50_000) / 100_000),
        ]
      }
    let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { line in
      zip(line.indices, line).map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column < 4 ? cell + padding : padding + cell
      }.joined(separator: "  ")
    }.map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}

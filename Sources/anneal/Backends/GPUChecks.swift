import CUDABackend
import Networks
import Plotting

/// The checks of the CUDA backend that need its libraries and no GPU.
enum GPUChecks {
  private struct Kernel: Encodable {
    var architecture: String
    var source: String
    var storage: String
    var kernel: String
    var registers: Int
    var spilledBytes: Int
    var stackBytes: Int
    var sharedBytes: Int
  }

  /// Compiles every kernel; fails if one writes registers to memory for want of room.
  static func compileKernels(asJSON: Bool, _ console: Console) throws -> ExitCode {
    let rows = try KernelCheck.rows(LibrarySearch(environment: console.environment)).map {
      Kernel(
        architecture: $0.architecture, source: $0.source, storage: $0.storage,
        kernel: $0.usage.kernel, registers: $0.usage.registers,
        spilledBytes: $0.usage.spillStores + $0.usage.spillLoads, stackBytes: $0.usage.stackBytes,
        sharedBytes: $0.usage.sharedBytes)
    }
    let spilling = rows.count { $0.spilledBytes > 0 }
    if asJSON {
      try console.printJSON(rows)
    } else {
      var table = TextTable(
        .text("kernel"), .text("source"), .text("storage"), .text("for"), .number("registers"),
        .number("spilled"), .number("stack"), .number("shared"))
      for row in rows {
        table.append(
          row.kernel, row.source, row.storage, row.architecture, "\(row.registers)",
          "\(row.spilledBytes)", "\(row.stackBytes)", "\(row.sharedBytes)")
      }
      for line in table.lines { try console.print(line) }
      try console.print("\(rows.count) kernels compiled, \(spilling) spill registers to memory")
    }
    return spilling == 0 && !rows.isEmpty ? .done : .failed
  }

  private struct Plans: Encodable {
    var network: String
    var precision: String
    var numerics: String
    var convolutions: Int
    var newConvolutions: Int
    var plans: Int
    var convolutionsInTwoSteps: Int
    var workspaceBytes: Int
    var seconds: Double
  }

  /// Makes cuDNN's plans for all convolutions of all networks, for a GPU that is described, with what
  /// is allowed by default and with the least.
  static func planConvolutions(batch: Int, asJSON: Bool, _ console: Console) throws -> ExitCode {
    let search = LibrarySearch(environment: console.environment)
    var rows: [Plans] = []
    var version = ""
    for (name, numerics) in [
      ("fast", ConvolutionNumerics()),
      ("strict,reproducible", ConvolutionNumerics(float32: .strict, isReproducible: true)),
    ] {
      let check = try PlanCheck(search, numerics: numerics)
      version = check.version
      for entry in NetworkCatalog.entries {
        for precision in Precision.allCases {
          let graph = Graph(
            network: entry.network(),
            configuration: .init(
              batch: batch, height: entry.imageSize, width: entry.imageSize,
              precision: precision))
          let start = console.now()
          let row = try check.check(graph)
          rows.append(
            Plans(
              network: entry.name, precision: precision.rawValue, numerics: name,
              convolutions: row.convolutions, newConvolutions: row.new, plans: row.plans,
              convolutionsInTwoSteps: row.inTwoSteps, workspaceBytes: row.workspaceByteCount,
              seconds: console.now() - start))
        }
      }
    }
    if asJSON {
      try console.printJSON(rows)
      return .done
    }
    var table = TextTable(
      .text("network"), .text("precision"), .text("numerics"), .number("convolutions"),
      .number("new"),
      .number("plans"), .number("two steps"), .number("workspace"), .number("seconds"))
    for row in rows {
      table.append(
        row.network, row.precision, row.numerics, "\(row.convolutions)", "\(row.newConvolutions)",
        "\(row.plans)", "\(row.convolutionsInTwoSteps)",
        NumberText.fixed(Double(row.workspaceBytes) / 1e6, decimals: 1) + " MB",
        NumberText.fixed(row.seconds, decimals: 2))
    }
    for line in table.lines { try console.print(line) }
    let plans = rows.reduce(0) { $0 + $1.plans }
    let convolutions = rows.reduce(0) { $0 + $1.newConvolutions }
    let seconds = rows.reduce(0) { $0 + $1.seconds }
    try console.print(
      "\(plans) plans for \(convolutions) convolutions in "
        + "\(NumberText.fixed(seconds, decimals: 1)) s, cuDNN \(version), batch \(batch), "
        + "for a described NVIDIA H100")
    return .done
  }

  /// Prints a GPU's properties, for `PlanCheck` on machines without it.
  static func describe(_ device: BackendChoice.Device, _ console: Console) throws -> ExitCode {
    var index = 0
    if case .cuda(let number?) = device { index = number }
    try console.print(
      try PlanCheck.describe(LibrarySearch(environment: console.environment), device: index))
    return .done
  }
}

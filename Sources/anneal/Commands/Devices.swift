import Kernels
import Plotting

/// `anneal devices`: what a training can run on here.
enum Devices {
  private static let measure = Option.flag(
    "measure", "measure the ceiling: arithmetic and copying at full speed")

  static let command = Command(
    name: "devices",
    summary: "Show what a training can run on here",
    options: [
      StandardOptions.threads.declaration, measure.declaration, StandardOptions.json.declaration,
    ],
    action: .run(run))

  private struct Row: Encodable {
    var name: String
    var kernels: String
    var availableKernels: [String]
    var threads: Int
    /// Present when the ceiling was measured.
    var gigaflops: Double?
    var copyGigabytesPerSecond: Double?
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let choice = try BackendChoice(
      threads: try arguments(StandardOptions.threads), environment: console.environment)
    var row = Row(
      name: "cpu", kernels: choice.variant.rawValue,
      availableKernels: KernelVariant.available.map(\.rawValue), threads: choice.threadCount)
    if try arguments(measure) {
      let peak = choice.measurePeak()
      row.gigaflops = peak.gigaflops
      row.copyGigabytesPerSecond = peak.copyGigabytes
    }
    if try arguments(StandardOptions.json) {
      try console.printJSON([row])
      return .done
    }
    try console.print(
      "cpu   \(row.kernels) kernels (available: \(row.availableKernels.joined(separator: ", "))), "
        + "\(row.threads) thread\(row.threads == 1 ? "" : "s")")
    if let gigaflops = row.gigaflops, let copy = row.copyGigabytesPerSecond {
      try console.print(
        "      at most \(NumberText.fixed(gigaflops, decimals: 1)) GFLOP/s in registers, "
          + "\(NumberText.fixed(copy, decimals: 1)) GB/s copied")
    }
    try console.print("cuda  this build has no CUDA backend")
    return .done
  }
}

import Kernels

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

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
    let variant = try KernelVariant.selected(environment: console.environment)
    let threads =
      try arguments(StandardOptions.threads) ?? ProcessInfo.processInfo.activeProcessorCount
    var row = Row(
      name: "cpu", kernels: variant.rawValue,
      availableKernels: KernelVariant.available.map(\.rawValue), threads: threads)
    if try arguments(measure) {
      let library = KernelLibrary(variant: variant, pool: ThreadPool(threadCount: threads))
      let peak = library.machinePeak()
      row.gigaflops = peak.gigaflops
      row.copyGigabytesPerSecond = peak.copyGigabytes
    }
    if try arguments(StandardOptions.json) {
      try console.printJSON([row])
      return .done
    }
    try console.print(
      "cpu   \(row.kernels) kernels (available: \(row.availableKernels.joined(separator: ", "))), "
        + "\(threads) thread\(threads == 1 ? "" : "s")")
    if let gigaflops = row.gigaflops, let copy = row.copyGigabytesPerSecond {
      try console.print(
        "      at most \(NumberText.fixed(gigaflops, 1)) GFLOP/s in registers, "
          + "\(NumberText.fixed(copy, 1)) GB/s copied")
    }
    try console.print("cuda  this build has no CUDA backend")
    return .done
  }
}

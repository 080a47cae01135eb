import Kernels
import Plotting

/// `anneal devices`: what a training can run on here.
enum Devices {
  private static let measure = Option.flag(
    "measure", "measure the processor's arithmetic and copying")
  private static let selfTest = Option.flag(
    "self-test", "test every operation on every device")
  private static let compileKernels = Option.flag(
    "compile-kernels", "compile every CUDA kernel; exit 1 if one spills")
  private static let planConvolutions = Option.flag(
    "plan-convolutions", "make cuDNN's plans for every network")
  private static let describeGPU = Option.optional(
    "describe-gpu", "DEVICE", .device, "print a GPU as cuDNN describes it")
  private static let batch = Option.value(
    "batch", "B", .count(1...65_536), default: "512", "images of a batch, to plan for")

  static let command = Command(
    name: "devices",
    summary: "Show what a training can run on here, and check it",
    options: [
      StandardOptions.threads.declaration, measure.declaration, selfTest.declaration,
      compileKernels.declaration,
      planConvolutions.declaration, batch.declaration, describeGPU.declaration,
      StandardOptions.json.declaration,
    ],
    action: .run(run))

  private struct Report: Encodable {
    var cpu: Processor
    var cuda: GPUSurvey
  }

  fileprivate struct Processor: Encodable {
    var kernels: String
    var availableKernels: [String]
    var threads: Int
    /// Present when the ceiling was measured.
    var gigaflops: Double?
    var copyGigabytesPerSecond: Double?
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let asJSON = try arguments(StandardOptions.json)
    if try arguments(selfTest) {
      return try SelfTest.run(try arguments(StandardOptions.threads), asJSON: asJSON, console)
    }
    if try arguments(compileKernels) {
      return try GPUChecks.compileKernels(asJSON: asJSON, console)
    }
    if try arguments(planConvolutions) {
      return try GPUChecks.planConvolutions(
        batch: try arguments(batch), asJSON: asJSON, console)
    }
    if let device = try arguments(describeGPU) { return try GPUChecks.describe(device, console) }
    let choice = try BackendChoice(
      device: .cpu, threads: try arguments(StandardOptions.threads),
      environment: console.environment)
    var processor = Processor(
      kernels: choice.variant.rawValue, availableKernels: KernelVariant.available.map(\.rawValue),
      threads: choice.threadCount)
    if try arguments(measure) {
      let peak = choice.measurePeak()
      processor.gigaflops = peak.gigaflops
      processor.copyGigabytesPerSecond = peak.copyGigabytes
    }
    let report = Report(cpu: processor, cuda: GPUSurvey(environment: console.environment))
    if asJSON {
      try console.printJSON(report)
    } else {
      try console.print(report.cpu)
      try console.print(report.cuda)
    }
    return .done
  }
}

extension Console {
  fileprivate func print(_ processor: Devices.Processor) throws(CommandError) {
    try print(
      "cpu   \(processor.kernels) kernels "
        + "(available: \(processor.availableKernels.joined(separator: ", "))), "
        + "\(processor.threads) thread\(processor.threads == 1 ? "" : "s")")
    if let gigaflops = processor.gigaflops, let copy = processor.copyGigabytesPerSecond {
      try print(
        "      at most \(NumberText.fixed(gigaflops, decimals: 1)) GFLOP/s in registers, "
          + "\(NumberText.fixed(copy, decimals: 1)) GB/s copied")
    }
  }

  fileprivate func print(_ survey: GPUSurvey) throws(CommandError) {
    for device in survey.devices {
      try print(
        "\(device.name)  \(device.product), compute capability \(device.computeCapability), "
          + "\(NumberText.fixed(Double(device.memoryBytes) / 1e9, decimals: 1)) GB")
    }
    if let problem = survey.problem { try print("cuda  \(problem)") }
    for library in survey.libraries {
      if let path = library.path, let version = library.version {
        try print("      \(library.name) \(version), \(path)")
      } else if let problem = library.problem, problem != survey.problem {
        try print("      \(problem)")
      }
    }
  }
}

import Foundation
import Kernels
import Testing

@testable import anneal

@Suite struct DevicesTests {
  private struct Report: Decodable {
    struct Processor: Decodable {
      var kernels: String
      var threads: Int
      var gigaflops: Double?
    }

    struct Survey: Decodable {
      struct Library: Decodable {
        var name: String
        var problem: String?
      }

      var libraries: [Library]
      var problem: String?
    }

    var cpu: Processor
    var cuda: Survey
  }

  /// A folder in which every library is a text file: what a machine really has does not matter.
  private func brokenLibraries() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in [
      "libcuda.so.1", "libnvrtc.so.13", "libcublasLt.so.13", "libcudnn.so.9", "libnccl.so.2",
    ] {
      try folder.write(Array("this is no library, whatever its name may say of it".utf8), name)
    }
    return folder
  }

  @Test func namesTheKernelsAndTheThreads() throws {
    let folder = try brokenLibraries()
    let test = TestConsole(environment: [
      "ANNEAL_KERNELS": "baseline", "ANNEAL_CUDA_PATH": folder.path,
    ])
    #expect(test.run("devices", "--threads", "3") == .done)
    let available = KernelVariant.available.map(\.rawValue).joined(separator: ", ")
    let lines = test.output.split(separator: "\n")
    #expect(lines.first == "cpu   baseline kernels (available: \(available)), 3 threads")
    for (line, start) in zip(
      lines.dropFirst(),
      [
        "cuda  unusable NVIDIA driver: CUDA backend unavailable; \(folder.path)/libcuda.so.1: ",
        "      unusable NVRTC: CUDA backend unavailable; \(folder.path)/libnvrtc.so.13: ",
        "      unusable cuBLASLt: CUDA backend unavailable; \(folder.path)/libcublasLt.so.13: ",
        "      unusable NCCL: several GPUs unavailable; \(folder.path)/libnccl.so.2: ",
      ])
    { #expect(line.hasPrefix(start), "\(line)") }
    #expect(lines.count == 5)
  }

  @Test func checksNeedTheirLibrary() throws {
    let folder = try brokenLibraries()
    for (option, name) in [("--compile-kernels", "NVRTC"), ("--plan-convolutions", "cuBLASLt")] {
      let test = TestConsole(environment: ["ANNEAL_CUDA_PATH": folder.path])
      #expect(test.run("devices", option) == .unavailable)
      #expect(test.output.isEmpty)
      #expect(
        test.diagnostics.hasPrefix("error: unusable \(name): CUDA backend unavailable; "),
        "\(test.diagnostics)")
    }
  }

  @Test func measuresOnlyWhenAsked() throws {
    for (words, isMeasured) in [([String](), false), (["--measure"], true)] {
      let folder = try brokenLibraries()
      let test = TestConsole(environment: ["ANNEAL_CUDA_PATH": folder.path])
      let line = ["devices", "--json", "--threads", "1"] + words
      #expect(CommandLineTool().run(line, console: test.console) == .done)
      let report = try JSONDecoder().decode(Report.self, from: Data(test.output.utf8))
      #expect(report.cpu.threads == 1)
      #expect(((report.cpu.gigaflops ?? 0) > 0) == isMeasured)
      #expect(report.cuda.problem?.hasPrefix("unusable NVIDIA driver") == true)
      #expect(report.cuda.libraries.count == 4)
      #expect(report.cuda.libraries.allSatisfy { $0.problem != nil })
    }
  }

  @Test func refusesKernelsThatDoNotExist() {
    let test = TestConsole(environment: ["ANNEAL_KERNELS": "mmx"])
    #expect(test.run("devices") == .usage)
    #expect(test.diagnostics.hasPrefix("error: expected ANNEAL_KERNELS to be one of baseline"))
  }
}

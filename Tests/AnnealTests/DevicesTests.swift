import Foundation
import Kernels
import Testing

@testable import anneal

@Suite struct DevicesTests {
  private struct Row: Decodable {
    var name: String
    var kernels: String
    var threads: Int
    var gigaflops: Double?
  }

  @Test func namesTheKernelsAndTheThreads() {
    let test = TestConsole(environment: ["ANNEAL_KERNELS": "baseline"])
    #expect(test.run("devices", "--threads", "3") == .done)
    let available = KernelVariant.available.map(\.rawValue).joined(separator: ", ")
    #expect(
      test.output == """
        cpu   baseline kernels (available: \(available)), 3 threads
        cuda  this build has no CUDA backend

        """)
  }

  @Test func measuresOnlyWhenAsked() throws {
    for (words, isMeasured) in [([String](), false), (["--measure"], true)] {
      let test = TestConsole()
      let line = ["devices", "--json", "--threads", "1"] + words
      #expect(CommandLineTool().run(line, console: test.console) == .done)
      let rows = try JSONDecoder().decode([Row].self, from: Data(test.output.utf8))
      #expect(rows.map(\.name) == ["cpu"])
      #expect(rows.map { ($0.gigaflops ?? 0) > 0 } == [isMeasured])
    }
  }

  @Test func refusesKernelsThatDoNotExist() {
    let test = TestConsole(environment: ["ANNEAL_KERNELS": "mmx"])
    #expect(test.run("devices") == .usage)
    #expect(test.diagnostics.hasPrefix("error: expected ANNEAL_KERNELS to be one of baseline"))
  }
}

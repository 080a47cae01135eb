import CUDABackend
import Networks
import Testing

@testable import anneal

@Suite struct BackendChoiceTests {
  private static let nowhere = ["ANNEAL_CUDA_PATH": "none"]

  @Test(arguments: ["cuda", "cuda:1"]) func aGPUThatIsNotThereIsUnavailable(device: String) {
    let test = TestConsole(environment: Self.nowhere)
    let code = test.run(
      "train", "--data", "synthetic", "--epochs", "1", "--device", device, "lr=0.1")
    #expect(code == .unavailable)
    #expect(
      test.diagnostics == """
        error: no NVIDIA driver: CUDA backend unavailable; expected libcuda.so.1, found none in \
        any place: ANNEAL_CUDA_PATH says to look nowhere

        """)
  }

  @Test func withoutADriverAutoIsTheProcessor() throws {
    let choice = try BackendChoice(device: .auto, threads: 1, environment: Self.nowhere)
    #expect(choice.isProcessor && choice.notice == nil)
    #expect(choice.description.hasPrefix("cpu, "))
    #expect(choice.backend.arithmetic.hasPrefix("cpu, "))
  }

  /// A driver that is there and broken may surprise: it is said why the processor is used.
  @Test func aBrokenDriverIsReported() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      Array("this is no driver, whatever its name may say of it".utf8), "libcuda.so.1")
    let choice = try BackendChoice(
      device: .auto, threads: 1, environment: ["ANNEAL_CUDA_PATH": folder.path])
    #expect(choice.isProcessor)
    #expect(choice.notice?.hasPrefix("unusable NVIDIA driver: CUDA backend unavailable") == true)
  }

  /// All processes of a team find that one has gone; the first that is left says so.
  @Test func aBrokenTeamIsReportedOnce() {
    func isReported(_ cause: CollectiveError, rank: Int?) -> Bool {
      let place = rank.map { ["RANK": "\($0)", "WORLD_SIZE": "3"] } ?? [:]
      return BackendChoice.isReported(.brokenTeam(cause), place)
    }
    #expect(isReported(.lost(rank: 1), rank: nil))
    #expect(isReported(.lost(rank: 1), rank: 0))
    #expect(!isReported(.lost(rank: 1), rank: 2))
    #expect(isReported(.lost(rank: 0), rank: 1))
    #expect(!isReported(.lost(rank: 0), rank: 2))
    #expect(
      BackendChoice.isReported(.noDevice(driver: "x"), ["RANK": "2", "WORLD_SIZE": "3"]))
  }

  @Test func devicesByName() {
    let kind = ValueKind<BackendChoice.Device>.device
    let values: [(String, BackendChoice.Device?)] = [
      ("auto", .auto), ("cpu", .cpu), ("cuda", .cuda(nil)), ("cuda:3", .cuda(3)), ("cuda:", nil),
      ("cuda:-1", nil), ("cuda:x", nil), ("gpu", nil),
    ]
    for (text, device) in values { #expect(kind.parse(text) == device, "\(text)") }
  }

  @Test func numericsByWords() {
    let kind = ValueKind<ConvolutionNumerics>.numerics
    #expect(kind.parse("fast") == ConvolutionNumerics())
    #expect(kind.parse("strict") == ConvolutionNumerics(float32: .strict))
    #expect(kind.parse("reproducible") == ConvolutionNumerics(isReproducible: true))
    #expect(
      kind.parse("reproducible,strict")
        == ConvolutionNumerics(float32: .strict, isReproducible: true))
    for text in ["", "fast,strict", "strict,strict", "strict,", "exact"] {
      #expect(kind.parse(text) == nil, "\(text)")
    }
  }
}

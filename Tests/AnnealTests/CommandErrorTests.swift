import Datasets
import Kernels
import Testing

@testable import anneal

@Suite struct CommandErrorTests {
  @Test func givesEveryKindOfDataErrorItsExitCode() {
    let cases: [(DatasetError, ExitCode)] = [
      (.unknown(name: "x", known: ["y"]), .usage),
      (.unknown(name: "./x", known: ["y"]), .missingInput),
      (.notFound(name: "x", searched: ["/a"]), .missingInput),
      (.missingFile(name: "x", folder: "/a"), .missingInput),
      (.unreadable(path: "/a", reason: "permission denied"), .missingInput),
      (.empty(path: "/a"), .badData),
      (.magic(path: "/a", expected: 1, found: 2), .badData),
      (.label(path: "/a", found: 11, position: 0, classCount: 10), .badData),
    ]
    for (error, code) in cases {
      #expect(CommandError(reporting: error).exitCode == code, "\(error)")
    }
  }

  @Test func writesErrorsOfSeveralLinesOnOne() {
    let error = DatasetError.notFound(name: "x", searched: ["/a", "/b"])
    #expect(
      CommandError(reporting: error).description.onOneLine
        == "expected the data set x in one of these folders, found it in none: /a /b")
  }

  @Test func tellsWrongKernelsFromMissingOnes() {
    let unknown = KernelError.unknownVariant(name: "mmx", available: [.baseline])
    #expect(CommandError(reporting: unknown).exitCode == .usage)
    let unsupported = KernelError.unsupportedVariant(.avx512, available: [.baseline])
    #expect(CommandError(reporting: unsupported).exitCode == .unavailable)
  }
}

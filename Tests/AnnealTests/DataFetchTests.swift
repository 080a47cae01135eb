import Foundation
import Testing

@testable import anneal

@Suite struct DataFetchTests {
  @Test func refusesANameThatCannotBeFetched() {
    let test = TestConsole()
    #expect(test.run("data", "fetch", "cifar11") == .usage)
    #expect(
      test.diagnostics
        == "error: NAME expects one of cifar10, cifar100, fashion-mnist, mnist, found 'cifar11'; "
        + "did you mean 'cifar10'?\n")
  }

  @Test func saysWhatAMirrorLacks() throws {
    let folder = try TemporaryFolder()
    let test = TestConsole()
    #expect(
      test.run("data", "fetch", "cifar10", "--from", folder.path, "--to", folder.path)
        == .missingInput)
    #expect(test.diagnostics.contains("/cifar-10-binary.tar.gz: no such file"))
  }

  @Test func refusesADamagedMirror() throws {
    let folder = try TemporaryFolder()
    try folder.write([1, 2, 3], "cifar-10-binary.tar.gz")
    let test = TestConsole()
    #expect(
      test.run("data", "fetch", "cifar10", "--from", folder.path, "--to", folder.path) == .badData)
    #expect(test.diagnostics.contains("expected 170052171 bytes with the SHA-256 c4a38c50"))
    #expect(!folder.has("cifar10"))
  }
}

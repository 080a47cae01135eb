import Foundation
import Testing
import Training

@testable import anneal

@Suite struct EvaluateTests {
  private struct Summary: Decodable {
    var network: String
    var split: String
    var step: Int
    var accuracy: Double
    var count: Int
  }

  @Test func judgesARunAndItsKeptCheckpoints() throws {
    let folder = try TemporaryFolder()
    let data = try folder.makeDataset()
    let run = "\(folder.path)/run"
    let training = TestConsole()
    training.run(
      "train", "--data", data, "--batch", "32", "--epochs", "1", "--threads", "1", "--run", run,
      "--keep-checkpoints", "--json", "lr=0.05")
    #expect(folder.has("run/checkpoint-0.safetensors"))
    #expect(folder.has("run/checkpoint-4.safetensors"))

    let test = TestConsole()
    let file = "\(folder.path)/logits.safetensors"
    #expect(test.run("evaluate", run, "--json", "--threads", "1", "--logits", file) == .done)
    let summary = try JSONDecoder().decode(Summary.self, from: Data(test.output.utf8))
    #expect((summary.network, summary.split, summary.step) == ("resnet8", "test", 4))
    #expect(training.output.contains("\"testAccuracy\":\(summary.accuracy)"))
    let logits = try Checkpoint(path: file)
    #expect(logits.tensors.map(\.name) == ["logits"])
    #expect(logits.tensors.first?.values.count == summary.count * 10)
    #expect(
      logits.metadata == [
        "network": "resnet8", "data": data, "split": "test", "testTimeAugmentation": "none",
      ])

    let first = TestConsole()
    #expect(
      first.run("evaluate", "\(run)/checkpoint-0.safetensors", "--split", "training") == .done)
    #expect(
      first.output.hasPrefix("resnet8 after 0 steps on 128 training images of \(data): loss "))
  }

  @Test func refusesWhatIsNoCheckpoint() throws {
    let folder = try TemporaryFolder()
    let test = TestConsole()
    #expect(test.run("evaluate", "\(folder.path)/none") == .missingInput)
    #expect(
      test.diagnostics == "error: cannot read \(folder.path)/none: no such file\n")
    let file = try folder.write([1, 2, 3], "file")
    #expect(TestConsole().run("evaluate", file) == .badData)
  }
}

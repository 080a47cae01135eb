import Foundation
import Testing

@testable import Training

@Suite struct RunFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aRunLeavesItsFiles() throws {
    let run = try RunFolder(creating: "\(folder.path)/a/b", recipe: Toy.recipe())
    let recorder = Recorder()
    let trainer = try Toy.trainer(Toy.recipe(), ScriptedBackend())
    _ = try trainer.run([recorder] + run.writers())
    let opened = try RunFolder(opening: "\(folder.path)/a/b")
    #expect(try opened.recipe() == Toy.recipe())
    #expect(try opened.metrics() == recorder.log)
    #expect(try Checkpoint(path: opened.checkpointPath) == trainer.checkpoint())
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: run.path).sorted()
        == ["checkpoint.safetensors", "metrics.jsonl", "recipe.json"])
  }

  @Test(arguments: ["recipe.json", "metrics.jsonl", "checkpoint.safetensors"])
  func leavesAnotherRunAlone(file: String) throws {
    try Data().write(to: URL(fileURLWithPath: "\(folder.path)/\(file)"))
    #expect(
      message(hiding: folder.path) {
        _ = try RunFolder(creating: folder.path, recipe: Toy.recipe())
      } == "expected a folder without a run in F, found \(file)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [file])
  }

  @Test func otherFilesDoNotMatter() throws {
    try Data().write(to: URL(fileURLWithPath: "\(folder.path)/notes.txt"))
    _ = try RunFolder(creating: folder.path, recipe: Toy.recipe())
  }

  @Test func saysWhatCannotBeWritten() throws {
    let file = "\(folder.path)/file"
    try Data().write(to: URL(fileURLWithPath: file))
    func error(_ path: String) -> String {
      message(hiding: folder.path) { _ = try RunFolder(creating: path, recipe: Toy.recipe()) }
    }
    #expect(error(file) == "cannot write F/file: it is not a folder")
    #expect(error("\(file)/run") == "cannot write F/file/run: Not a directory")
  }

  @Test func saysWhatIsNoRun() throws {
    #expect(
      message(hiding: folder.path) { _ = try RunFolder(opening: folder.path) }
        == "expected a run in F, found no recipe.json")
    let run = try RunFolder(creating: folder.path, recipe: Toy.recipe())
    #expect(
      message(hiding: folder.path) { _ = try run.metrics() }
        == "expected a run in F, found no metrics.jsonl")
  }

  /// A run that is killed keeps its lines: they are in the file before the run ends.
  @Test func metricsAreWrittenAtOnce() throws {
    let run = try RunFolder(creating: folder.path, recipe: Toy.recipe())
    final class Reader: Callback {
      var lines: [Int] = []
      let path: String
      init(_ path: String) { self.path = path }
      func handle(_ event: Event, of trainer: Trainer) throws(TrainingError) -> Directive {
        if case .stepEnded = event { lines.append(try MetricsLog(path: path).steps.count) }
        return .proceed
      }
    }
    let reader = Reader(run.metricsPath)
    _ = try Toy.trainer(Toy.recipe(), ScriptedBackend()).run(run.writers() + [reader])
    #expect(reader.lines == Array(1...8))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func saysThatTheDiskIsFull() throws {
    let file = try OutputFile("/dev/full", replaces: true)
    #expect(throws: TrainingError.unwritable(path: "/dev/full", reason: "No space left on device"))
    {
      try file.write([1, 2, 3])
    }
  }

  @Test func doesNotOverwriteMetrics() throws {
    let path = "\(folder.path)/metrics.jsonl"
    _ = try MetricsWriter(path)
    #expect(
      message(hiding: folder.path) { _ = try MetricsWriter(path) }
        == "cannot write F/metrics.jsonl: File exists")
  }
}

import Foundation
import Networks
import Testing

@testable import anneal

@Suite struct TrainTests {
  private let folder: TemporaryFolder
  private let data: String

  init() throws {
    folder = try TemporaryFolder()
    data = try folder.makeDataset()
  }

  private struct Summary: Decodable {
    struct Epoch: Decodable {
      var epoch: Int
      var trainLoss: Double?
      var testAccuracy: Double
    }
    var outcome: String
    var testAccuracy: Double?
    var parameters: Int
    var steps: Int
    var epochs: [Epoch]
    var run: String?
  }

  private func train(_ words: String...) -> (code: ExitCode, test: TestConsole) {
    let test = TestConsole()
    let line = ["train", "--data", data, "--batch", "32", "--threads", "1"] + words
    return (CommandLineTool().run(line, console: test.console), test)
  }

  private func summary(_ words: String...) throws -> Summary {
    let test = TestConsole()
    let line = ["train", "--data", data, "--batch", "32", "--threads", "1", "--json"] + words
    _ = CommandLineTool().run(line, console: test.console)
    return try JSONDecoder().decode(Summary.self, from: Data(test.output.utf8))
  }

  @Test func printsARowForEachEpoch() {
    let (code, test) = train("--epochs", "2", "lr=0.05", "momentum=0.9")
    #expect(code == .done, "\(test.diagnostics)")
    let lines = test.output.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0].hasPrefix("resnet8 on \(data): 75 002 parameters; cpu, "))
    #expect(lines[1] == "epoch  train loss  test loss  test accuracy  seconds  images/s")
    #expect(lines[2].hasPrefix("    1  ") && lines[3].hasPrefix("    2  "))
  }

  @Test func summarizesInJSON() throws {
    let summary = try summary("--epochs", "2", "lr=0.05")
    #expect(summary.outcome == "completed")
    #expect(summary.steps == 8)
    #expect(summary.parameters == 75_002)
    #expect(summary.epochs.map(\.epoch) == [0, 1])
    #expect(summary.testAccuracy == summary.epochs.last?.testAccuracy)
    #expect(summary.run == nil)
  }

  /// Nobody else asks for the losses in between, or a GPU would be waited for in every step.
  @Test func readsTheLossAsOftenAsItIsTold() throws {
    let run = "\(folder.path)/run"
    let (code, test) = train(
      "--epochs", "2", "lr=0.05", "--run", run, "--loss-every", "3", "--tensorboard",
      "\(folder.path)/board")
    #expect(code == .done, "\(test.diagnostics)")
    let lines = try folder.text("run/metrics.jsonl").split(separator: "\n")
    let steps = lines.filter { $0.contains("\"step\"") }
    #expect(steps.map { $0.contains("\"loss\"") } == (0..<8).map { $0 % 3 == 0 })
    #expect(lines.count { $0.contains("\"trainLoss\"") } == 2)
  }

  @Test func keepsTheRunInAFolder() throws {
    let run = "\(folder.path)/deep/run"
    #expect(train("--epochs", "1", "lr=0.05", "--run", run).code == .done)
    for file in ["recipe.json", "metrics.jsonl", "checkpoint.safetensors"] {
      #expect(folder.has("deep/run/\(file)"))
    }
    let (code, test) = train("--epochs", "1", "lr=0.05", "--run", run)
    #expect(code == .cannotWrite)
    #expect(
      test.diagnostics
        == "error: expected a folder without a run in \(run), found recipe.json\n")
    #expect(try folder.text("deep/run/metrics.jsonl").split(separator: "\n").count == 5)
  }

  @Test func refusesAFolderThatCannotBeWritten() throws {
    let file = try folder.write([], "file")
    let (code, test) = train("--epochs", "1", "lr=0.05", "--run", "\(file)/run")
    #expect(code == .cannotWrite)
    #expect(test.diagnostics == "error: cannot write \(file)/run: Not a directory\n")
  }

  @Test func carriesOutARecipeWithWhatWasTyped() throws {
    let run = "\(folder.path)/first"
    let first = train("--epochs", "1", "--seed", "3", "lr=0.05", "momentum=0.5", "--run", run)
    #expect(first.code == .done, "\(first.test.diagnostics)")
    let second = "\(folder.path)/second"
    let test = TestConsole()
    let code = test.run(
      "train", "\(run)/recipe.json", "--epochs", "2", "lr=0.01", "--optimizer", "sgd(nesterov)",
      "--run", second)
    #expect(code == .done, "\(test.diagnostics)")
    let recipe = try folder.text("second/recipe.json")
    for part in [
      #""epochs" : 2"#, #""seed" : 3"#, #""optimizer" : "sgd(nesterov)""#, #""batch" : 32"#,
    ] {
      #expect(recipe.contains(part), "\(part) in \(recipe)")
    }
    #expect(recipe.contains("0.01") && !recipe.contains("0.05") && recipe.contains("0.5"))
  }

  /// Everything that can happen to images, weaker from step to step, judged by six views of each;
  /// 'evaluate' takes the views from the recipe.
  @Test func augmentsImages() throws {
    let run = "\(folder.path)/run"
    let words = [
      "--epochs", "2", "--augment", "translate1,altflip,cutout2,mixup0.4,cutmix", "--tta",
      "flip,translate", "lr=0.05", "augmentationStrength=1..0", "--run", run,
    ]
    let test = TestConsole()
    let line = ["train", "--data", data, "--batch", "32", "--threads", "1", "--json"] + words
    #expect(CommandLineTool().run(line, console: test.console) == .done, "\(test.diagnostics)")
    let summary = try JSONDecoder().decode(Summary.self, from: Data(test.output.utf8))
    let recipe = try folder.text("run/recipe.json")
    #expect(
      recipe.contains(#""augmentation" : "translate1,altflip,cutout2,mixup0.4,cutmix""#)
        && recipe.contains(#""testTimeAugmentation" : "flip,translate""#))
    func evaluation(_ words: String...) -> String {
      let test = TestConsole()
      #expect(
        CommandLineTool().run(["evaluate", run, "--json"] + words, console: test.console) == .done)
      return test.output
    }
    let accuracy = try #require(summary.testAccuracy)
    #expect(evaluation().contains("\"accuracy\":\(accuracy),"))
    #expect(evaluation().contains(#""testTimeAugmentation":"flip,translate""#))
    #expect(evaluation("--tta", "none") != evaluation())
    #expect(evaluation("--tta", "flip,translate") == evaluation())
  }

  /// A run that is over is taken up without a word; one whose file is damaged is not.
  @Test func resumesARun() throws {
    let run = "\(folder.path)/run"
    #expect(
      train("--epochs", "2", "lr=0.05", "--run", run, "--checkpoint-every", "3").code == .done)
    let metrics = try folder.text("run/metrics.jsonl")
    let again = TestConsole()
    #expect(again.run("train", "--resume", run, "--threads", "2") == .done, "\(again.diagnostics)")
    #expect(again.diagnostics == "the run is in \(run)\n")
    #expect(try folder.text("run/metrics.jsonl") == metrics)
    func error(_ words: String..., code: ExitCode) -> String {
      let test = TestConsole()
      #expect(CommandLineTool().run(["train", "--resume"] + words, console: test.console) == code)
      return test.diagnostics.replacing(folder.path, with: "F")
    }
    let end = "; a run goes on with its own recipe\n"
    #expect(
      error(run, "--epochs", "3", code: .usage)
        == "error: expected epochs to be 2 as in F/run/recipe.json, found 3" + end)
    #expect(
      error(run, "lr=0.1", code: .usage)
        == "error: expected plan to be lr=0.05 as in F/run/recipe.json, found lr=0.1" + end)
    #expect(
      error(run, "--run", run, code: .usage)
        == "error: --resume goes on with the recipe of F/run, beside no --run and no RECIPE.json\n")
    #expect(
      error(data, code: .missingInput) == "error: expected a run in F/data, found no recipe.json\n")
    try folder.write([], "run/checkpoint.safetensors")
    #expect(
      error(run, code: .badData)
        == "error: expected safetensors data in F/run/checkpoint.safetensors, found 0 bytes\n")
    try FileManager.default.removeItem(atPath: "\(run)/checkpoint.safetensors")
    #expect(TestConsole().run("train", "--resume", run) == .done)
    func steps(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { $0.hasPrefix(#"{"step""#) }
    }
    #expect(try steps(folder.text("run/metrics.jsonl")) == steps(metrics))
    #expect(
      train("--epochs", "1", "lr=0.1", "--checkpoint-every", "3").test.diagnostics
        == "error: --checkpoint-every needs --run DIR beside it\n")
  }

  @Test func stopsWhenItDiverges() throws {
    let run = "\(folder.path)/run"
    let (code, test) = train("--epochs", "3", "lr=1e30", "--run", run)
    #expect(code == .failed)
    #expect(test.diagnostics.hasPrefix("error: the training diverged at step "))
    #expect(test.diagnostics.hasSuffix(" at a learning rate of 1e+30; its metrics are in \(run)\n"))
    #expect(try !folder.text("run/metrics.jsonl").isEmpty)
    let summary = try summary("--epochs", "3", "lr=1e30")
    #expect(summary.outcome == "diverged")
    #expect(summary.testAccuracy == nil)
  }

  static let mistakes: [([String], ExitCode, String)] = [
    (["lr=0.1"], .usage, "'anneal train' needs --epochs E"),
    (["--epochs", "1"], .usage, "expected a schedule for learningRate, found none"),
    (
      ["--epochs", "0", "lr=0.1"], .usage,
      "--epochs expects a whole number from 1 to 1000000, found '0'"
    ),
    (["--epochs", "1", "lr=0.1", "--batch", "129"], .usage, "--batch may be given once"),
    (
      ["--epochs", "1", "lr=0.1@9st"], .usage,
      "phase 1 (0.1@9st) ends at step 9, but the run has 4 steps"
    ),
    (
      ["--epochs", "1", "lr=0.1", "momentum=1.2"], .usage,
      "momentum is 1.2 at step 0; expected at least 0 and less than 1"
    ),
    (["--epochs", "1", "lr=nan"], .usage, "expected a finite number at column 4 of 'lr=nan'"),
    (
      ["--epochs", "1", "lr=-1"], .usage,
      "learningRate is -1 at step 0; expected a finite number of at least 0"
    ),
    (
      ["--epochs", "1", "lr=0.1", "averagingDecay=0.5"], .usage,
      "expected schedules for learningRate, momentum"
    ),
    (
      ["--epochs", "1", "lr=0.1", "--network", "resnet21"], .usage,
      "--network expects one of \(NetworkCatalog.entries.map(\.name).joined(separator: ", ")), "
        + "found 'resnet21'; did you mean 'resnet20'?"
    ),
    (
      ["--epochs", "1", "lr=0.1", "--augment", "rotate"], .usage,
      "--augment expects none or a list of crop or translate (1 to 16), flip or altflip, cutout "
        + "(1 to 64), mixup and cutmix (up to 2), found 'rotate'"
    ),
    (
      ["--epochs", "1", "lr=0.1", "--tta", "translate"], .usage,
      "--tta expects one of none, flip, flip,translate, found 'translate'"
    ),
    (
      ["--epochs", "1", "lr=0.1", "augmentationStrength=0.5"], .usage,
      "expected schedules for learningRate, momentum, weightDecay, labelSmoothing, "
        + "batchNormMomentum, batchSize, imageSize, found one for augmentationStrength"
    ),
    (
      ["--epochs", "1", "lr=0.1", "--device", "cuda"], .unavailable,
      "no NVIDIA driver: CUDA backend unavailable; expected libcuda.so.1, found none in any place: "
        + "ANNEAL_CUDA_PATH says to look nowhere"
    ),
    (["--epochs", "1", "lr=0.1", "--threads", "0"], .usage, "--threads may be given once"),
    (["missing.json"], .missingInput, "cannot read missing.json: "),
    (
      ["a.json", "b.json"], .usage,
      "unexpected argument 'b.json'; usage: anneal train RECIPE.json [OPTIONS]"
    ),
  ]

  @Test(arguments: mistakes)
  func explainsMistakes(words: [String], code: ExitCode, message: String) {
    let test = TestConsole()
    let line = ["train", "--data", data, "--batch", "32", "--threads", "1"] + words
    #expect(CommandLineTool().run(line, console: test.console) == code)
    #expect(test.diagnostics.hasPrefix("error: " + message), "\(test.diagnostics)")
    #expect(test.diagnostics.split(separator: "\n").count == 1)
  }

  @Test func doesNotReadAFolderAsARecipe() {
    let test = TestConsole()
    #expect(test.run("train", folder.path) == .missingInput)
    #expect(test.diagnostics == "error: cannot read \(folder.path): it is a folder\n")
  }

  @Test func refusesABatchLargerThanTheData() {
    let test = TestConsole()
    let code = test.run("train", "--data", data, "--batch", "129", "--epochs", "1", "lr=0.1")
    #expect(code == .usage)
    #expect(
      test.diagnostics
        == "error: expected a batch of at most the 128 training images, found 129\n")
  }

  @Test(arguments: [
    ("{", "expected a recipe in PATH, found "),
    ("{}", "expected a recipe in PATH, found no network\n"),
    (
      #"{"network":"resnet8","data":"synthetic","epochs":0,"batch":8,"plan":["lr=1"]}"#,
      "PATH: expected 1 to 1000000 as epochs, found 0\n"
    ),
    (
      #"{"network":"resnet8","data":"synthetic","epochs":1,"batch":8,"plan":["lr=1@9ep"]}"#,
      "PATH: phase 1 (1@9ep) ends at step 2304, but the run has 256 steps\n"
    ),
    (
      #"{"network":"resnet8","data":"synthetic","epochs":1,"batch":8,"plan":["lr=x"]}"#,
      "expected a recipe in PATH, found "
    ),
    (
      #"{"network":"resnet10","data":"synthetic","epochs":1,"batch":8,"plan":["lr=1"]}"#,
      "PATH: expected resnet8, "
    ),
  ])
  func findsFaultWithARecipe(text: String, message: String) throws {
    let path = try folder.write(Array(text.utf8), "recipe.json")
    let test = TestConsole()
    #expect(test.run("train", path) == .badData, "\(test.diagnostics)")
    let expected = "error: " + message.replacing("PATH", with: path)
    #expect(test.diagnostics.hasPrefix(expected), "\(test.diagnostics)")
  }

  @Test(
    arguments: [
      ("train-images-idx3-ubyte", [], "expected an IDX file in FILE, found 0 bytes"),
      ("train-images-idx3-ubyte", [0, 0, 8, 4], "expected magic number 0x00000803 in FILE"),
      ("t10k-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 32, 1, 2], "expected 40 bytes"),
      (
        "train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 128] + [UInt8](repeating: 10, count: 128),
        "expected labels from 0 to 9 in FILE, found 10 at position 0"
      ),
    ] as [(String, [UInt8], String)])
  func findsFaultWithIDXFiles(name: String, bytes: [UInt8], message: String) throws {
    let path = try folder.write(bytes, "data/\(name)")
    let (code, test) = train("--epochs", "1", "lr=0.1")
    #expect(code == .badData)
    let expected = "error: " + message.replacing("FILE", with: path)
    #expect(test.diagnostics.hasPrefix(expected), "\(test.diagnostics)")
  }

  @Test func namesTheFileThatIsMissing() throws {
    try FileManager.default.removeItem(atPath: "\(data)/t10k-labels-idx1-ubyte")
    let (code, test) = train("--epochs", "1", "lr=0.1")
    #expect(code == .missingInput)
    #expect(test.diagnostics.hasPrefix("error: expected t10k-labels-idx1-ubyte or "))
  }

  /// Other kernels round otherwise: what they go on with is not the run that was never stopped.
  @Test func resumesWithItsOwnKernels() throws {
    let run = "\(folder.path)/kernels"
    #expect(
      train("--epochs", "1", "lr=0.05", "--run", run, "--convolution", "direct").code == .done)
    func resume(_ words: String...) -> (code: ExitCode, diagnostics: String) {
      let test = TestConsole()
      let line = ["train", "--resume", run, "--threads", "1"] + words
      return (CommandLineTool().run(line, console: test.console), test.diagnostics)
    }
    let refused = resume("--convolution", "winograd")
    #expect(refused.code == .usage)
    #expect(
      refused.diagnostics.hasSuffix(
        "; ANNEAL_KERNELS and --convolution choose it, --other-kernels goes on all the same\n"))
    #expect(resume("--convolution", "winograd", "--other-kernels").code == .done)
    // From here on they are the run's own.
    #expect(resume("--convolution", "winograd").code == .done)
    #expect(train("--epochs", "1", "lr=0.05", "--other-kernels").code == .usage)
  }

  @Test func stopsAndLogsAsAsked() throws {
    let (code, test) = train(
      "--epochs", "50", "lr=0.05", "--stop-at-accuracy", "1%", "--csv", "\(folder.path)/log.csv",
      "--tensorboard", "\(folder.path)/events", "--run", "\(folder.path)/stopped")
    #expect(code == .done, "\(test.diagnostics)")
    #expect(try folder.text("log.csv").split(separator: "\n").count < 51)
    #expect(folder.has("events"))
    #expect(try folder.text("stopped/recipe.json").contains("\"stop-at-accuracy=1%\""))
    let (wrong, wrongTest) = train("--epochs", "1", "lr=0.05", "--early-stop", "never")
    #expect(wrong == .usage)
    #expect(wrongTest.diagnostics.contains("--early-stop"))
    // What was typed is part of the recipe, and may be repeated but not changed.
    let resumed = TestConsole()
    #expect(
      resumed.run(
        "train", "--resume", "\(folder.path)/stopped", "--threads", "1", "--stop-at-accuracy", "2%"
      ) == .usage)
  }
}

import Datasets
import Networks
import Schedules
import Testing
import Training

@testable import anneal

@Suite struct RecipeOptionsTests {
  private func arguments(_ words: String...) throws -> Arguments {
    guard
      case .run(_, let arguments) = try ArgumentParser(root: CommandTable.root)
        .parse(["train"] + words)
    else { throw CommandError.failure(.failed, "not a command that runs") }
    return arguments
  }

  private func recipe() throws -> Recipe {
    Recipe(
      network: "resnet20", data: "synthetic", epochs: 7, batch: 64, seed: 9, threads: 3,
      order: .sequential, augmentation: Augmentation(cropPadding: 2, flips: true),
      testTimeAugmentation: .flipAndTranslate,
      optimizer: try Optimizer(parsing: "sgd(form=coupled)"), clipNorm: 3, accumulation: 2,
      precision: .bfloat16, plan: try Plan(words: ["lr=0.1"]))
  }

  @Test func describesATrainingByItself() throws {
    let plan = try Plan(words: ["lr=0.2"])
    #expect(
      try RecipeOptions.recipe(arguments(), epochs: 2, plan: plan)
        == Recipe(network: "resnet8", data: "fashion-mnist", epochs: 2, batch: 128, plan: plan))
  }

  @Test func leavesWhatWasNotTypedAsItStands() throws {
    #expect(try RecipeOptions.override(recipe(), with: arguments()) == recipe())
  }

  @Test func replacesOnlyWhatWasTyped() throws {
    func check(_ words: String..., change: (inout Recipe) -> Void) throws {
      guard
        case .run(_, let arguments) = try ArgumentParser(root: CommandTable.root)
          .parse(["train"] + words)
      else { return }
      var expected = try recipe()
      change(&expected)
      #expect(try recipe() != expected, "\(words) changes nothing")
      #expect(try RecipeOptions.override(recipe(), with: arguments) == expected, "\(words)")
    }
    // Values that are the defaults are replacements too when they are typed.
    try check("--network", "resnet8") { $0.network = "resnet8" }
    try check("--head", "concat") { $0.head = .concat }
    try check("--activation", "celu") { $0.activation = .celu }
    try check("--init", "dirac,whitening") {
      $0.initialization = InitializationChoice(startsAsIdentity: true, whitensPatches: true)
    }
    try check("--data", "fashion-mnist") { $0.data = "fashion-mnist" }
    try check("--image-size", "32") { $0.imageSize = 32 }
    try check("--skip-bad-images") { $0.skipsBadImages = true }
    try check("--batch", "128") { $0.batch = 128 }
    try check("--seed", "0") { $0.seed = 0 }
    try check("--order", "shuffled") { $0.order = .shuffled }
    try check("--augment", "none") { $0.augmentation = .none }
    try check("--tta", "flip") { $0.testTimeAugmentation = .flip }
    try check("--tta", "none") { $0.testTimeAugmentation = .none }
    try check("--optimizer", "sgd(nesterov)") { $0.optimizer = .nesterov }
    try check("--optimizer", "sgd") { $0.optimizer = .sgd }
    try check("--clip", "0.5") { $0.clipNorm = 0.5 }
    try check("--average", "ema") { $0.averaging = Averaging("ema") }
    try check("--accumulate", "1") { $0.accumulation = 1 }
    try check("--precision", "float32") { $0.precision = .float32 }
    try check("--threads", "1") { $0.threads = 1 }
  }
}

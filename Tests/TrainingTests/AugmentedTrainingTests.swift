import Datasets
import Networks
import Schedules
import TestSupport
import Testing

@testable import Training

@Suite struct AugmentedTrainingTests {
  private static func losses(_ augmentation: String, strength: Schedule? = nil) throws -> [Double?]
  {
    var recipe = Toy.recipe(epochs: 1, augmentation: try Augmentation(parsing: augmentation))
    recipe.plan = Plan {
      Scheduled(.learningRate, .constant(0.1))
      if let strength { Scheduled(.augmentationStrength, strength) }
    }
    let recorder = Recorder()
    _ = try Toy.trainer(recipe, ReferenceBackend()).run([recorder])
    return recorder.log.steps.map(\.loss)
  }

  /// What a schedule switches off is as if it had never been asked for, from that step on.
  @Test(arguments: ["cutout4", "mixup", "cutmix", "crop2", "translate"])
  func strengthIsScheduled(augmentation: String) throws {
    let plain = try Self.losses("none")
    #expect(try Self.losses(augmentation, strength: .constant(0)) == plain)
    let full = try Self.losses(augmentation)
    #expect(full != plain && full.allSatisfy { $0?.isFinite ?? false })
    #expect(try Self.losses(augmentation, strength: .constant(1)) == full)
    let rising = try Self.losses(
      augmentation, strength: try Schedule(parsing: "0@2steps,1"))
    #expect(rising.prefix(2) == plain.prefix(2) && rising != plain)
  }

  /// Two epochs of two steps and one of one, of two batches each.
  @Test func partsOfAStepHaveItsStrength() throws {
    var plan = BatchPlan(
      sampler: Sampler(count: 21, batchSize: 4, order: .shuffled, remainder: .dropped, seed: 1),
      augmentation: Augmentation(cutout: 4))
    plan.follow(nil, epochs: [0..<2, 2..<4, 4..<5], accumulation: 2)
    #expect(plan.strengths == [])
    let schedule = try Schedule(parsing: "0..0.5").resolved(over: Horizon(steps: 5))
    plan.follow(schedule, epochs: [0..<2, 2..<4, 4..<5], accumulation: 2)
    let steps = Array(schedule)
    #expect(Set(steps).count == 5)
    #expect(
      plan.strengths
        == [[0, 0, 1, 1], [2, 2, 3, 3], [4, 4]].map { $0.map { steps[$0] } })
  }

  /// Epochs of 8, 4 and 2 steps: each follows its own part of the schedule, resumed or not.
  @Test func epochsOfOtherLengthsHaveTheirStrength() throws {
    var recipe = Toy.recipe(epochs: 3, augmentation: Augmentation(cutout: 4))
    let words = ["lr=0.1", "batchSize=8@1ep,16@1ep,32"]
    func losses(_ words: [String]) throws -> [Double?] {
      recipe.plan = try Plan(words: words)
      let recorder = Recorder()
      _ = try Toy.trainer(recipe, ReferenceBackend()).run([recorder])
      return recorder.log.steps.map(\.loss)
    }
    let full = try losses(words)
    #expect(full.count == 14)
    let late = try losses(words + ["augmentationStrength=1@12st,0"])
    #expect(late.prefix(12) == full.prefix(12) && late[12] != full[12])
  }

  /// A schedule of the strength of nothing is refused.
  @Test(arguments: ["none", "altflip"]) func strengthNeedsAnAugmentation(text: String) throws {
    #expect(
      message { _ = try Self.losses(text, strength: .constant(1)) }
        == "expected schedules for learningRate, momentum, weightDecay, labelSmoothing, "
        + "batchNormMomentum, batchSize, imageSize, found one for augmentationStrength")
  }
}

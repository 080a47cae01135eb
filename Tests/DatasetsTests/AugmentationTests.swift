import Foundation
import Tensors
import Testing

@testable import Datasets

@Suite struct AugmentationTests {
  @Test(arguments: [
    ("none", Augmentation.none),
    ("crop", Augmentation(cropPadding: 4)),
    ("crop2", Augmentation(cropPadding: 2)),
    ("flip", Augmentation(flips: true)),
    ("crop,flip", Augmentation(cropPadding: 4, flips: true)),
    ("crop16,flip", Augmentation(cropPadding: 16, flips: true)),
    (
      "translate,altflip,cutout12",
      Augmentation(cropPadding: 2, padsByReflection: true, alternatesFlips: true, cutout: 12)
    ),
    ("translate4,cutout", Augmentation(cropPadding: 4, padsByReflection: true, cutout: 8)),
    ("mixup,cutmix", Augmentation(mixup: 0.2, cutmix: 1)),
    ("mixup0.4,cutmix0.5", Augmentation(mixup: 0.4, cutmix: 0.5)),
  ])
  func textAndJSONRoundTrip(text: String, value: Augmentation) throws {
    #expect(try Augmentation(parsing: text) == value)
    #expect(value.description == text)
    let json = try JSONEncoder().encode([value])
    #expect(String(decoding: json, as: UTF8.self) == "[\"\(text)\"]")
    #expect(try JSONDecoder().decode([Augmentation].self, from: json) == [value])
  }

  @Test func orderDoesNotMatterAndFourIsTheDefault() throws {
    #expect(try Augmentation(parsing: "flip,crop4").description == "crop,flip")
  }

  @Test(arguments: [
    ("", ""), ("crop,", ""), ("none,flip", "none"), ("flip,flip", "flip"), ("crop,crop2", "crop2"),
    ("crop0", "crop0"), ("crop17", "crop17"), ("crop-1", "crop-1"), ("crop+2", "crop+2"),
    ("Flip", "Flip"), ("crop, flip", " flip"),
    ("crop99999999999999999999", "crop99999999999999999999"), ("crop,translate", "translate"),
    ("flip,altflip", "altflip"), ("cutout65", "cutout65"), ("cutout0", "cutout0"),
    ("mixup0", "mixup0"), ("mixup2.1", "mixup2.1"), ("mixup1e0", "mixup1e0"),
    ("mixup-1", "mixup-1"), ("cutmix,cutmix", "cutmix"), ("mixupnan", "mixupnan"),
  ])
  func saysWhatItDoesNotUnderstand(text: String, part: String) {
    do throws(DatasetError) {
      _ = try Augmentation(parsing: text)
      Issue.record("accepted '\(text)'")
    } catch {
      #expect(
        error.description
          == "expected none or a list of crop or translate (1 to 16), flip or altflip, cutout "
          + "(1 to 64), mixup and cutmix (up to 2) as augmentation, found '\(part)' in '\(text)'")
    }
  }

  @Test func refusesJSONThatIsNoAugmentation() {
    #expect(throws: DatasetError.augmentation(text: "spin", part: "spin")) {
      try JSONDecoder().decode([Augmentation].self, from: Data("[\"spin\"]".utf8))
    }
  }

  @Test func noneLeavesEveryImageAlone() {
    for sample in 0..<50 {
      #expect(Augmentation.none.choice(sample: sample, epoch: 1, seed: 2) == .unchanged)
    }
  }

  /// 10,000 choices make 25 windows of 400 each.
  ///
  /// χ² with 24 degrees of freedom
  /// exceeds 51.2 once in a thousand; 5,000 flips ± 50 is one standard deviation.
  @Test func choicesAreEquallyLikely() {
    let augmentation = Augmentation(cropPadding: 2, flips: true)
    var windows: [String: Double] = [:]
    var flips = 0
    for sample in 0..<10_000 {
      let choice = augmentation.choice(sample: sample, epoch: 0, seed: 5)
      #expect(-2...2 ~= choice.window.rowOffset && -2...2 ~= choice.window.columnOffset)
      windows["\(choice.window.rowOffset) \(choice.window.columnOffset)", default: 0] += 1
      flips += choice.window.isFlipped ? 1 : 0
    }
    #expect(windows.count == 25)
    let chiSquare = windows.values.reduce(0) { $0 + ($1 - 400) * ($1 - 400) / 400 }
    #expect(chiSquare < 51.2)
    #expect(abs(flips - 5_000) < 165)
  }

  /// Neighbours agree as often as chance has it: 1 of 5, ± 0.013 at three standard deviations.
  @Test func neighboursDoNotShareDraws() {
    let augmentation = Augmentation(cropPadding: 2, flips: true)
    let choices = (0..<10_000).map { augmentation.choice(sample: $0, epoch: 0, seed: 5) }
    for (first, second) in [
      (\Augmentation.Choice.window.columnOffset, \Augmentation.Choice.window.rowOffset),
      (\.window.columnOffset, \.window.columnOffset), (\.window.rowOffset, \.window.rowOffset),
    ] {
      let agreeing = zip(choices, choices.dropFirst()).count {
        $0[keyPath: first] == $1[keyPath: second]
      }
      #expect(abs(agreeing - 2_000) < 120)
    }
    #expect(abs(choices.count { $0.window.rowOffset == $0.window.columnOffset } - 2_000) < 120)
  }

  @Test func choicesDifferByEpochSeedAndSample() {
    let augmentation = Augmentation(cropPadding: 4, flips: true)
    func choices(epoch: Int, seed: UInt64) -> [Augmentation.Choice] {
      (0..<20).map { augmentation.choice(sample: $0, epoch: epoch, seed: seed) }
    }
    #expect(choices(epoch: 0, seed: 0) == choices(epoch: 0, seed: 0))
    #expect(choices(epoch: 0, seed: 0) != choices(epoch: 1, seed: 0))
    #expect(choices(epoch: 0, seed: 0) != choices(epoch: 0, seed: 1))
    #expect(Set(choices(epoch: 0, seed: 0)).count > 10)
  }

  /// Leaving the flip out does not move the crops.
  @Test func partsDrawApart() {
    let both = Augmentation(cropPadding: 4, flips: true)
    let crop = Augmentation(cropPadding: 4)
    for sample in 0..<20 {
      let (a, b) = (
        both.choice(sample: sample, epoch: 0, seed: 0),
        crop.choice(sample: sample, epoch: 0, seed: 0)
      )
      #expect(a.window.rowOffset == b.window.rowOffset)
      #expect(a.window.columnOffset == b.window.columnOffset)
      #expect(!b.window.isFlipped)
    }
  }

  /// Every image is seen from both sides in two epochs, and half of them mirrored in each.
  @Test func alternatingFlipsAlternate() {
    let augmentation = Augmentation(alternatesFlips: true)
    var flips = 0
    for sample in 0..<1_000 {
      let sides = (0..<4).map {
        augmentation.choice(sample: sample, epoch: $0, seed: 3).window.isFlipped
      }
      #expect(sides[0] != sides[1] && sides[0] == sides[2] && sides[1] == sides[3])
      flips += sides[0] ? 1 : 0
    }
    #expect(abs(flips - 500) < 64)
  }

  /// Recipes from before the other parts existed train on the same images as they always did.
  @Test(arguments: ["crop,flip", "crop2", "flip"])
  func cropsAndFlipsKeepTheirDraws(text: String) throws {
    let augmentation = try Augmentation(parsing: text)
    let padding = ["crop,flip": 4, "crop2": 2][text] ?? 0
    for (sample, epoch) in [(0, 0), (1, 0), (7, 3), (49_999, 12)] {
      var stream = RandomStream(seed: 11, purpose: .augmentation, index: UInt64(epoch))
      stream.position = UInt64(3 * sample)
      let row = stream.nextInteger(below: 2 * padding + 1) - padding
      let column = stream.nextInteger(below: 2 * padding + 1) - padding
      let isFlipped = stream.nextInteger(below: 2) == 1 && text.hasSuffix("flip")
      #expect(
        augmentation.choice(sample: sample, epoch: epoch, seed: 11, count: 50_000)
          == .init(window: .init(rowOffset: row, columnOffset: column, isFlipped: isFlipped)))
    }
  }

  /// The share of a patch is Beta(α, α): mean ½, variance 1/(4(2α + 1)); what a schedule leaves of α
  /// moves it to both ends.
  @Test(arguments: [0.25, 1, 1.5]) func cutmixSharesAreBeta(strength: Double) throws {
    let augmentation = Augmentation(cutmix: 1)
    let shares = (0..<10_000).compactMap {
      augmentation.choice(sample: $0, epoch: 1, seed: 5, count: 10, strength: strength).mixture
    }.map { Double($0.share) }
    #expect(shares.count > 9_900)
    let mean = shares.reduce(0, +) / Double(shares.count)
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(shares.count)
    #expect(abs(mean - 0.5) < 0.02)
    #expect(abs(variance * 4 * (2 * strength + 1) - 1) < 0.05)
  }

  @Test func newPartsMoveNoWindow() {
    let plain = Augmentation(cropPadding: 4, flips: true)
    let all = Augmentation(cropPadding: 4, flips: true, cutout: 4, mixup: 0.3, cutmix: 1)
    for sample in 0..<50 {
      #expect(
        all.choice(sample: sample, epoch: 2, seed: 1, count: 50).window
          == plain.choice(sample: sample, epoch: 2, seed: 1).window)
    }
  }

  /// Mixup keeps the larger share for the image itself; the others are any, in their own windows.
  @Test func mixupTakesTheSmallerShare() throws {
    let augmentation = Augmentation(cropPadding: 2, flips: true, mixup: 1)
    var others: Set<Int> = []
    var sum = 0.0
    for sample in 0..<4_000 {
      let choice = augmentation.choice(sample: sample, epoch: 1, seed: 2, count: 10)
      let mixture = try #require(choice.mixture)
      #expect(mixture.share > 0 && mixture.share <= 0.5 && mixture.patch == nil)
      #expect(
        mixture.window == augmentation.choice(sample: mixture.sample, epoch: 1, seed: 2).window)
      others.insert(mixture.sample)
      sum += Double(mixture.share)
    }
    #expect(others == Set(0..<10))
    // The smaller of two parts of a stick broken anywhere: a quarter on average.
    #expect(abs(sum / 4_000 - 0.25) < 0.01)
  }

  @Test func mixupAndCutmixShareTheSamples() throws {
    let augmentation = Augmentation(mixup: 0.2, cutmix: 1)
    let mixtures = (0..<2_000).map {
      augmentation.choice(sample: $0, epoch: 0, seed: 9, count: 10).mixture
    }
    #expect(abs(mixtures.count { $0?.patch != nil } - 1_000) < 100)
  }

  /// A square whose middle may be anywhere: what is left of it inside is a quarter at least.
  @Test func cutoutIsASquareInsideTheImage() throws {
    let augmentation = Augmentation(cutout: 4)
    var areas: Set<Int> = []
    for sample in 0..<2_000 {
      let patch = try #require(augmentation.choice(sample: sample, epoch: 0, seed: 1).cutout)
      let (rows, columns) = patch.area(height: 8, width: 9)
      #expect(rows.lowerBound >= 0 && rows.upperBound <= 8 && columns.upperBound <= 9)
      #expect(2...4 ~= rows.count && 2...4 ~= columns.count)
      areas.insert(rows.count * columns.count)
    }
    #expect(areas == [4, 6, 8, 9, 12, 16])
  }

  @Test func patchesAreLaidIntoAnyImage() {
    let patch = Augmentation.Choice.Patch(row: 0.5, column: 0.5, size: .share(0.25))
    #expect(patch.area(height: 8, width: 12) == (2..<6, 3..<9))
    #expect(patch.area(height: 32, width: 32) == (8..<24, 8..<24))
    let corner = Augmentation.Choice.Patch(row: 0.99, column: 0, size: .pixels(6))
    #expect(corner.area(height: 10, width: 10) == (6..<10, 0..<3))
    let whole = Augmentation.Choice.Patch(row: 0.5, column: 0.5, size: .share(1))
    #expect(whole.area(height: 7, width: 5) == (0..<7, 0..<5))
  }

  /// At strength 0 flips are left; at 2 the square is twice as large and windows move twice as far.
  @Test func strengthScales() throws {
    let augmentation = Augmentation(cropPadding: 2, flips: true, cutout: 4, mixup: 0.2, cutmix: 1)
    var farthest = 0
    for sample in 0..<200 {
      let off = augmentation.choice(sample: sample, epoch: 0, seed: 4, count: 200, strength: 0)
      let on = augmentation.choice(sample: sample, epoch: 0, seed: 4, count: 200)
      #expect(off.cutout == nil && off.mixture == nil && off.window.rowOffset == 0)
      #expect(off.window.isFlipped == on.window.isFlipped)
      let twice = augmentation.choice(sample: sample, epoch: 0, seed: 4, count: 200, strength: 2)
      #expect(twice.cutout?.size == .pixels(8) && on.cutout?.size == .pixels(4))
      farthest = max(farthest, abs(twice.window.columnOffset))
      let far = augmentation.choice(sample: sample, epoch: 0, seed: 4, count: 200, strength: 1e300)
      #expect(abs(far.window.rowOffset) <= 16 && far.cutout?.size == .pixels(64))
    }
    #expect(farthest == 4)
  }

  /// A plan's strengths are those of its steps.
  @Test func planFollowsItsStrengths() {
    var plan = BatchPlan(
      sampler: Sampler(count: 8, batchSize: 4, order: .sequential, remainder: .dropped, seed: 1),
      augmentation: Augmentation(cutout: 4))
    plan.strengths = [[1, 0], [2, 0.5], [0.25]]
    func sizes(_ epoch: Int, _ step: Int) -> Set<Augmentation.Choice.Patch.Size?> {
      Set(plan.batch(epoch: epoch, step: step).choices.map(\.cutout?.size))
    }
    #expect(sizes(0, 0) == [.pixels(4)])
    #expect(sizes(0, 1) == [nil])
    #expect(sizes(1, 0) == [.pixels(8)])
    #expect(sizes(1, 1) == [.pixels(2)])
    // The last ones stay.
    #expect(sizes(2, 1) == [.pixels(1)])
    #expect(sizes(7, 1) == [.pixels(1)])
  }
}

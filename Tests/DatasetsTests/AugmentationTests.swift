import Foundation
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
    ("crop99999999999999999999", "crop99999999999999999999"),
  ])
  func saysWhatItDoesNotUnderstand(text: String, part: String) {
    do throws(DatasetError) {
      _ = try Augmentation(parsing: text)
      Issue.record("accepted '\(text)'")
    } catch {
      #expect(
        error.description
          == "expected none or a list of crop, crop1 to crop16 and flip as augmentation, "
          + "found '\(part)' in '\(text)'")
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
      #expect(-2...2 ~= choice.rowOffset && -2...2 ~= choice.columnOffset)
      windows["\(choice.rowOffset) \(choice.columnOffset)", default: 0] += 1
      flips += choice.isFlipped ? 1 : 0
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
      (\Augmentation.Choice.columnOffset, \Augmentation.Choice.rowOffset),
      (\.columnOffset, \.columnOffset), (\.rowOffset, \.rowOffset),
    ] {
      let agreeing = zip(choices, choices.dropFirst()).count {
        $0[keyPath: first] == $1[keyPath: second]
      }
      #expect(abs(agreeing - 2_000) < 120)
    }
    #expect(abs(choices.count { $0.rowOffset == $0.columnOffset } - 2_000) < 120)
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
      #expect((a.rowOffset, a.columnOffset) == (b.rowOffset, b.columnOffset))
      #expect(!b.isFlipped)
    }
  }
}

import Schedules
import Testing

/// The libraries whose golden cases need no more than one check: every value at its tolerance.
@Suite struct ImportLibrariesTests {
  private static let cases =
    ImportCase.optax + ImportCase.timm + ImportCase.transformers + ImportCase.keras
    + ImportCase.composer + ImportCase.ignite + ImportCase.formula

  @Test func goldenFilesHoldAllCases() {
    let counts = Self.cases.reduce(into: [:]) { $0[$1.library, default: 0] += 1 }
    #expect(
      counts == [
        "optax": 39, "timm": 17, "transformers": 23, "keras": 5, "composer": 4, "ignite": 5,
        "formula": 16,
      ])
  }

  @Test(arguments: cases.filter { $0.error == nil })
  func everyStepIsReproduced(_ golden: ImportCase) throws {
    #expect(try golden.difference() == nil)
  }

  @Test func aWarmupAsLongAsTheRunIsATypedError() throws {
    let failing = Self.cases.filter { $0.error != nil }
    #expect(failing.map(\.class) == ["warmup_cosine_decay_schedule"])
    let error = #expect(throws: ScheduleError.self) { try failing[0].imported() }
    #expect(
      error?.description
        == "optax.warmup_cosine_decay_schedule: expected more steps than warmup_steps for "
        + "decay_steps, found 10")
  }
}

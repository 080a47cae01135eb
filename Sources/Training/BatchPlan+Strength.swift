import Datasets
import Schedules

extension BatchPlan {
  /// Gives each batch the strength of the step that it is a part of.
  ///
  /// The strengths are laid out before the first batch is prepared, so that they do not depend on how
  /// far a loader works ahead or where a training goes on.
  ///
  /// - Parameters:
  ///   - schedule: The strength at each step of the run; nil for 1 at all of them.
  ///   - epochs: The steps of each epoch, by their numbers in the run.
  ///   - accumulation: Batches in a step.
  mutating func follow(_ schedule: ResolvedSchedule?, epochs: [Range<Int>], accumulation: Int) {
    guard let schedule else { return }
    strengths = epochs.map { steps in
      steps.flatMap { repeatElement(schedule[$0], count: accumulation) }
    }
  }
}

import Training

/// Times a training's steps, the loader and its augmentation included, and ends it after enough of them.
///
/// A moment counts only where the loss was read, since a device is waited for there and nowhere else:
/// the steps between two such moments are as long as each other.
final class StepTimer: Callback {
  /// How often the loss is read.
  let lossInterval: Int?
  /// The seconds of each step after the warm-up.
  private(set) var seconds: [Double] = []
  private let now: @Sendable () -> Double
  private let warmup: Int
  private let count: Int
  private let observe: (Int) -> Void
  private var last = 0.0
  private var made = 0
  /// The steps that were made at `last`.
  private var timed = 0

  /// Makes a timer.
  ///
  /// - Parameters:
  ///   - warmup: Steps that are made first and not timed, ≥ 0.
  ///   - count: Steps to time, ≥ 1.
  ///   - lossInterval: The steps from one loss that is read to the next, ≥ 1.
  ///   - now: Seconds on a clock that never goes back.
  ///   - observe: Is told of each step how many have been made.
  init(
    warmup: Int, count: Int, lossInterval: Int = 1, now: @escaping @Sendable () -> Double,
    observe: @escaping (Int) -> Void
  ) {
    self.warmup = warmup
    self.count = count
    self.lossInterval = lossInterval
    self.now = now
    self.observe = observe
  }

  func handle(_ event: Event, of trainer: Trainer) -> Directive {
    switch event {
    // An evaluation lies between two epochs; the clock starts anew after it.
    case .epochBegan: (last, timed) = (now(), made)
    case .stepEnded(let record):
      made += 1
      observe(made)
      guard record.loss != nil else { break }
      let moment = now()
      if timed >= warmup {
        let mean = (moment - last) / Double(made - timed)
        seconds += [Double](repeating: mean, count: made - timed)
      }
      (last, timed) = (moment, made)
      if seconds.count >= count { return .endRun(.stopped) }
    case .runBegan, .epochEnded, .runEnded: break
    }
    return .proceed
  }
}

import Training

/// Times a training's steps, the loader and its augmentation included, and ends it after enough of them.
final class StepTimer: Callback {
  /// Losses are read, as a training reads them.
  let lossInterval: Int? = 1
  /// The seconds of each step after the warm-up.
  private(set) var seconds: [Double] = []
  private let now: @Sendable () -> Double
  private let warmup: Int
  private let count: Int
  private let observe: (Int) -> Void
  private var last = 0.0
  private var made = 0

  /// Makes a timer.
  ///
  /// - Parameters:
  ///   - warmup: Steps that are made first and not timed, ≥ 0.
  ///   - count: Steps to time, ≥ 1.
  ///   - now: Seconds on a clock that never goes back.
  ///   - observe: Is told of each step how many have been made.
  init(
    warmup: Int, count: Int, now: @escaping @Sendable () -> Double,
    observe: @escaping (Int) -> Void
  ) {
    self.warmup = warmup
    self.count = count
    self.now = now
    self.observe = observe
  }

  func handle(_ event: Event, of trainer: Trainer) -> Directive {
    switch event {
    // An evaluation lies between two epochs; the clock starts anew after it.
    case .epochBegan: last = now()
    case .stepEnded:
      let moment = now()
      made += 1
      if made > warmup { seconds.append(moment - last) }
      last = moment
      observe(made)
      if seconds.count == count { return .endRun(.stopped) }
    case .runBegan, .epochEnded, .runEnded: break
    }
    return .proceed
  }
}

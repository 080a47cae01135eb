import Schedules

/// A run to show a schedule over when nobody has said how long it is.
///
/// A schedule of fixed lengths is shown as long as it is. One with shares of the run is shown over 1,000
/// steps, or four times its fixed lengths where those are long.
struct NaturalHorizon {
  /// The run.
  let horizon: Horizon
  /// Whether the schedule speaks of epochs, so that they belong on the axis.
  let countsEpochs: Bool

  private static let relativeLength = 1_000
  private static let ratios = (
    stepsPerEpoch: 100.0, samplesPerStep: 128.0, tokensPerSample: 1_024.0
  )

  /// Finds the run.
  ///
  /// - Parameter values: What the schedules come to over a run, a list each.
  /// - Throws: What is wrong with the schedules over any run.
  init(_ values: (Horizon) throws(ScheduleError) -> [[Double]]) throws(ScheduleError) {
    var steps = 1
    var countsEpochs = false
    // A phase is reported one at a time; schedules with more phases than this are not typed by hand.
    for _ in 0..<1_000 {
      do throws(ScheduleError) {
        let shown = try values(Self.horizon(steps, countsEpochs))
        let longer = steps > 1 ? try values(Self.horizon(2 * steps, countsEpochs)) : []
        let isFixed = steps > 1 && Self.isSettled(shown, longer)
        self.countsEpochs = countsEpochs
        horizon = Self.horizon(
          isFixed ? steps : max(Self.relativeLength, steps == 1 ? 0 : 4 * steps), countsEpochs)
        return
      } catch .longerThanRun(_, let end, _) {
        steps = max(steps + 1, Int(end.rounded(.up)))
      } catch .unitNeeds(let ratio, _) where !countsEpochs && ratio == "stepsPerEpoch" {
        countsEpochs = true
      }
    }
    self.countsEpochs = countsEpochs
    horizon = Self.horizon(steps, countsEpochs)
  }

  /// Whether a run of twice the length begins with the same values and then stays where it is.
  private static func isSettled(_ short: [[Double]], _ long: [[Double]]) -> Bool {
    func areClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(abs(a), abs(b)) }
    return zip(short, long).allSatisfy { short, long in
      let rest = long.dropFirst(short.count)
      return zip(short, long).allSatisfy(areClose)
        && rest.allSatisfy { areClose($0, rest.first ?? $0) }
    }
  }

  private static func horizon(_ steps: Int, _ countsEpochs: Bool) -> Horizon {
    var horizon = Horizon(steps: steps)
    horizon.samplesPerStep = ratios.samplesPerStep
    horizon.tokensPerSample = ratios.tokensPerSample
    if countsEpochs { horizon.stepsPerEpoch = ratios.stepsPerEpoch }
    return horizon
  }
}

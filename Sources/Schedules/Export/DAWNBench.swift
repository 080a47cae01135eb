// DAWNBench's schedules: knots in epochs with straight lines between them.

extension Plan {
  /// The knots of the learning rate.
  func dawnBench(
    _ resolved: ResolvedPlan, _ horizon: Horizon
  ) throws(ScheduleError) -> String {
    func failure(_ expected: String, _ found: String) -> ScheduleError {
      .export(to: "dawnbench", expected: expected, found: found)
    }
    guard let rate = resolved[.learningRate], resolved.entries.count == 1 else {
      throw failure("a learning rate and nothing else", words.joined(separator: " "))
    }
    guard let stepsPerEpoch = horizon.stepsPerEpoch else {
      throw failure("the number of steps per epoch", "none")
    }
    var knots: [(time: Double, value: Double)] = []
    for (start, segment) in zip(rate.timeline.starts, rate.timeline.segments) {
      guard let ends = segment.line else {
        throw failure("straight lines", self[.learningRate].map { "\($0)" } ?? "nothing")
      }
      if let last = knots.last {
        guard abs(last.value - ends.from) <= 1e-12 * max(abs(last.value), abs(ends.from)) else {
          throw failure(
            "no jumps",
            "\(formatted(last.value)) and \(formatted(ends.from)) at step "
              + formatted(start))
        }
      } else {
        knots.append((start, ends.from))
      }
      knots.append((start + segment.limit, ends.to))
    }
    func list(_ numbers: [Double]) -> String {
      numbers.map(formatted).joined(separator: ", ")
    }
    return "{\"type\": \"piecewiseLinear\", \"epochs\": "
      + "[\(list(knots.map { $0.time / stepsPerEpoch }))], \"values\": "
      + "[\(list(knots.map(\.value)))]}\n"
  }
}

extension Segment {
  /// The values at both ends of a straight line.
  fileprivate var line: (from: Double, to: Double)? {
    let isStraight =
      switch content {
      case .hold: true
      case .ramp(_, _, let form): form == .linear
      default: false
      }
    let isScaled = transforms.allSatisfy { if case .scale = $0 { true } else { false } }
    guard isStraight, isScaled else { return nil }
    return (value(at: 0, tolerance: 0), value(at: limit - lead, tolerance: 0))
  }
}

extension ImportLibrary {
  /// The schedule of a DAWNBench entry.
  static let dawnBench = ImportLibrary(
    name: "dawnbench",
    classes: [
      ImportClass("piecewiseLinear", ["type", "epochs", "values", "steps_per_epoch"]) {
        (parameters) throws(ScheduleError) in
        let kind = try parameters.text("type")
        guard kind == nil || kind == "piecewiseLinear" else {
          throw parameters.error("type", expected: "\"piecewiseLinear\"")
        }
        let epochs = try parameters.numbers("epochs", .length)
        let values = try parameters.numbers("values", .notNegative)
        guard zip(epochs, epochs.dropFirst()).allSatisfy({ $0 < $1 }) else {
          throw parameters.error("epochs", expected: "ascending numbers")
        }
        guard values.count == epochs.count else {
          throw parameters.error("values", expected: "\(epochs.count) numbers, one for each epoch,")
        }
        var phases = epochs[0] > 0 ? [Hold(values[0], for: .epochs(epochs[0])).schedule] : []
        for index in epochs.indices.dropFirst() {
          phases.append(
            .linear(
              from: values[index - 1], to: values[index],
              over: .epochs(epochs[index] - epochs[index - 1])))
        }
        let rate = phases.isEmpty ? Schedule.constant(values[0]) : .sequence(phases)
        guard parameters.has("steps_per_epoch") else { return ImportedPlan(.learningRate(rate)) }
        let perEpoch = Double(try parameters.count("steps_per_epoch"))
        let steps = (perEpoch * (epochs.last ?? 0)).rounded(.up)
        return ImportedPlan(
          .learningRate(rate), stepCount: max(1, Int(min(steps, 1e12))), continues: true,
          stepsPerEpoch: perEpoch)
      }
    ])
}

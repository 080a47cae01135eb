/// An average of the weights that is kept beside them, and by which the network is judged: a name
/// with settings, `ema`, `lookahead(every=5)`, `swa(start=0.75)`.
///
/// Every so many updates, with d the plan's averaging decay,
///
///     average = d · average + (1 − d) · weights
///
/// - `ema`: no more than that, every update unless told otherwise (Polyak and Juditsky 1992, SIAM J.
///   Control Optim. 30, in the exponential form of TensorFlow's and timm's).
/// - `lookahead`: the weights go on from the average, every 5 updates: Zhang and others 2019 (arXiv
///   1907.08610, algorithm 1) with 1 − d for their α.
/// - `swa`: all weights count alike, d = n / (n + 1) for the n before; every epoch from a share of the
///   run on (Izmailov and others 2018, arXiv 1803.05407, algorithm 1).
///
/// Running statistics of batch norm are averaged, and go on from the average, as the weights do: timm's
/// and airbench's choice, PyTorch's `use_buffers`. Izmailov and others measure them anew instead.
/// The average begins as a copy of the initial weights, for `swa` as one of the first weights that count.
public struct Averaging: Hashable, Sendable {
  /// What is done.
  public enum Kind: String, CaseIterable, Sendable {
    /// A running average.
    case ema
    /// A running average that the weights go on from.
    case lookahead
    /// The mean of the weights.
    case swa
  }

  private let settings: Settings

  private static func declarations(_ kind: Kind) -> [Settings.Declaration] {
    switch kind {
    case .ema: [.init("every", .count(1, 1...1_000_000_000))]
    case .lookahead: [.init("every", .count(5, 1...1_000_000_000))]
    case .swa:
      [.init("start", .number(0.75, 0...1)), .init("every", .count(0, 0...1_000_000_000))]
    }
  }

  private static var kinds: [(name: String, settings: [Settings.Declaration])] {
    Kind.allCases.map { ($0.rawValue, declarations($0)) }
  }

  /// What can be written.
  public static var usages: [String] { kinds.map { Settings.usage(name: $0.name, $0.settings) } }

  /// Reads the text form.
  ///
  /// - Throws: ``SettingsError`` with what there is.
  public init(parsing text: String) throws(SettingsError) {
    settings = try Settings(parsing: text, as: "averaging", Self.kinds)
  }

  /// What is done.
  public var kind: Kind { Kind(rawValue: settings.name) ?? .ema }

  /// Updates from one averaging to the next; `nil` for an epoch of them.
  public var interval: Int? {
    let every = Int(settings.number("every"))
    return every == 0 ? nil : every
  }

  /// The share of the run before the first weights that count, 0…1.
  public var start: Double { kind == .swa ? settings.number("start") : 0 }

  /// The averaging decay where no schedule gives one; `nil` where it follows from the number of weights.
  public var defaultDecay: Double? {
    switch kind {
    case .ema: 0.999
    case .lookahead: 0.5
    case .swa: nil
    }
  }
}

extension Averaging: WrittenAsSettings {
  /// The text form, for example `lookahead(every=6)`.
  public var description: String { settings.description }
}

// MARK: - Operations

extension GraphBuilder {
  /// Adds what brings averages up to date, and what exchanges them with the weights.
  mutating func emitAverages() {
    guard let averaging = graph.configuration.averaging else { return }
    let pairs =
      graph.parameters.map { ($0.values, $0.average) }
      + graph.states.map { ($0.values, $0.average) }
    let weight = Formula.element(graph.stepInputs, StepInputs.Field.averagingWeight.offset)
    let (values, average) = (Formula.tensor(0), Formula.tensor(1))

    var update = UpdateBuilder(tensorCount: 2)
    // Not average + weight · (values − average): with a weight of 1 this is a copy.
    update.set(average, to: (1 - weight) * average + weight * values)
    if averaging.kind == .lookahead { update.set(values, to: average) }

    var exchange = UpdateBuilder(tensorCount: 2)
    let kept = exchange.named(values)
    exchange.set(values, to: average)
    exchange.set(average, to: kept)

    for case (let slot, let average?) in pairs {
      append(
        .update(
          Update(name: averaging.kind.rawValue, tensors: [slot, average], rule: update.rule)),
        to: .average)
      append(
        .update(Update(name: "exchange", tensors: [slot, average], rule: exchange.rule)),
        to: .exchange)
    }
  }
}

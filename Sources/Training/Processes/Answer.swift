import Networks

/// What a process's callbacks answer to an event, as the other processes are told.
struct Answer: Hashable {
  /// Whether to go on.
  var directive: Directive
  /// What the learning rates are multiplied by.
  var learningRateScale: Double
  /// How often losses are needed, in steps.
  var lossIntervals: Set<Int>
}

extension Answer {
  init(_ directive: Directive, _ callbacks: [any Callback]) {
    self.init(
      directive: directive,
      learningRateScale: callbacks.reduce(1) { $0 * $1.learningRateScale },
      lossIntervals: Set(callbacks.compactMap(\.lossInterval)))
  }

  /// In words, for example `3ff0000000000000 1,50 stopped`.
  var text: String {
    let intervals = lossIntervals.sorted().map { "\($0)" }.joined(separator: ",")
    return "\(Self.bits(learningRateScale)) \(intervals.isEmpty ? "-" : intervals) "
      + Self.text(directive)
  }

  /// Reads it back; nil for any other text.
  init?(text: String) {
    let words = text.split(separator: " ")
    guard words.count >= 3, let scale = Self.number(words[0]),
      let directive = Self.directive(words.dropFirst(2).map { $0 })
    else { return nil }
    self.init(
      directive: directive, learningRateScale: scale,
      lossIntervals: Set(words[1].split(separator: ",").compactMap { Int($0) }))
  }

  private static func text(_ directive: Directive) -> String {
    switch directive {
    case .proceed: "proceed"
    case .endEpoch: "endEpoch"
    case .endRun(.completed): "completed"
    case .endRun(.stopped): "stopped"
    case .endRun(.interrupted): "interrupted"
    case .endRun(.diverged(let place)):
      "diverged \(place.step) \(place.epoch) \(bits(place.learningRate)) \(bits(place.loss))"
    }
  }

  private static func directive(_ words: [Substring]) -> Directive? {
    switch (words[0], words.count) {
    case ("proceed", 1): return .proceed
    case ("endEpoch", 1): return .endEpoch
    case ("completed", 1): return .endRun(.completed)
    case ("stopped", 1): return .endRun(.stopped)
    case ("interrupted", 1): return .endRun(.interrupted)
    case ("diverged", 5):
      guard let step = Int(words[1]), let epoch = Int(words[2]), let rate = number(words[3]),
        let loss = number(words[4])
      else { return nil }
      return .endRun(
        .diverged(Divergence(step: step, epoch: epoch, learningRate: rate, loss: loss)))
    default: return nil
    }
  }

  /// All bits of a number: a loss may be none.
  private static func bits(_ value: Double) -> String { String(value.bitPattern, radix: 16) }

  private static func number(_ text: Substring) -> Double? {
    UInt64(text, radix: 16).map { Double(bitPattern: $0) }
  }
}

/// What the next step has to heed of all processes' callbacks.
struct Wishes: Hashable {
  /// What the learning rates are multiplied by: process 0's word.
  var learningRateScale = 1.0
  /// How often losses are needed, in steps, by anybody.
  var lossIntervals: Set<Int> = []

  init() {}

  init(_ answers: [Answer]) {
    learningRateScale = answers.first?.learningRateScale ?? 1
    lossIntervals = answers.reduce(into: []) { $0.formUnion($1.lossIntervals) }
  }
}

extension Trainer {
  /// The answers of all processes, in the order of their ranks.
  func agree(_ answer: Answer) throws(TrainingError) -> [Answer] {
    guard let collective else { return [answer] }
    return try together { () throws(CollectiveError) in
      let messages = try collective.gather(Array(answer.text.utf8))
      var answers: [Answer] = []
      for (rank, message) in messages.enumerated() {
        let text = String(decoding: message, as: UTF8.self)
        guard let answer = Answer(text: text) else {
          throw .disagreement(rank: rank, expected: "an answer to an event", found: "'\(text)'")
        }
        answers.append(answer)
      }
      return answers
    }
  }

  /// Does something with the other processes.
  func together<Result>(
    _ body: () throws(CollectiveError) -> Result
  ) throws(TrainingError) -> Result {
    do throws(CollectiveError) {
      return try body()
    } catch {
      throw .collective(error)
    }
  }
}

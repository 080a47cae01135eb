/// Two lines of work that wait for each other at marks and joins only, run in an order that they allow.
struct WorkLines {
  typealias Work = (EmulatedMachine) -> Void

  /// Which line runs where both may: each gives one of the two extremes that a GPU may choose.
  enum Precedence: CaseIterable {
    /// The second line waits until the main one waits for it.
    case main
    /// The second line begins as soon as its mark has been passed.
    case beside
  }

  private enum Step {
    case work(Work)
    /// Passes the mark of a moment.
    case mark(Int)
    /// Goes on when so much of the second line is done.
    case join(Int)
  }

  private let precedence: Precedence
  private var main: [Step] = []
  private var beside: [(work: Work, moment: Int)] = []
  private var mainDone = 0
  private var besideDone = 0
  /// The last moment of each mark.
  private var moments: [Int: Int] = [:]
  private var momentCount = 0
  private var passed = 0

  init(_ precedence: Precedence) { self.precedence = precedence }

  mutating func give(_ work: @escaping Work) { main.append(.work(work)) }

  mutating func mark(_ number: Int) {
    momentCount += 1
    moments[number] = momentCount
    main.append(.mark(momentCount))
  }

  mutating func giveBeside(_ works: [Work], after number: Int) {
    guard let moment = moments[number] else { preconditionFailure("there is no mark \(number)") }
    beside += works.map { ($0, moment) }
  }

  mutating func join() { main.append(.join(beside.count)) }

  /// The next thing to do; `nil` when the main line is done, however much of the other one is left.
  mutating func next() -> Work? {
    while true {
      let canGoBeside = besideDone < beside.count && beside[besideDone].moment <= passed
      if canGoBeside && precedence == .beside { return nextBeside() }
      guard mainDone < main.count else {
        main = []
        mainDone = 0
        return nil
      }
      switch main[mainDone] {
      case .work(let work):
        mainDone += 1
        return work
      case .mark(let moment):
        mainDone += 1
        passed = moment
      case .join(let count):
        guard besideDone >= count else {
          precondition(canGoBeside, "both lines wait for each other")
          return nextBeside()
        }
        mainDone += 1
      }
    }
  }

  private mutating func nextBeside() -> Work {
    besideDone += 1
    return beside[besideDone - 1].work
  }
}

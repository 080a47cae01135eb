import Plotting

/// The progress of a piece of work whose size is known.
///
/// On a terminal it is one line that is drawn anew at most ten times a second; elsewhere a plain line every ten
/// seconds. Both tell the fraction done, the rate over the last seconds and the time left.
struct ProgressBar: Sendable {
  private let console: Console
  private let title: String
  private let total: Int
  private let unit: String
  private let started: Double
  private var lastDrawn: Double
  /// Recent moments and what was done by then; the rate is taken over them.
  private var recent: [(seconds: Double, completed: Int)]
  /// A curve drawn small at the end of the line where there is room for it.
  private var trail = Sparkline()
  private var hasDrawn = false

  private static let redrawInterval = 0.1
  private static let lineInterval = 10.0
  private static let rateWindow = 8.0
  private static let textColumns = 48
  private static let barColumns = 30
  private static let leastTrailColumns = 8

  /// Starts the clock.
  ///
  /// - Parameters:
  ///   - title: What is being done: `training`.
  ///   - total: The size of the work in units, ≥ 1.
  ///   - unit: The plural name of a unit: `images`.
  ///   - completed: The units that were done before.
  ///   - console: Where the progress is shown.
  init(_ title: String, total: Int, unit: String, completed: Int = 0, console: Console) {
    precondition(total >= 1, "work without a size has no progress")
    self.console = console
    self.title = title
    self.total = total
    self.unit = unit
    started = console.now()
    lastDrawn = started
    recent = [(started, completed)]
  }

  /// Tells that `completed` units are done, and shows it when it is time to.
  ///
  /// - Parameters:
  ///   - completed: The units done, those from before the start included.
  ///   - note: What is worth seeing beside the progress: `loss 0.4312`.
  ///   - value: A measurement whose course is drawn where there is room, such as a loss.
  mutating func advance(to completed: Int, note: String = "", value: Double? = nil) {
    if let value { trail.append(value) }
    let now = console.now()
    let isInteractive = console.isInteractive(console.diagnostics)
    let interval = isInteractive ? Self.redrawInterval : Self.lineInterval
    guard now - lastDrawn >= interval || (isInteractive && !hasDrawn) else { return }
    lastDrawn = now
    hasDrawn = true
    recent.append((now, completed))
    while recent.count > 2, now - recent[1].seconds > Self.rateWindow { recent.removeFirst() }
    let line = self.line(completed, at: now, note: note, isInteractive: isInteractive)
    // The cursor returns to the margin, the line is written, and what is left of the old one goes.
    try? console.diagnostics.write(isInteractive ? "\r\(line)\u{1b}[K" : line + "\n")
  }

  /// Ends the line on a terminal: it is removed, so that what follows starts clean.
  mutating func finish() {
    guard hasDrawn, console.isInteractive(console.diagnostics) else { return }
    hasDrawn = false
    try? console.diagnostics.write("\r\u{1b}[K")
  }

  private func line(
    _ completed: Int, at now: Double, note: String, isInteractive: Bool
  ) -> String {
    let fraction = min(1, max(0, Double(completed) / Double(total)))
    let percent = NumberText.fixed(fraction * 100, decimals: 0) + " %"
    var parts = [
      isInteractive ? String(repeating: " ", count: 5 - percent.count) + percent : percent
    ]
    let elapsed = now - recent[0].seconds
    let done = completed - recent[0].completed
    if elapsed > 0, done > 0 {
      let rate = Double(done) / elapsed
      parts.append("\(NumberText.rate(rate)) \(unit)/s")
      parts.append(NumberText.duration(Double(max(0, total - completed)) / rate) + " left")
    }
    if !note.isEmpty { parts.append(note) }
    let text = parts.joined(separator: "  ")
    guard isInteractive else { return "\(title)  \(text)" }
    let columns = console.columns(of: console.diagnostics) - 1
    // A fixed share for the text keeps the bar's width steady while the numbers beside it change theirs.
    let room = columns - title.count - max(text.count, Self.textColumns) - 4
    guard room >= 6 else { return String("\(title)  \(text)".prefix(columns)) }
    let left = room - Self.barColumns - 2
    let course = left >= Self.leastTrailColumns ? trail.text(columns: min(30, left)) : ""
    return "\(title)  \(bar(fraction, width: min(Self.barColumns, room)))  \(text)"
      + (course.isEmpty ? "" : "  \(course)")
  }

  private func bar(_ fraction: Double, width: Int) -> String {
    let filled = Int(Double(width) * fraction)
    let done = String(repeating: "━", count: filled)
    let rest = String(repeating: "─", count: width - filled)
    guard console.usesColor(console.diagnostics) else { return done + rest }
    return TerminalColor.green.start + done + TerminalColor.grey.start + rest + TerminalColor.end
  }
}

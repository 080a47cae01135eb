import Plotting

/// The page and its answers: a pure function of requests and of what the runs have recorded.
struct Explorer: Sendable {
  /// What the page shows first.
  let initial: ScheduleQuestion
  private(set) var runs: [FollowedRun]
  /// The port that browsers reach it at.
  let port: Int
  private(set) var log: EventLog

  /// Makes a page.
  ///
  /// - Parameters:
  ///   - initial: What the page shows first.
  ///   - runs: The runs that it follows.
  ///   - port: The port that browsers reach it at.
  ///   - series: A number that no other page had at this port, so that a browser which was connected
  ///     to that one learns that it has everything to learn.
  init(initial: ScheduleQuestion, runs: [FollowedRun], port: Int, series: UInt32 = 0) {
    (self.initial, self.runs, self.port) = (initial, runs, port)
    log = EventLog(series: series)
  }

  /// Answers a request.
  func response(to request: HTTPRequest) -> HTTPResponse {
    // A name that leads here from elsewhere is another site's: only this machine's are answered.
    let hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
    guard let host = request.fields["host"]?.lowercased() else {
      return HTTPResponse(status: 400, "expected a host\n")
    }
    guard hosts.contains(host) else {
      return HTTPResponse(status: 421, "expected the host 127.0.0.1:\(port)\n")
    }
    if let origin = request.fields["origin"] ?? (request.method == .post ? "none" : nil),
      !hosts.contains(where: { origin == "http://" + $0 })
    {
      return HTTPResponse(status: 403, "expected a request of this page\n")
    }
    switch (request.method, request.path) {
    case (.get, "/"), (.head, "/"): return .html(page())
    case (.get, "/events"), (.head, "/events"): return .events(events(for: request))
    case (.post, "/schedule"): return schedule(request)
    case (_, "/"), (_, "/events"), (_, "/schedule"):
      return HTTPResponse(status: 405, "not this method here\n")
    default: return HTTPResponse(status: 404, "nothing here\n")
    }
  }

  /// Looks at the runs, and gives the events of what is new.
  mutating func poll() -> [EventLog.Event] {
    var appended: [String] = []
    var hasBegunAnew = false
    for index in runs.indices {
      if let points = runs[index].poll() {
        if !points.isEmpty { appended.append(RunningFigure.append(points, run: runs[index].name)) }
      } else {
        hasBegunAnew = true
      }
    }
    if hasBegunAnew { return [log.append("runs", RunningFigure(runs: runs).figure.payload())] }
    if appended.isEmpty { return [] }
    return [log.append("points", "{\"append\":[\(appended.joined(separator: ","))]}")]
  }

  /// The page.
  ///
  /// - Parameter command: The command that writes it to a file, where it can ask for nothing; `nil` for
  ///   the live page.
  /// - Returns: The HTML.
  func page(writtenBy command: String? = nil) -> String {
    let answer: String
    let figure: Figure
    do throws(ScheduleQuestion.Mistake) {
      let found = try ScheduleAnswer(initial, beside: runs, upTo: log.latest)
      (answer, figure) = (found.json, found.figure)
    } catch { (answer, figure) = ("{\"error\":\(JSON.text(error))}", Self.emptyFigure) }
    return ExplorerPage(
      schedule: figure.interactiveSVG(id: "schedule"),
      runs: runs.isEmpty
        ? nil
        : RunningFigure(runs: runs).figure.interactiveSVG(id: "runs", includesScript: false),
      answer: answer, question: JSON.text(initial),
      presets: JSON.text(ScheduleGallery.sheet.map { [$0.title, "lr=" + $0.text] }),
      latestEvent: log.latest, command: command
    ).text
  }

  /// What is shown while there is no plan.
  private static let emptyFigure = Figure(
    title: "Schedule", description: "The schedule that the text describes.",
    x: Axis("step", kind: .whole, includesZero: true), plots: [Plot(y: Axis("value"), marks: [])])

  private func schedule(_ request: HTTPRequest) -> HTTPResponse {
    guard request.fields["content-type"]?.hasPrefix("application/json") == true else {
      return HTTPResponse(status: 415, "expected application/json\n")
    }
    guard let question = JSON.value(ScheduleQuestion.self, from: request.body) else {
      return HTTPResponse(
        status: 400, "expected a text, steps, steps in an epoch and a reference\n")
    }
    do throws(ScheduleQuestion.Mistake) {
      return .json(try ScheduleAnswer(question, beside: runs, upTo: log.latest).json)
    } catch {
      return .json("{\"error\":\(JSON.text(error))}")
    }
  }

  /// The events that a page has missed: after the one it names, or everything anew.
  private func events(for request: HTTPRequest) -> String {
    let begin = "retry: 1000\n\n"
    let asked = request.query.split(separator: "&").first { $0.hasPrefix("after=") }?.dropFirst(6)
    let last = request.fields["last-event-id"] ?? asked.map(String.init)
    guard let last else { return begin }
    if let id = EventLog.ID(last), let missed = log.events(after: id) {
      return begin + missed.map(\.text).joined()
    }
    let payload = RunningFigure(runs: runs).figure.payload()
    return begin + EventLog.Event(id: log.latest, name: "runs", data: payload).text
  }
}

/// The latest server-sent events, from which a page that lost its connection goes on.
struct EventLog: Hashable, Sendable {
  struct Event: Hashable, Sendable {
    var id: Int
    var name: String
    /// One line.
    var data: String

    /// The event as it goes over the connection.
    var text: String {
      let lines = data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      return "id: \(id)\nevent: \(name)\n" + lines.map { "data: \($0)\n" }.joined() + "\n"
    }
  }

  /// The most events that are kept.
  let limit: Int
  private var events: [Event] = []
  /// The number of the latest event; 0 before the first.
  private(set) var latest = 0

  init(limit: Int = 512) { self.limit = limit }

  /// Adds an event and gives it its number.
  @discardableResult
  mutating func append(_ name: String, _ data: String) -> Event {
    latest += 1
    let event = Event(id: latest, name: name, data: data)
    events.append(event)
    if events.count > limit { events.removeFirst(events.count - limit) }
    return event
  }

  /// The events after one; `nil` where they are no longer known, or never were.
  func events(after id: Int) -> [Event]? {
    guard id >= 0, id <= latest, latest - id <= events.count else { return nil }
    return Array(events.suffix(latest - id))
  }
}

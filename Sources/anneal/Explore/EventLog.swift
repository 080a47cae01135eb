/// The latest server-sent events, from which a page that lost its connection goes on.
struct EventLog: Hashable, Sendable {
  /// The name of an event, `series-number`.
  struct ID: Hashable, Sendable, LosslessStringConvertible {
    /// Which server's: another one that later has the same port numbers from the beginning again.
    var series: UInt32
    var number: Int

    init(series: UInt32, number: Int) { (self.series, self.number) = (series, number) }

    init?(_ description: String) {
      let parts = description.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count == 2, let series = UInt32(parts[0]), let number = Int(parts[1]) else {
        return nil
      }
      self.init(series: series, number: number)
    }

    var description: String { "\(series)-\(number)" }
  }

  struct Event: Hashable, Sendable {
    var id: ID
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
  /// The latest event, whose number is 0 before the first.
  private(set) var latest: ID

  init(series: UInt32, limit: Int = 512) {
    latest = ID(series: series, number: 0)
    self.limit = limit
  }

  /// Adds an event and gives it its number.
  @discardableResult
  mutating func append(_ name: String, _ data: String) -> Event {
    latest.number += 1
    let event = Event(id: latest, name: name, data: data)
    events.append(event)
    if events.count > limit { events.removeFirst(events.count - limit) }
    return event
  }

  /// The events after one; `nil` where they are no longer known, or never were.
  func events(after id: ID) -> [Event]? {
    guard id.series == latest.series, (0...latest.number).contains(id.number),
      latest.number - id.number <= events.count
    else { return nil }
    return Array(events.suffix(latest.number - id.number))
  }
}

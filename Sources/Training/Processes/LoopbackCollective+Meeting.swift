package import Networks

// MARK: - Meeting

extension LoopbackCollective {
  /// Meets the other processes at a port of this machine: process 0 waits there, the others come.
  ///
  /// - Parameters:
  ///   - place: This process's rank, the number of processes, the port.
  ///   - identity: What the processes have to agree on, in lines: a recipe, a version.
  ///   - limits: How long others are waited for.
  /// - Throws: `TrainingError.noSocket` for a port that is taken, or `TrainingError.collective` with who
  ///   has not come or wants something else.
  public convenience init(
    _ place: ProcessPlace, identity: String, limits: Limits = Limits()
  ) throws(TrainingError) {
    if place.rank == 0 {
      try self.init(
        ListeningSocket(port: place.port), place, identity: identity, limits: limits)
      return
    }
    do throws(CollectiveError) {
      let connection = try Meeting(place, identity, limits).connection()
      self.init(rank: place.rank, count: place.count, connections: [connection], limits: limits)
    } catch {
      throw .collective(error)
    }
  }

  /// Waits for the other processes as process 0.
  ///
  /// - Parameters:
  ///   - socket: Where they come; may have been there before they were started.
  ///   - place: The number of processes.
  ///   - identity: What the processes have to agree on, in lines.
  ///   - limits: How long others are waited for.
  ///   - check: Asked again and again on the way; says why waiting is of no use.
  /// - Throws: `TrainingError.collective` with who has not come or wants something else.
  package convenience init(
    _ socket: consuming ListeningSocket, _ place: ProcessPlace, identity: String,
    limits: Limits = Limits(), check: () -> CollectiveError? = { nil }
  ) throws(TrainingError) {
    do throws(CollectiveError) {
      let connections = try Meeting(place, identity, limits).connections(socket, check: check)
      self.init(rank: 0, count: place.count, connections: connections, limits: limits)
    } catch {
      throw .collective(error)
    }
  }
}

/// How processes find each other.
///
/// A process says which it is of how many, in which session, and what it is about; process 0 lets all
/// of them begin when all are there, or tells all of them what is wrong. Whoever connects and says
/// something else is none of them, and is let go.
private struct Meeting {
  /// The version of the messages.
  private static let protocolName = "anneal processes 1"
  /// Seconds that a process may take to say who it is once it has connected.
  private static let patience = 5.0
  private static let byteLimit = UInt64(1) << 20

  let place: ProcessPlace
  let identity: String
  let limits: LoopbackCollective.Limits

  init(_ place: ProcessPlace, _ identity: String, _ limits: LoopbackCollective.Limits) {
    (self.place, self.identity, self.limits) = (place, identity, limits)
  }

  private struct Hello {
    var session: String
    var count: String
    var rank: String
    var identity: String

    init?(_ bytes: [UInt8]) {
      let lines = String(decoding: bytes, as: UTF8.self).split(
        separator: "\n", maxSplits: 4, omittingEmptySubsequences: false)
      guard lines.count == 5, lines[0] == protocolName else { return nil }
      session = String(lines[1])
      count = String(lines[2])
      rank = String(lines[3])
      identity = String(lines[4])
    }
  }

  private var hello: [UInt8] {
    Array(
      "\(Self.protocolName)\n\(place.session)\n\(place.count)\n\(place.rank)\n\(identity)".utf8)
  }

  // MARK: - Process 0

  func connections(
    _ socket: consuming ListeningSocket, check: () -> CollectiveError?
  ) throws(CollectiveError) -> [Connection] {
    let deadline = Deadline(seconds: limits.meeting)
    var found: [Int: Connection] = [:]
    var refused = 0
    do throws(CollectiveError) {
      while found.count < place.count - 1 {
        guard let descriptor = socket.accepted() else {
          if let error = check() { throw error }
          if deadline.isOver { throw missing(found) }
          Descriptors.wait(
            reading: [socket.descriptor], writing: [],
            milliseconds: min(deadline.milliseconds, 100))
          continue
        }
        let connection = Connection(descriptor)
        guard let hello = greeting(on: connection) else { continue }
        // From here on it is one of this training's, also to be told what is wrong.
        do throws(CollectiveError) {
          found[try rank(of: hello, beside: found)] = connection
        } catch {
          refuse(connection, error)
          refused += 1
          throw error
        }
      }
      return try found.sorted { $0.key < $1.key }.map {
        (rank, connection) throws(CollectiveError) in
        do throws(Connection.Trouble) {
          try connection.send(.welcome, 0, [], by: Deadline(seconds: Self.patience))
        } catch {
          throw CollectiveError(error, of: rank, seconds: Self.patience, exchange: "0")
        }
        return connection
      }
    } catch {
      for connection in found.values { connection.sendEnd(error) }
      let deadline = Deadline(seconds: 1)
      for connection in found.values { connection.drain(by: deadline) }
      if refused > 0 {
        refuse(socket, count: place.count - 1 - found.count - refused, error)
      }
      throw error
    }
  }

  /// Tells those who come later, too, what is wrong: nobody would answer them otherwise.
  private func refuse(_ socket: borrowing ListeningSocket, count: Int, _ error: CollectiveError) {
    let deadline = Deadline(seconds: Self.patience)
    var count = count
    while count > 0, !deadline.isOver {
      guard let descriptor = socket.accepted() else {
        Descriptors.wait(
          reading: [socket.descriptor], writing: [], milliseconds: min(deadline.milliseconds, 100))
        continue
      }
      let connection = Connection(descriptor)
      guard greeting(on: connection) != nil else { continue }
      refuse(connection, error)
      count -= 1
    }
  }

  private func refuse(_ connection: Connection, _ error: CollectiveError) {
    connection.sendEnd(error)
    connection.drain(by: Deadline(seconds: 1))
  }

  private func missing(_ found: [Int: Connection]) -> CollectiveError {
    .missing(
      ranks: (1..<place.count).filter { found[$0] == nil }, count: place.count,
      seconds: limits.meeting)
  }

  /// What a process says of itself; nil for a stranger.
  private func greeting(on connection: Connection) -> Hello? {
    guard
      let bytes = try? connection.receive(
        .hello, 0, limit: Self.byteLimit, by: Deadline(seconds: Self.patience)),
      let hello = Hello(bytes), hello.session == place.session
    else { return nil }
    return hello
  }

  private func rank(
    of hello: Hello, beside found: [Int: Connection]
  ) throws(CollectiveError) -> Int {
    guard let rank = Int(hello.rank), hello.count == "\(place.count)",
      1..<place.count ~= rank, found[rank] == nil
    else {
      throw .disagreement(
        rank: Int(hello.rank) ?? 0,
        expected: "one of each of 1 to \(place.count - 1) of \(place.count) processes",
        found: "\(hello.rank) of \(hello.count)")
    }
    let (own, others) = (lines(identity), lines(hello.identity))
    guard own != others else { return rank }
    let position = zip(own, others).prefix { $0 == $1 }.count
    throw .disagreement(
      rank: rank, expected: position < own.count ? own[position] : "nothing more",
      found: position < others.count ? others[position] : "nothing more")
  }

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map { line in
      var line = line.drop { $0 == " " }
      if line.last == "," { line.removeLast() }
      return String(line)
    }
  }

  // MARK: - The others

  func connection() throws(CollectiveError) -> Connection {
    let deadline = Deadline(seconds: limits.meeting)
    while !deadline.isOver {
      if let descriptor = Descriptors.connection(port: place.port) {
        let connection = Connection(descriptor)
        do throws(Connection.Trouble) {
          try connection.send(.hello, 0, hello, by: deadline)
          // Process 0 may wait for others as long as this one has waited for it.
          _ = try connection.receive(
            .welcome, 0, limit: 0, by: Deadline(seconds: limits.meeting + Self.patience))
          return connection
        } catch {
          if case .ended(let error) = error { throw error }
          // Somebody else's port, or one that is being closed.
        }
      }
      Descriptors.wait(reading: [], writing: [], milliseconds: 50)
    }
    throw .unreachable(address: "127.0.0.1:\(place.port)", seconds: limits.meeting)
  }
}

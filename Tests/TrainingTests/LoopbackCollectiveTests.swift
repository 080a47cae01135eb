import Dispatch
import Networks
import Testing

@testable import Training

@Suite struct LoopbackCollectiveTests {
  private typealias Processes = LoopbackProcesses

  /// Values whose sum depends on the order of the summands.
  private static func values(rank: Int, count: Int) -> [Float] {
    (0..<count).map { index in
      let magnitude: Float = [1e8, -1e8, 1, 3e-8][(rank + index) % 4]
      return magnitude + Float(index % 7) * 0.1
    }
  }

  /// More values than travel at one go, none, and one.
  @Test(arguments: [2, 3, 4], [0, 1, 200_000])
  func addsInTheOrderOfTheRanks(ranks: Int, count: Int) throws {
    let results = Processes.run(ranks) { collective in
      var totals = [Float](repeating: 0.25, count: count)
      var span = totals.mutableSpan
      let own = Self.values(rank: collective.rank, count: count)
      for _ in 0..<2 { try collective.add(own.span, onto: &span) }
      return totals
    }
    var expected = [Float](repeating: 0.25, count: count)
    var reversed = expected
    for _ in 0..<2 {
      for rank in 0..<ranks {
        let (own, other) = (
          Self.values(rank: rank, count: count), Self.values(rank: ranks - 1 - rank, count: count)
        )
        for index in 0..<count {
          expected[index] += own[index]
          reversed[index] += other[index]
        }
      }
    }
    for result in results { #expect(try #require(result).get() == expected) }
    // The order is seen in the bits, but with two ranks, where only what is there already tells.
    if count > 1, ranks > 2 { #expect(expected != reversed) }
  }

  @Test(arguments: [2, 3, 4]) func gathersAndBroadcasts(ranks: Int) throws {
    let results = Processes.run(ranks) { collective in
      let own = [UInt8](repeating: UInt8(collective.rank), count: 3 * collective.rank)
      let all = try collective.gather(own)
      let first = try collective.broadcast([7, UInt8(collective.rank)])
      try collective.barrier()
      return (all, first)
    }
    for result in results {
      let (all, first) = try #require(result).get()
      #expect(all == (0..<ranks).map { [UInt8](repeating: UInt8($0), count: 3 * $0) })
      #expect(first == [7, 0])
    }
  }

  @Test func namesWhoIsMissing() {
    let limits = LoopbackCollective.Limits(meeting: 0.5, answer: 60)
    let results = Processes.run(4, absent: [1, 3], limits: { _ in limits }) { _ in true }
    let error = "expected 4 processes within 0.5 seconds, found no process 1, 3"
    #expect(Processes.endings(results) == [error, "absent", error, "absent"])
  }

  @Test func namesWhereProcessZeroIsMissing() throws {
    // A port that was free a moment ago.
    let port = try ListeningSocket(port: 0).port
    let place = ProcessPlace(rank: 1, count: 2, port: port)
    #expect(
      message {
        _ = try LoopbackCollective(
          place, identity: "", limits: LoopbackCollective.Limits(meeting: 0.2, answer: 1))
      } == "expected process 0 at 127.0.0.1:\(port) within 0.2 seconds, found none")
  }

  @Test func saysWhichPortIsTaken() throws {
    let socket = try ListeningSocket(port: 0)
    let place = ProcessPlace(rank: 0, count: 2, port: socket.port)
    #expect(
      message { _ = try LoopbackCollective(place, identity: "") }
        == "cannot listen on 127.0.0.1:\(socket.port): Address already in use")
  }

  /// A rank that is gone, at whatever it is that the others do.
  @Test(arguments: [1, 2], ["add", "gather", "broadcast"])
  func namesWhoIsGone(lost: Int, exchange: String) {
    let results = Processes.run(3) { collective in
      try collective.barrier()
      // Letting go of the collective closes its connections, as the end of a process does.
      if collective.rank == lost { return }
      for _ in 0..<1000 {
        switch exchange {
        case "add":
          var totals = [Float](repeating: 0, count: 100_000)
          var span = totals.mutableSpan
          try collective.add([Float](repeating: 1, count: 100_000).span, onto: &span)
        case "gather": _ = try collective.gather([1])
        default: _ = try collective.broadcast([UInt8](repeating: 1, count: 100_000))
        }
      }
    }
    var expected = [String](
      repeating: "process \(lost) is gone: it was killed or has crashed", count: 3)
    expected[lost] = "done"
    #expect(Processes.endings(results) == expected)
  }

  @Test func everybodyLearnsThatProcessZeroIsGone() {
    let results = Processes.run(3) { collective in
      try collective.barrier()
      if collective.rank > 0 { _ = try collective.gather([]) }
    }
    let error = "process 0 is gone: it was killed or has crashed"
    #expect(Processes.endings(results) == ["done", error, error])
  }

  @Test(arguments: 0..<3) func everybodyLearnsWhyOneGivesUp(rank: Int) {
    let results = Processes.run(3) { collective in
      try collective.barrier()
      if collective.rank == rank { return collective.abandon("the disk is full") }
      _ = try collective.gather([])
      // Nothing more is to be had.
      _ = try collective.gather([])
    }
    var expected = [String](
      repeating: "process \(rank) has ended: the disk is full", count: 3)
    expected[rank] = "done"
    #expect(Processes.endings(results) == expected)
  }

  @Test func namesWhoDoesNothing() {
    // Process 1 does nothing until the others have come to their ends.
    let others = DispatchSemaphore(value: 0)
    let results = Processes.run(
      3, limits: { LoopbackCollective.Limits(meeting: 60, answer: $0 == 0 ? 0.3 : 60) }
    ) { collective in
      if collective.rank == 1 {
        for _ in 0..<2 { others.wait() }
      }
      defer { others.signal() }
      _ = try collective.gather([])
    }
    let error = "expected an answer of process 1 within 0.3 seconds, found none"
    #expect(Processes.endings(results) == [error, error, error])
  }

  @Test func refusesWhoIsAboutSomethingElse() {
    let results = Processes.run(
      3, identity: { "{\n  \"batch\" : \($0 == 2 ? 32 : 64),\n  \"epochs\" : 3\n}" }
    ) { _ in true }
    let error = "expected \"batch\" : 64 in process 2 as in process 0, found \"batch\" : 32"
    #expect(Processes.endings(results) == [error, error, error])
  }

  @Test func refusesTwoOfOneRank() {
    let results = Processes.run(3, as: { min($0, 1) }) { _ in true }
    let error =
      "expected one of each of 1 to 2 of 3 processes in process 1 as in process 0, found 1 of 3"
    #expect(Processes.endings(results) == [error, error, error])
  }

  @Test func letsStrangersGo() throws {
    let socket = try ListeningSocket(port: 0)
    let port = socket.port
    let stranger = try #require(Descriptors.connection(port: port))
    defer { Descriptors.end(stranger) }
    _ = Descriptors.send(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)[...], to: stranger)
    let peer = DispatchQueue(label: "rank 1")
    let group = DispatchGroup()
    peer.async(group: group) {
      // Another training's process, then one of this one's.
      for session in ["other", "test"] {
        let place = ProcessPlace(rank: 1, count: 2, port: port, session: session)
        let limits = LoopbackCollective.Limits(meeting: session == "test" ? 60 : 0.2, answer: 60)
        let collective = try? LoopbackCollective(place, identity: "", limits: limits)
        _ = try? collective?.gather([1])
      }
    }
    let collective = try LoopbackCollective(
      socket, ProcessPlace(rank: 0, count: 2, port: port, session: "test"), identity: "",
      limits: Processes.limits)
    #expect(try collective.gather([0]) == [[0], [1]])
    group.wait()
  }

  // MARK: - Looking after the others

  /// Asks until there is something to hear, as long as tests wait for anything.
  private static func end(_ collective: LoopbackCollective) -> CollectiveError? {
    let deadline = Deadline(seconds: 60)
    while !deadline.isOver {
      do throws(CollectiveError) { try collective.check() } catch { return error }
      Descriptors.wait(reading: [], writing: [], milliseconds: 5)
    }
    return nil
  }

  /// Whoever leaves is missed without being waited for, in process 0 and elsewhere.
  @Test(arguments: [0, 1], [nil, "tired"] as [String?])
  func aCheckHearsOfWhoHasGone(leaving: Int, reason: String?) throws {
    let results = Processes.run(2) { collective in
      try collective.check()
      try collective.barrier()
      if collective.rank == leaving {
        if let reason { collective.abandon(reason) }
        return CollectiveError?.none
      }
      let end = try #require(Self.end(collective))
      // There is nothing more to be had.
      #expect(throws: end) { try collective.gather([]) }
      return end
    }
    let expected =
      reason.map { CollectiveError.failed(rank: leaving, reason: $0) } ?? .lost(rank: leaving)
    #expect(try #require(results[1 - leaving]).get() == expected)
  }

  /// A message that waits here is no end.
  @Test func aCheckLeavesMessagesAlone() throws {
    let results = Processes.run(2) { collective in
      if collective.rank == 0 {
        for _ in 0..<20 {
          try collective.check()
          Descriptors.wait(reading: [], writing: [], milliseconds: 5)
        }
      }
      return try collective.gather([UInt8(collective.rank)])
    }
    for result in results { #expect(try #require(result).get() == [[0], [1]]) }
  }
}

import Foundation
import Testing
import Training

@testable import anneal

/// The server over sockets of this machine.
@Suite struct PageServerTests {
  // MARK: Answers

  @Test func answersSeveralBrowsersAtOnce() throws {
    let page = try LoopbackPage()
    let clients = try (0..<8).map { _ in try LoopbackClient(page) }
    let halves = clients.indices.map { index -> (Substring, Substring) in
      let text = page.question("lr=0.\(index + 1)..0")
      return (text.prefix(60), text.dropFirst(60))
    }
    for (client, half) in zip(clients, halves) { client.send(String(half.0)) }
    for (client, half) in zip(clients, halves).reversed() { client.send(String(half.1)) }
    for (index, client) in clients.enumerated() {
      #expect(client.until { $0.text.contains("\"text\":\"lr=0.\(index + 1)..0\"") })
      #expect(client.statuses == [200] && !client.isEnded)
    }
    #expect(page.connectionCount == 8)
  }

  @Test func keepsAConnectionForFurtherRequests() throws {
    let page = try LoopbackPage()
    let client = try LoopbackClient(page)
    #expect(client.statuses(1, of: page.question("lr=0.1..0")) == [200])
    #expect(client.statuses(2, of: page.head("GET /none")) == [200, 404])
    #expect(client.statuses(3, of: page.question("lr=0.2..0")) == [200, 404, 200])
    #expect(!client.isEnded && page.connectionCount == 1)
    client.send(page.head("GET /none", "Connection: close"))
    #expect(client.until(\.isEnded) && client.statuses == [200, 404, 200, 404])
    client.endSending()
    #expect(page.until { page.connectionCount == 0 })
  }

  @Test func answersRequestsThatCameTogetherInTheirOrder() throws {
    let page = try LoopbackPage()
    let client = try LoopbackClient(page)
    let asked =
      page.head("GET /none") + page.question("lr=0.25..0") + page.head("HEAD /")
      + page.head("POST /", "Content-Length: 0", "Origin: http://localhost:\(page.port)")
      + page.question("lr=0.125..0")
    #expect(client.statuses(5, of: asked) == [404, 200, 200, 405, 200])
    #expect(client.until { $0.text.contains("\"text\":\"lr=0.125..0\"") })
    let text = client.text
    let first = try #require(text.range(of: "\"text\":\"lr=0.25..0\""))
    let second = try #require(text.range(of: "\"text\":\"lr=0.125..0\""))
    #expect(first.upperBound < second.lowerBound)
  }

  /// Thirty pages are more than the server holds for somebody who does not read.
  @Test func waitsForAClientThatReadsLater() throws {
    let page = try LoopbackPage()
    let client = try LoopbackClient(page)
    client.send(String(repeating: page.head("GET /"), count: 30))
    for _ in 0..<20 { page.wait(0) }
    #expect(client.until { $0.received.count > 2 * PageConnection.answerLimit })
    #expect(client.until { $0.statuses.count == 30 && $0.text.hasSuffix("</html>\n") })
  }

  @Test func answersAClientThatHasEndedItsHalf() throws {
    let page = try LoopbackPage()
    let client = try LoopbackClient(page)
    client.send(page.head("GET /"))
    client.endSending()
    #expect(client.until(\.isEnded))
    #expect(client.statuses == [200] && client.text.hasSuffix("</html>\n"))
    #expect(page.until { page.connectionCount == 0 })
  }

  // MARK: Refusals

  @Test(arguments: [
    ("GET /../../etc/passwd", [], 404), ("GET /%2e%2e/%2e%2e/etc/passwd", [], 404),
    ("GET //etc/passwd", [], 404), ("DELETE /", [], 405), ("TRACE /", [], 405),
    ("CONNECT 127.0.0.1:80", [], 400), ("GET http://evil.example/", [], 400),
    ("GET /", ["Origin: http://evil.example"], 403), ("GET /events", ["Origin: null"], 403),
    ("POST /schedule", ["Content-Length: 0"], 403),
    ("POST /schedule", ["Content-Length: 65537"], 413),
    ("POST /schedule", ["Transfer-Encoding: chunked", "Content-Length: 0"], 501),
    ("GET /", ["X: LONG"], 431),
    ("GET /LONG", [], 431),
    ("GET / HTTP/1.1\r\nHost: b", [], 400),
  ])
  func refuses(line: String, fields: [String], status: Int) throws {
    let page = try LoopbackPage()
    let client = try LoopbackClient(page)
    let head = page.head(line).dropLast() + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    let long = String(repeating: "a", count: RequestParser.headLimit)
    #expect(
      client.statuses(of: head.replacingOccurrences(of: "LONG", with: long)) == [status])
    let other = try LoopbackClient(page)
    #expect(other.statuses(of: page.question("lr=0.1..0")) == [200], "it goes on serving")
  }

  @Test func refusesOtherHosts() throws {
    let page = try LoopbackPage()
    for (host, status) in [
      ("evil.example", 421), ("127.0.0.1", 421), ("127.0.0.1:1", 421), ("[::1]:\(page.port)", 421),
      ("LocalHost:\(page.port)", 200),
    ] {
      let client = try LoopbackClient(page)
      #expect(client.statuses(of: "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n") == [status])
    }
    let client = try LoopbackClient(page)
    #expect(client.statuses(of: "GET / HTTP/1.1\r\n\r\n") == [400])
  }

  /// A refusal must arrive though much of the body was never read.
  @Test func tellsWhoeverSendsTooMuch() throws {
    let page = try LoopbackPage()
    let client = try LoopbackClient(page)
    let body = String(repeating: "a", count: 3_000_000)
    client.send(
      page.head("POST /schedule", "Content-Length: \(body.utf8.count)") + body
        + page.head("GET /none"))
    #expect(client.until(\.isEnded))
    #expect(client.statuses == [413], "what follows is no request")
  }

  @Test func takesNoBytesForARequest() throws {
    let page = try LoopbackPage()
    for bytes in ["\u{16}\u{3}\u{1}\u{2}\r\n\r\n", "\r\n\r\n", "{}\r\n\r\n", "GET\r\n\r\n"] {
      let client = try LoopbackClient(page)
      #expect(client.statuses(of: bytes) == [400])
      #expect(client.until(\.isEnded))
    }
  }

  // MARK: Patience

  @Test func tellsWhoeverIsTooSlow() throws {
    let page = try LoopbackPage()
    let client = try LoopbackClient(page)
    let text = page.head("GET /none")
    for character in text.prefix(14) {
      // A byte each second is no reason to wait for longer.
      client.send(String(character))
      page.wait(1)
    }
    #expect(client.statuses.isEmpty && page.connectionCount == 1)
    page.wait(3)
    #expect(client.until(\.isEnded) && client.statuses == [408])
    client.endSending()
    #expect(page.until { page.connectionCount == 0 })
  }

  @Test func endsAConnectionThatRests() throws {
    let page = try LoopbackPage()
    let client = try LoopbackClient(page)
    #expect(client.statuses(of: page.head("GET /none")) == [404])
    page.wait(PageConnection.patience - 1)
    #expect(client.statuses(2, of: page.head("GET /none")) == [404, 404])
    page.wait(PageConnection.patience - 1)
    #expect(page.connectionCount == 1)
    page.wait(2)
    #expect(client.until(\.isEnded) && client.statuses == [404, 404])
  }

  @Test func letsGoOfAClientThatNeverEnds() throws {
    let page = try LoopbackPage()
    let client = try LoopbackClient(page)
    #expect(client.statuses(of: page.head("GET /none", "Connection: close")) == [404])
    page.wait(0)
    #expect(page.connectionCount == 1)
    page.wait(PageConnection.farewell + 1)
    #expect(page.connectionCount == 0)
  }

  @Test func tellsWhoeverIsOneTooMany() throws {
    let page = try LoopbackPage()
    let clients = try (0..<PageServer.connectionLimit).map { _ in try LoopbackClient(page) }
    #expect(page.until { page.connectionCount == PageServer.connectionLimit })
    let late = try LoopbackClient(page)
    #expect(late.statuses(of: page.head("GET /none")) == [503])
    #expect(late.until(\.isEnded))
    #expect(clients[3].statuses(of: page.head("GET /none")) == [404], "those before are answered")
    page.wait(PageConnection.patience + 1)
    #expect(page.until { page.connectionCount == 0 })
    #expect(try LoopbackClient(page).statuses(of: page.head("GET /none")) == [404])
  }

  /// More than are told wait in the system's queue, and are answered once there is room.
  @Test func comesToThoseWhoWait() throws {
    let page = try LoopbackPage()
    let held = try (0..<PageServer.connectionLimit).map { _ in try LoopbackClient(page) }
    #expect(page.until { page.connectionCount == held.count })
    let late = try (0..<PageServer.connectionLimit).map { _ in try LoopbackClient(page) }
    #expect(page.until { page.connectionCount == 2 * PageServer.connectionLimit })
    let waiting = try (0..<20).map { _ in try LoopbackClient(page) }
    for _ in 0..<5 { page.wait(0) }
    #expect(page.connectionCount == 2 * PageServer.connectionLimit)
    #expect(late.allSatisfy { $0.until { $0.statuses == [503] } })
    page.wait(PageConnection.patience + 1)
    for client in waiting { #expect(client.statuses(of: page.head("GET /none")) == [404]) }
  }

  // MARK: Clients that go

  @Test func outlivesClientsThatBreakOff() throws {
    let page = try LoopbackPage()
    for text in [
      page.head("GET /"), page.head("GET /events"), String(page.question("lr=0.1..0").dropLast(9)),
      String(repeating: page.head("GET /"), count: 15),
    ] {
      let client = try LoopbackClient(page)
      client.send(text)
      page.wait(0)
      client.breakOff()
      // Writing to a socket that is no more would end the program by a signal.
      for _ in 0..<3 { page.wait(PageConnection.patience) }
      #expect(page.until { page.connectionCount == 0 })
    }
    #expect(try LoopbackClient(page).statuses(of: page.head("GET /none")) == [404])
  }

  @Test func noticesAStreamThatNobodyReads() throws {
    let page = try LoopbackPage()
    let client = try LoopbackClient(page)
    #expect(client.statuses(of: page.head("GET /events")) == [200])
    #expect(page.connectionCount == 1)
    client.breakOff()
    page.wait(PageConnection.patience)
    page.wait(0)
    #expect(page.until { page.connectionCount == 0 })
  }

  // MARK: Events

  /// A run that a test lets go on.
  private final class Run {
    let folder: TemporaryFolder
    private var steps = 0
    private var text = ""

    init() throws {
      folder = try TemporaryFolder()
      try folder.write(Array("{}".utf8), "recipe.json")
      try goOn()
    }

    func goOn() throws {
      let record = StepRecord(
        step: steps, epoch: 0, learningRate: 0.1, momentum: 0.9, loss: Double(steps) + 0.5)
      text += record.jsonLine + "\n"
      steps += 1
      try folder.write(Array(text.utf8), "metrics.jsonl")
    }

    func followed() throws -> FollowedRun { try FollowedRun(folder: folder.path, name: "a") }
  }

  @Test func sendsEventsToAll() throws {
    let run = try Run()
    let page = try LoopbackPage(runs: [try run.followed()])
    let clients = try (0..<3).map { _ in try LoopbackClient(page) }
    for client in clients { #expect(client.statuses(of: page.head("GET /events")) == [200]) }
    try run.goOn()
    page.wait(1)
    for client in clients { #expect(client.until { $0.text.contains("\"y\":[1.5]") }) }
    #expect(clients[0].statuses(of: "GET / HTTP/1.1\r\n\r\n") == [200], "a stream takes no request")
  }

  @Test func givesExactlyTheMissedEvents() throws {
    let run = try Run()
    let page = try LoopbackPage(runs: [try run.followed()])
    let first = try LoopbackClient(page)
    #expect(first.statuses(of: page.head("GET /events")) == [200])
    for _ in 0..<2 {
      try run.goOn()
      page.wait(1)
    }
    #expect(first.until { $0.eventIDs == ["7-1", "7-2"] })
    first.breakOff()
    for _ in 0..<3 {
      try run.goOn()
      page.wait(1)
    }
    let again = try LoopbackClient(page)
    again.send(page.head("GET /events?after=7-0", "Last-Event-ID: 7-2"))
    #expect(again.until { $0.eventIDs == ["7-3", "7-4", "7-5"] })
    try run.goOn()
    page.wait(1)
    #expect(again.until { $0.eventIDs == ["7-3", "7-4", "7-5", "7-6"] })
    #expect(
      again.text.components(separatedBy: "\"panel\":0,").dropFirst().map { $0.prefix(28) } == [
        "\"run\":\"a\",\"x\":[3.0],\"y\":[3.5", "\"run\":\"a\",\"x\":[4.0],\"y\":[4.5",
        "\"run\":\"a\",\"x\":[5.0],\"y\":[5.5", "\"run\":\"a\",\"x\":[6.0],\"y\":[6.5",
      ])
  }

  /// A page that outlived its server is told everything by the next one at its port.
  @Test(arguments: ["6-2", "7-9", "7--1", "2", "", "7-99999999999999999999", "x-y"])
  func beginsAnewAfterAnUnknownEvent(id: String) throws {
    let run = try Run()
    let page = try LoopbackPage(runs: [try run.followed()])
    for _ in 0..<3 {
      try run.goOn()
      page.wait(1)
    }
    let client = try LoopbackClient(page)
    client.send(page.head("GET /events", "Last-Event-ID: \(id)"))
    #expect(client.until { $0.eventIDs == ["7-3"] && $0.text.contains("event: runs") })
  }
}

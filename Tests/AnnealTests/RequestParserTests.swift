import Testing

@testable import anneal

@Suite struct RequestParserTests {
  private static func requests(_ text: String) throws -> [HTTPRequest] {
    var parser = RequestParser()
    parser.append(text.utf8)
    var requests: [HTTPRequest] = []
    while let request = try parser.next() { requests.append(request) }
    return requests
  }

  private static func refusal(_ text: String) -> RequestParser.Refusal? {
    do { _ = try requests(text) } catch { return error as? RequestParser.Refusal }
    return nil
  }

  @Test func readsARequest() throws {
    let request = try #require(
      try Self.requests("GET /events?after=3 HTTP/1.1\r\nHost:  localhost:80 \r\n\r\n").first)
    #expect(request.method == .get && request.path == "/events" && request.query == "after=3")
    #expect(request.fields == ["host": "localhost:80"] && request.keepsAlive)
  }

  @Test func readsABodyAndWhatFollowsIt() throws {
    let text =
      "POST /schedule HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
      + "HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n"
    let requests = try Self.requests(text)
    #expect(requests.map(\.method) == [.post, .head])
    #expect(requests.map(\.body) == [Array("abc".utf8), []])
    #expect(requests.map(\.keepsAlive) == [true, false])
  }

  @Test func waitsForEveryMissingByte() throws {
    let bytes = Array("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nok".utf8)
    var parser = RequestParser()
    for byte in bytes.dropLast() {
      parser.append([byte])
      #expect(try parser.next() == nil && parser.isInside)
    }
    parser.append(bytes.suffix(1))
    #expect(try parser.next()?.body == Array("ok".utf8))
    #expect(!parser.isInside)
  }

  @Test(arguments: [
    ("PUT / HTTP/1.1\r\n\r\n", RequestParser.Refusal.method),
    ("DELETE / HTTP/1.1\r\n\r\n", .method),
    ("GET / HTTP/2.0\r\n\r\n", .version),
    ("GET http://a/ HTTP/1.1\r\n\r\n", .malformed),
    ("GET  / HTTP/1.1\r\n\r\n", .malformed),
    ("GET / FTP/1.1\r\n\r\n", .malformed),
    ("GET / HTTP/1.1\r\nHost\r\n\r\n", .malformed),
    ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .malformed),
    ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .malformed),
    ("GET / HTTP/1.1\nHost: a\r\n\r\n", .malformed),
    ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", .malformed),
    ("GET / HTTP/1.1\r\nA: \u{0}\r\n\r\n", .malformed),
    ("POST / HTTP/1.1\r\n\r\n", .malformed),
    ("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", .malformed),
    ("POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", .bodyTooLong),
    ("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", .bodyTooLong),
    ("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", .transferCoding),
  ])
  func refuses(text: String, expected: RequestParser.Refusal) {
    #expect(Self.refusal(text) == expected)
  }

  @Test func refusesALongHeadBeforeItsEnd() {
    let long = String(repeating: "a", count: RequestParser.headLimit + 1)
    #expect(Self.refusal("GET /\(long)") == .headTooLong)
    #expect(Self.refusal("GET /\(long) HTTP/1.1\r\n\r\n") == .headTooLong)
  }
}

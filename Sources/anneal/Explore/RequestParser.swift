/// One request as a browser sent it.
struct HTTPRequest: Hashable, Sendable {
  enum Method: String, Hashable, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
  }

  var method: Method
  /// The path without its query.
  var path: String
  /// What stands after the question mark; empty without one.
  var query = ""
  /// The header fields, their names in lower case.
  var fields: [String: String] = [:]
  var body: [UInt8] = []

  /// Whether the connection is kept for another request.
  var keepsAlive: Bool { fields["connection"]?.lowercased() != "close" }
}

/// Cuts the bytes of a connection into requests of HTTP/1.1.
///
/// A value without a socket: bytes go in by `append`, requests come out of `next` in their order, as
/// many as have arrived whole. A refusal is final, since where the next request begins is unknown.
struct RequestParser: Sendable {
  /// Why a connection's bytes are no request; the number is HTTP's status.
  enum Refusal: Int, Error, Hashable, Sendable {
    case malformed = 400
    case method = 405
    case bodyTooLong = 413
    case headTooLong = 431
    case transferCoding = 501
    case version = 505
  }

  /// The most bytes of a request's line and fields.
  static let headLimit = 16_384
  /// The most bytes of a body.
  static let bodyLimit = 65_536

  private var bytes: [UInt8] = []

  /// Whether a request has begun and not ended.
  var isInside: Bool { !bytes.isEmpty }

  mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  /// The next whole request; `nil` until more bytes arrive.
  mutating func next() throws(Refusal) -> HTTPRequest? {
    guard let end = headEnd else {
      if bytes.count > Self.headLimit { throw .headTooLong }
      return nil
    }
    if end > Self.headLimit { throw .headTooLong }
    var request = try Self.head(bytes[..<end])
    var length = 0
    if let stated = request.fields["content-length"] {
      guard !stated.isEmpty, stated.utf8.allSatisfy({ (48...57).contains($0) }) else {
        throw .malformed
      }
      guard let count = Int(stated), count <= Self.bodyLimit else { throw .bodyTooLong }
      length = count
    } else if request.method == .post {
      throw .malformed
    }
    let start = end + 4
    guard bytes.count >= start + length else { return nil }
    request.body = Array(bytes[start..<start + length])
    bytes.removeFirst(start + length)
    return request
  }

  /// Where the empty line after the fields begins.
  private var headEnd: Int? {
    guard bytes.count >= 4 else { return nil }
    let searched = min(bytes.count, Self.headLimit + 4)
    return (0...(searched - 4)).first { bytes[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
  }

  private static func head(_ bytes: ArraySlice<UInt8>) throws(Refusal) -> HTTPRequest {
    guard bytes.allSatisfy({ $0 == 13 || $0 == 10 || $0 == 9 || $0 >= 32 && $0 != 127 }),
      let text = String(validating: bytes, as: UTF8.self)
    else { throw .malformed }
    // A line's end is one character in Swift.
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    guard !lines.contains(where: { $0.contains(where: \.isNewline) }) else { throw .malformed }
    let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[1].hasPrefix("/") else { throw .malformed }
    guard words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
      throw words[2].hasPrefix("HTTP/") ? .version : .malformed
    }
    guard let method = HTTPRequest.Method(rawValue: String(words[0])) else { throw .method }
    let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var request = HTTPRequest(
      method: method, path: String(target[0]), query: target.count > 1 ? String(target[1]) : "")
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { throw .malformed }
      let name = line[..<colon].lowercased()
      // A field twice is how requests are smuggled; no browser sends one that matters here so.
      guard !name.contains(where: \.isWhitespace), request.fields[name] == nil else {
        throw .malformed
      }
      request.fields[name] = String(line[line.index(after: colon)...].trimmed)
    }
    if request.fields["transfer-encoding"] != nil { throw .transferCoding }
    if words[2] == "HTTP/1.0" { request.fields["connection"] = "close" }
    return request
  }
}

extension Substring {
  /// The text without spaces and tabs at its ends.
  fileprivate var trimmed: Substring {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var text = drop(while: isBlank)
    while let last = text.last, isBlank(last) { text.removeLast() }
    return text
  }
}

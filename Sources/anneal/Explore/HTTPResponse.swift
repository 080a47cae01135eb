/// An answer to a request.
struct HTTPResponse: Hashable, Sendable {
  var status: Int
  var type: String
  var body: String
  /// Whether the connection stays open and carries server-sent events from now on.
  var isStream = false

  init(status: Int = 200, type: String = "text/plain; charset=utf-8", _ body: String) {
    self.status = status
    self.type = type
    self.body = body
  }

  static func json(_ body: String, status: Int = 200) -> HTTPResponse {
    HTTPResponse(status: status, type: "application/json", body)
  }

  static func html(_ body: String) -> HTTPResponse {
    HTTPResponse(type: "text/html; charset=utf-8", body)
  }

  /// A stream that begins with some events.
  static func events(_ text: String) -> HTTPResponse {
    var response = HTTPResponse(type: "text/event-stream", text)
    response.isStream = true
    return response
  }

  init(_ refusal: RequestParser.Refusal) {
    self.init(status: refusal.rawValue, "\(Self.reason(refusal.rawValue))\n")
  }

  /// The bytes that go over the connection.
  ///
  /// - Parameters:
  ///   - includesBody: Whether the body follows; not so for a HEAD.
  ///   - keepsAlive: Whether another request may follow.
  /// - Returns: The head and the body.
  func bytes(includesBody: Bool = true, keepsAlive: Bool) -> [UInt8] {
    let content = Array(body.utf8)
    var head = "HTTP/1.1 \(status) \(Self.reason(status))\r\nContent-Type: \(type)\r\n"
    if !isStream { head += "Content-Length: \(content.count)\r\n" }
    if status == 405 { head += "Allow: GET, HEAD, POST\r\n" }
    head += "Connection: \(keepsAlive && !isStream ? "keep-alive" : "close")\r\n"
    // Nothing of the page comes from elsewhere, and no other page may show it in a frame.
    head += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
    head += "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
    head += "script-src 'unsafe-inline'; connect-src 'self'; img-src data: blob:; "
    head += "frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\n\r\n"
    return Array(head.utf8) + (includesBody ? content : [])
  }

  private static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 400: "Bad Request"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 421: "Misdirected Request"
    case 431: "Request Header Fields Too Large"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 505: "HTTP Version Not Supported"
    default: "Error"
    }
  }
}

import Foundation
import Training

@testable import anneal

/// A page that is served on a free port of this machine, with a clock of the test's choosing.
///
/// The server takes its turns on the test's own thread, so that nothing depends on who is faster.
final class LoopbackPage {
  let port: Int
  private let clock = TestConsole()
  private var server: PageServer

  init(runs: [FollowedRun] = [], series: UInt32 = 7) throws {
    let socket = try ListeningSocket(port: 0)
    port = socket.port
    let explorer = Explorer(
      initial: ScheduleQuestion(text: "lr=0.1..0", steps: 100), runs: runs, port: port,
      series: series)
    server = PageServer(socket, explorer: explorer, now: clock.console.now)
  }

  var connectionCount: Int { server.connectionCount }

  /// Moves the clock on, and lets the server look at it.
  func wait(_ seconds: Double) {
    clock.wait(seconds)
    server.turn(milliseconds: 0)
  }

  /// Lets the server work until something is so; whether it became so.
  func until(_ condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<1000 {
      if try condition() { return true }
      server.turn(milliseconds: 5)
    }
    return false
  }

  /// The head of a request of this page, with its empty line.
  func head(_ line: String, _ fields: String...) -> String {
    ([line + " HTTP/1.1", "Host: 127.0.0.1:\(port)"] + fields).joined(separator: "\r\n")
      + "\r\n\r\n"
  }

  /// A question as the page asks it.
  func question(_ text: String) -> String {
    let body = JSON.text(ScheduleQuestion(text: text, steps: 100))
    return head(
      "POST /schedule", "Origin: http://127.0.0.1:\(port)", "Content-Type: application/json",
      "Content-Length: \(body.utf8.count)") + body
  }
}

/// A browser's end of a connection, as bare as it gets.
final class LoopbackClient {
  private let page: LoopbackPage
  private let descriptor: Int32
  private(set) var received: [UInt8] = []
  /// Whether the server has ended the connection.
  private(set) var isEnded = false

  init(_ page: LoopbackPage) throws {
    self.page = page
    #if canImport(Glibc)
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
    descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(page.port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
      throw POSIXError(.ECONNREFUSED)
    }
  }

  deinit { close(descriptor) }

  var text: String { String(decoding: received, as: UTF8.self) }

  /// The status lines of all answers.
  var statuses: [Int] {
    text.components(separatedBy: "HTTP/1.1 ").dropFirst().compactMap { Int($0.prefix(3)) }
  }

  /// The `id` of every event.
  var eventIDs: [String] {
    text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("id: ") }
      .map { String($0.dropFirst(4)) }
  }

  /// Sends all of a text while the server reads, or as much as it takes; whether that was all.
  @discardableResult
  func send(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    return page.until {
      let count = Descriptors.send(rest, to: descriptor)
      rest = rest.dropFirst(count ?? rest.count)
      return rest.isEmpty
    }
  }

  /// Lets the server work until something is so; whether it became so.
  func until(_ condition: (LoopbackClient) -> Bool) -> Bool {
    page.until {
      receive()
      return condition(self)
    }
  }

  /// Sends a request, and gives the statuses of so many answers.
  func statuses(_ count: Int = 1, of text: String) -> [Int] {
    send(text)
    _ = until { $0.statuses.count >= count }
    return statuses
  }

  /// Says that nothing more will be sent.
  func endSending() { Descriptors.endSending(descriptor) }

  /// Breaks the connection off, as a browser does that is killed.
  func breakOff() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    // The descriptor's number stays taken, by a socket that is nobody's.
    #if canImport(Glibc)
    let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
    let other = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    dup2(other, descriptor)
    close(other)
  }

  private func receive() {
    while !isEnded {
      switch Descriptors.receive(descriptor) {
      case .bytes(let bytes): received += bytes
      case .nothing: return
      case .end: isEnded = true
      }
    }
  }
}

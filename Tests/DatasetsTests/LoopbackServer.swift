import Dispatch
import Foundation
import Synchronization

/// A server of one file for as many requests as it has answers; it closes after each.
final class LoopbackServer: Sendable {
  enum Answer: Sendable {
    /// The rest of the file from where the request asks for it.
    case rest
    /// The head of a whole answer and so many bytes of it, then an end.
    case broken(Int)
    /// The whole file, whatever the request asks for.
    case whole
    case notFound
  }

  let port: UInt16
  /// What each request asked to begin with; nil for the whole file.
  var starts: [Int?] { kept.withLock { $0 } }
  private let kept = Mutex<[Int?]>([])

  init(_ contents: [UInt8], _ answers: [Answer]) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    // A child that inherits a connection would keep it open after this process closed it.
    _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    struct NoSocket: Error {}
    guard bound else { throw NoSocket() }
    port = UInt16(bigEndian: address.sin_port)
    guard !answers.isEmpty else {
      close(listener)
      return
    }
    DispatchQueue(label: "loopback").async { [self] in
      for answer in answers { serve(accept(listener, nil, nil), contents, answer) }
      close(listener)
    }
  }

  private func serve(_ connection: Int32, _ contents: [UInt8], _ answer: Answer) {
    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
    var request = ""
    var chunk = [UInt8](repeating: 0, count: 4_096)
    while !request.contains("\r\n\r\n") {
      let count = read(connection, &chunk, chunk.count)
      guard count > 0 else { break }
      request += String(decoding: chunk[..<count], as: UTF8.self)
    }
    let range = request.split(separator: "\r\n").first {
      $0.lowercased().hasPrefix("range: bytes=")
    }
    let start = range.flatMap { Int($0.dropFirst(13).prefix { $0.isNumber }) }
    kept.withLock { $0.append(start) }
    func head(_ status: String, _ count: Int, _ more: String = "") -> [UInt8] {
      Array(
        "HTTP/1.1 \(status)\r\nContent-Length: \(count)\r\n\(more)Connection: close\r\n\r\n".utf8)
    }
    let first = start ?? 0
    var bytes: [UInt8] =
      switch answer {
      case .rest where start != nil && first >= contents.count:
        head("416 Range Not Satisfiable", 0)
      case .rest where start != nil:
        head(
          "206 Partial Content", contents.count - first,
          "Content-Range: bytes \(first)-\(contents.count - 1)/\(contents.count)\r\n")
          + contents[first...]
      case .rest, .whole: head("200 OK", contents.count) + contents
      case .broken(let count): head("200 OK", contents.count) + contents.prefix(count)
      case .notFound: head("404 Not Found", 0)
      }
    while !bytes.isEmpty {
      let count = write(connection, bytes, bytes.count)
      guard count > 0 else { break }
      bytes.removeFirst(count)
    }
    close(connection)
  }
}

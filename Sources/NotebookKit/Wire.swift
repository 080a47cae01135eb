import CNotebook

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The line from a cell to its kernel: an event is a line of JSON, and the kernel answers each with a
/// byte once it has passed on what was printed before.
///
/// That is what keeps text and pictures in their order, which come by different ways.
struct Wire {
  /// Where events are written; negative for nowhere.
  let events: CInt
  /// Where answers are read.
  let answers: CInt

  /// What happens in a cell.
  enum Event: String {
    case display = "display_data"
    case update = "update_display_data"
    case result = "execute_result"
    case clear
    case threw
  }

  /// The process's line; nil where no kernel runs it.
  static var ofProcess: Wire? {
    let line = notebook_line()
    return line.events >= 0 ? Wire(events: line.events, answers: line.answers) : nil
  }

  /// Sends an event and waits until the kernel has taken notice of it.
  func send(_ event: Event, _ members: [(name: String, value: String)]) {
    let line = JSONText.object([("event", JSONText.string(event.rawValue))] + members) + "\n"
    notebook_lock()
    defer { notebook_unlock() }
    fflush(nil)
    guard write(Array(line.utf8)) else { return }
    var answer: UInt8 = 0
    // The kernel's end closes only when the kernel is gone, and then this process is about to be.
    while unsafe read(answers, &answer, 1) < 0, errno == EINTR {}
  }

  /// Sends a value to be shown.
  func send(_ event: Event, _ bundle: MIMEBundle, id: String? = nil) {
    let place = id.map { [(name: "id", value: JSONText.string($0))] } ?? []
    send(event, [("data", bundle.json)] + place)
  }

  /// Writes all bytes; false where that cannot be done.
  private func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { bytes in
        unsafe systemWrite(events, bytes.baseAddress, bytes.count)
      }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }
}

/// `write` of the C library, which a method of that name hides.
private func systemWrite(_ file: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(file, bytes, count)
}

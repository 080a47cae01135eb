import Dispatch
import Foundation
import Synchronization
import Testing

@testable import NotebookKit

@Suite struct WireTests {
  /// What events write into a pipe whose other end has answered already.
  private func written(answers: Int, _ body: (Wire) -> Void) throws -> [String] {
    let (events, replies) = (Pipe(), Pipe())
    try replies.fileHandleForWriting.write(contentsOf: Data(repeating: 97, count: answers))
    try replies.fileHandleForWriting.close()
    body(
      Wire(
        events: events.fileHandleForWriting.fileDescriptor,
        answers: replies.fileHandleForReading.fileDescriptor))
    try events.fileHandleForWriting.close()
    #expect(try replies.fileHandleForReading.readToEnd() ?? Data() == Data())
    let data = try events.fileHandleForReading.readToEnd() ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func sendsALineAndReadsAnAnswerForEachEvent() throws {
    let lines = try written(answers: 3) { wire in
      wire.send(.display, MIMEBundle(text: "1\n2", html: "<p>"))
      wire.send(.update, MIMEBundle(text: "x"), id: "anneal-1")
      wire.send(.clear, [("wait", "true")])
    }
    #expect(
      lines == [
        #"{"event":"display_data","data":{"text/html":"<p>","text/plain":"1\n2"}}"#,
        #"{"event":"update_display_data","data":{"text/plain":"x"},"id":"anneal-1"}"#,
        #"{"event":"clear","wait":true}"#,
      ])
  }

  @Test func sendsMoreThanAPipeHolds() throws {
    let (events, replies) = (Pipe(), Pipe())
    try replies.fileHandleForWriting.write(contentsOf: Data([97]))
    let text = String(repeating: "a", count: 300_000)
    let count = Mutex(0)
    let isRead = DispatchSemaphore(value: 0)
    let reader = Thread {
      let data = try? events.fileHandleForReading.readToEnd()
      count.withLock { $0 = data?.count ?? 0 }
      isRead.signal()
    }
    reader.start()
    Wire(
      events: events.fileHandleForWriting.fileDescriptor,
      answers: replies.fileHandleForReading.fileDescriptor
    ).send(.result, MIMEBundle(text: text))
    try events.fileHandleForWriting.close()
    let frame = #"{"event":"execute_result","data":{"text/plain":""}}"#.utf8.count + 1
    isRead.wait()
    #expect(count.withLock { $0 } == 300_000 + frame)
  }

  @Test func isNotThereOutsideANotebook() {
    #expect(Wire.ofProcess == nil)
    #expect(!isInterrupted)
  }
}

/// A machine's second line of work: sums between processes, beside the network's own.
final class SideStream {
  /// Sums.
  let communicator: Communicator
  /// What is carried out beside.
  let stream: DeviceStream
  private var marks: [Int: DeviceEvent] = [:]
  /// Passes when everything that was given to the stream is done.
  private let end: DeviceEvent

  /// Makes a stream; the context is current.
  init(_ context: DeviceContext, _ communicator: Communicator) throws(CUDABackendError) {
    self.communicator = communicator
    stream = try DeviceStream(context)
    end = try DeviceEvent(context)
  }

  /// Marks the moment behind everything that was given to the main stream.
  func mark(_ number: Int, on main: DeviceStream) throws(CUDABackendError) {
    if marks[number] == nil { marks[number] = try DeviceEvent(main.context) }
    try marks[number]?.record(on: main)
  }

  /// Lets what is given to the stream from now on wait for a mark.
  func wait(for number: Int) throws(CUDABackendError) {
    guard let event = marks[number] else { preconditionFailure("there is no mark \(number)") }
    try stream.wait(for: event)
  }

  /// Lets what is given to the main stream from now on wait for what was given to this one.
  func join(_ main: DeviceStream) throws(CUDABackendError) {
    try end.record(on: stream)
    try main.wait(for: end)
  }
}

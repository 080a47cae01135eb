internal import CCUDA

/// This process's end of the sums between GPUs.
///
/// All processes ask for the same sums in the same order. What they ask for is queued on a stream; none of
/// the calls waits for the others.
@safe
final class Communicator: @unchecked Sendable {
  // Unchecked: a training's programs and collective belong to one thread, which is the one that calls.

  /// The processes.
  let count: Int
  private let library: CollectiveLibrary
  private let context: DeviceContext
  /// What NCCL made; `nil` after it was aborted.
  private var handle: NCCLCommunicator?
  /// Passes when the last sum is done.
  private let lastSum: DeviceEvent

  /// Names a group of processes that does not exist yet: 128 bytes for all of them.
  static func newName(_ library: CollectiveLibrary) throws(CUDABackendError) -> [UInt8] {
    var id = NCCLUniqueID()
    unsafe try library.check("ncclGetUniqueId") { unsafe $0.pointee.ncclGetUniqueId(&id) }
    return unsafe withUnsafeBytes(of: id) { unsafe Array($0) }
  }

  /// Joins a group; waits until all processes do.
  ///
  /// - Parameters:
  ///   - library: NCCL.
  ///   - context: The GPU, one that no other process of the group uses.
  ///   - name: What ``newName(_:)`` gave in one of the processes.
  ///   - rank: This process's number, 0..<`count`.
  ///   - count: The processes.
  /// - Throws: What NCCL refuses.
  init(
    _ library: CollectiveLibrary, _ context: DeviceContext, name: [UInt8], rank: Int, count: Int
  ) throws(CUDABackendError) {
    try context.makeCurrent()
    lastSum = try DeviceEvent(context)
    self.count = count
    self.library = library
    self.context = context
    var id = NCCLUniqueID()
    unsafe withUnsafeMutableBytes(of: &id) { unsafe $0.copyBytes(from: name.prefix($0.count)) }
    var made: NCCLCommunicator?
    unsafe try library.check("ncclCommInitRank") {
      unsafe $0.pointee.ncclCommInitRank(&made, CInt(count), id, CInt(rank))
    }
    unsafe handle = made
  }

  deinit {
    // After an abort there is nothing left to be destroyed.
    guard let handle = unsafe handle else { return }
    try? context.makeCurrent()
    _ = unsafe library.functions.pointee.ncclCommDestroy(handle)
  }

  /// Makes a first sum whose values are known, and waits for it: connections between some GPUs are there
  /// and carry other values, or none.
  func trySum(rank: Int) throws(CUDABackendError) {
    try context.makeCurrent()
    let values = (0..<1_024).map { Float(rank * 1_024 + $0) }
    let stream = try DeviceStream(context)
    let allocation = try DeviceAllocation(context, byteCount: 4 * values.count)
    let staging = try StagingRing(context)
    try unsafe values.span.bytes.withUnsafeBytes { (bytes) throws(CUDABackendError) in
      try unsafe staging.send(bytes, to: allocation.address, stream)
    }
    try sum(allocation.address, count: values.count, on: stream)
    var sums = [Float](repeating: 0, count: values.count)
    var span = sums.mutableSpan
    try unsafe span.withUnsafeMutableBytes { (bytes) throws(CUDABackendError) in
      try unsafe staging.fetch(allocation.address, into: bytes, stream)
    }
    let ofRanks = count * (count - 1) / 2 * 1_024
    for (index, sum) in sums.enumerated() where sum != Float(ofRanks + count * index) {
      throw .failedCall(
        library: "NCCL", call: "a first sum",
        reason: "expected \(ofRanks + count * index), found \(sum)")
    }
  }

  /// Queues the sum of all processes' float32 values, in place; the context is current.
  func sum(
    _ address: DeviceAddress, count: Int, on stream: DeviceStream
  ) throws(CUDABackendError) {
    guard let handle = unsafe handle else {
      throw .failedCall(
        library: "NCCL", call: "ncclAllReduce", reason: "the processes are no longer together")
    }
    let values = unsafe UnsafeMutableRawPointer(bitPattern: UInt(address.rawValue))
    unsafe try library.check("ncclAllReduce") {
      unsafe $0.pointee.ncclAllReduce(
        values, values, count, CInt(NCCL_FLOAT32), CInt(NCCL_SUM), handle, stream.handle)
    }
    try lastSum.record(on: stream)
  }

  /// NCCL's: `2.28.9`.
  var version: String { library.version }

  /// Whether a sum that was queued is not done.
  func isBusy() throws(CUDABackendError) -> Bool { try !lastSum.hasPassed() }

  /// Throws what NCCL has found wrong since a call returned.
  func check() throws(CUDABackendError) {
    guard let handle = unsafe handle else { return }
    var error: NCCLResult = 0
    unsafe try library.check("ncclCommGetAsyncError") {
      unsafe $0.pointee.ncclCommGetAsyncError(handle, &error)
    }
    guard error == 0 || Int(error) == NCCL_IN_PROGRESS else {
      throw library.failure("a sum between GPUs", error)
    }
  }

  /// Ends the sums that are queued, whatever the others do; nothing more can be summed.
  func abort() {
    guard let old = unsafe handle else { return }
    unsafe handle = nil
    try? context.makeCurrent()
    _ = unsafe library.functions.pointee.ncclCommAbort(old)
  }
}

extension LoadedLibrary<NCCLFunctions> {
  /// Calls one of NCCL's functions.
  func check(
    _ name: String, _ body: (UnsafePointer<NCCLFunctions>) -> NCCLResult
  ) throws(CUDABackendError) {
    let result = unsafe body(functions)
    guard result == 0 else { throw failure(name, result) }
  }

  /// What NCCL says about a call that it refused.
  func failure(_ call: String, _ result: NCCLResult) -> CUDABackendError {
    let words = unsafe text(functions.pointee.ncclGetErrorString(result))
    return .failedCall(library: "NCCL", call: call, reason: "\(words) (\(result))")
  }
}

internal import CCUDA

/// A queue of work on a GPU: what is given to it is done in order.
@safe
final class DeviceStream {
  /// The stream as the driver knows it.
  let handle: CUDAHandle
  /// The GPU.
  let context: DeviceContext

  /// Makes a stream; the context is current.
  init(_ context: DeviceContext) throws(CUDABackendError) {
    var stream: CUDAHandle?
    unsafe try context.driver.call("cuStreamCreate") {
      unsafe $0.pointee.cuStreamCreate(&stream, CUnsignedInt(CUDA_STREAM_NON_BLOCKING))
    }
    self.context = context
    unsafe handle = try made(stream, "cuStreamCreate")
  }

  deinit {
    _ = unsafe context.driver.library.functions.pointee.cuStreamDestroy_v2(handle)
  }

  /// Waits until everything that was given to the stream is done.
  func synchronize() throws(CUDABackendError) {
    unsafe try context.wait("cuStreamQuery") { unsafe $0.pointee.cuStreamQuery(handle) }
    unsafe try context.driver.call("cuStreamSynchronize") {
      unsafe $0.pointee.cuStreamSynchronize(handle)
    }
  }

  /// Lets what is given to the stream from now on wait for a moment in another one.
  func wait(for event: DeviceEvent) throws(CUDABackendError) {
    unsafe try context.driver.call("cuStreamWaitEvent") {
      unsafe $0.pointee.cuStreamWaitEvent(handle, event.handle, 0)
    }
  }

  /// Sets bytes to 0.
  func clear(_ address: DeviceAddress, byteCount: Int) throws(CUDABackendError) {
    guard byteCount > 0 else { return }
    unsafe try context.driver.call("cuMemsetD8Async") {
      unsafe $0.pointee.cuMemsetD8Async(address.rawValue, 0, byteCount, handle)
    }
  }

  /// Copies bytes on the GPU.
  func copy(
    from source: DeviceAddress, to target: DeviceAddress, byteCount: Int
  ) throws(CUDABackendError) {
    guard byteCount > 0 else { return }
    unsafe try context.driver.call("cuMemcpyDtoDAsync_v2") {
      unsafe $0.pointee.cuMemcpyDtoDAsync_v2(target.rawValue, source.rawValue, byteCount, handle)
    }
  }

  /// Runs a kernel.
  func launch(_ launch: Launch, _ function: LoadedKernel) throws(CUDABackendError) {
    // Each argument has eight bytes; the driver takes as many from the front as the kernel declares.
    let values = launch.arguments.map { argument -> UInt64 in
      switch argument {
      case .address(let address): address.rawValue
      case .none: 0
      case .integer(let value): UInt64(UInt32(bitPattern: value)).littleEndian
      case .float(let value): UInt64(value.bitPattern).littleEndian
      }
    }
    let (grid, block) = (launch.grid, launch.block)
    let result = unsafe values.withUnsafeBytes { bytes in
      unsafe withUnsafeTemporaryAllocation(
        of: UnsafeMutableRawPointer?.self, capacity: values.count + 1
      ) { pointers in
        for index in values.indices {
          // The driver reads the values and does not change them.
          let address = unsafe bytes.baseAddress.map { unsafe $0 + index * 8 }
          unsafe pointers.initializeElement(
            at: index, to: UnsafeMutableRawPointer(mutating: address))
        }
        unsafe pointers.initializeElement(at: values.count, to: nil)
        return unsafe context.driver.library.functions.pointee.cuLaunchKernel(
          function.handle, CUnsignedInt(grid.x), CUnsignedInt(grid.y), CUnsignedInt(grid.z),
          CUnsignedInt(block.x), CUnsignedInt(block.y), CUnsignedInt(block.z), 0, handle,
          pointers.baseAddress, nil)
      }
    }
    guard result == 0 else {
      throw context.driver.failure("cuLaunchKernel for \(launch.kernel.name)", result)
    }
  }

  // MARK: - Graphs

  /// Makes one graph of the work that a function gives to the stream.
  func capture(
    _ body: () throws(CUDABackendError) -> Void
  ) throws(CUDABackendError) -> DeviceGraph {
    unsafe try context.driver.call("cuStreamBeginCapture_v2") {
      unsafe $0.pointee.cuStreamBeginCapture_v2(
        handle, CInt(CUDA_STREAM_CAPTURE_MODE_THREAD_LOCAL))
    }
    var failure: CUDABackendError?
    do { try body() } catch { failure = error }
    // A capture has to be ended whatever happened in it, or the stream is of no more use.
    var graph: CUDAHandle?
    let functions = unsafe context.driver.library.functions
    let result = unsafe functions.pointee.cuStreamEndCapture(handle, &graph)
    defer { if let graph = unsafe graph { _ = unsafe functions.pointee.cuGraphDestroy(graph) } }
    if let failure { throw failure }
    guard result == 0 else { throw context.driver.failure("cuStreamEndCapture", result) }
    return try unsafe DeviceGraph(context, made(graph, "cuStreamEndCapture"))
  }

  /// Does the work of a graph.
  func replay(_ graph: DeviceGraph) throws(CUDABackendError) {
    unsafe try context.driver.call("cuGraphLaunch") {
      unsafe $0.pointee.cuGraphLaunch(graph.handle, handle)
    }
  }
}

/// Captured work, ready to be done again and again.
@safe
final class DeviceGraph {
  /// The executable graph as the driver knows it.
  let handle: CUDAHandle
  private let context: DeviceContext

  /// Makes a graph executable.
  init(_ context: DeviceContext, _ graph: CUDAHandle) throws(CUDABackendError) {
    var executable: CUDAHandle?
    unsafe try context.driver.call("cuGraphInstantiateWithFlags") {
      unsafe $0.pointee.cuGraphInstantiateWithFlags(&executable, graph, 0)
    }
    self.context = context
    unsafe handle = try made(executable, "cuGraphInstantiateWithFlags")
  }

  deinit {
    _ = unsafe context.driver.library.functions.pointee.cuGraphExecDestroy(handle)
  }
}

/// A moment in a stream.
@safe
final class DeviceEvent {
  /// The event as the driver knows it.
  let handle: CUDAHandle
  private let context: DeviceContext

  /// Makes an event; the context is current.
  init(_ context: DeviceContext) throws(CUDABackendError) {
    var event: CUDAHandle?
    unsafe try context.driver.call("cuEventCreate") { unsafe $0.pointee.cuEventCreate(&event, 0) }
    self.context = context
    unsafe handle = try made(event, "cuEventCreate")
  }

  deinit {
    _ = unsafe context.driver.library.functions.pointee.cuEventDestroy_v2(handle)
  }

  /// Marks the moment behind everything that was given to a stream so far.
  func record(on stream: DeviceStream) throws(CUDABackendError) {
    unsafe try context.driver.call("cuEventRecord") {
      unsafe $0.pointee.cuEventRecord(handle, stream.handle)
    }
  }

  /// Waits until the moment has come; at once if none was marked.
  func synchronize() throws(CUDABackendError) {
    unsafe try context.wait("cuEventQuery") { unsafe $0.pointee.cuEventQuery(handle) }
    unsafe try context.driver.call("cuEventSynchronize") {
      unsafe $0.pointee.cuEventSynchronize(handle)
    }
  }

  /// Whether the moment has come; so it has if none was marked.
  func hasPassed() throws(CUDABackendError) -> Bool {
    unsafe try context.hasCome("cuEventQuery") { unsafe $0.pointee.cuEventQuery(handle) }
  }

  /// The time since an earlier moment; both have come.
  func milliseconds(since start: DeviceEvent) throws(CUDABackendError) -> Double {
    var milliseconds: Float = 0
    unsafe try context.driver.call("cuEventElapsedTime") {
      unsafe $0.pointee.cuEventElapsedTime(&milliseconds, start.handle, handle)
    }
    return Double(milliseconds)
  }
}

internal import CCUDA

/// What plans are made for.
enum PlanTarget {
  /// A GPU of this machine.
  case device(ConvolutionHandle)
  /// A GPU that is only described: enough to make plans, not to run them.
  case described(Descriptor)

  /// A description as cuDNN reads it: a JSON text of the device's properties.
  static func described(
    _ json: String, _ library: ConvolutionLibrary
  ) throws(CUDABackendError) -> PlanTarget {
    let properties = try Descriptor(library, CUDNN_DEVICE_PROPERTIES, "the device's properties")
    try properties.set(
      CUDNN_DEVICE_PROPERTIES_JSON, CUDNN_TYPE_CHARACTER, Array(json.utf8CString))
    try properties.finalize()
    return .described(properties)
  }
}

/// cuDNN's state for one GPU, whose context is current where it is used.
@safe
final class ConvolutionHandle {
  /// The handle as cuDNN knows it.
  let handle: CUDNNHandle
  private let library: ConvolutionLibrary
  /// Kept as long as the handle, which goes first.
  private let stream: DeviceStream

  /// Makes a handle for the current context; what it runs goes to a stream.
  init(_ library: ConvolutionLibrary, _ stream: DeviceStream) throws(CUDABackendError) {
    var made: CUDNNHandle?
    let status = unsafe library.functions.pointee.cudnnCreate(&made)
    guard status == 0, let made = unsafe made else {
      throw library.failure("cudnnCreate", status)
    }
    unsafe handle = made
    self.library = library
    self.stream = stream
    let set = unsafe library.functions.pointee.cudnnSetStream(made, stream.handle)
    guard set == 0 else { throw library.failure("cudnnSetStream", set) }
  }

  deinit {
    _ = unsafe library.functions.pointee.cudnnDestroy(handle)
  }

  /// The device's properties as a JSON text, which ``PlanTarget`` reads elsewhere.
  func deviceProperties() throws(CUDABackendError) -> String {
    let properties = try Descriptor(library, CUDNN_DEVICE_PROPERTIES, "the device's properties")
    unsafe try properties.set(CUDNN_DEVICE_PROPERTIES_HANDLE, CUDNN_TYPE_HANDLE, unsafe [handle])
    try properties.finalize()
    let count = try properties.count(CUDNN_DEVICE_PROPERTIES_JSON, CUDNN_TYPE_CHARACTER)
    let bytes = try properties.values(
      CUDNN_DEVICE_PROPERTIES_JSON, CUDNN_TYPE_CHARACTER, zero: UInt8(0), capacity: count)
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}

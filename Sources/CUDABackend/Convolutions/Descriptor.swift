internal import CCUDA

/// One of cuDNN's descriptors: made, given attributes, finalised, asked.
@safe
final class Descriptor {
  /// The descriptor as cuDNN knows it.
  let handle: CUDNNDescriptor
  private let library: ConvolutionLibrary
  private let name: String
  /// What this one refers to, kept as long as it.
  private var parts: [Descriptor] = []

  /// Makes a descriptor.
  ///
  /// - Parameters:
  ///   - library: cuDNN.
  ///   - type: One of the types of `CUDNN.h`.
  ///   - name: What it is for, in errors.
  /// - Throws: What cuDNN refuses, as all of this type does.
  init(_ library: ConvolutionLibrary, _ type: Int, _ name: String) throws(CUDABackendError) {
    var made: CUDNNDescriptor?
    let status = unsafe library.functions.pointee.cudnnBackendCreateDescriptor(CInt(type), &made)
    guard status == 0, let made = unsafe made else {
      throw library.failure("cudnnBackendCreateDescriptor for \(name)", status)
    }
    unsafe handle = made
    self.library = library
    self.name = name
  }

  deinit {
    _ = unsafe library.functions.pointee.cudnnBackendDestroyDescriptor(handle)
  }

  /// Sets an attribute to values of a type of C's: `Int64`, `Int32`, `Float`, a pointer.
  func set<Value: BitwiseCopyable>(
    _ attribute: Int, _ type: Int, _ values: [Value]
  ) throws(CUDABackendError) {
    let status = unsafe values.withUnsafeBytes { bytes in
      unsafe library.functions.pointee.cudnnBackendSetAttribute(
        handle, CInt(attribute), CInt(type), Int64(values.count), bytes.baseAddress)
    }
    guard status == 0 else {
      throw library.failure("attribute \(attribute) of \(name)", status)
    }
  }

  /// Sets an attribute to other descriptors.
  func set(_ attribute: Int, _ descriptors: [Descriptor]) throws(CUDABackendError) {
    unsafe try set(attribute, CUDNN_TYPE_DESCRIPTOR, unsafe descriptors.map { unsafe $0.handle })
    parts += descriptors
  }

  /// Ends the setting of attributes.
  func finalize() throws(CUDABackendError) {
    let status = unsafe library.functions.pointee.cudnnBackendFinalize(handle)
    guard status == 0 else { throw library.failure("\(name)", status) }
  }

  /// The values of an attribute.
  ///
  /// - Parameters:
  ///   - attribute: Which.
  ///   - type: The type of its values.
  ///   - zero: What a value is before it is fetched.
  ///   - capacity: The most values to fetch.
  /// - Returns: As many values as there are, up to the capacity.
  /// - Throws: What cuDNN refuses.
  func values<Value: BitwiseCopyable>(
    _ attribute: Int, _ type: Int, zero: Value, capacity: Int
  ) throws(CUDABackendError) -> [Value] {
    var values = [Value](repeating: zero, count: capacity)
    var count: Int64 = 0
    let status = unsafe values.withUnsafeMutableBytes { bytes in
      unsafe library.functions.pointee.cudnnBackendGetAttribute(
        handle, CInt(attribute), CInt(type), Int64(capacity), &count, bytes.baseAddress)
    }
    guard status == 0 else {
      throw library.failure("attribute \(attribute) of \(name)", status)
    }
    return Array(values.prefix(Int(count)))
  }

  /// Fetches descriptors of an attribute into ones made beforehand.
  ///
  /// - Returns: The descriptors that were filled.
  /// - Throws: What cuDNN refuses.
  func fill(
    _ attribute: Int, _ type: Int, count: Int, _ name: String
  ) throws(CUDABackendError) -> [Descriptor] {
    var made: [Descriptor] = []
    for _ in 0..<count { made.append(try Descriptor(library, type, name)) }
    var handles = unsafe made.map { unsafe Optional($0.handle) }
    var filled: Int64 = 0
    let status = unsafe handles.withUnsafeMutableBytes { bytes in
      unsafe library.functions.pointee.cudnnBackendGetAttribute(
        handle, CInt(attribute), CInt(CUDNN_TYPE_DESCRIPTOR), Int64(count), &filled,
        bytes.baseAddress)
    }
    guard status == 0 else {
      throw library.failure("attribute \(attribute) of \(self.name)", status)
    }
    return Array(made.prefix(Int(filled)))
  }

  /// The number of values that an attribute has.
  func count(_ attribute: Int, _ type: Int) throws(CUDABackendError) -> Int {
    var count: Int64 = 0
    let status = unsafe library.functions.pointee.cudnnBackendGetAttribute(
      handle, CInt(attribute), CInt(type), 0, &count, nil)
    guard status == 0 else {
      throw library.failure("attribute \(attribute) of \(name)", status)
    }
    return Int(count)
  }
}

extension LoadedLibrary<CUDNNFunctions> {
  /// What cuDNN says about a call that it refused.
  func failure(_ call: String, _ status: CUDNNStatus) -> CUDABackendError {
    let name = unsafe text(functions.pointee.cudnnGetErrorString(status))
    let detail = unsafe text(capacity: 1_024) { buffer, capacity in
      unsafe functions.pointee.cudnnGetLastErrorString(buffer, capacity)
    }
    let line = detail.split(whereSeparator: \.isNewline).joined(separator: " ")
    return .failedCall(
      library: "cuDNN", call: call, reason: line.isEmpty ? name : "\(name), \(line)")
  }
}

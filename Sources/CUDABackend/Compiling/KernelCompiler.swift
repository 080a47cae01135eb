internal import CCUDA

/// Compiles our own kernels for one kind of GPU.
struct KernelCompiler: Sendable {
  /// A source, compiled.
  struct Output: Sendable {
    /// The machine code that a driver loads.
    let cubin: [UInt8]
    /// What the compiler and the assembler said.
    let log: String
  }

  /// The compiler.
  let library: CompilerLibrary
  /// The kind of GPU, as the compiler names it: `sm_90a`.
  let architecture: String
  /// Where compiled kernels are kept; `nil` keeps none.
  let cache: FileCache?

  /// What a device of a compute capability is named; newer ones have a form of their own features.
  static func architecture(major: Int, minor: Int) -> String {
    "sm_\(major)\(minor)\(major >= 9 ? "a" : "")"
  }

  /// The machine code of a source, from the cache if it is there.
  func cubin(_ source: KernelSource, _ storage: Storage) throws(CUDABackendError) -> [UInt8] {
    let text = source.text(for: storage)
    let key = FileCache.Key([text, library.version] + options)
    if let cubin = cache?[key] { return cubin }
    let output = try compile(text, name: source.fileName)
    cache?.store(output.cubin, for: key)
    return output.cubin
  }

  /// Compiles a text.
  func compile(_ text: String, name: String) throws(CUDABackendError) -> Output {
    var program: NVRTCProgram?
    let functions = unsafe library.functions
    try check(
      "nvrtcCreateProgram",
      unsafe functions.pointee.nvrtcCreateProgram(&program, text, name, 0, nil, nil))
    guard let made = unsafe program else {
      throw .failedCall(library: "NVRTC", call: "nvrtcCreateProgram", reason: "it made nothing")
    }
    defer { _ = unsafe functions.pointee.nvrtcDestroyProgram(&program) }
    let result = unsafe withCStrings(options) { pointers, count in
      unsafe functions.pointee.nvrtcCompileProgram(made, CInt(count), pointers)
    }
    let log = try unsafe log(of: made)
    guard result == 0 else {
      // A broken installation has no log; a broken source has.
      guard log.isEmpty else {
        throw .uncompiled(source: name, architecture: architecture, log: log)
      }
      throw failure("nvrtcCompileProgram", result)
    }
    var count = 0
    try check("nvrtcGetCUBINSize", unsafe functions.pointee.nvrtcGetCUBINSize(made, &count))
    var cubin = [UInt8](repeating: 0, count: count)
    let fetched = unsafe cubin.withUnsafeMutableBytes { buffer in
      unsafe buffer.baseAddress.map {
        unsafe functions.pointee.nvrtcGetCUBIN(made, $0.assumingMemoryBound(to: CChar.self))
      } ?? 0
    }
    try check("nvrtcGetCUBIN", fetched)
    return Output(cubin: cubin, log: log)
  }

  /// The compiler's options.
  ///
  /// Arithmetic is as written: no fast mathematics.
  private var options: [String] {
    ["--gpu-architecture=\(architecture)", "--std=c++17", "--ptxas-options=-v"]
  }

  private func log(of program: NVRTCProgram) throws(CUDABackendError) -> String {
    var count = 0
    try check(
      "nvrtcGetProgramLogSize",
      unsafe library.functions.pointee.nvrtcGetProgramLogSize(program, &count))
    guard count > 1 else { return "" }
    var result: NVRTCResult = 0
    let log = unsafe text(capacity: count + 1) { buffer, _ in
      unsafe result = library.functions.pointee.nvrtcGetProgramLog(program, buffer)
    }
    try check("nvrtcGetProgramLog", result)
    return log
  }

  private func check(_ call: String, _ result: NVRTCResult) throws(CUDABackendError) {
    guard result == 0 else { throw failure(call, result) }
  }

  private func failure(_ call: String, _ result: NVRTCResult) -> CUDABackendError {
    let reason = unsafe text(library.functions.pointee.nvrtcGetErrorString(result))
    return .failedCall(library: "NVRTC", call: call, reason: reason)
  }
}

extension KernelSource {
  /// The name of the file.
  var fileName: String { "\(rawValue).cu" }
}

/// Gives a function the texts as C has them.
private func withCStrings<Result>(
  _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?, Int) -> Result
) -> Result {
  let bytes = texts.map { Array($0.utf8CString) }
  let starts = bytes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  return unsafe bytes.flatMap { $0 }.withUnsafeBufferPointer { buffer in
    let pointers = unsafe starts.dropLast().map { start in
      unsafe buffer.baseAddress.map { unsafe $0 + start }
    }
    return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress, $0.count) }
  }
}

internal import CCUDA

/// The sources that were compiled and loaded for one GPU, each once.
@safe
final class LoadedKernels {
  private struct Source: Hashable {
    let source: KernelSource
    let storage: Storage
  }

  private let context: DeviceContext
  private let compiler: KernelCompiler
  private var modules: [Source: LoadedModule] = [:]
  private var kernels: [Kernel: LoadedKernel] = [:]

  /// Loads kernels of a compiler for a GPU.
  init(_ context: DeviceContext, _ compiler: KernelCompiler) {
    self.context = context
    self.compiler = compiler
  }

  /// The kernel, compiled and loaded if it was not; the context is current.
  func callAsFunction(_ kernel: Kernel) throws(CUDABackendError) -> LoadedKernel {
    if let loaded = kernels[kernel] { return loaded }
    let module = try module(Source(source: kernel.source, storage: kernel.storage))
    var function: CUDAHandle?
    // This also brings the kernel to the GPU, which must not happen during a capture.
    unsafe try context.driver.call("cuModuleGetFunction for \(kernel.name)") {
      unsafe $0.pointee.cuModuleGetFunction(&function, module.handle, kernel.name)
    }
    let loaded = unsafe LoadedKernel(
      handle: try made(function, "cuModuleGetFunction for \(kernel.name)"))
    kernels[kernel] = loaded
    return loaded
  }

  private func module(_ source: Source) throws(CUDABackendError) -> LoadedModule {
    if let module = modules[source] { return module }
    let module = try LoadedModule(
      context, compiler.cubin(source.source, source.storage), source.source.fileName)
    modules[source] = module
    return module
  }
}

/// A compiled source on a GPU.
@safe
private final class LoadedModule {
  /// The module as the driver knows it.
  let handle: CUDAHandle
  private let context: DeviceContext

  /// Loads machine code; the context is current.
  init(
    _ context: DeviceContext, _ cubin: [UInt8], _ name: String
  ) throws(CUDABackendError) {
    var module: CUDAHandle?
    let result = unsafe cubin.withUnsafeBytes { bytes in
      // A compiler's output is not empty; without bytes the driver is asked nothing.
      unsafe bytes.baseAddress.map {
        unsafe context.driver.library.functions.pointee.cuModuleLoadData(&module, $0)
      } ?? 0
    }
    let call = "cuModuleLoadData for \(name)"
    guard result == 0 else { throw context.driver.failure(call, result) }
    self.context = context
    unsafe handle = try made(module, call)
  }

  deinit {
    _ = unsafe context.driver.library.functions.pointee.cuModuleUnload(handle)
  }
}

/// A kernel on a GPU.
@safe
struct LoadedKernel {
  /// The kernel as the driver knows it.
  let handle: CUDAHandle
}

internal import CCUDA

/// One way to carry a convolution out, ready to run.
@safe
final class ConvolutionPlan {
  /// The bytes that it needs beside its operands.
  let workspaceByteCount: Int
  /// Which of cuDNN's engines it is.
  let engine: Int
  private let library: ConvolutionLibrary
  private let plan: Descriptor

  /// Makes a plan of an engine's configuration.
  init(
    _ configuration: EngineConfiguration, _ library: ConvolutionLibrary, _ target: PlanTarget
  ) throws(CUDABackendError) {
    self.library = library
    engine = configuration.engine
    plan = try Descriptor(library, CUDNN_EXECUTION_PLAN, "a plan")
    try plan.set(CUDNN_PLAN_ENGINE_CONFIGURATION, [configuration.descriptor])
    switch target {
    case .device(let handle):
      unsafe try plan.set(CUDNN_PLAN_HANDLE, CUDNN_TYPE_HANDLE, unsafe [handle.handle])
    case .described(let properties):
      try plan.set(CUDNN_PLAN_DEVICE_PROPERTIES, [properties])
    }
    try plan.finalize()
    let sizes = try plan.values(
      CUDNN_PLAN_WORKSPACE_SIZE, CUDNN_TYPE_INT64, zero: Int64(0), capacity: 1)
    workspaceByteCount = Int(sizes.first ?? 0)
  }

  /// Names the operands of a run; made once for a call and used as often as it is run.
  func operands(_ call: ConvolutionCall) throws(CUDABackendError) -> Descriptor {
    let pack = try Descriptor(library, CUDNN_VARIANT_PACK, "a plan's operands")
    let ids: [ConvolutionGraph.TensorID] = [.x, .w, .y]
    try pack.set(CUDNN_VARIANT_PACK_IDS, CUDNN_TYPE_INT64, ids.map(\.rawValue))
    try pack.set(
      CUDNN_VARIANT_PACK_POINTERS, CUDNN_TYPE_POINTER,
      [call.x.rawValue, call.w.rawValue, call.y.rawValue])
    try pack.set(
      CUDNN_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_POINTER, [call.workspace.rawValue])
    try pack.finalize()
    return pack
  }

  /// Gives the work to the handle's stream.
  func run(_ operands: Descriptor, _ handle: ConvolutionHandle) throws(CUDABackendError) {
    let status = unsafe library.functions.pointee.cudnnBackendExecute(
      handle.handle, plan.handle, operands.handle)
    guard status == 0 else { throw library.failure("cudnnBackendExecute", status) }
  }
}

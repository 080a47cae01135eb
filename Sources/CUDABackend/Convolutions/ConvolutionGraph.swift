internal import CCUDA
import Tensors

/// A convolution as cuDNN takes it: a graph of one operation over three tensors.
///
/// cuDNN names dimensions `[n, c, h, w]` and says with strides that channels lie together. Sums are
/// float32 whatever the tensors are kept in.
struct ConvolutionGraph {
  /// The numbers by which a plan's tensors are found when it is run.
  enum TensorID: Int64 {
    /// The input, or its gradient.
    case x = 1
    /// The filters, or their gradient.
    case w = 2
    /// The output, or its gradient.
    case y = 3
  }

  /// The graph, finalised.
  let descriptor: Descriptor

  /// Builds the graph.
  ///
  /// - Parameters:
  ///   - convolution: What is computed.
  ///   - library: cuDNN.
  ///   - target: The device, real or described.
  /// - Throws: What cuDNN refuses.
  init(
    _ convolution: Convolution, _ library: ConvolutionLibrary, _ target: PlanTarget
  ) throws(CUDABackendError) {
    let geometry = convolution.geometry
    func tensor(_ id: TensorID, _ shape: Shape) throws(CUDABackendError) -> Descriptor {
      try Self.tensor(library, id, shape, convolution.storage)
    }
    let x = try tensor(.x, geometry.inputShape)
    let w = try tensor(.w, geometry.filterShape)
    let y = try tensor(.y, geometry.outputShape)
    let sizes = try Self.sizes(library, geometry)
    let numbers = Self.numbers(convolution.pass)
    let operation = try Descriptor(library, numbers.type, convolution.pass.rawValue)
    try operation.set(numbers.sizes, [sizes])
    try operation.set(numbers.x, [x])
    try operation.set(numbers.w, [w])
    try operation.set(numbers.y, [y])
    // result = alpha · convolution + beta · result
    try operation.set(numbers.alpha, CUDNN_TYPE_FLOAT, [Float(1)])
    try operation.set(
      numbers.beta, CUDNN_TYPE_FLOAT, [Float(convolution.accumulates ? 1 : 0)])
    try operation.finalize()
    descriptor = try Descriptor(library, CUDNN_OPERATION_GRAPH, "the graph")
    try descriptor.set(CUDNN_GRAPH_OPERATIONS, [operation])
    if case .device(let handle) = target {
      unsafe try descriptor.set(CUDNN_GRAPH_HANDLE, CUDNN_TYPE_HANDLE, unsafe [handle.handle])
    }
    try descriptor.finalize()
  }

  private static func tensor(
    _ library: ConvolutionLibrary, _ id: TensorID, _ shape: Shape, _ storage: Storage
  ) throws(CUDABackendError) -> Descriptor {
    let extents = shape.extents.map { Int64($0) }
    let (c, h, w) = (extents[1], extents[2], extents[3])
    let type =
      switch storage {
      case .float32: CUDNN_FLOAT
      case .bfloat16: CUDNN_BFLOAT16
      case .float16: CUDNN_HALF
      }
    let tensor = try Descriptor(library, CUDNN_TENSOR, "tensor \(id)")
    try tensor.set(CUDNN_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, [CInt(type)])
    try tensor.set(CUDNN_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, extents)
    try tensor.set(CUDNN_TENSOR_STRIDES, CUDNN_TYPE_INT64, [h * w * c, 1, w * c, c])
    try tensor.set(CUDNN_TENSOR_ID, CUDNN_TYPE_INT64, [id.rawValue])
    try tensor.set(CUDNN_TENSOR_ALIGNMENT, CUDNN_TYPE_INT64, [Int64(16)])
    try tensor.finalize()
    return tensor
  }

  private static func sizes(
    _ library: ConvolutionLibrary, _ geometry: ConvolutionGeometry
  ) throws(CUDABackendError) -> Descriptor {
    let sizes = try Descriptor(library, CUDNN_CONVOLUTION, "the convolution")
    func both(_ value: Int) -> [Int64] { [Int64(value), Int64(value)] }
    try sizes.set(CUDNN_CONVOLUTION_SPATIAL_DIMENSIONS, CUDNN_TYPE_INT64, [Int64(2)])
    try sizes.set(CUDNN_CONVOLUTION_COMPUTE_TYPE, CUDNN_TYPE_DATA_TYPE, [CInt(CUDNN_FLOAT)])
    try sizes.set(
      CUDNN_CONVOLUTION_MODE, CUDNN_TYPE_CONVOLUTION_MODE, [CInt(CUDNN_CROSS_CORRELATION)])
    try sizes.set(
      CUDNN_CONVOLUTION_PRE_PADDINGS, CUDNN_TYPE_INT64, both(geometry.padding))
    try sizes.set(CUDNN_CONVOLUTION_POST_PADDINGS, CUDNN_TYPE_INT64, both(geometry.padding))
    try sizes.set(CUDNN_CONVOLUTION_STRIDES, CUDNN_TYPE_INT64, both(geometry.stride))
    try sizes.set(CUDNN_CONVOLUTION_DILATIONS, CUDNN_TYPE_INT64, both(1))
    try sizes.finalize()
    return sizes
  }

  /// The numbers of an operation's descriptor and attributes.
  private static func numbers(
    _ pass: Convolution.Pass
  ) -> (type: Int, sizes: Int, x: Int, w: Int, y: Int, alpha: Int, beta: Int) {
    switch pass {
    case .forward:
      (
        CUDNN_OPERATION_CONVOLUTION_FORWARD, CUDNN_FORWARD_CONVOLUTION, CUDNN_FORWARD_X,
        CUDNN_FORWARD_W, CUDNN_FORWARD_Y, CUDNN_FORWARD_ALPHA, CUDNN_FORWARD_BETA
      )
    case .backwardData:
      (
        CUDNN_OPERATION_CONVOLUTION_BACKWARD_DATA, CUDNN_BACKWARD_DATA_CONVOLUTION,
        CUDNN_BACKWARD_DATA_DX, CUDNN_BACKWARD_DATA_W, CUDNN_BACKWARD_DATA_DY,
        CUDNN_BACKWARD_DATA_ALPHA, CUDNN_BACKWARD_DATA_BETA
      )
    case .backwardFilter:
      (
        CUDNN_OPERATION_CONVOLUTION_BACKWARD_FILTER, CUDNN_BACKWARD_FILTER_CONVOLUTION,
        CUDNN_BACKWARD_FILTER_X, CUDNN_BACKWARD_FILTER_DW, CUDNN_BACKWARD_FILTER_DY,
        CUDNN_BACKWARD_FILTER_ALPHA, CUDNN_BACKWARD_FILTER_BETA
      )
    }
  }
}

extension Convolution: CustomStringConvertible {
  /// `forward 1024×64×15×15 by 256×64×3×3, stride 1, padding 1, bfloat16`.
  package var description: String {
    let image = [geometry.n, geometry.c, geometry.h, geometry.w]
    let filter = [geometry.k, geometry.c, geometry.r, geometry.s]
    func text(_ sizes: [Int]) -> String { sizes.map { "\($0)" }.joined(separator: "×") }
    return "\(pass.rawValue) \(text(image)) by \(text(filter)), stride \(geometry.stride), "
      + "padding \(geometry.padding), \(storage.rawValue)" + (accumulates ? ", accumulating" : "")
  }
}

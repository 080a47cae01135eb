import Kernels
import Networks
import Tensors

/// How each slot of a graph lies in the arena.
///
/// Images and activations, `[n, c, h, w]`, are blocked by 16 channels with a halo of zeros as wide as
/// their neediest convolution asks for; everything else is dense, in the order of its shape, which
/// is a checkpoint's. The choices of a max pooling are bytes in the order of blocked pixels.
struct SlotLayouts {
  /// The blocked layout of each slot; `nil` for dense ones.
  let blocked: [BlockedLayout?]
  private let counts: [Int]

  init(_ graph: Graph, element: ElementType) {
    var halos = [Int](repeating: 0, count: graph.slots.count)
    func need(_ slot: Slot, _ halo: Int) {
      halos[slot.index] = max(halos[slot.index], halo)
    }
    for op in Graph.Phase.allCases.flatMap(graph.operations) {
      switch op {
      case .convolutionForward(let op): need(op.x, op.geometry.padding)
      case .convolutionBackwardFilter(let op):
        need(op.x, op.geometry.padding)
        need(op.dy, ConvolutionPlan.requiredOutputHalo(for: op.geometry))
      case .convolutionBackwardData(let op):
        need(op.dx.slot, op.geometry.padding)
        need(op.dy, ConvolutionPlan.requiredOutputHalo(for: op.geometry))
      default: break
      }
    }
    // One plan serves a convolution's three passes: its output needs the halo of its gradient.
    for case .convolutionForward(let op) in graph.operations(.forward)
      + graph.operations(.evaluate)
    {
      need(op.y, ConvolutionPlan.requiredOutputHalo(for: op.geometry))
    }
    var areChoices = [Bool](repeating: false, count: graph.slots.count)
    for case .maxPoolForward(let op) in graph.operations(.forward) {
      if let slot = op.choices { areChoices[slot.index] = true }
    }
    let images: [BlockedLayout?] = zip(graph.slots, halos).map { slot, halo in
      guard slot.isImage else { return nil }
      return BlockedLayout(
        n: slot.shape[0], c: slot.shape[1], h: slot.shape[2], w: slot.shape[3], halo: halo,
        element: element)
    }
    blocked = zip(images, areChoices).map { image, isChoice in isChoice ? nil : image }
    counts = graph.slots.indices.map { index in
      guard let layout = images[index] else { return graph.slots[index].shape.count }
      let byteCount =
        areChoices[index] ? KernelLibrary.maxPoolChoiceByteCount(layout) : layout.byteCount
      return byteCount / MemoryLayout<Float>.stride
    }
  }

  /// The floats that a slot takes in the arena.
  func count(of slot: Slot) -> Int { counts[slot.index] }
}

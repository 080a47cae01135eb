import Networks
import Tensors

/// How each slot of a graph lies in a machine's memory.
struct SlotLayouts {
  /// How the values of one slot lie.
  enum Layout: Hashable {
    /// Images, `[n, h, w, c]` in the graph's storage.
    case image
    /// Filters and what belongs to them, `[k, r, s, c]` in float32.
    case filter
    /// Everything else, in the order of its shape, 4 bytes each.
    case dense
    /// The choices of a max pooling, `[n, h, w, c]`, a byte each.
    case choice
  }

  /// What images are kept as.
  let storage: Storage
  /// The layout of each slot.
  let layouts: [Layout]

  init(_ graph: Graph) {
    storage = Storage(graph.configuration.precision)
    var layouts = graph.slots.map { slot -> Layout in
      slot.isImage ? .image : slot.shape.rank == 4 ? .filter : .dense
    }
    for case .maxPoolForward(let op) in graph.operations(.forward) {
      if let choices = op.choices { layouts[choices.index] = .choice }
    }
    self.layouts = layouts
  }

  /// The bytes that a slot takes.
  func byteCount(_ slot: Slot, _ graph: Graph) -> Int {
    let count = graph[slot].shape.count
    precondition(
      count < 1 << 31, "\(graph[slot].name) has \(count) values, more than kernels count to")
    return switch layouts[slot.index] {
    case .image: count * storage.byteCount
    case .filter, .dense: count * 4
    case .choice: count
    }
  }
}

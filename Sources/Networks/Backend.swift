/// Something that can run a graph: a processor with its kernels.
///
/// The boundary is coarse on purpose. Between `compile` and `run` a backend may rewrite the list,
/// choose algorithms and layouts, plan one arena and capture a device graph. Buffers never cross
/// it; `Span`s of logical values do.
public protocol Backend: Sendable {
  /// What the last bits of its results depend on, in words: `cpu, avx2 kernels`.
  ///
  /// Two backends that say the same give the same bits for the same graph and the same values.
  var arithmetic: String { get }

  /// Prepares a graph to run: plans its memory and chooses its kernels.
  ///
  /// - Returns: A program with all values 0.
  /// - Throws: The backend's own error if the device or its memory cannot be had.
  func compile(_ graph: Graph) throws -> any CompiledProgram
}

/// A graph made ready by a backend, with the memory that holds its values.
///
/// A program belongs to one thread at a time.
public protocol CompiledProgram: AnyObject {
  /// Stores a slot's values.
  ///
  /// - Parameters:
  ///   - values: As many as the slot's shape holds, in the order of its shape.
  ///   - slot: A slot that keeps its values between runs (not an activation).
  func write(_ values: Span<Float>, to slot: Slot)

  /// Keeps the images of a split where the program computes, so that batches come without pixels.
  ///
  /// - Parameters:
  ///   - split: Which of the splits they are; they take the place of those that were held as it.
  ///   - pixels: `[samples, c, h, w]`, with c, h and w those of the graph's images.
  ///   - tables: The value of each channel's 256 pixel values, `[c, 256]`.
  ///   - padsByReflection: Whether windows show an image's reflection around it, instead of black.
  /// - Returns: Whether they are kept; a backend need not, and then holds none as this split.
  func hold(
    _ split: HeldSplit, pixels: Span<UInt8>, tables: Span<Float>, padsByReflection: Bool
  ) -> Bool

  /// Stores the batch's images, made from those that the program holds.
  ///
  /// - Parameters:
  ///   - sources: At most as many as the batch holds; images behind them are 0.
  ///   - split: The split whose samples they name.
  /// - Precondition: ``hold(_:pixels:tables:padsByReflection:)`` has kept the split.
  func write(_ sources: [ImageSource], of split: HeldSplit)

  /// Carries out the operations of one phase.
  ///
  /// `backward` follows `forward` and `update` follows `backward`; `evaluate` may run before or
  /// after such a triple but not inside it, since it shares their memory.
  func run(_ phase: Graph.Phase)

  /// Fetches a slot's values. This is the only call that waits for a device.
  ///
  /// - Parameters:
  ///   - slot: A slot that keeps its values between runs (not an activation).
  ///   - values: Overwritten; as many as the slot's shape holds, in the order of its shape.
  func read(_ slot: Slot, into values: inout MutableSpan<Float>)
}

extension CompiledProgram {
  /// Keeps none: batches come with their pixels.
  public func hold(
    _ split: HeldSplit, pixels: Span<UInt8>, tables: Span<Float>, padsByReflection: Bool
  ) -> Bool { false }

  /// Stops: there is nothing to make images from.
  public func write(_ sources: [ImageSource], of split: HeldSplit) {
    preconditionFailure("the program holds no \(split.rawValue) images")
  }
}

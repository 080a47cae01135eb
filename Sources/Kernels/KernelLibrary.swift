import CKernels

/// The kernels of one variant on one thread pool.
///
/// Every kernel is a method, declared in an extension per family: shapes are checked with
/// `precondition` here, then the work is cut into tasks and each task runs in the variant. Results
/// do not depend on the number of threads, bit for bit: a sum is cut by the shapes alone and its
/// parts are combined in a fixed order. They do depend on the variant, in the last bits.
///
/// Tensor arguments may be the same memory only where a method says so. A library is used by one
/// thread at a time.
public final class KernelLibrary {
  /// The instruction set in use.
  public let variant: KernelVariant
  /// What activations are stored as.
  public let element: ElementType
  /// The threads in use.
  public let pool: ThreadPool
  let table: KernelTable

  /// Makes the kernels of `variant` run on `pool`.
  ///
  /// - Parameters:
  ///   - variant: An instruction set that the processor has.
  ///   - element: What the blocked tensors hold; everything else is float32, and so is arithmetic.
  ///   - pool: The threads.
  public init(variant: KernelVariant, element: ElementType = .float32, pool: ThreadPool) {
    precondition(
      KernelVariant.available.contains(variant),
      "this machine cannot run the \(variant.rawValue) kernels")
    self.variant = variant
    self.element = element
    self.pool = pool
    table = variant.table(element)
  }

  /// Runs one of the table's functions `count` times over `task`, spread over the pool.
  func run<Task>(_ function: KernelFunction, _ count: Int, _ task: Task) {
    withUnsafePointer(to: task) { pool.run(tasks: count, context: $0, function) }
  }
}

package import Networks
import Tensors

/// What carries a lowered program out: a GPU with its libraries, or their emulation in a test.
///
/// A machine holds the memory of one program and gives it back when it goes. Everything given to it
/// is carried out in the order given, as on one stream; only ``read(_:into:)`` waits. Beside that line of
/// work there is a second one for sums between processes, which begins behind a mark of the first. What
/// several machines can share (compiled kernels, convolution plans) is the implementation's own affair.
///
/// There is no call that takes a value for one step: whatever changes from step to step is written
/// to memory and read by kernels from there.
package protocol Machine: AnyObject {
  /// Allocates zeroed memory, aligned to at least 256 bytes.
  ///
  /// - Throws: The machine's own error if the memory cannot be had.
  func allocate(byteCount: Int) throws -> DeviceAddress

  /// Gives memory back, after everything given to the machine so far is done with it.
  ///
  /// - Parameter address: What ``allocate(byteCount:)`` gave.
  func free(_ address: DeviceAddress)

  /// The bytes that could still be allocated, by all programs on the same device together.
  ///
  /// - Throws: The machine's own error if the device does not tell.
  func freeByteCount() throws -> Int

  /// Makes kernels ready, so that ``run(_:)`` and ``capture(_:)`` find them.
  ///
  /// - Throws: The machine's own error if a kernel does not compile.
  func prepare(_ kernels: Set<Kernel>) throws

  /// Makes a convolution ready and tells how much workspace it needs.
  ///
  /// - Returns: The bytes of workspace, ≥ 0; `nil` if the machine cannot carry an accumulating
  ///   convolution out, which the program then does in two commands.
  /// - Throws: The machine's own error if there is no such convolution that overwrites.
  func prepare(_ convolution: Convolution) throws -> Int?

  /// Copies from the host; `bytes` may change as soon as the call returns.
  func write(_ bytes: RawSpan, to address: DeviceAddress)

  /// Copies to the host, after waiting for everything given to the machine so far; for what is carried
  /// out beside only as far as ``join()`` was called.
  func read(_ address: DeviceAddress, into bytes: inout MutableRawSpan)

  /// Carries out one command.
  func run(_ command: Command)

  /// Makes one graph of some commands.
  ///
  /// All that stands in a command is frozen: addresses, scalars, grids. What memory holds is not.
  ///
  /// - Throws: The machine's own error if the commands cannot be captured.
  func capture(_ commands: [Command]) throws -> CapturedGraph

  /// Carries out the commands of a graph.
  func replay(_ graph: CapturedGraph)

  /// Marks the moment behind everything given so far.
  ///
  /// - Parameter number: The mark's, ≥ 0; the last moment with a number counts.
  func mark(_ number: Int)

  /// Carries out commands beside everything else, behind a mark and behind one another.
  ///
  /// - Parameters:
  ///   - commands: Launches, copies and ``Command/sum(_:count:)``; they use no scratch.
  ///   - number: The mark.
  /// - Throws: The machine's own error if a command is refused.
  func runBeside(_ commands: [Command], after number: Int) throws

  /// Lets everything given from now on wait for everything that was given to
  /// ``runBeside(_:after:)`` so far.
  func join()
}

/// The number of a captured graph, as its machine counts.
package struct CapturedGraph: Hashable, Sendable {
  /// The number.
  package let index: Int

  /// Makes a number.
  package init(index: Int) { self.index = index }
}

/// The address of a byte in a machine's memory.
package struct DeviceAddress: Hashable, Sendable {
  /// The address as the machine counts.
  package let rawValue: UInt64

  /// Makes an address.
  package init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// The address so many bytes further.
  package static func + (address: DeviceAddress, byteCount: Int) -> DeviceAddress {
    DeviceAddress(address.rawValue + UInt64(byteCount))
  }
}

/// How images and filters lie in a machine's memory; arithmetic is float32 in every case.
package enum Storage: String, CaseIterable, Sendable {
  /// 4 bytes.
  case float32
  /// 2 bytes: float32's upper half, rounded to nearest even.
  case bfloat16
  /// 2 bytes: IEEE's half precision, rounded to nearest even.
  case float16

  /// The storage of a graph's images.
  package init(_ precision: Precision) {
    self =
      switch precision {
      case .float32: .float32
      case .bfloat16: .bfloat16
      case .float16: .float16
      }
  }

  /// The size of a value.
  package var byteCount: Int {
    switch self {
    case .float32: 4
    case .bfloat16, .float16: 2
    }
  }
}

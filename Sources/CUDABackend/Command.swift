package import Tensors

/// One piece of work for a machine: a plain value, all of which a captured graph freezes.
package enum Command: Hashable, Sendable {
  /// Runs a kernel of our own.
  case launch(Launch)
  /// Runs a convolution.
  case convolution(ConvolutionCall)
  /// Sets bytes to 0.
  case clear(DeviceAddress, byteCount: Int)
  /// Copies bytes that do not overlap.
  case copy(from: DeviceAddress, to: DeviceAddress, byteCount: Int)
  /// Puts the sums of all processes' float32 values in their place, in every process; the processes do
  /// it in one order.
  case sum(DeviceAddress, count: Int)
}

/// A kernel of our own, as one of the compiled sources holds it.
package struct Kernel: Hashable, Sendable {
  /// The source that it stands in.
  package let source: KernelSource
  /// Its name there.
  package let name: String
  /// The storage that the source is compiled for.
  package let storage: Storage

  /// Names a kernel.
  package init(_ source: KernelSource, _ name: String, _ storage: Storage) {
    self.source = source
    self.name = name
    self.storage = storage
  }
}

/// The run of a kernel.
package struct Launch: Hashable, Sendable {
  /// A number of blocks or threads in each direction, each ≥ 1.
  package struct Extent: Hashable, Sendable {
    /// The first direction, the one of neighbouring threads.
    package let x: Int
    /// The second direction.
    package let y: Int
    /// The third direction.
    package let z: Int

    /// Makes an extent.
    package init(_ x: Int, _ y: Int = 1, _ z: Int = 1) {
      self.x = x
      self.y = y
      self.z = z
    }
  }

  /// One argument of a kernel.
  package enum Argument: Hashable, Sendable {
    /// A pointer.
    case address(DeviceAddress)
    /// A null pointer: an operand that is absent.
    case none
    /// An `int`: a size or a position, never anything that changes from step to step.
    case integer(Int32)
    /// A `float` that belongs to the network, never anything that changes from step to step.
    case float(Float)
  }

  /// What is run.
  package let kernel: Kernel
  /// The blocks.
  package let grid: Extent
  /// The threads of a block.
  package let block: Extent
  /// The arguments in the kernel's order.
  package var arguments: [Argument]

  /// Makes a launch.
  package init(_ kernel: Kernel, grid: Extent, block: Extent, _ arguments: [Argument]) {
    self.kernel = kernel
    self.grid = grid
    self.block = block
    self.arguments = arguments
  }
}

/// A convolution that a machine makes ready once and runs many times.
///
/// Images are `[n, h, w, c]` without gaps, filters `[k, r, s, c]`, all three operands in one storage;
/// sums are float32.
package struct Convolution: Hashable, Sendable {
  /// What is computed.
  package enum Pass: String, CaseIterable, Sendable {
    /// y from x and w.
    case forward
    /// dx from dy and w.
    case backwardData
    /// dw from x and dy.
    case backwardFilter
  }

  /// The sizes of the forward convolution.
  package let geometry: ConvolutionGeometry
  /// What is computed.
  package let pass: Pass
  /// How x, w, y and their gradients lie in memory.
  package let storage: Storage
  /// Whether the result is added to what is there, instead of overwriting it.
  package let accumulates: Bool

  /// Describes a convolution.
  package init(
    _ geometry: ConvolutionGeometry, _ pass: Pass, _ storage: Storage, accumulates: Bool = false
  ) {
    self.geometry = geometry
    self.pass = pass
    self.storage = storage
    self.accumulates = accumulates
  }
}

/// The run of a convolution.
package struct ConvolutionCall: Hashable, Sendable {
  /// What is run.
  package let convolution: Convolution
  /// x, or dx in ``Convolution/Pass/backwardData``; 16-byte aligned as the others.
  package var x: DeviceAddress
  /// w, or dw in ``Convolution/Pass/backwardFilter``.
  package var w: DeviceAddress
  /// y, or dy in both backward passes.
  package var y: DeviceAddress
  /// As many bytes as the machine asked for; 256-byte aligned.
  package var workspace: DeviceAddress

  /// Makes a call.
  package init(
    _ convolution: Convolution, x: DeviceAddress, w: DeviceAddress, y: DeviceAddress,
    workspace: DeviceAddress
  ) {
    self.convolution = convolution
    self.x = x
    self.w = w
    self.y = y
    self.workspace = workspace
  }
}

// MARK: - Moving

extension Command {
  /// The same command with every address replaced: a blueprint's commands lie nowhere yet.
  package func mapAddresses(_ place: (DeviceAddress) -> DeviceAddress) -> Command {
    switch self {
    case .launch(var launch):
      launch.arguments = launch.arguments.map { argument in
        guard case .address(let address) = argument else { return argument }
        return .address(place(address))
      }
      return .launch(launch)
    case .convolution(var call):
      call.x = place(call.x)
      call.w = place(call.w)
      call.y = place(call.y)
      call.workspace = place(call.workspace)
      return .convolution(call)
    case .clear(let address, let byteCount):
      return .clear(place(address), byteCount: byteCount)
    case .copy(let from, let to, let byteCount):
      return .copy(from: place(from), to: place(to), byteCount: byteCount)
    case .sum(let address, let count):
      return .sum(place(address), count: count)
    }
  }
}

// MARK: - Descriptions

extension Command: CustomStringConvertible {
  /// A line, for example `batchNormApply<<<12, 256>>>(0x200, none, 64, 1.0)`.
  package var description: String {
    switch self {
    case .launch(let launch): launch.description
    case .convolution(let call): call.description
    case .clear(let address, let byteCount): "clear \(byteCount) bytes at \(address)"
    case .copy(let from, let to, let byteCount): "copy \(byteCount) bytes from \(from) to \(to)"
    case .sum(let address, let count): "sum of \(count) values at \(address) over all processes"
    }
  }
}

extension Launch: CustomStringConvertible {
  /// The kernel with its grid, block and arguments.
  package var description: String {
    "\(kernel.name)<<<\(grid), \(block)>>>("
      + arguments.map(\.description).joined(separator: ", ") + ")"
  }
}

extension Launch.Extent: CustomStringConvertible {
  /// The sizes up to the last one above 1, joined by ×.
  package var description: String {
    z > 1 ? "\(x)×\(y)×\(z)" : y > 1 ? "\(x)×\(y)" : "\(x)"
  }
}

extension Launch.Argument: CustomStringConvertible {
  /// The value.
  package var description: String {
    switch self {
    case .address(let address): address.description
    case .none: "none"
    case .integer(let value): "\(value)"
    case .float(let value): "\(value)"
    }
  }
}

extension ConvolutionCall: CustomStringConvertible {
  /// The sizes and addresses.
  package var description: String {
    let g = convolution.geometry
    return "convolution \(convolution.pass.rawValue) \(g.inputShape) * \(g.filterShape), "
      + "stride \(g.stride), padding \(g.padding)\(convolution.accumulates ? ", added" : ""): "
      + "x \(x), w \(w), y \(y), workspace \(workspace)"
  }
}

extension DeviceAddress: CustomStringConvertible {
  /// The address in hexadecimal digits.
  package var description: String { "0x" + String(rawValue, radix: 16) }
}

/// What a machine has for the CUDA backend, and what it lacks.
public struct Survey: Hashable, Sendable, Codable {
  /// One of NVIDIA's libraries.
  public struct Library: Hashable, Sendable, Codable {
    /// What it is called.
    public let name: String
    /// The file that was loaded; `nil` without one.
    public let path: String?
    /// Its version; `nil` if it was not loaded.
    public let version: String?
    /// Why it cannot be used; `nil` if it can.
    public let problem: String?
  }

  /// A GPU.
  public struct Device: Hashable, Sendable, Codable {
    /// What `--device` calls it: `cuda:0`.
    public let name: String
    /// The product.
    public let product: String
    /// `9.0` for a Hopper.
    public let computeCapability: String
    /// The size of its memory.
    public let memoryByteCount: Int
  }

  /// The driver, the compiler, cuDNN and NCCL, in this order.
  public let libraries: [Library]
  /// The GPUs; none without a driver.
  public let devices: [Device]
  /// Why no training can run on a GPU here; `nil` if one can.
  public let problem: String?

  /// Loads every library and asks the driver for its GPUs.
  public init(_ search: LibrarySearch) {
    var problem: String?
    func library(
      _ sought: SoughtLibrary, isNeeded: Bool = true,
      _ load: () throws(CUDABackendError) -> (path: String, version: String)
    ) -> Library {
      do {
        let found = try load()
        return Library(
          name: sought.name, path: found.path, version: found.version, problem: nil)
      } catch {
        if isNeeded && problem == nil { problem = error.description }
        return Library(
          name: sought.name, path: nil, version: nil, problem: error.description)
      }
    }
    var devices: [Device] = []
    var libraries = [
      library(.driver) { () throws(CUDABackendError) in
        let driver = try search.driver()
        return (driver.path, driver.version)
      }
    ]
    if libraries[0].problem == nil {
      do {
        devices = try Self.devices(search)
      } catch {
        problem = error.description
      }
    }
    libraries += [
      library(.compiler) { () throws(CUDABackendError) in
        let compiler = try search.compiler()
        return (compiler.path, compiler.version)
      },
      library(.convolutions) { () throws(CUDABackendError) in
        let convolutions = try search.convolutions()
        return (convolutions.path, convolutions.version)
      },
      // One GPU does without.
      library(.collectives, isNeeded: false) { () throws(CUDABackendError) in
        let collectives = try search.collectives()
        return (collectives.path, collectives.version)
      },
    ]
    self.libraries = libraries
    self.devices = devices
    self.problem = problem
  }

  private static func devices(_ search: LibrarySearch) throws(CUDABackendError) -> [Device] {
    let driver = try Driver(try search.driver())
    var devices: [Device] = []
    for index in 0..<(try driver.deviceCount()) {
      let gpu = try driver.device(index)
      devices.append(
        Device(
          name: "cuda:\(index)", product: gpu.name,
          computeCapability: "\(gpu.computeCapability[0]).\(gpu.computeCapability[1])",
          memoryByteCount: gpu.memoryByteCount))
    }
    return devices
  }
}

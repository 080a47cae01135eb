extension CUDABackend {
  /// Makes a backend of a GPU of this machine.
  ///
  /// - Parameters:
  ///   - search: Where NVIDIA's libraries are looked for.
  ///   - device: The GPU's number, from 0.
  ///   - numerics: What convolutions may do to numbers.
  ///   - environment: Names the folder of caches.
  ///   - stop: Told what went wrong with a GPU under a program that was made ready, and does not return:
  ///     a program's calls have no way to report it.
  /// - Throws: What is missing, or what the driver refuses.
  public init(
    _ search: LibrarySearch, device: Int, numerics: ConvolutionNumerics,
    environment: [String: String], stop: @escaping @Sendable (CUDABackendError) -> Never
  ) throws(CUDABackendError) {
    self.init(
      try DeviceSession(search, device: device, numerics, environment: environment), stop: stop)
  }

  /// The number of GPUs of this machine.
  ///
  /// - Parameter search: Where the driver is looked for.
  /// - Returns: At least 1.
  /// - Throws: What is missing, or what the driver refuses.
  public static func deviceCount(_ search: LibrarySearch) throws(CUDABackendError) -> Int {
    try Driver(try search.driver()).deviceCount()
  }
}

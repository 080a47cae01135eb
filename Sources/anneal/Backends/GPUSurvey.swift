import CUDABackend

/// What this machine has for trainings on NVIDIA GPUs, as `anneal devices` shows it.
struct GPUSurvey: Encodable {
  /// A library that the backend loads at run time.
  struct Library: Encodable {
    var name: String
    var path: String?
    var version: String?
    var problem: String?
  }

  /// A GPU.
  struct Device: Encodable {
    var name: String
    var product: String
    var computeCapability: String
    var memoryBytes: Int
  }

  var libraries: [Library]
  var devices: [Device]
  /// Why no training can run on a GPU; `nil` if one can.
  var problem: String?

  /// Loads what an environment leads to.
  init(environment: [String: String]) {
    let survey = Survey(LibrarySearch(environment: environment))
    libraries = survey.libraries.map {
      Library(name: $0.name, path: $0.path, version: $0.version, problem: $0.problem)
    }
    devices = survey.devices.map {
      Device(
        name: $0.name, product: $0.product, computeCapability: $0.computeCapability,
        memoryBytes: $0.memoryByteCount)
    }
    problem = survey.problem
  }
}

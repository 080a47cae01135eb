import CCUDA
import Foundation
import Testing

@testable import CUDABackend

/// A library that is missing, broken or not what its name says is an error in words, never a crash.
@Suite struct LibrarySearchTests {
  private func message(_ body: () throws(CUDABackendError) -> Void) -> String {
    do {
      try body()
      return "nothing was wrong"
    } catch {
      return error.description
    }
  }

  @Test func missingDriver() {
    let search = LibrarySearch(
      named: ["/nowhere"], asksLoader: false, driverFolders: ["/also/nowhere"])
    #expect(
      message { () throws(CUDABackendError) in _ = try search.driver() }
        == "no NVIDIA driver: CUDA backend unavailable; expected libcuda.so.1, found none in "
        + "/nowhere, /nowhere/lib, /nowhere/lib64, /also/nowhere")
  }

  @Test func missingLibraries() {
    let search = LibrarySearch(
      named: [], packages: { ["/python/nvidia"] }, toolkitFolders: ["/toolkit"])
    #expect(
      message { () throws(CUDABackendError) in _ = try search.compiler() }
        == "no NVRTC: CUDA backend unavailable; expected libnvrtc.so.13 or libnvrtc.so.12, found "
        + "none in /python/nvidia/cu13/lib, /python/nvidia/cuda_nvrtc/lib, /toolkit")
    #expect(
      message { () throws(CUDABackendError) in _ = try search.convolutions() }
        == "no cuBLASLt: CUDA backend unavailable; expected libcublasLt.so.13 or "
        + "libcublasLt.so.12, found none in /python/nvidia/cu13/lib, /python/nvidia/cublas/lib, "
        + "/toolkit")
    #expect(
      message { () throws(CUDABackendError) in
        _ = try LibrarySearch(named: [], packages: { [] }).collectives()
      }
        == "no NCCL: several GPUs unavailable; expected libnccl.so.2, found none in the Python "
        + "environment (no nvidia packages)")
  }

  @Test func noneLooksNowhere() {
    let search = LibrarySearch(environment: ["ANNEAL_CUDA_PATH": "none"])
    let words = message { () throws(CUDABackendError) in _ = try search.driver() }
    #expect(
      words == "no NVIDIA driver: CUDA backend unavailable; expected libcuda.so.1, found none in "
        + "any place: ANNEAL_CUDA_PATH says to look nowhere")
    #expect(throws: CUDABackendError.self) { try search.convolutions() }
  }

  @Test func theLoaderIsAskedByBareName() {
    // A name that no system has: the loader's own words must be understood as "not there".
    let library = SoughtLibrary(name: "Nothing", files: ["libanneal-nothing.so.7"], packages: [])
    #expect(
      message { () throws(CUDABackendError) in
        _ = try LibrarySearch(named: [], asksLoader: true).load(library) { path in
          var isOpen = false
          let reason = text { isOpen = cudaLoadDependency(path, $0, $1) }
          return (isOpen ? () : nil, reason)
        }
      }.hasSuffix("found none in the system loader's path"))
  }

  @Test func aTextFileIsNoLibrary() throws {
    let fakes = try FakeLibraries([])
    try fakes.write("this is no library, whatever its name says", to: "libcuda.so.1")
    let words = message { () throws(CUDABackendError) in _ = try fakes.search.driver() }
    #expect(
      [
        "unusable NVIDIA driver: CUDA backend unavailable; \(fakes.folder)/libcuda.so.1: "
          + "file too short",
        "unusable NVIDIA driver: CUDA backend unavailable; \(fakes.folder)/libcuda.so.1: "
          + "invalid ELF header",
      ].contains(words), "\(words)")
  }

  @Test func missingSymbolsAreNamed() throws {
    let fakes = try FakeLibraries(
      [.driver], defines: ["cuGraphLaunch=renamed", "cuMemAlloc_v2=alsoRenamed"])
    #expect(
      message { () throws(CUDABackendError) in _ = try fakes.search.driver() }
        == "unusable NVIDIA driver: CUDA backend unavailable; \(fakes.folder)/libcuda.so.1: "
        + "it lacks cuMemAlloc_v2, cuGraphLaunch")
  }

  @Test func theCompilerNeedsItsBuiltins() throws {
    let fakes = try FakeLibraries([.compiler])
    let words = message { () throws(CUDABackendError) in _ = try fakes.search.compiler() }
    #expect(
      words.hasPrefix(
        "unusable NVRTC: CUDA backend unavailable; \(fakes.folder)/libnvrtc.so.13: it needs "
          + "\(fakes.folder)/libnvrtc-builtins.so.13.0: "), "\(words)")
  }

  @Test func versionsAndPaths() throws {
    let fakes = try FakeLibraries()
    let (driver, compiler) = (try fakes.search.driver(), try fakes.search.compiler())
    #expect(driver.version == "13.1" && driver.path == "\(fakes.folder)/libcuda.so.1")
    #expect(compiler.version == "13.0" && compiler.path == "\(fakes.folder)/libnvrtc.so.13")
    #expect(try fakes.search.convolutions().version == "9.19.0")
  }

  @Test func noDevice() throws {
    for defines in [["INIT_RESULT=100"], ["DEVICE_COUNT=0"]] {
      let fakes = try FakeLibraries([.driver], defines: defines)
      #expect(
        message { () throws(CUDABackendError) in _ = try Driver(try fakes.search.driver()) }
          == "no NVIDIA GPU: CUDA backend unavailable; the driver \(fakes.folder)/libcuda.so.1 "
          + "finds none")
    }
  }

  @Test func aDriverThatDoesNotStart() throws {
    let fakes = try FakeLibraries([.driver], defines: ["INIT_RESULT=803"])
    #expect(
      message { () throws(CUDABackendError) in _ = try Driver(try fakes.search.driver()) }
        == "the NVIDIA driver refused cuInit: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH (803)")
  }

  @Test func unknownDevice() throws {
    let fakes = try FakeLibraries()
    #expect(
      message { () throws(CUDABackendError) in
        _ = try DeviceSession(fakes.search, device: 2, .init(), environment: [:])
      } == "expected a GPU number below 2, found 2")
  }

  @Test func survey() throws {
    let all = try FakeLibraries()
    #expect(
      Survey(all.search).libraries.map(\.version) == ["13.1", "13.0", "9.19.0", "2.28.9"])
    let fakes = try FakeLibraries(FakeLibraries.Part.allCases.filter { $0 != .collectives })
    let survey = Survey(fakes.search)
    #expect(survey.problem == nil)
    #expect(survey.libraries.map(\.name) == ["NVIDIA driver", "NVRTC", "cuDNN", "NCCL"])
    #expect(survey.libraries.map(\.version) == ["13.1", "13.0", "9.19.0", nil])
    #expect(survey.libraries[3].problem?.hasPrefix("no NCCL: several GPUs unavailable") == true)
    #expect(survey.devices.map(\.name) == ["cuda:0", "cuda:1"])
    #expect(survey.devices.map(\.product) == ["Fake GPU 70", "Fake GPU 71"])
    #expect(survey.devices.map(\.computeCapability) == ["9.0", "9.0"])
    #expect(survey.devices.map(\.memoryByteCount) == [8 << 30, 8 << 30])
  }

  @Test func surveyWithoutGPU() throws {
    let fakes = try FakeLibraries([.driver], defines: ["INIT_RESULT=100"])
    let survey = Survey(fakes.search)
    #expect(survey.devices.isEmpty)
    #expect(survey.problem?.hasPrefix("no NVIDIA GPU: CUDA backend unavailable") == true)
  }
}

/// The environment of Python is read from folders where one is named.
@Suite struct PythonEnvironmentTests {
  @Test func virtualEnvironment() throws {
    let fakes = try FakeLibraries([])
    let site = "\(fakes.folder)/lib/python3.11/site-packages/nvidia"
    try FileManager.default.createDirectory(
      atPath: site, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      atPath: "\(fakes.folder)/lib/python3.9/site-packages", withIntermediateDirectories: true)
    #expect(PythonEnvironment.packageFolders(virtual: fakes.folder) == [site])
    #expect(PythonEnvironment.packageFolders(virtual: "/nowhere").isEmpty)
  }
}

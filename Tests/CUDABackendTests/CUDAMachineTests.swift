import Foundation
import Tensors
import Testing

@testable import CUDABackend

/// The machine over a driver that logs its calls: what is called with what, in which order, and what
/// becomes of refusals.
@Suite struct CUDAMachineTests {
  private static let kernel = Kernel(.layout, "imagesFromHost", .bfloat16)

  private func launch(_ arguments: [Launch.Argument]) -> Command {
    .launch(
      Launch(Self.kernel, grid: .init(3, 2), block: .init(256), arguments))
  }

  private func read(_ machine: CUDAMachine, _ address: DeviceAddress, count: Int) -> [Float] {
    var values = [Float](repeating: .nan, count: count)
    var span = values.mutableSpan
    var bytes = span.mutableBytes
    machine.read(address, into: &bytes)
    return values
  }

  @Test func memoryIsZeroAndKeepsWhatIsWritten() throws {
    let fakes = try FakeLibraries()
    let machine = try fakes.machine()
    #expect(
      machine.arithmetic == "cuda, Fake GPU 70, cuDNN 9.19.0, NVRTC 13.0, tf32")
    let address = try machine.allocate(byteCount: 64)
    #expect(address.rawValue % 256 == 0)
    #expect(read(machine, address, count: 16) == [Float](repeating: 0, count: 16))
    let values: [Float] = [1, 2, 3]
    machine.write(values.span.bytes, to: address + 4)
    #expect(read(machine, address, count: 4) == [0, 1, 2, 3])
    #expect(
      fakes.takeLog() == [
        "make context 1", "make stream 2", "cuDNN on stream 2", "fill 64 bytes with 0 on 2",
        "fetch 64 bytes on 2", "wait for 2", "send 12 bytes on 2", "fetch 16 bytes on 2",
        "wait for 2",
      ])
  }

  @Test func longTransfersGoInParts() throws {
    let fakes = try FakeLibraries()
    let machine = try fakes.machine()
    let count = StagingRing.sectionCapacity / 4 * 2 + 5
    let address = try machine.allocate(byteCount: count * 4)
    let values = (0..<count).map { Float($0 % 1_000) }
    machine.write(values.span.bytes, to: address)
    #expect(read(machine, address, count: count) == values)
    let part = StagingRing.sectionCapacity
    #expect(
      fakes.takeLog().filter { $0.hasPrefix("send") } == [
        "send \(part) bytes on 2", "send \(part) bytes on 2", "send 20 bytes on 2",
      ])
  }

  /// The host waits for nothing but bytes that the GPU has not fetched: in hundreds of steps, not once.
  @Test func smallWritesDoNotWait() throws {
    let fakes = try FakeLibraries(defines: ["LATE=1"])
    let machine = try fakes.machine()
    let count = 1_000
    let address = try machine.allocate(byteCount: 8 * count)
    for index in 0..<count {
      machine.write([Float(index), -Float(index)].span.bytes, to: address + 8 * index)
    }
    let log = fakes.takeLog()
    #expect(log.filter { $0.hasPrefix("send 8 bytes") }.count == count)
    #expect(!log.contains { $0.hasPrefix("wait") })
    let expected = (0..<count).flatMap { [Float($0), -Float($0)] }
    #expect(read(machine, address, count: 2 * count) == expected)
  }

  /// Where the ring comes round, the bytes before are waited for, and all arrive as they were written.
  @Test func bytesInFlightAreNotOverwritten() throws {
    let fakes = try FakeLibraries(defines: ["LATE=1"])
    let machine = try fakes.machine()
    // Three rounds of the ring, in writes that do not divide a section.
    let (part, writes) = (300_000, 3 * StagingRing.capacity / 1_200_000)
    let address = try machine.allocate(byteCount: 4 * part * writes)
    for index in 0..<writes {
      let values = [Float](repeating: Float(index + 1), count: part)
      machine.write(values.span.bytes, to: address + 4 * part * index)
    }
    let waits = fakes.takeLog().filter { $0.hasPrefix("wait for event") }
    let isInFlight = waits.map { $0.hasSuffix("in flight") }
    // The first round waits for nothing; then each section does.
    #expect(isInFlight.prefix(3) == [false, false, false])
    #expect(isInFlight.dropFirst(3).allSatisfy(\.self) && isInFlight.count > 8)
    let found = read(machine, address, count: part * writes)
    for index in 0..<writes {
      #expect(found[part * index..<part * (index + 1)].allSatisfy { $0 == Float(index + 1) })
    }
  }

  @Test func memoryThatIsNotThere() throws {
    let fakes = try FakeLibraries()
    let machine = try fakes.machine()
    #expect(
      throws: CUDABackendError.outOfMemory(byteCount: 1 << 40, free: 12345, device: "Fake GPU 70")
    ) { try machine.allocate(byteCount: 1 << 40) }
  }

  @Test func memoryIsGivenBackWhenItsWorkIsDone() throws {
    let fakes = try FakeLibraries()
    let machine = try fakes.machine()
    #expect(try machine.freeByteCount() == 12_345)
    let address = try machine.allocate(byteCount: 512)
    machine.free(try machine.allocate(byteCount: 256))
    #expect(fakes.takeLog().suffix(2) == ["fill 256 bytes with 0 on 2", "wait for 2"])
    machine.free(address)
    #expect(fakes.takeLog() == ["wait for 2", "all memory is free"])
  }

  @Test func commandsInOrder() throws {
    let fakes = try FakeLibraries()
    let machine = try fakes.machine()
    try machine.prepare([Self.kernel])
    let address = try machine.allocate(byteCount: 512)
    #expect(
      fakes.takeLog().suffix(5) == [
        "compile --gpu-architecture=sm_90a --std=c++17 --ptxas-options=-v", "load machine code",
        "make module 3", "make function 4", "fill 512 bytes with 0 on 2",
      ])
    machine.run(.copy(from: address, to: address + 256, byteCount: 8))
    machine.run(.clear(address, byteCount: 16))
    machine.run(launch([.address(address + 1), .integer(-2), .float(1.5)]))
    #expect(
      fakes.takeLog() == [
        "copy 8 bytes on 2", "fill 16 bytes with 0 on 2",
        "launch imagesFromHost grid 3 2 1 block 256 1 1 shared 0 on 2",
        "  \(String(address.rawValue + 1, radix: 16))", "  fffffffe", "  3fc00000",
      ])
  }

  @Test func graphsAreCapturedAndReplayed() throws {
    let fakes = try FakeLibraries()
    var machine: CUDAMachine? = try fakes.machine()
    let address = try #require(try machine?.allocate(byteCount: 512))
    try machine?.prepare([Self.kernel])
    _ = fakes.takeLog()
    let graph = try #require(
      try machine?.capture([.clear(address, byteCount: 16), launch([.address(address)])]))
    machine?.replay(graph)
    machine?.replay(graph)
    #expect(
      fakes.takeLog() == [
        "capture on 2, mode 1", "fill 16 bytes with 0 on 2",
        "launch imagesFromHost grid 3 2 1 block 256 1 1 shared 0 on 2",
        "  \(String(address.rawValue, radix: 16))", "end capture on 2", "make graph 5",
        "make executable graph 6", "destroy graph 5", "replay 6 on 2", "replay 6 on 2",
      ])
    // What a machine holds goes with it, after the work on its stream; the context last.
    machine = nil
    let log = fakes.takeLog()
    #expect(log.first == "wait for 2" && log.last == "release context of 70")
    #expect(
      Set(log.dropFirst().dropLast()) == [
        "destroy executable graph 6", "unload module 3", "destroy cuDNN", "destroy stream 2",
        "all memory is free",
      ])
    let order = ["destroy cuDNN", "destroy stream 2"].compactMap(log.firstIndex)
    #expect(order == order.sorted() && order.count == 2)
  }

  @Test func aCaptureIsEndedWhateverHappensInIt() throws {
    let fakes = try FakeLibraries(defines: ["FAILING=\"cuLaunchKernel\""])
    let machine = try fakes.machine()
    #expect(
      throws: CUDABackendError.failedCall(
        library: "the NVIDIA driver", call: "cuLaunchKernel for imagesFromHost",
        reason: "CUDA_ERROR_LAUNCH_FAILED (719), unspecified launch failure")
    ) { try machine.capture([launch([])]) }
    #expect(fakes.takeLog().suffix(3) == ["end capture on 2", "make graph 5", "destroy graph 5"])
  }

  @Test(arguments: ["cuDevicePrimaryCtxRetain", "cuGraphInstantiateWithFlags"])
  func refusalsAreErrors(call: String) throws {
    let fakes = try FakeLibraries(defines: ["FAILING=\"\(call)\""])
    let expected = CUDABackendError.failedCall(
      library: "the NVIDIA driver", call: call,
      reason: "CUDA_ERROR_LAUNCH_FAILED (719), unspecified launch failure")
    #expect(throws: expected) { try fakes.machine().capture([]) }
  }

  /// Nothing can be thrown where a program runs: whoever made the machine is told.
  @Test func aFailureWhileRunningStops() async {
    await #expect(processExitsWith: .exitCode(69)) {
      let fakes = try FakeLibraries(defines: ["FAILING=\"cuMemcpyHtoDAsync_v2\""])
      let machine = try CUDAMachine(try fakes.session()) { error in
        exit(error.description.contains("cuMemcpyHtoDAsync_v2") ? 69 : 70)
      }
      machine.write([Float(1)].span.bytes, to: try machine.allocate(byteCount: 4))
    }
  }

  // MARK: - Convolutions

  private static let geometry = ConvolutionGeometry(
    n: 2, c: 3, h: 5, w: 5, k: 4, r: 3, s: 3, stride: 1, padding: 1)

  private func engines(_ log: [String]) -> [Int] {
    log.filter { $0.hasPrefix("convolve") }.compactMap {
      $0.split(separator: " ").dropFirst(3).first.flatMap { Int($0) }
    }
  }

  /// One run to see that it works, then three rounds of four: the second of three plans is fastest.
  @Test func theFastestPlanIsTaken() throws {
    let fakes = try FakeLibraries()
    let convolution = Convolution(Self.geometry, .forward, .bfloat16)
    let machine = try fakes.machine()
    #expect(try machine.prepare(convolution) == 1_200)
    let rounds = [10, 12, 13].flatMap { Array(repeating: $0, count: 13) }
    #expect(engines(fakes.takeLog()) == rounds)
    let address = DeviceAddress(4096)
    machine.run(
      .convolution(
        ConvolutionCall(
          convolution, x: address, w: address + 1, y: address + 2, workspace: address + 3)))
    #expect(fakes.takeLog() == ["convolve with engine 12 1000 1001 1002 1003"])
    // Another machine takes what was measured, after one run.
    let other = try fakes.machine()
    #expect(try other.prepare(convolution) == 1_200)
    #expect(engines(fakes.takeLog()) == [12])
  }

  @Test func nothingIsMeasuredWhereResultsAreToBeReproducible() throws {
    let fakes = try FakeLibraries()
    let machine = try fakes.machine(ConvolutionNumerics(isReproducible: true))
    #expect(machine.arithmetic.hasSuffix("tf32, reproducible"))
    #expect(try machine.prepare(Convolution(Self.geometry, .backwardData, .float32)) == 1_000)
    #expect(engines(fakes.takeLog()) == [10])
  }

  @Test func strictFloat32UsesNoTensorCore() throws {
    let fakes = try FakeLibraries()
    let machine = try fakes.machine(ConvolutionNumerics(float32: .strict))
    #expect(try machine.prepare(Convolution(Self.geometry, .forward, .float32)) == 1_300)
    // Only float32 can be multiplied more or less strictly.
    #expect(try machine.prepare(Convolution(Self.geometry, .forward, .bfloat16)) == 1_000)
  }

  /// A program adds in two steps where cuDNN does not.
  @Test func sumsThatCannotBeMadeAreLeftToTheProgram() throws {
    let fakes = try FakeLibraries()
    let machine = try fakes.machine()
    let convolution = Convolution(
      Self.geometry, .backwardData, .bfloat16, accumulates: true)
    #expect(try machine.prepare(convolution) == nil)
    #expect(
      convolution.description
        == "backwardData 2×3×5×5 by 4×3×3×3, stride 1, padding 1, bfloat16, accumulating")
  }

  @Test func describesAGPU() throws {
    let fakes = try FakeLibraries()
    #expect(try PlanCheck.describe(fakes.search, device: 1) == "{\"deviceVer\": 900}")
    #expect(throws: CUDABackendError.unknownDevice(index: 2, count: 2)) {
      try PlanCheck.describe(fakes.search, device: 2)
    }
  }

  @Test func aRefusedConvolutionSaysWhy() throws {
    let fakes = try FakeLibraries()
    let library = try fakes.search.convolutions()
    let planner = ConvolutionPlanner(
      library: library, target: try .described(PlanCheck.h100, library),
      numerics: ConvolutionNumerics())
    let convolution = Convolution(Self.geometry, .forward, .float32, accumulates: true)
    #expect(
      throws: CUDABackendError.unplannedConvolution(
        convolution.description,
        reason: "cuDNN refused the heuristics: CUDNN_STATUS_NOT_SUPPORTED, not for this shape")
    ) { try planner.plans(convolution) }
  }
}

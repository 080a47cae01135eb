import Datasets
import Foundation
import Schedules
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite struct CheckpointTests {
  private let checkpoint = Checkpoint(
    tensors: [
      .init(name: "conv.weight", shape: [2, 1, 1, 2], values: [1, -2, 0.5, .pi]),
      .init(name: "empty", shape: [0], values: []),
      .init(name: "scalar", shape: [], values: [-0.0]),
    ],
    metadata: ["step": "12", "recipe": "{\n\"a\": \"ü\\\u{1}\"}"])

  private func error(_ bytes: [UInt8]) -> String {
    message { _ = try Checkpoint(bytes: bytes, path: "c") }
  }

  /// A file of this header and these values.
  private func file(_ header: String, _ values: [UInt8] = []) -> [UInt8] {
    let length = UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + values
  }

  @Test func readsBackWhatItWrites() throws {
    let bytes = checkpoint.serialized()
    let read = try Checkpoint(bytes: bytes, path: "c")
    #expect(read == checkpoint)
    #expect(read["scalar"]?.values[0].sign == .minus)
    #expect(read["other"] == nil)
    #expect(checkpoint.serialized() == bytes)
  }

  /// Byte for byte what the format asks for.
  @Test func isSafetensors() {
    let bytes = Checkpoint(
      tensors: [.init(name: "w", shape: [2], values: [1, -2])], metadata: ["a": "b"]
    ).serialized()
    let values: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
    let said = #"{"a":"b"}{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    let headerDigest = SHA256.hexadecimal(of: Array(said.utf8))
    let header =
      #"{"__metadata__":{"a":"b","headerSHA256":"\#(headerDigest)","#
      + #""sha256":"\#(SHA256.hexadecimal(of: values))"},"#
      + #""w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    let padding = [UInt8](repeating: 0x20, count: (8 - header.utf8.count % 8) % 8)
    let length = header.utf8.count + padding.count
    let (low, high) = (UInt8(length % 256), UInt8(length / 256))
    #expect(bytes == [low, high, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + padding + values)
  }

  @Test func saysWhatIsWrong() {
    #expect(error([]) == "expected safetensors data in c, found 0 bytes")
    #expect(
      error([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
        == "expected safetensors data in c, found a header of 18446744073709551615 bytes")
    #expect(
      error([0, 0, 0, 0, 0, 0, 0, 0x80] + [UInt8](repeating: 0x20, count: 64))
        == "expected safetensors data in c, found a header of 9223372036854775808 bytes")
    #expect(
      error(file(#"{"__metadata__":{"step":12}}"#))
        == "expected safetensors data in c, found a header that is not its JSON")
    #expect(
      error(file(String(repeating: "[", count: 100_000)))
        == "expected safetensors data in c, found a header that is not its JSON")
    #expect(error([9, 0, 0, 0, 0, 0, 0, 0, 0x7B]) == "expected 17 bytes in c, found 9")
    #expect(
      error(file("{]")) == "expected safetensors data in c, found a header that is not its JSON")
    #expect(
      error(file(#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#))
        == "expected safetensors data in c, found a header that is not its JSON")
    #expect(
      error(file(#"{"w":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}"#, [0, 0]))
        == "expected safetensors data in c, found w of type F16")
    #expect(
      error(file(#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, [0, 0, 0, 0]))
        == "expected safetensors data in c, found w at bytes 0 to 4")
    #expect(
      error(file(#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, [0, 0, 0, 0]))
        == "expected safetensors data in c, found w at bytes 4 to 8")
    #expect(
      error(file(#"{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,-4]}}"#))
        == "expected safetensors data in c, found w at bytes 0 to -4")
    let huge = "4611686018427387904"
    // Three tensors that would fit the counts one by one, and no number together.
    let (large, sum) = (1 << 60, 1 << 62)
    #expect(
      error(
        file(
          #"{"a":{"dtype":"F32","shape":[\#(large - 1)],"data_offsets":[0,\#(sum - 4)]},"#
            + #""b":{"dtype":"F32","shape":[\#(large - 1)],"#
            + #""data_offsets":[\#(sum - 4),\#(2 * (sum - 4))]}}"#))
        == "expected safetensors data in c, found b at bytes \(sum - 4) to \(2 * (sum - 4))")
    #expect(
      error(file(#"{"w":{"dtype":"F32","shape":[\#(huge),4],"data_offsets":[0,0]}}"#))
        == "expected safetensors data in c, found w at bytes 0 to 0")
    #expect(
      error(file(#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, [0, 0]))
        == "expected 66 bytes in c, found 64")
  }

  @Test func survivesDamage() {
    let bytes = checkpoint.serialized()
    for length in 0..<bytes.count {
      #expect(error(Array(bytes.prefix(length))) != "no error")
    }
    #expect(error(bytes + [0]) == "expected \(bytes.count) bytes in c, found \(bytes.count + 1)")
    for position in bytes.count - 20..<bytes.count {
      var damaged = bytes
      damaged[position] ^= 0x10
      #expect(
        error(damaged)
          == "expected the values that were written in c, found others (SHA-256 differs)")
    }
  }

  /// No bit of a training's checkpoint can change unnoticed.
  @Test func noBitChangesUnnoticed() throws {
    let checkpoint = Checkpoint(
      tensors: [.init(name: "w", shape: [2, 1], values: [1, -2])],
      metadata: [Checkpoint.formatKey: Checkpoint.format, "step": "12"])
    let bytes = checkpoint.serialized()
    #expect(try Checkpoint(bytes: bytes, path: "c") == checkpoint)
    for position in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[position] ^= 1 << bit
        #expect(error(damaged) != "no error", "bit \(bit) of byte \(position)")
      }
    }
  }

  @Test func isWrittenWholeOrNotAtAll() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/c.safetensors"
    try checkpoint.write(to: path)
    try checkpoint.write(to: path)
    #expect(try Checkpoint(path: path) == checkpoint)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["c.safetensors"])
    #expect(
      message { try checkpoint.write(to: "/nowhere/c") }
        == "cannot write /nowhere/c.partial: No such file or directory")
    #expect(
      message { _ = try Checkpoint(path: "/nowhere/c") } == "cannot read /nowhere/c: no such file")
  }

  @Test func restoresAProgram() throws {
    let recipe = Toy.recipe()
    func program() throws -> TrainingProgram {
      try TrainingProgram(
        recipe, dataset: Toy.shapes().training, network: Toy.network(),
        backend: ReferenceBackend())
    }
    let trainer = try Toy.trainer(recipe, ReferenceBackend())
    let result = try trainer.run()
    let trained = try trainer.checkpoint()
    #expect(
      trained.tensors.map(\.name) == [
        "conv.weight", "bn.weight", "bn.bias", "fc.weight", "fc.bias", "bn.running_mean",
        "bn.running_var", "momentum/conv.weight", "momentum/bn.weight", "momentum/bn.bias",
        "momentum/fc.weight", "momentum/fc.bias",
      ])
    #expect(trained.metadata["step"] == "8")
    #expect(trained.metadata["recipe"] == (try recipe.json()))
    let restored = try program()
    try restored.restore(trained, path: "c")
    #expect(
      Checkpoint(restored.program, restored.graph, metadata: trained.metadata) == trained)
    // What has been read back judges as the trained network did, but for the file's single precision.
    let judged = restored.evaluate(Toy.shapes().test)
    #expect(abs(judged.loss - (try #require(result.epochs.last).testLoss)) < 1e-5)
    func error(_ change: (inout Checkpoint) -> Void) throws -> String {
      var changed = trained
      change(&changed)
      return message { try restored.restore(changed, path: "c") }
    }
    #expect(
      try error { $0.tensors.removeFirst() }
        == "expected the tensor conv.weight in c, found none")
    #expect(
      try error { $0.tensors.append(.init(name: "x", shape: [], values: [1])) }
        == "expected only the network's tensors in c, found x")
    #expect(
      try error {
        $0.tensors[0] = .init(name: "conv.weight", shape: [18], values: $0.tensors[0].values)
      } == "expected the shape 2×1×3×3 for conv.weight in c, found 18")
  }

  /// A run that diverges leaves the last good checkpoint, which is not its last one.
  @Test func onlyNumbersAreSaved() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/c"
    let trainer = try Toy.trainer(
      Toy.recipe(epochs: 5, learningRate: .constant(1e9)), ReferenceBackend())
    let result = try trainer.run([
      CheckpointWriter(path, every: 1), DivergenceStop(limit: .infinity),
    ])
    #expect(result.stepCount > 1)
    #expect(try !trainer.checkpoint().isFinite)
    let saved = try Checkpoint(path: path)
    #expect(saved.isFinite)
    let step = try #require(saved.metadata["step"].flatMap { Int($0) })
    #expect(0 < step && step < result.stepCount)
  }

  @Test func theEndAndTheWayAreSaved() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/c"
    final class Reader: Callback {
      var steps: [String?] = []
      let path: String
      init(_ path: String) { self.path = path }
      func handle(_ event: Event, of trainer: Trainer) -> Directive {
        switch event {
        case .stepEnded, .runBegan, .epochEnded:
          steps.append(try? Checkpoint(path: path).metadata["step"])
        case .epochBegan, .runEnded: break
        }
        return .proceed
      }
    }
    let reader = Reader(path)
    let trainer = try Toy.trainer(Toy.recipe(), ScriptedBackend())
    _ = try trainer.run([CheckpointWriter(path, every: 3), reader])
    #expect(reader.steps == [nil, nil, nil, "3", "3", "3", "3", "6", "6", "6", "6"])
    #expect(try Checkpoint(path: path).metadata["step"] == "8")
    let other = Reader(path)
    _ = try trainer.run([CheckpointWriter(path, savesEpochs: true), other])
    #expect(other.steps == ["0", "0", "0", "0", "0", "4", "4", "4", "4", "4", "8"])
  }
}

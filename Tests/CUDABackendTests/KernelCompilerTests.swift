import Foundation
import Testing

@testable import CUDABackend

@Suite struct KernelCompilerTests {
  private func compiler(_ fakes: FakeLibraries) throws -> KernelCompiler {
    KernelCompiler(
      library: try fakes.search.compiler(), architecture: "sm_90a",
      cache: FileCache(environment: fakes.environment, kind: "cubin"))
  }

  @Test func compilesOnce() throws {
    let fakes = try FakeLibraries([.compiler, .builtins])
    let compiler = try compiler(fakes)
    for _ in 0..<2 {
      let cubin = try compiler.cubin(.layout, .float32)
      #expect(String(decoding: cubin.dropLast(), as: UTF8.self) == "machine code")
    }
    #expect(
      fakes.takeLog() == [
        "compile --gpu-architecture=sm_90a --std=c++17 --ptxas-options=-v"
      ])
    _ = try compiler.cubin(.layout, .bfloat16)
    #expect(fakes.takeLog().count == 1)
  }

  @Test func compilesAgainWhatWasDamaged() throws {
    let fakes = try FakeLibraries([.compiler, .builtins])
    let compiler = try compiler(fakes)
    _ = try compiler.cubin(.layout, .float32)
    let folder = try #require(compiler.cache?.folder)
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
    try fakes.write("not machine code", to: "cache/anneal/cubin/\(name)")
    let cubin = try compiler.cubin(.layout, .float32)
    #expect(cubin.count == "machine code".utf8.count + 1)
    #expect(fakes.takeLog().count == 2)
  }

  @Test func saysWhatTheCompilerSays() throws {
    let fakes = try FakeLibraries([.compiler, .builtins])
    let compiler = try compiler(fakes)
    #expect(
      throws: CUDABackendError.uncompiled(
        source: "Layout.cu", architecture: "sm_90a", log: "expected ';'")
    ) { try compiler.compile("broken", name: "Layout.cu") }
  }

  @Test func architectures() {
    #expect(KernelCompiler.architecture(major: 8, minor: 0) == "sm_80")
    #expect(KernelCompiler.architecture(major: 9, minor: 0) == "sm_90a")
    #expect(KernelCompiler.architecture(major: 12, minor: 0) == "sm_120a")
  }
}

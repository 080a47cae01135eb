import CKernels

/// What the machine can do at best, measured: the ceiling to hold a kernel's speed against.
public struct MachinePeak: Hashable, Sendable {
  /// Threads that took part.
  public let threads: Int
  /// 10⁹ floating-point operations per second of independent multiply-and-adds in registers.
  public let gigaflops: Double
  /// 10⁹ bytes per second of a copy between large arrays, read and written bytes together.
  public let copyGigabytes: Double
}

extension KernelLibrary {
  /// Measures the ceiling of this variant on this pool; takes about a fifth of a second.
  ///
  /// The best of several short runs counts, since other programs only ever slow one down.
  public func machinePeak() -> MachinePeak {
    let threads = pool.threadCount
    let rounds = 200_000
    let floats = 16 << 20
    let source = UnsafeMutablePointer<Float>.allocate(capacity: floats)
    let destination = UnsafeMutablePointer<Float>.allocate(capacity: floats)
    defer {
      source.deallocate()
      destination.deallocate()
    }
    source.initialize(repeating: 1, count: floats)
    destination.initialize(repeating: 0, count: floats)
    let arithmetic = fastest(of: 8) {
      run(
        table.peakArithmetic, threads,
        PeakTask(source: nil, destination: destination, rounds: rounds, countPerTask: 1024))
    }
    let parts = 4 * threads
    let copying = fastest(of: 4) {
      run(
        table.peakCopy, parts,
        PeakTask(
          source: source, destination: destination, rounds: 1, countPerTask: floats / parts))
    }
    let flops = Double(table.peakFlopsPerRound * rounds * threads)
    let bytes = Double(2 * floats / parts * parts * MemoryLayout<Float>.stride)
    return MachinePeak(
      threads: threads, gigaflops: flops / arithmetic * 1e-9, copyGigabytes: bytes / copying * 1e-9)
  }

  /// The shortest of several runs, in seconds.
  private func fastest(of runs: Int, _ body: () -> Void) -> Double {
    var best = Double.infinity
    for _ in 0..<runs {
      let start = monotonicNanoseconds()
      body()
      best = min(best, Double(monotonicNanoseconds() - start) * 1e-9)
    }
    return best
  }
}

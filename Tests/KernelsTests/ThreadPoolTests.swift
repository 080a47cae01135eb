import Kernels
import Synchronization
import Testing

@Suite("Thread pool")
struct ThreadPoolTests {
  @Test("Every index is run exactly once", arguments: [1, 2, 3, 5])
  func indices(threads: Int) {
    let pool = ThreadPool(threadCount: threads)
    #expect(pool.threadCount == threads)
    for tasks in [0, 1, 2, 7, 1000] {
      let counts = UnsafeMutablePointer<Int>.allocate(capacity: max(tasks, 1))
      counts.initialize(repeating: 0, count: max(tasks, 1))
      for _ in 0..<20 { pool.run(tasks: tasks) { counts[$0] += 1 } }
      #expect((0..<tasks).allSatisfy { counts[$0] == 20 })
      counts.deallocate()
    }
  }

  @Test("Workers that fell asleep take part again")
  func sleep() {
    let pool = ThreadPool(threadCount: 2)
    for _ in 0..<3 {
      // Long enough for a worker to stop spinning: it then sleeps until it is woken.
      let start = ContinuousClock.now
      while ContinuousClock.now - start < .milliseconds(3) {}
      // Both tasks wait for each other, so that neither thread can run both.
      let arrived = Atomic<Int>(0)
      pool.run(tasks: 2) { _ in
        arrived.wrappingAdd(1, ordering: .sequentiallyConsistent)
        while arrived.load(ordering: .sequentiallyConsistent) < 2 {}
      }
      #expect(arrived.load(ordering: .sequentiallyConsistent) == 2)
    }
  }

  @Test("Many pools come and go")
  func lifetimes() {
    for threads in 1...4 {
      for _ in 0..<10 {
        let pool = ThreadPool(threadCount: threads)
        let sum = Atomic<Int>(0)
        pool.run(tasks: 10) { sum.wrappingAdd($0, ordering: .relaxed) }
        #expect(sum.load(ordering: .relaxed) == 45)
      }
    }
  }

  /// Short loops of rising length, one after the other, on more threads than cores.
  ///
  /// A worker that is held up between reading a loop and claiming an index must not claim one with
  /// the next loop's length or function: the sum of all calls would be too large, or the caller
  /// would wait for ever.
  @Test("A late worker never mixes two loops", .timeLimit(.minutes(1)))
  func lateWorkers() {
    let pool = ThreadPool(threadCount: 4)
    let calls = Atomic<Int>(0)
    var expected = 0
    for loop in 0..<60_000 {
      let tasks = 2 + loop % 37
      let total = Atomic<Int>(0)
      pool.run(tasks: tasks) { index in
        total.wrappingAdd(index + 1, ordering: .relaxed)
        calls.wrappingAdd(1, ordering: .relaxed)
      }
      guard total.load(ordering: .relaxed) == tasks * (tasks + 1) / 2 else {
        Issue.record("loop \(loop) of \(tasks) tasks added up to \(total.load(ordering: .relaxed))")
        return
      }
      expected += tasks
    }
    #expect(calls.load(ordering: .relaxed) == expected)
  }
}

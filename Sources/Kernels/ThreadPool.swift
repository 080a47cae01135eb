import CKernels
import Synchronization

/// Threads that wait for short parallel loops.
///
/// A training step is hundreds of loops of 10 µs to 10 ms. Workers therefore spin for a while after
/// a loop, ready for the next within a microsecond, and sleep on a futex when none comes, so that
/// an idle pool takes no processor time. A loop's indices are claimed one by one from a counter;
/// the calling thread takes part. A worker that wakes late finds nothing left to claim and nobody
/// waits for it, which matters on a machine with more threads than cores.
///
/// One thread at a time may call ``run(tasks:_:)``, and not from inside a loop.
public final class ThreadPool {
  /// Threads that take part in a loop, the caller's included.
  public let threadCount: Int

  private let state: UnsafeMutablePointer<PoolState>
  private var threads: [UInt64] = []

  /// Starts `threadCount - 1` workers; with 1 thread there is none.
  ///
  /// - Precondition: `threadCount` is at least 1 and the system can start that many threads.
  public init(threadCount: Int) {
    precondition(threadCount >= 1, "a thread pool needs at least 1 thread, found \(threadCount)")
    self.threadCount = threadCount
    state = .allocate(capacity: 1)
    state.initialize(to: PoolState())
    for _ in 1..<threadCount {
      var thread: UInt64 = 0
      let error = startThread(&thread, state) { context in
        context.assumingMemoryBound(to: PoolState.self).pointee.work()
      }
      precondition(error == 0, "the system could not start a thread (error \(error))")
      threads.append(thread)
    }
  }

  deinit {
    state.pointee.quits.store(true, ordering: .sequentiallyConsistent)
    state.pointee.announce()
    for thread in threads { joinThread(thread) }
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// Calls `body` once for each index in `0..<tasks`, on all threads, and returns when all are done.
  ///
  /// The order is not defined, and calls overlap. Nothing here allocates but Swift's own box for
  /// the closure; the kernels use ``run(tasks:context:_:)``, which has none.
  public func run(tasks: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { address in
        run(tasks: tasks, context: address) { context, index in
          context.assumingMemoryBound(to: ((Int) -> Void).self).pointee(index)
        }
      }
    }
  }

  /// Calls a C function once for each index in `0..<tasks`, as ``run(tasks:_:)`` does.
  ///
  /// - Parameters:
  ///   - tasks: How many calls, in `0..<2¹⁸`.
  ///   - context: Handed to every call.
  ///   - function: The function; its second argument is the index.
  public func run(
    tasks: Int, context: UnsafeRawPointer,
    _ function: @convention(c) (UnsafeRawPointer, Int) -> Void
  ) {
    precondition(tasks >= 0 && tasks < 1 << 18, "0..<2¹⁸ tasks are possible, found \(tasks)")
    if threads.isEmpty || tasks <= 1 {
      for index in 0..<tasks { function(context, index) }
    } else {
      state.pointee.run(UInt64(tasks), context, function)
    }
  }
}

/// One atomic variable alone on its cache lines, so that threads do not disturb each other.
private struct Isolated<Value: AtomicRepresentable>: ~Copyable {
  let value: Atomic<Value>
  // 128 bytes: processors fetch lines in pairs.
  private let padding: (SIMD16<UInt64>) = .zero

  init(_ value: Value) { self.value = Atomic(value) }
}

/// What a worker claims indices from: one word that says which loop is on, how long it is and which
/// index is next.
///
/// The length has to be in the same word as the index. Read on its own, it might be the next loop's
/// already while the index is still this one's, and a worker that was held up in between would claim
/// an index that this loop does not have.
private struct Ticket {
  static let indexBits: UInt64 = 18
  static let epochMask: UInt64 = (1 << 28) - 1
  static let indexMask: UInt64 = (1 << indexBits) - 1

  let bits: UInt64

  init(bits: UInt64) { self.bits = bits }

  init(epoch: UInt32, tasks: UInt64) {
    bits = (UInt64(epoch) & Self.epochMask) << (2 * Self.indexBits) | tasks << Self.indexBits
  }

  /// Whether an index of loop `epoch` is left.
  func offersWork(epoch: UInt32) -> Bool {
    bits >> (2 * Self.indexBits) == UInt64(epoch) & Self.epochMask && index < tasks
  }

  var index: UInt64 { bits & Self.indexMask }
  var tasks: UInt64 { bits >> Self.indexBits & Self.indexMask }
}

/// What the threads of a pool share.
///
/// A loop is published by writing its function and context, then its ``Ticket``. A worker reads the
/// ticket, then function and context, and then claims an index by exchanging the ticket for the
/// next one. The exchange succeeds only if the ticket is still the one it read, so an index of this
/// loop was free all the time; and the next loop is written only after every index of this one was
/// claimed and done. What it read in between is therefore of this loop.
private struct PoolState: ~Copyable {
  let ticket = Isolated<UInt64>(0)
  let completed = Isolated<UInt64>(0)
  /// The loop's number, on which workers sleep.
  let epoch = Isolated<UInt32>(0)
  let sleepers = Isolated<Int>(0)
  let function = Isolated<UInt>(0)
  let context = Atomic<UInt>(0)
  let quits = Atomic<Bool>(false)

  private static let spinNanoseconds: UInt64 = 700_000

  /// The caller's side of a loop.
  borrowing func run(
    _ tasks: UInt64, _ context: UnsafeRawPointer,
    _ function: @convention(c) (UnsafeRawPointer, Int) -> Void
  ) {
    self.function.value.store(
      unsafeBitCast(function, to: UInt.self), ordering: .relaxed)
    self.context.store(UInt(bitPattern: context), ordering: .relaxed)
    completed.value.store(0, ordering: .relaxed)
    let next = epoch.value.load(ordering: .relaxed) &+ 1
    ticket.value.store(Ticket(epoch: next, tasks: tasks).bits, ordering: .releasing)
    announce()
    claim(epoch: next)
    var rounds = 0
    while completed.value.load(ordering: .acquiring) != tasks {
      rounds &+= 1
      // A worker that holds a task may have lost its core to this very loop.
      if rounds > 2000 { yieldProcessor() } else { pauseProcessor() }
    }
  }

  /// Begins the next epoch and wakes who sleeps.
  borrowing func announce() {
    epoch.value.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if sleepers.value.load(ordering: .sequentiallyConsistent) > 0 {
      withUnsafePointer(to: epoch.value) { wakeSleepers($0) }
    }
  }

  /// A worker's life.
  borrowing func work() {
    var seen: UInt32 = 0
    while true {
      seen = nextEpoch(after: seen)
      if quits.load(ordering: .acquiring) { return }
      claim(epoch: seen)
    }
  }

  /// Waits for an epoch other than `seen`: spinning first, then asleep.
  private borrowing func nextEpoch(after seen: UInt32) -> UInt32 {
    let start = monotonicNanoseconds()
    while true {
      for _ in 0..<32 {
        let now = epoch.value.load(ordering: .acquiring)
        if now != seen { return now }
        pauseProcessor()
      }
      guard monotonicNanoseconds() &- start > Self.spinNanoseconds else { continue }
      sleepers.value.wrappingAdd(1, ordering: .sequentiallyConsistent)
      withUnsafePointer(to: epoch.value) { sleepWhileEqual($0, seen) }
      sleepers.value.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    }
  }

  /// Takes indices of loop `epoch` until none is left.
  private borrowing func claim(epoch: UInt32) {
    var current = Ticket(bits: ticket.value.load(ordering: .acquiring))
    while current.offersWork(epoch: epoch) {
      let function = self.function.value.load(ordering: .relaxed)
      let context = self.context.load(ordering: .relaxed)
      let claim = ticket.value.weakCompareExchange(
        expected: current.bits, desired: current.bits &+ 1, ordering: .acquiringAndReleasing)
      guard claim.exchanged else {
        current = Ticket(bits: claim.original)
        continue
      }
      if let context = UnsafeRawPointer(bitPattern: context) {
        let body = unsafeBitCast(
          function, to: (@convention(c) (UnsafeRawPointer, Int) -> Void).self)
        body(context, Int(current.index))
      }
      completed.value.wrappingAdd(1, ordering: .releasing)
      current = Ticket(bits: ticket.value.load(ordering: .acquiring))
    }
  }
}

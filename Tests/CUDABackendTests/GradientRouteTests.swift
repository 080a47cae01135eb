import Networks
import Tensors
import Testing

@testable import CUDABackend

/// How processes agree on the way of their gradients, and what becomes of it when one of them goes, over
/// a driver and an NCCL that log their calls.
@Suite struct GradientRouteTests {
  private static let other = TeamOffer(device: "0000:71:00.0", version: "2.28.9")

  /// The second of two processes, which has what it takes.
  private static func host(_ offer: TeamOffer = other, problem: String = "") -> ScriptedHost {
    ScriptedHost { exchange, _ in [exchange == 0 ? offer.bytes : Array(problem.utf8)] }
  }

  private static func backend(_ fakes: FakeLibraries) throws -> CUDABackend {
    CUDABackend(try fakes.session()) { preconditionFailure($0.description) }
  }

  private static func route(
    _ fakes: FakeLibraries, _ host: ScriptedHost, patience: Double = 60
  ) throws -> GradientRoute {
    try GradientRoute(backend(fakes), host, fakes.search, patience: patience)
  }

  @Test func aGPUForEachProcess() throws {
    let fakes = try FakeLibraries()
    let route = try Self.route(fakes, Self.host())
    #expect(route.description == "between the GPUs by NCCL 2.28.9")
    #expect(route.collective is NCCLCollective)
    #expect(route.collective.count == 2 && route.collective.rank == 0)
    #expect(
      route.backend?.arithmetic
        == "cuda, Fake GPU 70, cuDNN 9.19.0, NVRTC 13.0, tf32, sums of 2 by NCCL 2.28.9")
    let log = fakes.takeLog()
    #expect(log.contains("join 2 processes as 0"))
    #expect(log.contains { $0.hasPrefix("sum 1024 values on ") })
  }

  /// Everybody says the same of the same offers.
  @Test func whatStandsInTheWay() {
    let gpus = (0..<3).map { TeamOffer(device: "0000:7\($0):00.0", version: "2.28.9") }
    #expect(TeamOffer.obstacle(gpus) == nil)
    #expect(
      TeamOffer.obstacle([gpus[0], TeamOffer(), gpus[2]]) == "process 1 computes on the processor")
    #expect(
      TeamOffer.obstacle([gpus[0], TeamOffer(device: "0000:71:00.0", problem: "no NCCL:\nnowhere")])
        == "process 1 says: no NCCL: nowhere")
    #expect(
      TeamOffer.obstacle([gpus[1], gpus[0], gpus[1]])
        == "processes 0 and 2 share the GPU 0000:71:00.0")
    #expect(
      TeamOffer.obstacle([gpus[0], TeamOffer(device: "0000:71:00.0", version: "2.27.3")])
        == "process 0 has NCCL 2.28.9 and process 1 2.27.3")
    for offer in gpus { #expect(TeamOffer(bytes: offer.bytes) == offer) }
    #expect(TeamOffer(bytes: Array("nothing".utf8)) == nil)
  }

  @Test func withoutNCCLTheHostIsTheWay() throws {
    let fakes = try FakeLibraries(FakeLibraries.Part.allCases.filter { $0 != .collectives })
    let host = Self.host()
    let route = try Self.route(fakes, host)
    let description = try #require(route.description)
    #expect(
      description.hasPrefix(
        "through the host, because process 0 says: no NCCL: several GPUs unavailable; expected "
          + "libnccl.so.2, found none in "))
    #expect(route.collective === host)
    #expect(route.backend?.arithmetic.contains("NCCL") == false)
  }

  @Test func processorsHaveNothingToSay() throws {
    let fakes = try FakeLibraries([])
    let host = Self.host(TeamOffer())
    let route = try GradientRoute(nil, host, fakes.search, patience: 60)
    #expect(route.description == nil && route.backend == nil)
    #expect(route.collective === host)
    let mixed = try GradientRoute(nil, Self.host(), fakes.search, patience: 60)
    #expect(
      mixed.description == "through the host, because process 0 computes on the processor")
  }

  @Test(arguments: [
    (["FAILING=\"ncclGetUniqueId\""], "NCCL refused ncclGetUniqueId: invalid usage (5)"),
    (["FAILING=\"ncclCommInitRank\""], "NCCL refused ncclCommInitRank: invalid usage (5)"),
    (["FAILING=\"ncclAllReduce\""], "NCCL refused ncclAllReduce: invalid usage (5)"),
    (["OFFSET=1"], "NCCL refused a first sum: expected 1024, found 1025.0"),
  ])
  func whatNCCLRefusesIsNoError(defines: [String], problem: String) throws {
    let fakes = try FakeLibraries(defines: defines)
    let route = try Self.route(fakes, Self.host())
    #expect(route.description == "through the host, because process 0 says: \(problem)")
    #expect(route.backend?.arithmetic.contains("NCCL") == false)
  }

  @Test func whatAnotherProcessMeetsIsEverybodys() throws {
    let fakes = try FakeLibraries()
    let route = try Self.route(fakes, Self.host(problem: "it is too warm"))
    #expect(route.description == "through the host, because process 1 says: it is too warm")
    #expect(fakes.takeLog().contains("abort sums"))
  }

  /// NCCL waits for processes that have gone; this one does not.
  @Test func aProcessThatGoesBeforeTheFirstSumIsNotWaitedFor() throws {
    let fakes = try FakeLibraries(defines: ["HANGING=\"ncclCommInitRank\""])
    let host = ScriptedHost { _, _ in [Self.other.bytes] }
    let leaving = LeavingHost(host, after: 2)
    #expect(throws: CollectiveError.lost(rank: 1)) {
      try GradientRoute(Self.backend(fakes), leaving, fakes.search, patience: 60)
    }
    let waiting = Self.host()
    #expect(
      throws: CollectiveError.failed(
        rank: 0, reason: "the GPUs have not come together within 0 seconds")
    ) { try GradientRoute(Self.backend(fakes), waiting, fakes.search, patience: 0.1) }
    #expect(waiting.abandoned == ["the GPUs have not come together within 0 seconds"])
  }

  // MARK: - Sums

  private static var graph: Graph {
    var network = Network(name: "small", imageChannels: 8)
    let x = network.add(.globalAveragePool, "pool", network.images)
    _ = network.add(.linear(outputs: 3), "fc", x)
    return Graph(
      network: network, configuration: .init(batch: 2, height: 4, width: 4, accumulation: 2))
  }

  /// The backward pass goes on on stream 2 while the bucket's sum waits on another one for its mark;
  /// the update waits for the sum, and so does whoever reads it.
  @Test func bucketsGoBesideTheBackwardPass() throws {
    let fakes = try FakeLibraries()
    let route = try Self.route(fakes, Self.host())
    let graph = Self.graph
    let program = try #require(try route.backend?.compile(graph))
    let bucket = try #require(graph.gradientBuckets().first)
    program.run(.forward)
    _ = fakes.takeLog()
    program.run(.backward)
    let backward = fakes.takeLog()
    #expect(backward.count == 1 && backward[0].hasPrefix("replay "))
    let main = try #require(backward[0].split(separator: " ").last)
    #expect(try route.collective.accumulate(bucket, of: program))
    let log = fakes.takeLog().filter { !$0.hasPrefix("  ") }
    #expect(log.count == 4)
    let side = try #require(log[0].split(separator: " ").dropFirst().first)
    #expect(side != main)
    #expect(log[0].hasPrefix("let \(side) wait for event ") && log[0].hasSuffix(" of \(main)"))
    #expect(log[1].hasPrefix("launch ") && log[1].hasSuffix(" on \(side)"))
    // 3 × 8 weights and 3 biases, which begin at a multiple of 4.
    #expect(log[2] == "sum 28 values on \(side)")
    #expect(log[3].hasPrefix("launch ") && log[3].hasSuffix(" on \(side)"))
    program.run(.forward)
    #expect(fakes.takeLog().allSatisfy { $0.hasPrefix("replay ") })
    program.run(.update)
    let update = fakes.takeLog()
    #expect(update.count == 2 && update[1].hasPrefix("replay "))
    #expect(update[0].hasPrefix("let \(main) wait for ") && update[0].hasSuffix(" of \(side)"))
    // Once is enough.
    program.run(.update)
    #expect(fakes.takeLog().count == 1)
    #expect(try route.collective.accumulate(bucket, of: program))
    _ = fakes.takeLog()
    var sums = [Float](repeating: 0, count: graph[bucket.sums[0]].shape.count)
    var span = sums.mutableSpan
    program.read(bucket.sums[0], into: &span)
    #expect(fakes.takeLog().first?.hasPrefix("let \(main) wait for ") == true)
  }

  @Test func aRefusedSumEndsTheTraining() throws {
    let fakes = try FakeLibraries(defines: ["GOOD_SUMS=1"])
    let host = Self.host()
    let route = try Self.route(fakes, host)
    let program = try #require(try route.backend?.compile(Self.graph))
    let bucket = try #require(Self.graph.gradientBuckets().first)
    program.run(.backward)
    let reason = "NCCL refused ncclAllReduce: invalid usage (5)"
    #expect(throws: CollectiveError.failed(rank: 0, reason: reason)) {
      try route.collective.accumulate(bucket, of: program)
    }
    #expect(host.abandoned == [reason])
    #expect(fakes.takeLog().contains("abort sums"))
    // Nobody sums with a process that has given up.
    #expect(
      throws: CollectiveError.failed(
        rank: 0, reason: "NCCL refused ncclAllReduce: the processes are no longer together")
    ) { try route.collective.accumulate(bucket, of: program) }
  }

  @Test func whoeverHearsOfAnEndAbortsTheSums() throws {
    let fakes = try FakeLibraries()
    let host = Self.host()
    let route = try Self.route(fakes, host)
    let program = try #require(try route.backend?.compile(Self.graph))
    let bucket = try #require(Self.graph.gradientBuckets().first)
    program.run(.backward)
    _ = fakes.takeLog()
    host.gone = .lost(rank: 1)
    #expect(throws: CollectiveError.lost(rank: 1)) {
      try route.collective.accumulate(bucket, of: program)
    }
    #expect(fakes.takeLog() == ["abort sums"])
    #expect(throws: CollectiveError.lost(rank: 1)) { try route.collective.gather([]) }
    #expect(fakes.takeLog() == [])
    route.collective.abandon("enough")
    #expect(host.abandoned == ["enough"])
  }

  /// A GPU that waits for one that has gone is not waited for either.
  @Test func aWaitLooksAfterTheOthers() throws {
    let fakes = try FakeLibraries(defines: ["STALLED=1"])
    let host = Self.host()
    let route = try Self.route(fakes, host)
    let context = try #require(route.backend?.gpu?.session.context)
    let stream = try DeviceStream(context)
    host.gone = .lost(rank: 1)
    #expect(throws: CUDABackendError.brokenTeam(.lost(rank: 1))) { try stream.synchronize() }
    #expect(fakes.takeLog().contains("abort sums"))
  }

  @Test(arguments: [
    ([], "the sum of all processes' gradients has not come within 0 seconds"),
    (["ASYNC_ERROR=6"], "NCCL refused a sum between GPUs: remote process exited (6)"),
  ])
  func aWaitHasAnEnd(defines: [String], reason: String) throws {
    let fakes = try FakeLibraries(defines: ["STALLED=1"] + defines)
    let host = Self.host()
    let route = try Self.route(fakes, host, patience: 0.5)
    let event = try DeviceEvent(#require(route.backend?.gpu?.session.context))
    #expect(throws: CUDABackendError.brokenTeam(.failed(rank: 0, reason: reason))) {
      try event.synchronize()
    }
    #expect(host.abandoned == [reason])
    #expect(fakes.takeLog().contains("abort sums"))
  }

  /// Work that takes its time is waited for where no sum goes on, whoever has left by then.
  @Test func theEndOfATrainingIsNoFailure() throws {
    let fakes = try FakeLibraries()
    let host = Self.host()
    let route = try Self.route(fakes, host)
    let session = try #require(route.backend?.gpu?.session)
    host.gone = .lost(rank: 1)
    let communicator = try #require(session.communicator)
    let watch = TeamWatch(communicator: communicator, host: host, patience: 60)
    try watch.look(after: 1_000)
    #expect(!fakes.takeLog().contains("abort sums"))
  }

  @Test func aTeamIsLeftLast() throws {
    let fakes = try FakeLibraries()
    var route: GradientRoute? = try Self.route(fakes, Self.host())
    var program = try route?.backend?.compile(Self.graph)
    _ = fakes.takeLog()
    #expect(program != nil)
    program = nil
    route = nil
    let log = fakes.takeLog()
    let order = ["wait for", "leave the processes", "release context"].map { words in
      log.firstIndex { $0.hasPrefix(words) }
    }
    #expect(!order.contains(nil), "\(log)")
    #expect(order.compactMap(\.self).sorted() == order.compactMap(\.self))
  }

  @Test func counting() throws {
    let fakes = try FakeLibraries()
    #expect(try CUDABackend.deviceCount(fakes.search) == 2)
  }
}

/// A team that loses its second process after some questions for it.
private final class LeavingHost: Collective {
  private let host: ScriptedHost
  private var questions: Int

  init(_ host: ScriptedHost, after questions: Int) {
    self.host = host
    self.questions = questions
  }

  var rank: Int { host.rank }
  var count: Int { host.count }

  func add(_ values: Span<Float>, onto totals: inout MutableSpan<Float>) throws(CollectiveError) {
    try host.add(values, onto: &totals)
  }
  func gather(_ message: [UInt8]) throws(CollectiveError) -> [[UInt8]] {
    try host.gather(message)
  }
  func broadcast(_ message: [UInt8]) throws(CollectiveError) -> [UInt8] {
    try host.broadcast(message)
  }
  func check() throws(CollectiveError) {
    questions -= 1
    if questions < 0 { throw .lost(rank: 1) }
  }
  func abandon(_ reason: String) { host.abandon(reason) }
}

internal import Dispatch
public import Networks
private import Synchronization

/// How gradients get from process to process, as all processes of a training have agreed.
///
/// They go from GPU to GPU if every process has a GPU of its own and the same NCCL, and a first sum comes
/// out right; otherwise all of them go through the host.
public struct GradientRoute {
  /// The backend that goes with it; `nil` for a process that computes on the processor.
  public let backend: CUDABackend?
  /// The collective that goes with it.
  public let collective: any Collective
  /// In words: `between the GPUs by NCCL 2.28.9` or `through the host, because …`; `nil` where no
  /// process has a GPU and nothing else was to be expected.
  public let description: String?

  /// Agrees with the other processes, each of which does the same.
  ///
  /// - Parameters:
  ///   - backend: This process's; `nil` for the processor.
  ///   - host: Connects the processes.
  ///   - search: Where NCCL is looked for.
  ///   - patience: Seconds that sums may take, > 0.
  /// - Throws: Who is gone or silent. What NCCL refuses is no error: the host is then the way.
  public init(
    _ backend: CUDABackend?, _ host: any Collective, _ search: LibrarySearch, patience: Double
  ) throws(CollectiveError) {
    var library: CollectiveLibrary?
    let offer = Self.offer(backend, search, &library)
    let offers = try Self.gather(offer, host)
    if offers.allSatisfy(\.device.isEmpty) {
      self.init(backend, host, nil)
      return
    }
    if let obstacle = TeamOffer.obstacle(offers) {
      self.init(backend, host, "through the host, because \(obstacle)")
      return
    }
    guard let gpu = backend?.gpu, let library else {
      preconditionFailure("a process offers what it does not have")
    }
    let end = TeamEnd(host: host, patience: patience)
    let communicator = try end.communicator(library, gpu.session.context)
    let problems = try host.gather(Array(end.problem.utf8)).map {
      String(decoding: $0, as: UTF8.self)
    }
    if let rank = problems.firstIndex(where: { !$0.isEmpty }) {
      communicator?.abort()
      self.init(
        backend, host, "through the host, because process \(rank) says: \(problems[rank])")
      return
    }
    guard let communicator else { preconditionFailure("there is no communicator and no problem") }
    let watch = TeamWatch(communicator: communicator, host: host, patience: patience)
    self.init(
      CUDABackend(gpu.session.joined(communicator, watch), stop: gpu.stop),
      NCCLCollective(host) { communicator.abort() },
      "between the GPUs by NCCL \(library.version)")
  }

  private init(
    _ backend: CUDABackend?, _ collective: any Collective, _ description: String?
  ) {
    (self.backend, self.collective, self.description) = (backend, collective, description)
  }

  private static func offer(
    _ backend: CUDABackend?, _ search: LibrarySearch, _ library: inout CollectiveLibrary?
  ) -> TeamOffer {
    guard let gpu = backend?.gpu else { return TeamOffer() }
    var offer = TeamOffer(device: "cuda:\(gpu.session.context.gpu.index)")
    do throws(CUDABackendError) {
      offer.device = try gpu.session.context.busAddress()
      let found = try search.collectives()
      offer.version = found.version
      library = found
    } catch {
      offer = TeamOffer(device: offer.device, problem: error.description)
    }
    return offer
  }

  private static func gather(
    _ offer: TeamOffer, _ host: any Collective
  ) throws(CollectiveError) -> [TeamOffer] {
    var offers: [TeamOffer] = []
    for (rank, message) in try host.gather(offer.bytes).enumerated() {
      guard let offer = TeamOffer(bytes: message) else {
        throw .disagreement(
          rank: rank, expected: "an offer of a GPU",
          found: "'\(String(decoding: message, as: UTF8.self))'")
      }
      offers.append(offer)
    }
    return offers
  }
}

/// The making of a communicator, which waits for all processes and must not wait for those that have gone.
private final class TeamEnd {
  let host: any Collective
  let patience: Double
  /// Why there is no communicator, or none that can be used; empty if there is.
  private(set) var problem = ""

  init(host: any Collective, patience: Double) {
    self.host = host
    self.patience = patience
  }

  /// Makes the communicator on a thread of its own: NCCL waits there without end, and only here is it
  /// noticed that somebody has gone.
  func communicator(
    _ library: CollectiveLibrary, _ context: DeviceContext
  ) throws(CollectiveError) -> Communicator? {
    guard let name = try name(library) else { return nil }
    let (rank, count) = (host.rank, host.count)
    let result = try watched { () -> Result<Communicator, CUDABackendError> in
      Result { () throws(CUDABackendError) in
        let communicator = try Communicator(
          library, context, name: name, rank: rank, count: count)
        try communicator.trySum(rank: rank)
        return communicator
      }
    }
    switch result {
    case .success(let communicator): return communicator
    case .failure(let error):
      problem = error.description
      return nil
    }
  }

  /// The group's name, which process 0 makes.
  private func name(_ library: CollectiveLibrary) throws(CollectiveError) -> [UInt8]? {
    var message: [UInt8] = []
    if host.rank == 0 {
      do throws(CUDABackendError) {
        message = [1] + (try Communicator.newName(library))
      } catch {
        message = [0] + Array(error.description.utf8)
      }
    }
    message = try host.broadcast(message)
    if message.first == 1 { return Array(message.dropFirst()) }
    problem = String(decoding: message.dropFirst(), as: UTF8.self)
    return nil
  }

  private func watched<Value: Sendable>(
    _ body: @escaping @Sendable () -> Value
  ) throws(CollectiveError) -> Value {
    let place = ResultPlace<Value>()
    DispatchQueue(label: "first sum between GPUs").async { place.put(body()) }
    let end = ContinuousClock.now + .seconds(patience)
    while true {
      if let value = place.wait(milliseconds: 100) { return value }
      try host.check()
      if ContinuousClock.now >= end {
        let reason = "the GPUs have not come together within \(Int(patience)) seconds"
        host.abandon(reason)
        throw .failed(rank: host.rank, reason: reason)
      }
    }
  }
}

/// What a thread leaves for another one.
private final class ResultPlace<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let ready = DispatchSemaphore(value: 0)

  func put(_ result: Value) {
    value.withLock { $0 = result }
    ready.signal()
  }

  /// What was left; `nil` if nothing was by then.
  func wait(milliseconds: Int) -> Value? {
    guard ready.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return nil }
    return value.withLock { $0 }
  }
}

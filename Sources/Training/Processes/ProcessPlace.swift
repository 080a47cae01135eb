/// Where a process stands among those that carry out one training.
///
/// Who starts processes tells each of them in its environment. The first of these that is there counts:
///
/// | Started by | Rank | Processes | Of this machine |
/// | --- | --- | --- | --- |
/// | `anneal train --processes`, torchrun | `RANK` | `WORLD_SIZE` | `LOCAL_RANK`, `LOCAL_WORLD_SIZE` |
/// | Open MPI's `mpirun` | `OMPI_COMM_WORLD_RANK` | `…_SIZE` | `…_LOCAL_RANK`, `…_LOCAL_SIZE` |
/// | Slurm's `srun` | `SLURM_PROCID` | `SLURM_STEP_NUM_TASKS` | `SLURM_LOCALID` |
/// | MPICH's `mpiexec` | `PMI_RANK` | `PMI_SIZE` | |
///
/// `SLURM_NTASKS` is not asked: a batch script has it too, and what it starts without `srun` is one
/// process. The processes meet at `MASTER_PORT` of 127.0.0.1; without it, at a port that follows from
/// the job's name, so that two jobs on a machine do not meet each other.
public struct ProcessPlace: Hashable, Sendable {
  /// The number of this process, 0..<`count`.
  public let rank: Int
  /// The processes, ≥ 1.
  public let count: Int
  /// The number of this process among those of its machine, ≥ 0.
  public let localRank: Int
  /// The port of 127.0.0.1 at which process 0 waits for the others.
  public let port: Int
  /// What the processes of one start have in common and others have not; may be empty.
  public let session: String

  /// Names a place.
  ///
  /// - Precondition: 0 ≤ `rank` < `count`, 0 ≤ `port` < 65,536, `localRank` ≥ 0.
  public init(
    rank: Int, count: Int, localRank: Int? = nil, port: Int, session: String = ""
  ) {
    precondition(0..<count ~= rank, "there is no process \(rank) of \(count)")
    precondition(0..<65_536 ~= port, "there is no port \(port)")
    precondition((localRank ?? 0) >= 0, "there is no process \(localRank ?? 0) of a machine")
    (self.rank, self.count, self.port, self.session) = (rank, count, port, session)
    self.localRank = localRank ?? rank
  }

  /// Threads of the machine that fall to this process: an equal part, the first ones taking what is over.
  ///
  /// - Parameter total: The threads of all processes, ≥ 1.
  /// - Returns: At least 1.
  public func threads(of total: Int) -> Int {
    max(1, total / count + (rank < total % count ? 1 : 0))
  }

  // MARK: - The environment

  /// The variables of one way to start processes.
  private struct Starter {
    var rank: String
    var count: String
    var localCount: String?
    var localRank: String?
    var session: [String]
  }

  private static let starters = [
    Starter(
      rank: "RANK", count: "WORLD_SIZE", localCount: "LOCAL_WORLD_SIZE",
      localRank: "LOCAL_RANK",
      session: ["ANNEAL_SESSION", "TORCHELASTIC_RUN_ID"]),
    Starter(
      rank: "OMPI_COMM_WORLD_RANK", count: "OMPI_COMM_WORLD_SIZE",
      localCount: "OMPI_COMM_WORLD_LOCAL_SIZE", localRank: "OMPI_COMM_WORLD_LOCAL_RANK",
      session: ["PMIX_NAMESPACE", "OMPI_MCA_ess_base_jobid"]),
    Starter(
      rank: "SLURM_PROCID", count: "SLURM_STEP_NUM_TASKS", localCount: nil,
      localRank: "SLURM_LOCALID",
      session: ["SLURM_JOB_ID", "SLURM_STEP_ID"]),
    Starter(
      rank: "PMI_RANK", count: "PMI_SIZE", localCount: nil, localRank: nil,
      session: ["PMI_JOBID"]),
  ]

  /// The port where no variable names one: PyTorch's.
  private static let defaultPort = 29_500

  /// Reads the place from the environment; nil for a process that is alone.
  ///
  /// - Parameter environment: The variables.
  /// - Throws: `TrainingError.processes` for a place that cannot be, or processes on several machines,
  ///   which cannot meet on 127.0.0.1.
  public init?(environment: [String: String]) throws(TrainingError) {
    let found = Self.starters.first {
      environment[$0.rank] != nil && environment[$0.count] != nil
    }
    guard let starter = found else { return nil }
    let count = try Self.number(starter.count, 1...100_000, environment)
    guard count > 1 else { return nil }
    let rank = try Self.number(starter.rank, 0...count - 1, environment)
    try Self.checkMachine(starter, count: count, environment)
    let session = starter.session.compactMap { environment[$0] }.joined(separator: ".")
    var port = Self.defaultPort + Self.offset(of: session)
    if environment["MASTER_PORT"] != nil {
      port = try Self.number("MASTER_PORT", 1...65_534, environment)
      // With torchrun the port itself is taken by a store of PyTorch's.
      if environment["TORCHELASTIC_USE_AGENT_STORE"] == "True" { port += 1 }
    }
    var localRank: Int?
    if let name = starter.localRank, environment[name] != nil {
      localRank = try Self.number(name, 0...count - 1, environment)
    }
    self.init(rank: rank, count: count, localRank: localRank, port: port, session: session)
  }

  private static func checkMachine(
    _ starter: Starter, count: Int, _ environment: [String: String]
  ) throws(TrainingError) {
    func refuse(_ expected: String, _ name: String) -> TrainingError {
      .processes(
        expected: "\(expected), since processes meet on one machine",
        found: "\(name)=\(environment[name] ?? "")")
    }
    if let name = starter.localCount, let local = environment[name], local != "\(count)" {
      throw refuse("\(name)=\(count)", name)
    }
    let nodes = "SLURM_STEP_NUM_NODES"
    if starter.rank.hasPrefix("SLURM"), let found = environment[nodes], found != "1" {
      throw refuse("\(nodes)=1", nodes)
    }
    let address = "MASTER_ADDR"
    if let found = environment[address], !["127.0.0.1", "localhost", "::1"].contains(found) {
      // torchrun gives the machine its own name.
      guard let name = starter.localCount, environment[name] != nil else {
        throw refuse("\(address)=127.0.0.1", address)
      }
    }
  }

  private static func number(
    _ name: String, _ range: ClosedRange<Int>, _ environment: [String: String]
  ) throws(TrainingError) -> Int {
    let text = environment[name] ?? ""
    guard let value = Int(text), range.contains(value) else {
      throw .processes(
        expected: "a whole number from \(range.lowerBound) to \(range.upperBound) as \(name)",
        found: "'\(text)'")
    }
    return value
  }

  /// 0 for no session; otherwise the same for equal ones and rarely for others (FNV-1a).
  private static func offset(of session: String) -> Int {
    guard !session.isEmpty else { return 0 }
    let hash = session.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return Int(hash % 20_000)
  }
}

import Testing

@testable import Training

@Suite struct ProcessPlaceTests {
  private static func place(_ environment: [String: String]) throws -> ProcessPlace? {
    try ProcessPlace(environment: environment)
  }

  @Test func aloneWithoutVariables() throws {
    #expect(try Self.place([:]) == nil)
    #expect(try Self.place(["RANK": "0", "WORLD_SIZE": "1"]) == nil)
    #expect(try Self.place(["RANK": "3"]) == nil)
    // A batch script of four tasks, that srun has not started four times.
    #expect(try Self.place(["SLURM_PROCID": "0", "SLURM_NTASKS": "4"]) == nil)
  }

  @Test func readsWhatStartersSay() throws {
    #expect(
      try Self.place(["RANK": "1", "WORLD_SIZE": "4", "MASTER_PORT": "4000"])
        == ProcessPlace(rank: 1, count: 4, port: 4000))
    #expect(
      try Self.place([
        "RANK": "1", "WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "some-machine",
        "MASTER_PORT": "4000", "TORCHELASTIC_USE_AGENT_STORE": "True", "TORCHELASTIC_RUN_ID": "x",
      ]) == ProcessPlace(rank: 1, count: 2, port: 4001, session: "x"))
    let mpi = try #require(
      try Self.place([
        "OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "3",
        "OMPI_COMM_WORLD_LOCAL_SIZE": "3", "PMIX_NAMESPACE": "prterun-a-1@1",
      ]))
    #expect((mpi.rank, mpi.count, mpi.session) == (2, 3, "prterun-a-1@1"))
    let slurm = [
      "SLURM_PROCID": "1", "SLURM_STEP_NUM_TASKS": "2", "SLURM_JOB_ID": "77", "SLURM_STEP_ID": "0",
      "SLURM_STEP_NUM_NODES": "1", "PMI_RANK": "0", "PMI_SIZE": "9",
    ]
    let task = try #require(try Self.place(slurm))
    #expect((task.rank, task.count, task.session) == (1, 2, "77.0"))
    // Two jobs on a machine do not meet at one port, the tasks of one job do.
    let other = try #require(try Self.place(slurm.merging(["SLURM_JOB_ID": "78"]) { $1 }))
    let first = try #require(try Self.place(slurm.merging(["SLURM_PROCID": "0"]) { $1 }))
    #expect(task.port != other.port && task.port == first.port)
    #expect(try Self.place(["PMI_RANK": "1", "PMI_SIZE": "2"])?.port == 29_500)
  }

  /// The number on the machine chooses the GPU; without one it is the rank.
  @Test func readsTheNumberOnTheMachine() throws {
    let torch = ["RANK": "1", "WORLD_SIZE": "4", "MASTER_PORT": "4000"]
    #expect(try Self.place(torch)?.localRank == 1)
    #expect(try Self.place(torch.merging(["LOCAL_RANK": "3"]) { $1 })?.localRank == 3)
    #expect(
      try Self.place([
        "OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "3", "OMPI_COMM_WORLD_LOCAL_RANK": "0",
      ])?.localRank == 0)
    #expect(
      try Self.place([
        "SLURM_PROCID": "1", "SLURM_STEP_NUM_TASKS": "2", "SLURM_LOCALID": "0",
      ])?.localRank == 0)
    #expect(
      message { _ = try Self.place(torch.merging(["LOCAL_RANK": "4"]) { $1 }) }
        == "expected a whole number from 0 to 3 as LOCAL_RANK, found '4'")
  }

  @Test func refusesWhatCannotBe() {
    func refusal(_ environment: [String: String]) -> String {
      message { _ = try Self.place(environment) }
    }
    #expect(
      refusal(["RANK": "4", "WORLD_SIZE": "4"])
        == "expected a whole number from 0 to 3 as RANK, found '4'")
    #expect(
      refusal(["RANK": "0", "WORLD_SIZE": "two"])
        == "expected a whole number from 1 to 100000 as WORLD_SIZE, found 'two'")
    #expect(
      refusal(["RANK": "0", "WORLD_SIZE": "2", "MASTER_ADDR": "10.0.0.7"])
        == "expected MASTER_ADDR=127.0.0.1, since processes meet on one machine, found "
        + "MASTER_ADDR=10.0.0.7")
    #expect(
      refusal([
        "OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_LOCAL_SIZE": "2",
      ])
        == "expected OMPI_COMM_WORLD_LOCAL_SIZE=4, since processes meet on one machine, found "
        + "OMPI_COMM_WORLD_LOCAL_SIZE=2")
    #expect(
      refusal([
        "SLURM_PROCID": "0", "SLURM_STEP_NUM_TASKS": "2", "SLURM_STEP_NUM_NODES": "2",
      ])
        == "expected SLURM_STEP_NUM_NODES=1, since processes meet on one machine, found "
        + "SLURM_STEP_NUM_NODES=2")
  }

  @Test(arguments: [1, 2, 3, 8, 9], [1, 2, 4]) func sharesThreadsOut(total: Int, count: Int) {
    let shares = (0..<count).map {
      ProcessPlace(rank: $0, count: count, port: 1).threads(of: total)
    }
    #expect(shares.allSatisfy { $0 >= 1 })
    if total >= count { #expect(shares.reduce(0, +) == total) }
    #expect(shares.max().map { $0 - 1 }.map { $0 <= (shares.min() ?? 0) } == true)
  }
}

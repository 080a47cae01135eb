import Testing

@testable import Datasets

@Suite struct DatasetLocationTests {
  @Test func searchesInThisOrder() {
    let location = DatasetLocation(
      variable: "/mine", executable: "/opt/anneal/bin/anneal",
      source: "/src/anneal/Sources/Datasets/DatasetLocation.swift")
    #expect(
      location.folders == [
        "/mine",
        "/opt/anneal/bin/share/anneal/data", "/opt/anneal/bin/data",
        "/opt/anneal/share/anneal/data", "/opt/anneal/data",
        "/opt/share/anneal/data", "/opt/data",
        "/share/anneal/data", "/data",
        "/src/anneal/data",
      ])
  }

  @Test func leavesOutWhatIsNotGiven() {
    #expect(DatasetLocation(variable: nil, executable: nil, source: nil).folders == [])
    #expect(DatasetLocation(variable: "", executable: nil, source: "short.swift").folders == [])
    // A program built inside the package finds the same folder twice; it is listed once.
    let location = DatasetLocation(
      variable: nil, executable: "/p/.build/release/anneal", source: "/p/Sources/Datasets/L.swift")
    #expect(location.folders.count(where: { $0 == "/p/data" }) == 1)
  }

  @Test func findsDataBesideAnInstalledProgram() throws {
    let folder = try TemporaryFolder()
    let file = "share/anneal/data/fashion-mnist/train-images-idx3-ubyte.gz"
    try folder.write([1], file)
    let location = DatasetLocation(
      variable: "/nowhere", executable: "\(folder.path)/bin/anneal", source: nil)
    #expect(
      try location.folder(of: "fashion-mnist")
        == "\(folder.path)/share/anneal/data/fashion-mnist")
  }

  @Test func theVariableComesFirst() throws {
    let (mine, installed) = (try TemporaryFolder(), try TemporaryFolder())
    try mine.write([1], "fashion-mnist/train-images-idx3-ubyte")
    try installed.write([1], "data/fashion-mnist/train-images-idx3-ubyte")
    let location = DatasetLocation(
      variable: mine.path, executable: "\(installed.path)/bin/anneal", source: nil)
    #expect(try location.folder(of: "fashion-mnist") == "\(mine.path)/fashion-mnist")
  }

  @Test func findsThePackageFromAnyWorkingDirectory() throws {
    let location = DatasetLocation(
      variable: nil, executable: nil, source: "\(packageFolder)/Sources/Datasets/X.swift")
    #expect(try location.folder(of: "fashion-mnist") == "\(packageFolder)/data/fashion-mnist")
    #expect(DatasetLocation().folders.contains("\(packageFolder)/data"))
    #expect(DatasetLocation().folders.contains { $0.hasSuffix("/share/anneal/data") })
  }

  @Test func saysWhereItLooked() {
    let location = DatasetLocation(
      variable: "/nowhere/a", executable: "/nowhere", source: nil)
    do throws(DatasetError) {
      _ = try location.folder(of: "no-such-data")
      Issue.record("found data that is not there")
    } catch {
      #expect(
        error.description == """
          expected the data set no-such-data in one of these folders, found it in none:
            /nowhere/a/no-such-data
            /share/anneal/data/no-such-data
            /data/no-such-data
          """)
    }
  }
}

import Networks
import Plotting

/// `anneal network list`: every network with its size and work.
enum NetworkList {
  static let command = Command(
    name: "list",
    summary: "List the networks: parameters and FLOPs for 3×32×32 images, 10 classes",
    options: [StandardOptions.json.declaration],
    action: .run(run))

  private struct Row: Encodable {
    var name: String
    var parameters: Int
    var flopsPerImage: Int
    /// In millions, as the network's paper gives them.
    var publishedMillionParameters: Double?
    var summary: String
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let rows = NetworkCatalog.entries.map { entry in
      let graph = Graph(
        network: entry.network(), configuration: .init(batch: 1, height: 32, width: 32))
      return Row(
        name: entry.name, parameters: graph.parameterCount, flopsPerImage: graph.flopsPerImage,
        publishedMillionParameters: entry.publishedParameters, summary: entry.summary)
    }
    if try arguments(StandardOptions.json) {
      try console.printJSON(rows)
      return .done
    }
    var table = TextTable(
      .text("network"), .number("parameters"), .number("published"), .number("MFLOP/image"),
      .text("what it is"))
    for row in rows {
      table.append(
        row.name, NumberText.grouped(row.parameters),
        row.publishedMillionParameters.map { NumberText.fixed($0, decimals: 2) + " M" } ?? "–",
        NumberText.fixed(Double(row.flopsPerImage) / 1e6, decimals: 1), row.summary)
    }
    for line in table.lines { try console.print(line) }
    return .done
  }
}

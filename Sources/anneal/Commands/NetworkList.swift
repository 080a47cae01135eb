import Networks
import Plotting

/// `anneal network list`: every network with its size and work beside the published ones.
enum NetworkList {
  static let command = Command(
    name: "list",
    summary: "List the networks: parameters and work beside published figures",
    options: [StandardOptions.json.declaration],
    action: .run(run))

  private struct Row: Encodable {
    var name: String
    /// Height and width of the image that the work is counted for.
    var imageSize: Int
    var classes: Int
    var parameters: Int
    /// Two for each multiply-and-add.
    var flopsPerImage: Int
    var publishedParameters: Double?
    var publishedMultiplyAdds: Double?
    var publishedSource: String?
    var summary: String
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let entries = NetworkCatalog.entries.map { ($0, $0.graph) }
    if try arguments(StandardOptions.json) {
      try console.printJSON(
        entries.map { entry, graph in
          Row(
            name: entry.name, imageSize: entry.imageSize, classes: entry.classes,
            parameters: graph.parameterCount, flopsPerImage: graph.flopsPerImage,
            publishedParameters: entry.published?.parameters.value,
            publishedMultiplyAdds: entry.published?.multiplyAdds?.value,
            publishedSource: entry.published?.source, summary: entry.summary)
        })
      return .done
    }
    var table = TextTable(
      .text("network"), .text("image"), .number("classes"), .number("parameters"),
      .number("published"), .number("multiply-adds"), .number("published"), .text("what it is"))
    for (entry, graph) in entries {
      table.append(
        entry.name, "3×\(entry.imageSize)×\(entry.imageSize)", "\(entry.classes)",
        NumberText.grouped(graph.parameterCount), text(entry.published?.parameters),
        millions(graph.flopsPerImage / 2), text(entry.published?.multiplyAdds), entry.summary)
    }
    for line in table.lines { try console.print(line) }
    try console.print()
    try console.print("published:")
    var sources = TextTable(.text("network"), .text("source"))
    for (entry, _) in entries {
      if let published = entry.published { sources.append(entry.name, published.source) }
    }
    for line in sources.lines.dropFirst(2) { try console.print("  " + line) }
    return .done
  }

  private static func millions(_ count: Int) -> String {
    NumberText.fixed(Double(count) / 1e6, decimals: 2) + " M"
  }

  /// A published count with the digits that were published; a dash for none.
  private static func text(_ figure: PublishedFigure?) -> String {
    guard let figure else { return "–" }
    if figure.exponent == 0 { return NumberText.grouped(figure.digits) }
    return NumberText.fixed(figure.value / 1e6, decimals: max(0, 6 - figure.exponent)) + " M"
  }
}

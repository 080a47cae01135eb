import Networks
import Plotting

/// `anneal network show`: one network as the flat list of operations that is run.
enum NetworkShow {
  private static let network = ValueKind.network
  private static let batch = Option.value(
    "batch", "B", .count(1...65_536), default: "1", "images in a batch")
  private static let imageSize = Option.optional(
    "image-size", "PIXELS", .count(1...4096), "height and width instead of the network's own")
  private static let channels = Option.value(
    "channels", "C", .count(1...64), default: "3", "channels of an image")
  private static let classes = Option.optional(
    "classes", "K", .count(1...100_000), "classes to tell apart instead of the network's own")
  private static let phase = Option.optional(
    "phase", "PHASE", .choice(Graph.Phase.allCases) { $0.rawValue },
    "only those of forward, backward, update, …")

  static let command = Command(
    name: "show",
    summary: "Show a network's operations with their shapes, bytes and FLOPs",
    positionals: [
      Positional(
        name: "NETWORK", summary: "a name of 'anneal network list'", completion: network.completion)
    ],
    options: [
      batch.declaration, imageSize.declaration, channels.declaration, classes.declaration,
      phase.declaration, StandardOptions.json.declaration,
    ],
    examples: ["anneal network show resnet20 --batch 128 --phase forward"],
    action: .run(run))

  private struct Description: Encodable {
    var name: String
    var parameters: Int
    var flopsPerImage: Int
    var operations: [Operation]
  }

  private struct Operation: Encodable {
    var phase: String
    var operation: String
    var result: String
    var shape: String
    var byteCount: Int
    var flops: Int
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let entry = try network.value(of: arguments.positionals[0], option: "NETWORK")
    let size = try arguments(imageSize) ?? entry.imageSize
    let graph = Graph(
      network: entry.network(
        imageChannels: try arguments(channels), classes: try arguments(classes)),
      configuration: .init(batch: try arguments(batch), height: size, width: size))
    let phase = try arguments(phase)
    let rows = graph.rows.filter { phase == nil || $0.phase == phase }
    if try arguments(StandardOptions.json) {
      try console.printJSON(
        Description(
          name: entry.name, parameters: graph.parameterCount, flopsPerImage: graph.flopsPerImage,
          operations: rows.map {
            Operation(
              phase: $0.phase.rawValue, operation: $0.operation, result: $0.result,
              shape: $0.shape, byteCount: $0.byteCount, flops: $0.flops)
          }))
      return .done
    }
    try console.print("\(entry.name): \(entry.summary)")
    try console.print(
      "\(NumberText.grouped(graph.parameterCount)) parameters, "
        + "\(NumberText.fixed(Double(graph.flopsPerImage) / 1e6, decimals: 1)) MFLOP an image, "
        + "\(graph.network.imageChannels)×\(size)×\(size) images")
    try console.print()
    var table = TextTable(
      .text("phase"), .text("operation"), .text("result"), .text("shape"), .number("kB"),
      .number("MFLOP"))
    for row in rows {
      table.append(
        row.phase.rawValue, row.operation, row.result, row.shape,
        NumberText.grouped((row.byteCount + 999) / 1000),
        row.flops == 0 ? "" : NumberText.fixed(Double(row.flops) / 1e6, decimals: 1))
    }
    for line in table.lines { try console.print(line) }
    return .done
  }
}

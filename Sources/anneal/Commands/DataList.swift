import Datasets
import Plotting

/// `anneal data list`: the data sets known by name, and where they lie.
enum DataList {
  static let command = Command(
    name: "list",
    summary: "List the data sets known by name, and where they lie",
    options: [StandardOptions.json.declaration],
    examples: [
      "anneal train --data ./folder … reads a folder of your own",
      "anneal train --data photographs --image-size 128 … reads folders of JPEGs",
    ],
    action: .run(run))

  private struct Row: Encodable {
    var name: String
    var summary: String
    var origin: String
    var imageShape: String
    var classCount: Int
    var trainingCount: Int
    var testCount: Int
    /// Where the files are; absent for a data set without files, or whose files are not found.
    var folder: String?
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let location = DatasetLocation()
    let rows = DatasetCatalog.entries.map { entry in
      Row(
        name: entry.name, summary: entry.summary, origin: entry.origin,
        imageShape: entry.imageShape, classCount: entry.classCount,
        trainingCount: entry.trainingCount, testCount: entry.testCount,
        folder: try? location.folder(of: entry.name))
    }
    if try arguments(StandardOptions.json) {
      try console.printJSON(rows)
      return .done
    }
    var table = TextTable(
      .text("data set"), .text("image"), .number("classes"), .number("training"), .number("test"),
      .text("what it is"))
    for row in rows {
      table.append(
        row.name, row.imageShape, "\(row.classCount)", NumberText.grouped(row.trainingCount),
        NumberText.grouped(row.testCount), row.summary)
    }
    for line in table.lines { try console.print(line) }
    try console.print()
    for row in rows {
      try console.print("\(row.name): \(row.origin)" + (row.folder.map { " (\($0))" } ?? ""))
    }
    return .done
  }
}

import Datasets
import Plotting

/// `anneal data fetch`: downloads a data set, verified and ready for `--data`.
enum DataFetch {
  private static let mirror = Option.optional(
    "from", "URL|DIR", .text, "a mirror or folder with the original files"
  ).completed(by: .directory)
  private static let folder = Option.optional(
    "to", "DIR", .directory, "where to; $ANNEAL_DATA, else ~/.local/share/anneal")

  static let command = Command(
    name: "fetch",
    summary: "Download a data set, going on with a broken download, and verify it",
    positionals: [
      Positional(
        name: "NAME",
        summary: DatasetDownload.all.map(\.name).joined(separator: ", "),
        completion: .words(DatasetDownload.all.map(\.name)))
    ],
    options: [mirror.declaration, folder.declaration],
    examples: ["anneal data fetch cifar10 && anneal train --data cifar10 --epochs 10 lr=0.1"],
    action: .run(run))

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let name = arguments.positionals[0]
    guard let download = DatasetDownload.all.first(where: { $0.name == name }) else {
      let names = DatasetDownload.all.map(\.name)
      throw CommandError.invalidValue(
        option: "NAME", value: name, expected: "one of " + names.joined(separator: ", "),
        suggestion: nearestName(to: name, in: names))
    }
    guard let target = try arguments(folder) ?? DatasetLocation().downloads else {
      throw CommandError.failure(
        .usage, "neither ANNEAL_DATA nor HOME is set; name a folder with --to")
    }
    let result = try download.fetch(
      into: target, from: try arguments(mirror), report: console.report)
    try console.print("\(name) is in \(result)")
    let isFound = DatasetLocation().folders.contains(target)
    console.report("use it with --data \(isFound ? download.dataName : result)")
    return .done
  }
}

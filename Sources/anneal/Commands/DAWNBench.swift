import Plotting
import Studies
import Training

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `anneal dawnbench`: time and cost to an accuracy, and the files of an entry.
enum DAWNBench {
  private static let target = Option.value(
    "target", "SHARE", .share, default: "94%", "the test accuracy that counts")
  private static let price = Option.optional(
    "price", "USD", .nonNegative, "an hour of the machine, on demand")
  private static let spotPrice = Option.optional(
    "spot-price", "USD", .nonNegative, "an hour of the same machine on the spot market")
  private static let author = Option.optional("author", "NAME", .text, "the entry's author")
  private static let email = Option.optional("email", "ADDRESS", .text, "the author's address")
  private static let hardware = Option.optional(
    "hardware", "TEXT", .text, "the machine, with the provider's name for it")
  private static let codeURL = Option.optional("code-url", "URL", .text, "where the code is")
  private static let date = Option.optional(
    "date", "YYYY-MM-DD", .date, "the day of submission (default: today)")
  private static let output = Option.optional(
    "output", "PREFIX", .file, "write the entry to PREFIX.json and PREFIX.tsv"
  ).short("o")

  static let command = Command(
    name: "dawnbench",
    summary: "Time and cost to an accuracy; export a run as a DAWNBench entry",
    positionals: [
      Positional(name: "RUN", summary: "a run's folder", completion: .directory)
    ],
    options: [
      target.declaration, price.declaration, spotPrice.declaration, output.declaration,
      author.declaration, email.declaration, hardware.declaration, codeURL.declaration,
      date.declaration, StandardOptions.json.declaration,
    ],
    examples: [
      "anneal dawnbench runs/first --price 3.06 --spot-price 0.92",
      "anneal dawnbench runs/first -o entry --author A --email a@b.c --hardware CPU",
    ],
    action: .run(run))

  private struct Summary: Encodable {
    var target: Double
    /// Nothing where the target was not reached.
    var epoch: Int?
    var hours: Double?
    var accuracy: Double?
    var cost: Double?
    var spotCost: Double?
    var bestAccuracy: Double?
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let record = try RunRecord(folder: arguments.positionals[0])
    let entry = DAWNBenchEntry(record)
    try write(entry, arguments)
    let target = try arguments(target)
    let reached = entry.progress(toAccuracy: target)
    let price = try arguments(price)
    let spotPrice = try arguments(spotPrice)
    if try arguments(StandardOptions.json) {
      try console.printJSON(
        Summary(
          target: target, epoch: reached?.epoch, hours: reached?.hours,
          accuracy: reached?.accuracy, cost: price.flatMap { reached?.cost(perHour: $0) },
          spotCost: spotPrice.flatMap { reached?.cost(perHour: $0) },
          bestAccuracy: record.bestTestAccuracy))
      return .done
    }
    let goal = percent(target)
    guard let reached else {
      let best = record.bestTestAccuracy.map { "the best is \(percent($0))" } ?? "no epoch is done"
      try console.print("\(goal) was not reached in \(entry.progress.count) epochs; \(best)")
      return .done
    }
    try console.print(
      "\(goal) after epoch \(reached.epoch) (\(percent(reached.accuracy))): "
        + "\(NumberText.fixed(3600 * reached.hours, decimals: 1)) s of training, validation left out"
    )
    let costs = [("on demand", price), ("spot", spotPrice)].compactMap { kind, price in
      price.map {
        "$\(NumberText.fixed(reached.cost(perHour: $0), decimals: 4)) \(kind) "
          + "(\(NumberText.fixed($0, decimals: 2)) an hour)"
      }
    }
    if !costs.isEmpty { try console.print(costs.joined(separator: ", ")) }
    return .done
  }

  /// Writes the entry's files, if they were asked for.
  private static func write(_ entry: DAWNBenchEntry, _ arguments: Arguments) throws {
    guard let prefix = try arguments(output) else { return }
    func required(_ option: Option<String?>) throws(CommandError) -> String {
      guard let text = try arguments(option) else {
        throw .missingOption(
          option.declaration.spelling, metavariable: option.declaration.metavariable ?? "",
          command: "anneal dawnbench --output PREFIX")
      }
      return text
    }
    let submission = DAWNBenchEntry.Submission(
      author: try required(author), authorEmail: try required(email),
      hardware: try required(hardware), costPerHour: try arguments(price),
      codeURL: try arguments(codeURL),
      date: try arguments(date) ?? Date.now.formatted(.iso8601.year().month().day()))
    try ResultFile.write(try entry.json(submission), to: "\(prefix).json")
    try ResultFile.write(entry.tsv, to: "\(prefix).tsv")
  }

  private static func percent(_ share: Double) -> String {
    NumberText.percent(share, decimals: 2)
  }
}

extension ValueKind where Value == Double {
  /// A share of the whole, also as a percentage.
  fileprivate static var share: ValueKind {
    ValueKind(expected: "a share above 0 and at most 1, or a percentage") { word in
      let value = word.hasSuffix("%") ? Double(word.dropLast()).map { $0 / 100 } : Double(word)
      return value.flatMap { $0 > 0 && $0 <= 1 ? $0 : nil }
    }
  }
}

extension ValueKind where Value == String {
  /// A day.
  fileprivate static var date: ValueKind {
    ValueKind(expected: "a day such as 2018-04-20") { word in
      let parts = word.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.map(\.count) == [4, 2, 2], parts.joined().allSatisfy(\.isASCII),
        let month = Int(parts[1]), let day = Int(parts[2]), Int(parts[0]) != nil,
        1...12 ~= month, 1...31 ~= day
      else { return nil }
      return word
    }
  }
}

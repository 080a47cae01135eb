import Schedules

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A range test that was recorded elsewhere: comma-separated values and losses.
///
/// A heading may name the columns: `learningRate` (or `lr`), `momentum` or `weightDecay`, `loss`, and
/// a measure such as `validationAccuracy` (or `accuracy`), in any order and among others. Without one,
/// the first column is the value, the second the loss, the third the measure if one is asked for.
/// Losses and readings may be `nan` or `inf`; an update without a reading has an empty field.
struct CurveFile: Sendable {
  let curve: RangeTestCurve

  private struct Columns {
    var hyperparameter: Hyperparameter<Double>
    var value = 0
    var loss = 1
    var reading: Int?
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - hyperparameter: What the test changed; nil for what the heading names first of a learning
  ///     rate, a momentum and a weight decay.
  ///   - measure: What the rules are to read.
  /// - Throws: `CommandError` with the line for text that is no such table.
  init(
    path: String, hyperparameter: Hyperparameter<Double>? = nil,
    measure: RangeTestMeasure = .trainingLoss
  ) throws(CommandError) {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw .failure(.missingInput, "cannot read \(path)")
    }
    let text = String(decoding: data, as: UTF8.self)
    // Empty lines hold no point but count, so that errors name the line that an editor shows.
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated().filter { !$0.element.isEmpty }
      .map {
        (
          number: $0.offset + 1,
          fields: $0.element.split(separator: ",", omittingEmptySubsequences: false)
            .map(Self.trimmed)
        )
      }
    guard let first = lines.first else {
      throw .failure(
        .badData,
        "expected \((hyperparameter ?? .learningRate).title)s and losses in \(path), found 0 lines")
    }
    let hasHeading = Double(first.fields[0]) == nil
    var columns = Columns(
      hyperparameter: hyperparameter ?? .learningRate,
      reading: measure == .trainingLoss ? nil : 2)
    if hasHeading { columns = try Self.columns(first.fields, hyperparameter, measure, path) }
    var (values, losses): ([Double], [Double]) = ([], [])
    var readings: (updates: [Int], values: [Double]) = ([], [])
    for (lineNumber, line) in lines.dropFirst(hasHeading ? 1 : 0) {
      func number(_ column: Int, _ name: String) throws(CommandError) -> Double {
        guard column < line.count, let value = Double(line[column]) else {
          throw .failure(
            .badData,
            "expected a number as \(name) in line \(lineNumber), column \(column + 1) of "
              + "\(path), found "
              + "'\(column < line.count ? line[column] : "")'")
        }
        return value
      }
      values.append(try number(columns.value, columns.hyperparameter.title))
      losses.append(try number(columns.loss, "loss"))
      if let column = columns.reading, column >= line.count || !line[column].isEmpty {
        readings.updates.append(losses.count - 1)
        readings.values.append(try number(column, measure.title))
      }
    }
    do {
      curve = try RangeTestCurve(
        columns.hyperparameter, values: values, losses: losses,
        column: columns.reading.map { _ in
          RangeTestCurve.Column(measure, updates: readings.updates, readings: readings.values)
        })
    } catch {
      throw .failure(.badData, "\(path): \(error)")
    }
  }

  /// What a heading may call each quantity, in lower case and without underscores.
  private static func names(_ hyperparameter: Hyperparameter<Double>) -> [String] {
    [hyperparameter.name.lowercased()] + (hyperparameter == .learningRate ? ["lr"] : [])
  }

  private static func columns(
    _ heading: [String], _ hyperparameter: Hyperparameter<Double>?, _ measure: RangeTestMeasure,
    _ path: String
  ) throws(CommandError) -> Columns {
    let names = heading.map { $0.lowercased().filter { $0 != "_" } }
    func index(_ choices: [String]) -> Int? { names.firstIndex { choices.contains($0) } }
    let candidates = hyperparameter.map { [$0] } ?? RangeTestOptions.hyperparameters
    let found = candidates.first { index(Self.names($0)) != nil }
    let accuracy = measure == .validationAccuracy ? ["accuracy"] : []
    let reading = index([measure.rawValue.lowercased()] + accuracy)
    guard let found, let value = index(Self.names(found)), let loss = index(["loss"]),
      measure == .trainingLoss || reading != nil
    else {
      let parameter = (found ?? candidates[0]).name
      let expected =
        measure == .trainingLoss
        ? "\(parameter) and loss" : "\(parameter), loss and \(measure.rawValue)"
      throw .failure(
        .badData,
        "expected columns \(expected) in line 1 of \(path), found "
          + "'\(heading.joined(separator: ","))'")
    }
    return Columns(
      hyperparameter: found, value: value, loss: loss,
      reading: measure == .trainingLoss ? nil : reading)
  }

  private static func trimmed(_ field: Substring) -> String {
    let isPadding: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\"" }
    return String(field.drop(while: isPadding).reversed().drop(while: isPadding).reversed())
  }
}

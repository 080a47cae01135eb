import Schedules

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A range test that was recorded elsewhere: comma-separated learning rates and losses.
///
/// A heading may name the columns: `learningRate` (or `lr`), `loss`, `accuracy`, in any order and
/// among others. Without one, the first column is the learning rate and the second the loss. Losses
/// may be `nan` or `inf`.
struct CurveFile: Sendable {
  let curve: RangeTestCurve

  private struct Columns {
    var learningRate = 0
    var loss = 1
    var accuracy: Int?
  }

  /// Reads a file.
  ///
  /// - Throws: `CommandError` with the line for text that is no such table.
  init(path: String) throws(CommandError) {
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
      throw .failure(.badData, "expected learning rates and losses in \(path), found 0 lines")
    }
    let hasHeading = Double(first.fields[0]) == nil
    let columns = hasHeading ? try Self.columns(first.fields, path) : Columns()
    var (rates, losses, accuracies): ([Double], [Double], [Double]) = ([], [], [])
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
      rates.append(try number(columns.learningRate, "learning rate"))
      losses.append(try number(columns.loss, "loss"))
      if let column = columns.accuracy { accuracies.append(try number(column, "accuracy")) }
    }
    do {
      curve = try RangeTestCurve(
        learningRates: rates, losses: losses,
        accuracies: columns.accuracy == nil ? nil : accuracies)
    } catch {
      throw .failure(.badData, "\(path): \(error)")
    }
  }

  private static func columns(_ heading: [String], _ path: String) throws(CommandError) -> Columns {
    let names = heading.map { $0.lowercased() }
    let rate = names.firstIndex { ["learningrate", "learning_rate", "lr"].contains($0) }
    guard let rate, let loss = names.firstIndex(of: "loss") else {
      throw .failure(
        .badData,
        "expected columns learningRate and loss in line 1 of \(path), found "
          + "'\(heading.joined(separator: ","))'")
    }
    return Columns(learningRate: rate, loss: loss, accuracy: names.firstIndex(of: "accuracy"))
  }

  private static func trimmed(_ field: Substring) -> String {
    let isPadding: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\"" }
    return String(field.drop(while: isPadding).reversed().drop(while: isPadding).reversed())
  }
}

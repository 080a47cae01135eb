import Plotting
import Schedules
import Training

#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

/// A run as an entry of DAWNBench's training task: time and cost to an accuracy (Coleman and others 2017).
///
/// The clock stops while the network is validated, as in the published entries: an epoch lasts its
/// images over its rate of images. Interruptions do not count either.
public struct DAWNBenchEntry: Hashable, Sendable {
  /// What has been reached at the end of an epoch.
  public struct Progress: Hashable, Sendable, Codable {
    /// The epoch's number, from 1.
    public let epoch: Int
    /// Hours of training so far, validation left out.
    public let hours: Double
    /// The share of the test split classified rightly, 0…1.
    public let accuracy: Double

    /// What a machine costs for as long.
    ///
    /// - Parameter price: Of an hour, in any currency.
    /// - Returns: The cost in that currency.
    public func cost(perHour price: Double) -> Double { hours * price }
  }

  /// Who hands a run in, and where it ran: what a run does not know of itself.
  public struct Submission: Hashable, Sendable {
    /// The author's name.
    public var author: String
    /// The author's address.
    public var authorEmail: String
    /// The machine, with the provider's name for it.
    public var hardware: String
    /// The price of an hour of it in US dollars; nil to take part without costs.
    public var costPerHour: Double?
    /// Where the code is.
    public var codeURL: String?
    /// The day of submission, `yyyy-mm-dd`.
    public var date: String

    /// Makes a submission.
    public init(
      author: String, authorEmail: String, hardware: String, costPerHour: Double? = nil,
      codeURL: String? = nil, date: String
    ) {
      self.author = author
      self.authorEmail = authorEmail
      self.hardware = hardware
      self.costPerHour = costPerHour
      self.codeURL = codeURL
      self.date = date
    }
  }

  /// The network's name.
  public let model: String
  /// Every epoch, in order.
  public let progress: [Progress]
  private let recipe: Recipe

  /// Makes an entry of a run.
  public init(_ record: RunRecord) {
    recipe = record.recipe
    model = record.recipe.network
    let steps = record.log.steps.reduce(into: [Int: Int]()) { $0[$1.epoch, default: 0] += 1 }
    // A recipe that was carried out has stages.
    let stages = (try? record.recipe.stages()) ?? []
    var seconds = 0.0
    progress = record.log.epochs.map { epoch in
      let batch = stages.indices.contains(epoch.epoch) ? stages[epoch.epoch].batch : 0
      let images = Double(steps[epoch.epoch, default: 0] * batch)
      if epoch.imagesPerSecond > 0 { seconds += images / epoch.imagesPerSecond }
      return Progress(
        epoch: epoch.epoch + 1, hours: seconds / 3600, accuracy: epoch.testAccuracy)
    }
  }

  /// The first epoch after which an accuracy was reached; nil where it never was.
  ///
  /// - Parameter target: The accuracy, 0…1; DAWNBench asks for 0.94 on CIFAR-10.
  /// - Returns: The epoch with its time.
  public func progress(toAccuracy target: Double) -> Progress? {
    progress.first { $0.accuracy >= target }
  }

  /// The table that an entry comes with: epochs from 1, hours, accuracies in per cent.
  public var tsv: String {
    (["epoch\thours\ttop1Accuracy"]
      + progress.map {
        // Six decimals of an hour are 4 ms; four of a per cent tell 1 image in a million apart.
        "\($0.epoch)\t\(NumberText.fixed($0.hours, decimals: 6))"
          + "\t\(NumberText.fixed(100 * $0.accuracy, decimals: 4))"
      }).joined(separator: "\n") + "\n"
  }

  /// The entry itself, as DAWNBench's JSON of version 1.0.
  ///
  /// - Parameter submission: Who hands it in.
  /// - Returns: Indented JSON.
  /// - Throws: Where a number is not finite.
  public func json(_ submission: Submission) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let file = File(
      version: "v1.0", author: submission.author, authorEmail: submission.authorEmail,
      framework: "Anneal", codeURL: submission.codeURL, model: model,
      hardware: submission.hardware, costPerHour: submission.costPerHour,
      timestamp: submission.date,
      misc: File.Notes(
        batch: recipe.batch, data: recipe.data, epochs: recipe.epochs,
        schedules: recipe.plan.words, seed: recipe.seed))
    return String(decoding: try encoder.encode(file), as: UTF8.self) + "\n"
  }

  /// The members that the task's rules name.
  private struct File: Encodable {
    var version: String
    var author: String
    var authorEmail: String
    var framework: String
    var codeURL: String?
    var model: String
    var hardware: String
    var costPerHour: Double?
    var timestamp: String
    var misc: Notes

    struct Notes: Encodable {
      var batch: Int
      var data: String
      var epochs: Int
      var schedules: [String]
      var seed: UInt64
    }
  }
}

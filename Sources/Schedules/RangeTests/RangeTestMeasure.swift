/// What a range test watches while it sweeps.
///
/// The rules look for values under which a loss falls; of an accuracy they read the rise.
public enum RangeTestMeasure: String, Sendable, Hashable, Codable, CaseIterable {
  /// The mean loss of each update's batch, before the update: costs nothing, and is noisy.
  case trainingLoss
  /// The mean loss over the validation images, without label smoothing.
  case validationLoss
  /// The share of the validation images that is classified rightly, 0…1: what Smith plotted.
  case validationAccuracy
  /// The share of each update's batch that is classified rightly, before the update, 0…1.
  case trainingAccuracy

  /// Whether a larger reading is a better one.
  public var isHigherBetter: Bool { self == .validationAccuracy || self == .trainingAccuracy }

  /// Whether a reading takes a pass over the validation images, rather than the update's own batch.
  public var isOnValidation: Bool { self == .validationLoss || self == .validationAccuracy }

  /// The measure in words, for tables and axes: `validation accuracy`.
  public var title: String { wordsOfName(rawValue) }

  /// The measure in the rules' sentences, where "the loss" is the training loss.
  var noun: String { self == .trainingLoss ? "loss" : title }

  /// Towards the better.
  var improves: String { isHigherBetter ? "rises" : "falls" }
  var worsens: String { isHigherBetter ? "falls" : "rises" }
  var better: String { isHigherBetter ? "higher" : "lower" }
  var best: String { isHigherBetter ? "highest" : "lowest" }
}

/// A name in lower camel case as words: `weightDecay` is "weight decay".
func wordsOfName(_ name: String) -> String {
  name.reduce(into: "") { words, letter in
    if letter.isUppercase { words.append(" ") }
    words.append(contentsOf: letter.lowercased())
  }
}

import Schedules

#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

// What callbacks that carry out a `Controller` share.

extension MetricsLog.Measurement {
  /// Which values are better.
  var goal: Controller.Goal {
    switch self {
    case .loss, .trainLoss, .testLoss: .smaller
    case .testAccuracy: .larger
    }
  }

  /// How often step losses have to be read for it.
  var lossInterval: Int? {
    switch self {
    case .loss, .trainLoss: 1
    case .testLoss, .testAccuracy: nil
    }
  }

  /// The value that an event tells; nil for an event that tells none.
  func value(in event: Event) -> Double? {
    switch (self, event) {
    case (.loss, .stepEnded(let record)): record.loss
    case (.trainLoss, .epochEnded(let record)): record.trainLoss
    case (.testLoss, .epochEnded(let record)): record.testLoss
    case (.testAccuracy, .epochEnded(let record)): record.testAccuracy
    default: nil
    }
  }
}

extension Controller {
  /// The rule with its state as JSON.
  func json() throws(TrainingError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    } catch {
      throw .recipe(field: "controller", expected: "finite numbers", found: "\(error)")
    }
  }

  /// Reads it back; nil for a text that is none.
  init?(json: String) {
    guard let controller = try? JSONDecoder().decode(Controller.self, from: Data(json.utf8)) else {
      return nil
    }
    self = controller
  }
}

/// Ends a run as soon as an epoch ends with a test accuracy: time to accuracy, as DAWNBench counts it.
public final class StopAtAccuracy: Callback {
  /// The accuracy that is enough, above 0 and up to 1.
  public let target: Double

  /// Makes the callback.
  ///
  /// - Precondition: The target is above 0 and at most 1.
  public init(_ target: Double) {
    precondition(target > 0 && target <= 1, "a target accuracy is above 0 and at most 1")
    self.target = target
  }

  /// Looks at an epoch's accuracy.
  public func handle(_ event: Event, of trainer: Trainer) -> Directive {
    guard case .epochEnded(let record) = event, record.testAccuracy >= target else {
      return .proceed
    }
    return .endRun(.stopped)
  }

  static let entry = CallbackCatalog.Entry(
    name: "stop-at-accuracy", metavariable: "X",
    summary: "end after an epoch with this test accuracy: 94%",
    expected: "a share above 0 and at most 1, or a percentage"
  ) { text in
    let target =
      text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
    guard let target, target > 0, target <= 1 else { return nil }
    return StopAtAccuracy(target)
  }
}

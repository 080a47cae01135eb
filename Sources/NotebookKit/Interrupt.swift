import CNotebook
public import Training

/// Thrown by ``checkInterrupt()`` after an interrupt.
public struct CellInterrupted: Error, Hashable, CustomStringConvertible {
  /// Makes the error.
  public init() {}

  /// One word.
  public var description: String { "interrupted" }
}

/// Whether somebody has interrupted the cell that runs.
public var isInterrupted: Bool { notebook_is_interrupted() }

/// Throws once somebody has interrupted the cell that runs.
///
/// In a long loop, it ends the cell where its variables are of use: they keep what they have reached. A
/// cell that asks nobody is ended all the same three seconds later, and then its variables are those from
/// before it.
public func checkInterrupt() throws(CellInterrupted) {
  if isInterrupted { throw CellInterrupted() }
}

/// Ends a training after the current step when somebody interrupts the cell.
public final class InterruptStop: Callback {
  private let isInterrupted: () -> Bool

  /// Makes the callback.
  public convenience init() {
    self.init { NotebookKit.isInterrupted }
  }

  /// Makes the callback with another watch.
  init(_ isInterrupted: @escaping () -> Bool) {
    self.isInterrupted = isInterrupted
  }

  /// Ends the run where somebody has asked for it.
  public func handle(_ event: Event, of trainer: Trainer) -> Directive {
    switch event {
    case .runBegan, .stepEnded, .epochEnded:
      isInterrupted() ? .endRun(.interrupted) : .proceed
    case .epochBegan, .runEnded: .proceed
    }
  }
}

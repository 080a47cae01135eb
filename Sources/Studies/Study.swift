/// The questions that `anneal reproduce` answers with runs of its own.
public enum Study: String, CaseIterable, Sendable {
  /// See ``SuperConvergence``.
  case superConvergence = "super-convergence"

  /// The question, in one sentence.
  public var summary: String {
    switch self {
    case .superConvergence:
      "Does 1cycle at a large learning rate train faster than the standard step decay?"
    }
  }

  /// What it reproduces.
  public var source: String {
    switch self {
    case .superConvergence: "Smith and Topin 2018, arXiv 1708.07120"
    }
  }
}

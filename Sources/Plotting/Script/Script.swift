extension Figure {
  /// The script of interactive figures, for a page that carries it once for many of them.
  ///
  /// It turns every figure of its document that has data into an interactive view, when it runs and
  /// when the document has been read, and again on an event `anneal:scan` at the document. It leaves
  /// no global name behind, asks nothing of a network, and runs in browsers of 2022 and later.
  public static let script: String = {
    let parts = [
      ScriptText.columns, ScriptText.numbers, ScriptText.scales, ScriptText.curves,
      ScriptText.model, ScriptText.chart, ScriptText.labels, ScriptText.readout,
      ScriptText.controls, ScriptText.handles, ScriptText.zooming, ScriptText.pointer,
      ScriptText.keyboard,
      ScriptText.export,
      ScriptText.view,
    ]
    // Indentation and comments are for those who read the sources.
    let lines = parts.joined(separator: "\n").split(separator: "\n")
      .map { $0.drop { $0 == " " } }.filter { !$0.isEmpty && !$0.hasPrefix("//") }
    return "(() => {\n\"use strict\";\n" + lines.joined(separator: "\n") + "\n})();"
  }()
}

/// The parts of the script, in plain JavaScript.
///
/// A part's functions may use those of all others, and what it does at once those before it.
enum ScriptText {}

import Plotting

/// The page of `anneal explore` as one text that asks for nothing else.
struct ExplorerPage: Sendable {
  /// The figure of the plan, with the script of all figures.
  var schedule: String
  /// The figure of the runs; `nil` without any.
  var runs: String?
  /// What the page shows first, as JSON.
  var answer: String
  /// What that answers, as JSON.
  var question: String
  /// Pairs of a title and a text, as JSON.
  var presets: String
  /// The latest event that is in the figures already.
  var latestEvent: EventLog.ID
  /// The command that writes the page to a file, where there is no server that answers.
  var command: String?

  var text: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>anneal explore</title>
    <style>\(Self.style)</style>
    <body class="\(command == nil ? "live" : "still")" data-event="\(latestEvent)">
    <header><h1>Schedules</h1><p id="status" role="status"></p></header>
    <main>
    \(command.map(Self.snapshot) ?? Self.editor)
    <section id="picture" aria-label="Values">\(schedule)</section>
    \(command == nil ? Self.keys : "")
    <section id="beside" aria-label="About the plan">
    <div><h2>In words</h2><dl id="words"></dl></div>
    <div><h2>Lint</h2><ul id="findings"></ul></div>
    \(command == nil ? Self.difference : "")
    <div><h2>Copy as</h2><div id="exports" role="group" aria-label="Forms"></div>
    <p id="copied" role="status"></p>
    <pre id="export" tabindex="0" role="region" aria-label="Text to copy"></pre></div>
    </section>
    \(runs.map { "<section id=\"runs-picture\" aria-label=\"Runs\">\($0)</section>" } ?? "")
    </main>
    <script type="application/json" id="answer">\(answer)</script>
    <script type="application/json" id="question">\(question)</script>
    <script type="application/json" id="preset-list">\(presets)</script>
    <script>\(Self.script)</script>
    </body>
    </html>

    """
  }

  /// What a reader of a file has to know about it.
  private static func snapshot(of command: String) -> String {
    """
    <p id="snapshot">A snapshot: it cannot be edited, and does not follow the runs. It was written by
    <code>\(SVG.escaped(command))</code>, which without <code>--html</code> serves the page that can.</p>
    """
  }

  private static let editor = """
    <noscript><p>This page works by a script, and scripts do not run here.</p></noscript>
    <section id="editor" aria-label="Plan">
    <label for="text">Plan</label>
    <textarea id="text" rows="3" spellcheck="false" autocapitalize="off" autocomplete="off"
      aria-describedby="error-text"></textarea>
    <div id="error" hidden><p id="error-text" role="status"></p><pre id="error-mark"
      aria-hidden="true"></pre></div>
    <div class="row">
    <label>Preset <select id="presets"><option value="">choose…</option></select></label>
    <label>Steps <input id="steps" type="text" inputmode="numeric" autocomplete="off"
      aria-describedby="error-text length"></label>
    <label>Steps in an epoch <input id="steps-per-epoch" type="text" inputmode="decimal"
      autocomplete="off" aria-describedby="error-text length"></label>
    <button id="keep" type="button">Compare with this</button>
    <p id="length"></p>
    </div>
    <div id="sliders" role="group" aria-label="Numbers of the plan"></div>
    </section>
    """

  private static let keys = """
    <details id="keys"><summary>Keys</summary><dl>
    <dt>Tab, Shift Tab</dt><dd>to the next field, slider, button, plot or knot, and back</dd>
    <dt>arrows on a knot</dt><dd>move it, with Shift by tenths of the plot; the text follows</dd>
    <dt>arrows on a slider</dt><dd>change its number in the text</dd>
    <dt>arrows on a plot</dt><dd>read its values; + − [ ] zoom and pan, 0 or Escape resets</dd>
    <dt>Space on a run’s name</dt><dd>hides it and shows it again; i shows it alone</dd>
    </dl></details>
    """

  private static let difference = """
    <div><h2 id="difference">Difference</h2><label>from <input id="reference" type="text"
      spellcheck="false" autocapitalize="off" autocomplete="off" placeholder="a plan to compare with"
      aria-describedby="differences"></label><ul id="differences" role="status"></ul></div>
    """
}

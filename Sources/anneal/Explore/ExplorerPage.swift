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
  /// Whether there is a server that answers; otherwise the page only shows.
  var isLive: Bool

  var text: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>anneal explore</title>
    <style>\(Self.style)</style>
    <body class="\(isLive ? "live" : "still")" data-event="\(latestEvent)">
    <header><h1>Schedules</h1><p id="status" role="status"></p></header>
    <main>
    <section id="editor" aria-label="Plan">
    <div class="row">
    <label class="grow">Plan <textarea id="text" rows="3" spellcheck="false" autocapitalize="off"
      autocomplete="off" aria-describedby="error"></textarea></label>
    </div>
    <p id="error" role="alert" hidden></p>
    <div class="row controls">
    <label>Preset <select id="presets"><option value="">choose…</option></select></label>
    <label>Steps <input id="steps" type="number" min="1" max="1000000" step="1"></label>
    <label>Steps in an epoch <input id="steps-per-epoch" type="number" min="0" step="any"></label>
    <button id="keep" type="button">Compare with this</button>
    </div>
    <div id="sliders" aria-label="Numbers of the text"></div>
    </section>
    <section id="picture" aria-label="Values">\(schedule)</section>
    <section id="beside">
    <div><h2>In words</h2><dl id="words"></dl></div>
    <div><h2>Lint</h2><ul id="findings"></ul></div>
    <div><h2>Difference</h2><label>from <input id="reference" type="text" spellcheck="false"
      placeholder="a plan to compare with"></label><ul id="differences"></ul></div>
    <div><h2>Copy as</h2><div id="exports"></div>
    <pre id="export" tabindex="0" aria-label="Text to copy"></pre></div>
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
}

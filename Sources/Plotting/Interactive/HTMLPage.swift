/// A page around figures, in their colours.
struct HTMLPage {
  let title: String
  let theme: Theme

  /// The page.
  ///
  /// - Parameters:
  ///   - rules: Rules of a style sheet for what is in it.
  ///   - body: What is in it, well-formed.
  /// - Returns: The text; it asks nothing of a network.
  func text(rules: String, body: String) -> String {
    let (light, dark) = (Self.colors(.light), Self.colors(.dark))
    let colors =
      switch theme {
      case .light: light
      case .dark: dark
      case .automatic: light + "@media screen and (prefers-color-scheme:dark){\(dark)}"
      }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>\(SVG.escaped(title))</title>
      <style>\(colors)\(rules)</style>
      <main>
      \(body)</main>
      </html>

      """
  }

  private static func colors(_ palette: Palette) -> String {
    "body{background:\(palette.background);color:\(palette.text)}"
  }
}

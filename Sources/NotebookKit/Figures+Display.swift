import CNotebook
public import Plotting
public import Studies

extension Figure: Displayable {
  /// The figure that a reader can explore, and the same as a static picture where there are no scripts.
  public var mimeBundle: MIMEBundle {
    let picture = svg(id: FigureName.next(for: title + description))
    return MIMEBundle(
      text: title.isEmpty ? description : "\(title). \(description)", html: html(over: picture),
      svg: picture)
  }

  /// A picture that a script replaces by what a reader can explore.
  ///
  /// A front end leaves scripts out of a notebook that it does not trust, and tags of SVG with them; what
  /// it shows then is the picture.
  private func html(over picture: String) -> String {
    let view = interactiveSVG(
      id: FigureName.next(for: title + description), dataLimit: 40_000, includesScript: false)
    // No tag may end the script before its end.
    let text = JSONText.string(view).replacing("<", with: "\\u003c")
    return """
      <img alt="\(SVG.escaped(description))" \
      src="data:image/svg+xml;base64,\(Base64.text(Array(picture.utf8)))">
      <script>document.currentScript.previousElementSibling.outerHTML = \(text);
      \(Figure.script)</script>
      """
  }

  /// The figure as a static picture alone: for what is drawn several times a second.
  var staticBundle: MIMEBundle {
    let picture = svg(id: FigureName.next(for: title + description))
    return MIMEBundle(text: title.isEmpty ? description : title, svg: picture)
  }
}

/// Names of figures: a page holds each of them once, even if cells of two sessions are on it.
enum FigureName {
  /// A name that no other figure of this process has, and hardly another one of the page.
  static func next(for content: String) -> String {
    "figure-\(notebook_next_number())-\(String(hash(content), radix: 36))"
  }

  /// The 32-bit hash of Fowler, Noll and Vo (FNV-1a); Swift's own differs from run to run.
  static func hash(_ text: String) -> UInt32 {
    text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }
}

extension Gallery: Displayable {
  /// The sheet of figures as a static picture.
  public var mimeBundle: MIMEBundle {
    MIMEBundle(text: "\(title). \(description)", svg: svg(id: FigureName.next(for: title)))
  }
}

extension ScheduleFigure: Displayable {
  /// The picture.
  public var mimeBundle: MIMEBundle { figure.mimeBundle }
}

extension RunsFigure: Displayable {
  /// The picture.
  public var mimeBundle: MIMEBundle { figure.mimeBundle }
}

extension RangeTestFigure: Displayable {
  /// The picture.
  public var mimeBundle: MIMEBundle { figure.mimeBundle }
}

extension ComparisonFigure: Displayable {
  /// The picture.
  public var mimeBundle: MIMEBundle { figure.mimeBundle }
}

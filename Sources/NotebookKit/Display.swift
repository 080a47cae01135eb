import CNotebook

/// Shows a value in the cell's output, now.
///
/// Outside a notebook its text is printed.
public func display(_ value: some Displayable) {
  show(value.mimeBundle, as: .display)
}

/// Shows several values, one after the other.
public func display(_ first: any Displayable, _ others: any Displayable...) {
  for value in [first] + others { show(value.mimeBundle, as: .display) }
}

/// Shows a piece of HTML.
public func display(html: String) {
  display(MIMEBundle(text: "HTML, \(html.utf8.count) bytes", html: html))
}

/// Shows an SVG document as a picture.
public func display(svg: String) {
  display(MIMEBundle(text: "SVG, \(svg.utf8.count) bytes", svg: svg))
}

/// Shows Markdown.
public func display(markdown: String) {
  display(MIMEBundle(text: markdown, markdown: markdown))
}

/// Shows the picture of a PNG file's bytes.
public func display(png: [UInt8]) {
  display(MIMEBundle(text: "PNG, \(png.count) bytes", png: png))
}

/// Takes away what the cell has shown so far.
///
/// - Parameter wait: Whether it stays until something else is there, which avoids a flicker.
public func clearOutput(wait: Bool = true) {
  Wire.ofProcess?.send(.clear, [("wait", "\(wait)")])
}

/// Something that is shown and changes: a curve that grows while a training runs.
///
///     let handle = DisplayHandle(figure(of: losses))
///     handle.update(figure(of: losses + [0.25]))
public struct DisplayHandle: Hashable, Sendable {
  /// The name that the kernel knows it by.
  let id: String

  /// Shows a value that later ones replace.
  public init(_ value: some Displayable) {
    id = "anneal-\(processNumber())-\(notebook_next_number())"
    show(value.mimeBundle, as: .display, id: id)
  }

  /// Shows another value in its place.
  public func update(_ value: some Displayable) {
    show(value.mimeBundle, as: .update, id: id)
  }
}

/// Sends a value to the kernel; without one its text is printed.
func show(_ bundle: MIMEBundle, as event: Wire.Event, id: String? = nil) {
  guard let wire = Wire.ofProcess else {
    print(bundle["text/plain"] ?? "")
    return
  }
  wire.send(event, bundle, id: id)
}

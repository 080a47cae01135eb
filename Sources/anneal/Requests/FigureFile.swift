import Plotting

/// Where a command writes a figure; the path's ending says in which form.
struct FigureFile: Hashable, Sendable {
  /// What is written.
  enum Form: Hashable, Sendable {
    /// A static picture.
    case picture
    /// A page to explore.
    case page
  }

  let path: String
  let form: Form

  /// Takes a path that ends in `.svg` or `.html`.
  init?(path: String) {
    self.path = path
    if path.hasSuffix(".svg") {
      form = .picture
    } else if path.hasSuffix(".html") {
      form = .page
    } else {
      return nil
    }
  }

  /// Writes a figure and says so.
  func write(_ figure: Figure, id: String, _ console: Console) throws(CommandError) {
    try write(form == .page ? figure.html(id: id) : figure.svg(id: id), console)
  }

  /// Writes a sheet of figures and says so.
  func write(_ gallery: Gallery, id: String, _ console: Console) throws(CommandError) {
    try write(form == .page ? gallery.html(id: id) : gallery.svg(id: id), console)
  }

  private func write(_ text: String, _ console: Console) throws(CommandError) {
    try ResultFile.write(text, to: path)
    console.report("wrote \(path)")
  }
}

extension ValueKind where Value == FigureFile {
  /// The path of a picture or a page.
  static var figure: ValueKind {
    ValueKind(expected: "the path of an .svg or .html file", completion: .file) {
      FigureFile(path: $0)
    }
  }
}

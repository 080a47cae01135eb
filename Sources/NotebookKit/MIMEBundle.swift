/// One value in several forms, of which a front end shows the richest that it can.
public struct MIMEBundle: Hashable, Sendable {
  /// One form.
  public struct Form: Hashable, Sendable {
    /// The media type, for example `image/svg+xml`.
    public let type: String
    /// The content: text, or base64 for a media type that is not text.
    public let content: String
  }

  /// The forms, in the order in which they are sent.
  public let forms: [Form]

  /// Makes a bundle.
  ///
  /// - Parameters:
  ///   - text: The value as plain text: for front ends without pictures, and for those who search.
  ///   - html: A piece of HTML without `html` and `body`; nil for none.
  ///   - svg: An SVG document; nil for none.
  ///   - markdown: Markdown; nil for none.
  ///   - png: The bytes of a PNG file; nil for none.
  public init(
    text: String, html: String? = nil, svg: String? = nil, markdown: String? = nil,
    png: [UInt8]? = nil
  ) {
    let forms = [
      ("text/html", html), ("image/svg+xml", svg), ("text/markdown", markdown),
      ("image/png", png.map(Base64.text)), ("text/plain", text),
    ]
    self.forms = forms.compactMap { type, content in
      content.map { Form(type: type, content: $0) }
    }
  }

  /// The content of one form; nil where there is none.
  public subscript(type: String) -> String? {
    forms.first { $0.type == type }?.content
  }

  /// One JSON object: media types and contents.
  var json: String {
    JSONText.object(forms.map { ($0.type, JSONText.string($0.content)) })
  }
}

/// A value that shows itself as more than text when it ends a cell.
public protocol Displayable {
  /// The value in the forms that it can be shown in.
  var mimeBundle: MIMEBundle { get }
}

extension MIMEBundle: Displayable {
  /// The bundle itself.
  public var mimeBundle: MIMEBundle { self }
}

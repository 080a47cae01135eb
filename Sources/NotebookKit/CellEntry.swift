import CNotebook

/// Shows the value that a cell ends with; the kernel adds a call of this to such a cell.
///
/// `Void` is no value worth showing, nor is an optional one that is nil worth more than its name.
public func notebookShow<Value>(_ value: Value) {
  if Value.self == Void.self { return }
  show(bundle(of: value), as: .result)
}

/// The forms of any value: its own where it has some, and its text otherwise.
func bundle(of value: Any) -> MIMEBundle {
  if let value = value as? any Displayable { return value.mimeBundle }
  return MIMEBundle(text: ValueText.describe(value))
}

/// Tells the kernel of an error that has left a cell.
///
/// - Parameter error: The runtime's box of the error.
@_cdecl("notebook_report_error")
public func notebookReportError(_ error: UnsafeRawPointer) {
  let error = unsafe unsafeBitCast(error, to: (any Error).self)
  let (type, text) = (String(reflecting: Swift.type(of: error)), String(describing: error))
  guard let wire = Wire.ofProcess else {
    print("uncaught error \(type): \(text)")
    return
  }
  wire.send(.threw, [("type", JSONText.string(type)), ("text", JSONText.string(text))])
}

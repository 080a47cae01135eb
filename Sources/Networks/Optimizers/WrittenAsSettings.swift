/// A value whose text form, a name with some settings, is also what recipes hold.
public protocol WrittenAsSettings: LosslessStringConvertible, Codable {
  /// Reads the text form.
  ///
  /// - Throws: ``SettingsError`` with what there is.
  init(parsing text: String) throws(SettingsError)
}

extension WrittenAsSettings {
  /// Reads the text form; nothing if it names no such value.
  public init?(_ description: String) {
    guard let value = try? Self(parsing: description) else { return nil }
    self = value
  }

  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

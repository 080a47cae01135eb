extension Augmentation: CustomStringConvertible {
  /// What a list may hold, in words.
  public static let expected =
    "none or a list of crop or translate (1 to 16), flip or altflip, cutout (1 to 64), mixup and "
    + "cutmix (up to 2)"

  private static let defaults = (crop: 4, translate: 2, cutout: 8, mixup: 0.2, cutmix: 1.0)

  /// Reads the text form.
  ///
  /// - Throws: `DatasetError.augmentation` with the part that is not understood or comes twice.
  public init(parsing text: String) throws(DatasetError) {
    self.init()
    if text == "none" { return }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard add(part) else { throw .augmentation(text: text, part: String(part)) }
    }
  }

  /// Adds what a word says, unless it is none or stands against what is there.
  private mutating func add(_ part: Substring) -> Bool {
    let word = part.prefix { $0.isLowercase && $0.isASCII }
    let number = part.dropFirst(word.count)
    switch word {
    case "flip", "altflip":
      guard number.isEmpty, !flips, !alternatesFlips else { return false }
      if word == "flip" { flips = true } else { alternatesFlips = true }
    case "crop", "translate":
      let standard = word == "crop" ? Self.defaults.crop : Self.defaults.translate
      guard cropPadding == 0,
        let padding = Self.count(number, standard, upTo: Self.largestPadding)
      else { return false }
      cropPadding = padding
      padsByReflection = word == "translate"
    case "cutout":
      guard cutout == 0,
        let side = Self.count(number, Self.defaults.cutout, upTo: Self.largestCutout)
      else { return false }
      cutout = side
    case "mixup":
      guard mixup == 0, let alpha = Self.alpha(number, Self.defaults.mixup) else { return false }
      mixup = alpha
    case "cutmix":
      guard cutmix == 0, let alpha = Self.alpha(number, Self.defaults.cutmix) else { return false }
      cutmix = alpha
    default: return false
    }
    return true
  }

  private static func count(_ digits: Substring, _ standard: Int, upTo largest: Int) -> Int? {
    if digits.isEmpty { return standard }
    guard let count = Int(digits), 1...largest ~= count, String(count) == digits else { return nil }
    return count
  }

  private static func alpha(_ digits: Substring, _ standard: Double) -> Double? {
    if digits.isEmpty { return standard }
    guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let alpha = Double(digits), alpha > 0, alpha <= largestAlpha
    else { return nil }
    return alpha
  }

  /// The text form, for example `crop,flip`.
  public var description: String {
    func word<Value: Equatable>(_ name: String, _ value: Value, _ standard: Value) -> String {
      value == standard ? name : "\(name)\(value)"
    }
    var parts: [String] = []
    if cropPadding > 0 {
      parts.append(
        padsByReflection
          ? word("translate", cropPadding, Self.defaults.translate)
          : word("crop", cropPadding, Self.defaults.crop))
    }
    if alternatesFlips { parts.append("altflip") } else if flips { parts.append("flip") }
    if cutout > 0 { parts.append(word("cutout", cutout, Self.defaults.cutout)) }
    if mixup > 0 { parts.append(word("mixup", mixup, Self.defaults.mixup)) }
    if cutmix > 0 { parts.append(word("cutmix", cutmix, Self.defaults.cutmix)) }
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
  }
}

extension Augmentation: Codable {
  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    try self.init(parsing: text)
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

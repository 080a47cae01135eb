/// A number in the text form of a plan that a slider may stand for.
struct TextSlider: Hashable, Sendable, Encodable {
  /// What the number is: `peak`, `warmup`, or the hyper-parameter's word and its place.
  var label: String
  /// Where the number stands, in UTF-16 units as a browser counts them.
  var start: Int
  var end: Int
  var value: Double
  /// `%`, `st`, `ep`, `sp`, `tok`, or nothing.
  var unit: String
  var minimum: Double
  var maximum: Double
  var step: Double
  /// Whether equal ways of the slider are equal factors.
  var isLogarithmic: Bool

  /// The numbers of a text that is a plan, in their order, at most so many.
  static func all(
    in text: String, steps: Int, stepsPerEpoch: Double?, limit: Int = 24
  )
    -> [TextSlider]
  {
    let units = Array(text.utf16)
    var sliders: [TextSlider] = []
    var place = 0
    var word = ""
    var label: String?
    var count = 0
    while place < units.count, sliders.count < limit {
      let unit = units[place]
      if isBlank(unit) {
        (word, label, count) = ("", nil, 0)
        place += 1
      } else if isLetter(unit) {
        // A name with its digits and dashes: triangular2, smith-onecycle, lr.
        let start = place
        while place < units.count,
          isLetter(units[place]) || isDigit(units[place])
            || units[place] == 0x2D && place + 1 < units.count && isLetter(units[place + 1])
        { place += 1 }
        let name = String(decoding: units[start..<place], as: UTF16.self)
        if place < units.count, units[place] == 0x3D {
          if word.isEmpty { word = name } else { label = name }
        }
      } else if let end = numberEnd(units, from: place) {
        let text = String(decoding: units[place..<end], as: UTF16.self)
        var unitEnd = end
        while unitEnd < units.count, isLetter(units[unitEnd]) || units[unitEnd] == 0x25 {
          unitEnd += 1
        }
        let suffix = String(decoding: units[end..<unitEnd], as: UTF16.self)
        // 1-sqrt is the name of a curve.
        let isName =
          suffix.isEmpty && unitEnd + 1 < units.count && units[unitEnd] == 0x2D
          && isLetter(units[unitEnd + 1])
        let isUnit = ["", "%", "st", "ep", "sp", "tok"].contains(suffix)
        if !isName, let value = Double(text), isUnit || suffix.hasPrefix("x") {
          count += 1
          sliders.append(
            TextSlider(
              label: label ?? "\(word.isEmpty ? "value" : word) \(count)", value: value,
              from: place, to: end, unit: isUnit ? suffix : "", steps: steps,
              stepsPerEpoch: stepsPerEpoch))
        }
        label = nil
        place = isName ? unitEnd + 1 : isUnit ? unitEnd : end
      } else {
        place += 1
      }
    }
    return sliders
  }

  private init(
    label: String, value: Double, from start: Int, to end: Int, unit: String, steps: Int,
    stepsPerEpoch: Double?
  ) {
    (self.label, self.value, self.start, self.end, self.unit) = (label, value, start, end, unit)
    minimum = 0
    isLogarithmic = false
    switch unit {
    case "%": (maximum, step) = (max(100, value), 0.5)
    case "st": (maximum, step) = (max(Double(steps), value), 1)
    case "ep":
      let epochs = stepsPerEpoch.map { Double(steps) / $0 } ?? 4 * value
      (maximum, step) = (max(epochs, value), epochs > 20 ? 1 : 0.1)
    case "sp", "tok": (maximum, step) = (max(4 * value, 1), 1)
    default:
      let isWhole = value == value.rounded() && value >= 2
      if value == 0 {
        (maximum, step) = (1, 0.001)
      } else if isWhole {
        (maximum, step) = (4 * value, 1)
      } else if value >= 0.5 && value < 1 {
        (maximum, step) = (max(0.999, value), 0.001)
      } else {
        (minimum, maximum, step) = (value / 10, value * 10, 0.01)
        isLogarithmic = true
      }
    }
  }

  private static func isBlank(_ unit: UInt16) -> Bool { unit == 0x20 || (9...13).contains(unit) }
  private static func isDigit(_ unit: UInt16) -> Bool { (48...57).contains(unit) }
  private static func isLetter(_ unit: UInt16) -> Bool {
    (65...90).contains(unit) || (97...122).contains(unit)
  }

  /// Where a number without a sign ends; two dots are the mark of a ramp.
  private static func numberEnd(_ units: [UInt16], from start: Int) -> Int? {
    func at(_ place: Int) -> UInt16 { place < units.count ? units[place] : 0 }
    var place = start
    while isDigit(at(place)) { place += 1 }
    // The second dot of a ramp's mark begins no fraction.
    if place == start, start > 0, units[start - 1] == 0x2E { return nil }
    if at(place) == 0x2E, isDigit(at(place + 1)) {
      place += 1
      while isDigit(at(place)) { place += 1 }
    }
    guard place > start else { return nil }
    if at(place) == 0x65 {
      let digits = at(place + 1) == 0x2D || at(place + 1) == 0x2B ? place + 2 : place + 1
      if isDigit(at(digits)) {
        place = digits
        while isDigit(at(place)) { place += 1 }
      }
    }
    return place
  }
}

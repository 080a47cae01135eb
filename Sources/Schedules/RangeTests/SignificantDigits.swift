/// A number as a short decimal for sentences: three significant digits, no trailing zeros.
///
/// Not for data: files and JSON carry the shortest decimal that reads back as the same number.
func threeDigits(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return "\(value)" }
  var power = 1.0
  var scaled = abs(value)
  // Powers of ten are exact up to 10²², so the quotient below is the nearest Double to the
  // decimal that is wanted, and prints as it.
  while scaled < 100 && power < 1e22 {
    power *= 10
    scaled = abs(value) * power
  }
  var divisor = 1.0
  while scaled >= 1000 && divisor < 1e22 {
    divisor *= 10
    scaled = abs(value) / divisor
  }
  let rounded = scaled.rounded() * divisor / power
  let text = "\(value < 0 ? -rounded : rounded)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

import Plotting

/// What terminal output needs beyond the numbers of a figure.
extension NumberText {
  /// A whole number with its thousands apart: `272 474`.
  static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "−" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += " " }
      text.append(digit)
    }
    return text
  }

  /// A length of time: `0:07`, `12:30`, `1:02:03`; `?` for one that nobody would wait for.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    let padded = rest < 10 ? "0\(rest)" : "\(rest)"
    guard hours > 0 else { return "\(minutes):\(padded)" }
    return "\(hours):" + (minutes < 10 ? "0" : "") + "\(minutes):\(padded)"
  }

  /// A rate with three digits where it is small and whole where it is large: `41.7`, `12 345`.
  static func rate(_ value: Double) -> String {
    guard value < 1e15 else { return "?" }
    if value >= 99.95 { return grouped(Int(value.rounded())) }
    return fixed(value, decimals: value >= 9.995 ? 1 : 2)
  }
}

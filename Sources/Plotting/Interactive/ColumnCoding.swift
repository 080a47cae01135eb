/// Columns of numbers as short text, which the script of an interactive figure reads back.
///
/// Whole numbers are written as differences from their predecessors in a Rice code (Rice, 1979):
/// blocks of 128 differences share a parameter *k* of five bits; each difference is a quotient by
/// 2^k in unary and the remainder in k bits, and one whose quotient is 24 or more is 24 ones and 34
/// bits. Six bits make a character. Other numbers become whole ones by keeping some leading bits of
/// their `Float`, whose patterns are ordered as the numbers are.
enum ColumnCoding {
  static let blockLength = 128
  static let longestQuotient = 24
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// The sign and leading bits of numbers as whole numbers in the same order.
  ///
  /// - Parameters:
  ///   - values: The numbers; what `Float` has no room for becomes infinite.
  ///   - bits: Bits kept of the fraction, 1…23; the relative error is at most 2^−(bits+1).
  /// - Returns: A whole number for each.
  static func keys(_ values: [Double], bits: Int) -> [Int] {
    let shift = 23 - bits
    return values.map { value in
      let float = Float(value)
      let pattern = Int(float.magnitude.bitPattern)
      // NaN must not be rounded into another number, nor infinity into NaN.
      let key = float.isFinite ? (pattern + (1 << shift) / 2) >> shift : pattern >> shift
      return float.sign == .minus && !float.isNaN ? -key : key
    }
  }

  /// The number that a key stands for.
  static func value(ofKey key: Int, bits: Int) -> Double {
    let float = Float(bitPattern: UInt32(key.magnitude) << UInt32(23 - bits))
    return Double(key < 0 ? -float : float)
  }

  /// Whole numbers of up to 2^33 in magnitude as text.
  static func text(_ integers: [Int]) -> String {
    var bits = BitText()
    var previous = 0
    var start = 0
    while start < integers.count {
      let end = min(start + blockLength, integers.count)
      var codes: [Int] = []
      codes.reserveCapacity(end - start)
      for integer in integers[start..<end] {
        let difference = integer - previous
        codes.append(difference < 0 ? -2 * difference - 1 : 2 * difference)
        previous = integer
      }
      let parameter = parameter(for: codes)
      bits.append(parameter, count: 5)
      for code in codes {
        let quotient = code >> parameter
        if quotient < longestQuotient {
          bits.append((1 << (quotient + 1)) - 2, count: quotient + 1)
          bits.append(code & ((1 << parameter) - 1), count: parameter)
        } else {
          bits.append((1 << longestQuotient) - 1, count: longestQuotient)
          bits.append(code, count: 34)
        }
      }
      start = end
    }
    return bits.finished(alphabet: alphabet)
  }

  /// The parameter that needs the fewest bits.
  private static func parameter(for codes: [Int]) -> Int {
    func cost(_ parameter: Int) -> Int {
      codes.reduce(0) { sum, code in
        let quotient = code >> parameter
        return sum + (quotient < longestQuotient ? quotient + 1 + parameter : longestQuotient + 34)
      }
    }
    // The cost first falls and then rises with the parameter, but for blocks with outliers.
    let mean = codes.reduce(0, +) / max(codes.count, 1)
    let guess = Int.bitWidth - (mean + 1).leadingZeroBitCount - 1
    let candidates = max(0, guess - 3)...min(max(guess, 0) + 1, 30)
    return candidates.min { cost($0) < cost($1) } ?? 0
  }

  // MARK: - Shapes of columns

  /// The first value and the difference of numbers that are evenly spaced, give or take rounding.
  static func progression(_ values: [Double]) -> (from: Double, by: Double)? {
    guard values.count > 2, let first = values.first, let last = values.last, first.isFinite,
      last.isFinite
    else { return nil }
    let step = (last - first) / Double(values.count - 1)
    let allowance = 1e-10 * max(abs(first), abs(last))
    for (index, value) in values.enumerated() {
      guard abs(first + step * Double(index) - value) <= allowance else { return nil }
    }
    return (first, step)
  }

  /// Indices between which straight lines pass every value at no more than a share of itself; nil
  /// when there is no such short list.
  ///
  /// - Parameters:
  ///   - values: The values, all finite.
  ///   - tolerance: The greatest error, as a share of a value.
  ///   - limit: The longest list of use.
  /// - Returns: The indices, rising, the first and the last among them.
  static func knots(_ values: [Double], tolerance: Double, limit: Int) -> [Int]? {
    guard values.allSatisfy(\.isFinite), !values.isEmpty else { return nil }
    var kept = [0]
    var anchor = 0
    var slopes = (low: -Double.infinity, high: Double.infinity)
    for index in values.indices.dropFirst() {
      let rise = values[index] - values[anchor]
      let slope = rise / Double(index - anchor)
      if slope < slopes.low || slope > slopes.high {
        anchor = index - 1
        kept.append(anchor)
        if kept.count >= limit { return nil }
        slopes = (-.infinity, .infinity)
      }
      let (width, room) = (Double(index - anchor), abs(values[index]) * tolerance)
      slopes.low = max(slopes.low, (values[index] - room - values[anchor]) / width)
      slopes.high = min(slopes.high, (values[index] + room - values[anchor]) / width)
    }
    if anchor != values.count - 1 { kept.append(values.count - 1) }
    return kept
  }
}

/// Bits, written six to a character.
private struct BitText {
  private var symbols: [UInt8] = []
  private var pending = 0
  private var pendingCount = 0

  /// Adds the lowest bits of a number, the highest of these first.
  mutating func append(_ value: Int, count: Int) {
    pending = pending << count | value
    pendingCount += count
    while pendingCount >= 6 {
      pendingCount -= 6
      symbols.append(UInt8(pending >> pendingCount & 63))
    }
    pending &= (1 << pendingCount) - 1
  }

  consuming func finished(alphabet: [UInt8]) -> String {
    if pendingCount > 0 { append(0, count: 6 - pendingCount) }
    return String(decoding: symbols.map { alphabet[Int($0)] }, as: UTF8.self)
  }
}

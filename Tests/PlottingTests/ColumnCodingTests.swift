import Testing

@testable import Plotting

@Suite struct ColumnCodingTests {
  /// Reads what `ColumnCoding.text` wrote, bit by bit.
  private func decoded(_ text: String, count: Int) -> [Int] {
    let alphabet = Array(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    let bits = text.utf8.flatMap { character -> [Int] in
      let symbol = alphabet.firstIndex(of: character) ?? 0
      return (0..<6).reversed().map { symbol >> $0 & 1 }
    }
    var position = 0
    func read(_ count: Int) -> Int {
      position += count
      return bits[(position - count)..<position].reduce(0) { $0 * 2 + $1 }
    }
    var (values, previous, parameter) = ([Int](), 0, 0)
    for index in 0..<count {
      if index.isMultiple(of: 128) { parameter = read(5) }
      var quotient = 0
      while quotient < 24 && read(1) == 1 { quotient += 1 }
      let code = quotient < 24 ? quotient << parameter + read(parameter) : read(34)
      previous += code.isMultiple(of: 2) ? code / 2 : -(code + 1) / 2
      values.append(previous)
    }
    return values
  }

  @Test(arguments: [
    [], [0], [5, 4, 3, -2, -2], Array(0..<1000), [0, 1 << 31, -(1 << 31), 7],
    (0..<300).map { $0 * $0 % 7919 }, [Int](repeating: 3, count: 129) + [2_143_289_344, 3],
  ])
  func integersReadBack(values: [Int]) {
    #expect(decoded(ColumnCoding.text(values), count: values.count) == values)
  }

  @Test func steadyStepsTakeFewCharacters() {
    // Half a character for a repeated difference, not one for each digit.
    #expect(ColumnCoding.text(Array(0..<1200)).count < 620)
  }

  @Test(arguments: [23, 16, 12])
  func keysKeepOrderAndPrecision(bits: Int) {
    let values = [-1e30, -2.5, -1e-3, 0, 1e-30, 1e-3, 0.1, 0.3, 0.30001, 1, 2.999, 3, 1e30]
    let keys = ColumnCoding.keys(values, bits: bits)
    for (value, key) in zip(values, keys) {
      let error = abs(ColumnCoding.value(ofKey: key, bits: bits) - value)
      #expect(error <= abs(value) / Double(1 << (bits + 1)) * 1.0001, "\(value)")
    }
    #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test func whatIsNotFiniteStaysSo() {
    for bits in Column.precisions {
      let keys = ColumnCoding.keys([.nan, .infinity, -.infinity, 1e300, -.nan], bits: bits)
      let values = keys.map { ColumnCoding.value(ofKey: $0, bits: bits) }
      #expect(values[0].isNaN && values[4].isNaN)
      #expect(values[1] == .infinity && values[2] == -.infinity && values[3] == .infinity)
    }
  }

  @Test func evenSpacingIsFound() throws {
    let epochs = (0..<500).map { Double($0 + 1) / 79 }
    let found = try #require(ColumnCoding.progression(epochs))
    #expect(abs(found.by - 1 / 79.0) < 1e-12)
    #expect(ColumnCoding.progression([0, 1, 2, 4]) == nil)
    #expect(ColumnCoding.progression([1, .nan, 3]) == nil)
    #expect(ColumnCoding.progression([1, 2]) == nil)
  }

  /// The values of straight lines between knots.
  private func drawn(_ values: [Double], _ knots: [Int]) -> [Double] {
    zip(knots, knots.dropFirst()).flatMap { start, end in
      (start..<end).map { index in
        let t = Double(index - start) / Double(end - start)
        return values[start] * (1 - t) + values[end] * t
      }
    } + [values[values.count - 1]]
  }

  @Test func schedulesShrinkToTheirKnots() throws {
    let indices = (0..<1000).map(Double.init)
    let cycle = indices.map { (step: Double) -> Double in
      step < 300 ? step / 300 : (1000 - step) / 700
    }
    let steps = indices.map { (step: Double) -> Double in
      step < 500 ? 0.1 : step < 750 ? 0.01 : 0.001
    }
    var parabola = indices.map { (step: Double) -> Double in 1 - step * step / 1e6 }
    parabola[234] = 5
    let cases: [([Double], Int)] = [(cycle, 4), (steps, 6), (parabola, 400)]
    for (values, most) in cases {
      let knots = try #require(ColumnCoding.knots(values, tolerance: 1e-5, limit: 1000))
      #expect(knots.count <= most)
      for (value, line) in zip(values, drawn(values, knots)) {
        #expect(abs(value - line) <= abs(value) * 1.0001e-5 + 1e-15)
      }
    }
    #expect(ColumnCoding.knots([1, .nan], tolerance: 1e-5, limit: 9) == nil)
    #expect(ColumnCoding.knots([0, 1, 0, 1, 0, 1], tolerance: 1e-5, limit: 4) == nil)
  }
}

import Schedules
import Testing

@Suite("Curve")
struct CurveTests {
  private func middle(_ curve: Curve, from: Double = 0, to: Double = 1) throws -> [Double] {
    let ramp = Schedule { Ramp(from: from, to: to, curve: curve) }
    return Array(try ramp.resolved(over: Horizon(steps: 5, end: .closed)))
  }

  private func close(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-15 }
  }

  @Test("Values at quarters are those of the formulas")
  func quarters() throws {
    let root = 0.5.squareRoot()
    #expect(try middle(.linear) == [0, 0.25, 0.5, 0.75, 1])
    #expect(close(try middle(.cosine), [0, (1 - root) / 2, 0.5, (1 + root) / 2, 1]))
    #expect(close(try middle(.exponential, from: 1, to: 16), [1, 2, 4, 8, 16]))
    #expect(close(try middle(.exponential, from: -1, to: -16), [-1, -2, -4, -8, -16]))
    #expect(close(try middle(.polynomial(power: 2)), [0, 0.4375, 0.75, 0.9375, 1]))
    #expect(close(try middle(.oneMinusRoot), [0, 0.5, root, 0.75.squareRoot(), 1]))
    #expect(close(try middle(.rex), [0, 1.0 / 7, 1.0 / 3, 0.6, 1]))
  }

  @Test("A constant stays constant to the last bit")
  func constants() throws {
    for curve in [Curve.linear, .cosine, .exponential, .polynomial(power: 3), .oneMinusRoot, .rex] {
      let ramp = Schedule { Ramp(from: 0.1, to: 0.1, curve: curve) }
      #expect(try ramp.resolved(over: Horizon(steps: 97)).allSatisfy { $0 == 0.1 })
    }
  }

  @Test("Names read back, unknown ones do not")
  func names() {
    for curve in [
      Curve.linear, .cosine, .exponential, .polynomial(power: 0.9), .oneMinusRoot, .rex,
    ] {
      #expect(Curve(curve.description) == curve)
    }
    for name in ["", "poly", "poly0", "poly-1", "polynan", "polyinf", "Linear", "cosine "] {
      #expect(Curve(name) == nil)
    }
  }

  @Test("Curves of your own are equal by name")
  func named() {
    let one = Curve(named: "mine") { $0 }
    let two = Curve(named: "mine") { $0 * $0 }
    #expect(one == two && one.hashValue == two.hashValue)
    #expect(one != Curve(named: "yours") { $0 })
  }

  @Test("A curve cannot take the name of a built-in one")
  func builtInNames() async {
    await #expect(processExitsWith: .failure) { _ = Curve(named: "cosine") { $0 } }
    await #expect(processExitsWith: .failure) { _ = Curve(named: "1st") { $0 } }
    await #expect(processExitsWith: .failure) { _ = Curve(named: "") { $0 } }
  }
}

import Testing

@testable import Schedules

@Suite("Combinators")
struct CombinatorsTests {
  private func values(_ text: String, steps: Int) throws -> [Double] {
    Array(try Schedule(parsing: text).resolved(over: Horizon(steps: steps)))
  }

  @Test("A repetition without a count fills the remainder, and its end is a cycle's end")
  func endlessRepetition() throws {
    #expect(try values("(1..0@2st)x,7@1st", steps: 6) == [1, 0.5, 1, 0.5, 1, 7])
    let whole = try Schedule(parsing: "(1..0@10st)x").resolved(over: Horizon(steps: 20))
    #expect(whole[10] == 1)
    #expect(whole.value(at: 20) == 0)
    let counted = try Schedule(parsing: "(1..0@10st)x2").resolved(over: Horizon(steps: 30))
    #expect(counted[20] == 0 && counted[29] == 0)
    let cut = try Schedule(parsing: "(1..0@8st)x").resolved(over: Horizon(steps: 12))
    #expect(cut.value(at: 12) == 0.5)
  }

  @Test(
    "A cycle begins exactly where it should, however long the ones before it",
    arguments: [2.0, 3, 5, 7, 10])
  func stretchedStarts(stretch: Double) throws {
    let length = 1_000_000_000
    let rates = try Schedule.cosineRestarts(peak: 1, first: 1.step, stretchingBy: stretch)
      .resolved(over: Horizon(steps: length))
    var start = 0.0
    var cycle = 1.0
    while start < Double(length) {
      #expect(rates[Int(start)] == 1, "cycle of \(cycle) steps at \(start)")
      if start > 1, cycle > 1 { #expect(rates[Int(start) - 1] < 1) }
      start += cycle
      cycle *= stretch
    }
  }

  @Test("A stretch may be as close to 1 as can be")
  func stretchNearOne() throws {
    for stretch in [1.0000000442968815, 0.9999999960453946, 1.0000000951189036, 1.001] {
      let rates = try Schedule.linear(from: 1, to: 0, over: 10.steps)
        .repeated(stretchingBy: stretch).resolved(over: Horizon(steps: 1000))
      for cycle in 0..<40 {
        let start = 10 * (Elementary.power(stretch, Double(cycle)) - 1) / (stretch - 1)
        #expect(rates.value(at: start) == 1, "cycle \(cycle) of \(stretch)")
      }
    }
  }

  @Test("Shrinking cycles come to rest")
  func shrinkingCycles() throws {
    let rates = try Schedule(parsing: "(1..0@10st)x^0.5").resolved(over: Horizon(steps: 40))
    #expect(rates[0] == 1 && rates[10] == 1 && rates[15] == 1)
    #expect(rates[20] == 0 && rates[39] == 0)
  }

  @Test("What decays is the amplitude, the peak or every value")
  func decay() throws {
    let cycle = Schedule { Ramp(from: 1, to: 0.5, over: 2.steps) }
    func starts(_ target: Schedule.Decay) throws -> [Double] {
      let rates = try cycle.repeated(4, decayingBy: 0.5, of: target)
        .resolved(over: Horizon(steps: 8))
      return [0, 2, 4, 6].map { rates[$0] }
    }
    #expect(try starts(.amplitude) == [1, 0.75, 0.625, 0.5625])
    #expect(try starts(.peak) == [1, 0.5, 0.5, 0.5])
    #expect(try starts(.values) == [1, 0.5, 0.25, 0.125])
  }

  @Test("A limit cuts what is longer and holds what is shorter")
  func limits() throws {
    #expect(try values("(1..0@4st)until(2st),7", steps: 4) == [1, 0.75, 7, 7])
    #expect(try values("(1..0@4st)until(2st)", steps: 5) == [1, 0.75, 0.5, 0.5, 0.5])
    #expect(try values("(1..0@2st)until(4st),7", steps: 6) == [1, 0.5, 0, 0, 7, 7])
    #expect(try values("((1@9st,2)until(3st))*2,7", steps: 4) == [2, 2, 2, 7])
    // A boundary before the beginning, which PyTorch has on short runs, stays where it is.
    for steps in 1...4 {
      let policy = Schedule.oneCycle(peak: 1, aligned: .pytorch)
      let run = Horizon(steps: steps, end: .closed)
      #expect(
        Array(try policy.limited(to: 100.percent).resolved(over: run))
          == Array(try policy.resolved(over: run)))
    }
    // The remainder inside is the run's, not the limit's.
    #expect(try values("(0..8)until(4st),7", steps: 8) == [0, 1, 2, 3, 7, 7, 7, 7])
  }

  @Test("Products and sums last as long as the longer one")
  func arithmetic() throws {
    #expect(try values("(1..0@2st)*(4@4st),7", steps: 6) == [4, 2, 0, 0, 7, 7])
    #expect(try values("1@1st,(1..0@2st)+(4),7@1st", steps: 6) == [1, 5, 4.5, 4, 4, 7])
  }

  @Test("The outer of two modifiers acts last")
  func modifiers() throws {
    #expect(try values("(((0..4)*2)[0..3])*10", steps: 4) == [0, 20, 30, 30])
    #expect(try values("(((0..4)[0..3])*2)[0..5]", steps: 4) == [0, 2, 4, 5])
  }

  @Test("Mirrors: at its peak from the start, constant, or made by arithmetic")
  func mirrors() throws {
    let band = 0.85...0.95
    #expect(Schedule.cosine(from: 1).mirrored(into: band).description == "0.85..0.95:cosine")
    #expect(Schedule.constant(3).mirrored(into: band).description == "0.95")
    #expect(
      Schedule.linear(from: 0, to: 1).scaled(by: 4).mirrored(into: band).description
        == "0.95..0.85")
    let product = Schedule.linear(from: 0, to: 1) * .constant(2)
    let mirrored = try product.mirrored(into: band).resolved(over: Horizon(steps: 5, end: .closed))
    #expect(zip(mirrored, [0.95, 0.925, 0.9, 0.875, 0.85]).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  @Test("Tables: values for equal shares of a span")
  func tables() throws {
    #expect(try values("{1,2,3}@6st", steps: 7) == [1, 1, 2, 2, 3, 3, 3])
    #expect(try values("{1,2,3}", steps: 4) == [1, 1, 2, 3])
    #expect(Schedule.table([1, 2], each: 3.epochs) == .table([1, 2], over: 6.epochs))
  }

  @Test("Only cycles of some length repeat without end")
  func cycleLengths() throws {
    let million = try Schedule(parsing: "(1..0@1st)x100000").resolved(
      over: Horizon(steps: 100_000))
    #expect(million.allSatisfy { $0 == 1 })
    #expect(million.knots == [0])
  }
}

import Schedules
import Testing

@Suite("Schedules as text")
struct ScheduleTextTests {
  private static let sgdr = Schedule.cosineRestarts(
    peak: 0.05, first: 10.epochs, stretchingBy: 2, decayingBy: 0.9, count: 3)

  private static let rising = Schedule.linear(from: 0, to: 1)
  private static let stretched = Schedule {
    Ramp(from: 0, to: 1, over: 10.steps)
    Hold(1, for: 4.epochs)
    Hold(0.5)
  }

  private static let mixed = 50.percent + 2.epochs - 1.step

  private static let printedCases: [(Schedule, String)] = [
    (Schedule.oneCycle(peak: 0.1), "0.004..0.1@30%:cosine,0.1..4e-07:cosine"),
    (
      .oneCycle(peak: 0.1, aligned: .pytorch),
      "0.004..0.1@30%-1st:cosine,0.1..4e-07:cosine"
    ),
    (sgdr, "(0.05..0@10ep:cosine)x3^2~0.9"),
    (
      .warmupStableDecay(peak: 1e-3, warmup: 375_000.tokens, decay: 20.percent),
      "0..0.001@375000tok,0.001,0.001..0@20%:1-sqrt"
    ),
    (
      sgdr.clamped(to: 1e-3...0.04), "((0.05..0@10ep:cosine)x3^2~0.9)[0.001..0.04]"
    ),
    (.step(from: 0.1, every: 30.epochs), "(0.1@30ep)x~0.1:values"),
    (
      .multiStep(from: 0.1, at: [30.epochs, 60.epochs, 80.epochs]),
      "0.1@30ep,0.01@30ep,0.001@20ep,0.0001"
    ),
    (.table([0.1, 0.2, 0.5], each: 2.steps), "{0.1,0.2,0.5}@6st"),
    (.constant(1).limited(to: 5.steps), "(1)until(5st)"),
    (.constant(1).spliced(at: 40.epochs, with: .constant(2)), "(1)until(40ep),2"),
    (.linear(from: 0, to: 1) * .constant(0.5), "(0..1)*(0.5)"),
    (.linear(from: 0, to: 1) + .constant(0.5), "(0..1)+(0.5)"),
    (.linear(from: 0, to: 1).scaled(by: 2), "(0..1)*2"),
    (.linear(from: 2, to: -1e300, over: 2 * .remainder), "2..-1e+300@2rest"),
    (.polynomial(from: 1, power: 0.9, over: mixed), "1..0@50%-1st+2ep:poly0.9"),
    (
      .triangular2(base: 0.95, peak: 0.85, halfCycle: 22.steps),
      "(0.95..0.85@22st,0.85..0.95@22st)x~0.5"
    ),
    (
      .exponentialRange(base: 0.1, peak: 1, halfCycle: 5.steps, decayingBy: 0.99),
      "(0.1)+(((0..0.9@5st,0.9..0@5st)x)*((1..0.99@1st:exp)x~0.99:values))"
    ),
  ]

  @Test(
    "Schedules print as documented and read back equal",
    arguments: printedCases)
  func printed(schedule: Schedule, text: String) throws {
    #expect(schedule.description == text)
    #expect(try Schedule(parsing: text) == schedule)
    #expect(Schedule(text) == schedule)
  }

  private static let presetCases: [(String, Schedule)] = [
    ("onecycle(peak=0.4,warmup=30%)", Schedule.oneCycle(peak: 0.4)),
    ("oneCycle(0.4)", .oneCycle(peak: 0.4)),
    (
      "one-cycle(peak=1, style=three-phase, aligned=pytorch, curve=linear, start=0.5, end=0)",
      .oneCycle(
        peak: 1, start: 0.5, end: 0, curve: .linear, style: .threePhase, aligned: .pytorch)
    ),
    ("fastai-onecycle(peak=0.1)", .fastaiOneCycle(peak: 0.1)),
    (
      "smith-onecycle(base=0.1,peak=1,half=22st)",
      .smithOneCycle(base: 0.1, peak: 1, halfCycle: 22.steps)
    ),
    ("constant(0.1)", .constant(0.1)),
    ("linear(1,0,over=5ep)", .linear(from: 1, to: 0, over: 5.epochs)),
    ("cosine(0.1)", .cosine(from: 0.1)),
    ("polynomial(from=1,power=2)", .polynomial(from: 1, power: 2)),
    ("polynomial(1,2,k=3)", .polynomial(from: 1, power: 2, kDecay: 3)),
    (
      "onecycle(0.4)mirror(0.85..0.95)",
      Schedule.oneCycle(peak: 0.4).mirrored(into: 0.85...0.95)
    ),
    ("((0..1)*(1..2))mirror(0..1)", (rising * .linear(from: 1, to: 2)).mirrored(into: 0...1)),
    ("(0..1@5st,1@2ep,0.5)stretch(2)", stretched),
    ("exponential(1,0.1)", .exponential(from: 1, to: 0.1)),
    ("decay(1,0.9,1ep)", .exponential(from: 1, decayingBy: 0.9, every: 1.epoch)),
    ("step(0.1,30ep)", .step(from: 0.1, every: 30.epochs)),
    ("multistep(0.1,at={30ep,60%})", .multiStep(from: 0.1, at: [30.epochs, 60.percent])),
    (
      "piecewise(values={1,0.5,0.1},at={5st,9st})",
      .piecewise([1, 0.5, 0.1], at: [5.steps, 9.steps])
    ),
    ("sgdr(0.05,10ep,stretch=2,decay=0.9,count=3)", sgdr),
    (
      "triangular(0.1,3,half=50st,descent=10st)",
      .triangular(base: 0.1, peak: 3, halfCycle: 50.steps, descent: 10.steps)
    ),
    ("triangular2(0.1,3,50st)", .triangular2(base: 0.1, peak: 3, halfCycle: 50.steps)),
    (
      "exprange(0.1,3,50st,0.99)",
      .exponentialRange(base: 0.1, peak: 3, halfCycle: 50.steps, decayingBy: 0.99)
    ),
    (
      "wsd(peak=1,warmup=1ep,decay=20%)",
      .warmupStableDecay(peak: 1, warmup: 1.epoch, decay: 20.percent)
    ),
  ]

  @Test(
    "Presets have names",
    arguments: presetCases)
  func presets(text: String, schedule: Schedule) throws {
    let parsed = try Schedule(parsing: text)
    #expect(parsed == schedule)
    #expect(Schedule(parsed.description) == schedule)
  }

  @Test("White space and long unit names are read")
  func looseText() throws {
    #expect(
      try Schedule(parsing: " 0 .. 1 @ 5 epochs - 1 step : cosine , ( 1 ) x 2 ")
        == Schedule {
          Ramp(from: 0, to: 1, over: 5.epochs - 1.step, curve: .cosine)
          Hold(1).schedule.repeated(2)
        })
    #expect(try Schedule(parsing: ".5..1.@3e2st").description == "0.5..1@300st")
  }

  @Test("Curves of your own are handed to the parser")
  func curves() throws {
    let smooth = Curve(named: "smoothstep") { $0 * $0 * (3 - 2 * $0) }
    let schedule = Schedule { Ramp(from: 1, to: 0.01, curve: smooth) }
    #expect(schedule.description == "1..0.01:smoothstep")
    #expect(try Schedule(parsing: "1..0.01:smoothstep", curves: [smooth]) == schedule)
    #expect(Schedule("1..0.01:smoothstep") == nil)
    #expect(try schedule.resolved(over: Horizon(steps: 11, end: .closed))[10] == 0.01)
  }

  private static let errorCases: [(String, String)] = [
    ("", "expected a value, a schedule's name, '(' or '{' at column 1 of '', found the end"),
    (
      "0.1,",
      "expected a value, a schedule's name, '(' or '{' at column 5 of '0.1,', found the end"
    ),
    ("0.1..", "expected a number at column 6 of '0.1..', found the end"),
    ("0..1:cosin", "unknown curve 'cosin' at column 6 of '0..1:cosin'; did you mean 'cosine'?"),
    ("0..1:zzzzzz", "unknown curve 'zzzzzz' at column 6 of '0..1:zzzzzz'"),
    ("0..1@3epo", "unknown unit 'epo' at column 7 of '0..1@3epo'; did you mean 'ep'?"),
    ("0..1@3", "expected a unit: %, st, ep, sp, tok at column 7 of '0..1@3', found the end"),
    (
      "0..1@x",
      "unknown length 'x' at column 6 of '0..1@x'"
    ),
    (
      "onecyle(peak=1)",
      "unknown schedule 'onecyle' at column 1 of 'onecyle(peak=1)'; did you mean 'onecycle'?"
    ),
    (
      "onecycle(peek=1)",
      "unknown parameter of onecycle 'peek' at column 10 of 'onecycle(peek=1)'; "
        + "did you mean 'peak'?"
    ),
    (
      "onecycle(start=1)",
      "expected peak=… at column 17 of 'onecycle(start=1)', found ')'"
    ),
    ("onecycle()", "expected peak=… in onecycle(…) at column 10 of 'onecycle()', found ')'"),
    ("onecycle(1,peak=2)", "expected peak once at column 12 of 'onecycle(1,peak=2)', found 'p'"),
    (
      "onecycle(1,style=four)",
      "unknown style 'four' at column 18 of 'onecycle(1,style=four)'"
    ),
    ("onecycle", "expected '(' at column 9 of 'onecycle', found the end"),
    ("(0.1", "expected ')' at column 5 of '(0.1', found the end"),
    ("0.1)", "expected ',' or a modifier or the end at column 4 of '0.1)', found ')'"),
    (
      "0.1:cosine", "expected ',' or a modifier or the end at column 4 of '0.1:cosine', found ':'"
    ),
    ("(1)x0", "expected a whole number of at least 1 at column 5 of '(1)x0', found '0'"),
    (
      "(1)x99999999999999999999",
      "expected a whole number of at least 1 at column 5 of '(1)x99999999999999999999', "
        + "found '9'"
    ),
    ("1e999", "expected a finite number at column 1 of '1e999', found '1'"),
    ("nan", "expected a finite number at column 1 of 'nan', found 'n'"),
    ("é", "expected a value, a schedule's name, '(' or '{' at column 1 of 'é', found 'é'"),
    ("é1", "expected a value, a schedule's name, '(' or '{' at column 1 of 'é1', found 'é'"),
    ("(1)[2..1]", "phase 1 ((1)[2..1]): expected a finite number of at least 2 for max, found 1"),
    (
      "1@1st,0..1:exp",
      "phase 2 (0..1:exp) cannot be exponential: "
        + "expected two values of one sign, neither of them 0"
    ),
    ("(1)x^0", "phase 1 ((1)x^0): expected a positive number for stretch, found 0"),
    ("1mirror(2..1)", "expected a number of at least 2 at column 12 of '1mirror(2..1)', found '1'"),
    ("1stretch(0)", "expected a positive number at column 10 of '1stretch(0)', found '0'"),
    ("(1)x~-1", "phase 1 ((1)x~-1): expected a number of at least 0 for decay, found -1"),
    (
      "piecewise(values={1},at={5st})",
      "piecewise: expected 2 for the number of values, found 1"
    ),
  ]

  @Test(
    "Errors say what was expected, what was found and where",
    arguments: errorCases)
  func errors(text: String, message: String) {
    #expect(Schedule(text) == nil)
    do {
      let schedule = try Schedule(parsing: text)
      Issue.record("\(text) was read as \(schedule)")
    } catch {
      #expect(error.description == message)
    }
  }

  @Test("Nesting is limited, in parentheses and in modifiers")
  func depth() {
    for (text, column, found) in [
      (String(repeating: "(", count: 100_000) + "1", 101, "("),
      ("1" + String(repeating: "[0..1]", count: 50_000), 602, "["),
      (String(repeating: "1*(", count: 50_000), 301, "1"),
    ] {
      do {
        _ = try Schedule(parsing: text)
        Issue.record("a deep text was read")
      } catch {
        #expect(
          error.description
            == "expected nesting at most 100 deep at column \(column) of '\(text.prefix(80))…', "
            + "found '\(found)'")
      }
    }
    #expect(
      Schedule(String(repeating: "(", count: 90) + "1" + String(repeating: ")", count: 90))
        == .constant(1))
  }

  @Test("Spans print and read back")
  func spans() throws {
    for span in [
      30.percent - 1.step, 2_000.steps, .remainder, .zero, 1.5.epochs + 3.samples - 2.tokens,
      .percent(1e-7),
    ] {
      #expect(try Span(parsing: span.description) == span)
    }
    #expect(Span("30%-") == nil)
    #expect(Span("") == nil)
    #expect(Span("30% 5") == nil)
  }
}

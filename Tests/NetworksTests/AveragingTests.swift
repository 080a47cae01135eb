import Networks
import Testing

@Suite struct AveragingTests {
  @Test(arguments: [
    ("ema", "ema"), ("ema(every=1)", "ema"), ("ema(every=5)", "ema(every=5)"),
    ("lookahead", "lookahead"), ("lookahead(every=6)", "lookahead(every=6)"),
    ("swa(every=10,start=0.5)", "swa(start=0.5,every=10)"), ("swa(start=0.75)", "swa"),
  ])
  func readsAndPrints(text: String, printed: String) throws {
    let averaging = try Averaging(parsing: text)
    #expect(averaging.description == printed)
    #expect(Averaging(printed) == averaging)
  }

  @Test func hasItsDefaults() throws {
    let ema = try Averaging(parsing: "ema")
    #expect((ema.kind, ema.interval, ema.start, ema.defaultDecay) == (.ema, 1, 0, 0.999))
    let lookahead = try Averaging(parsing: "lookahead")
    #expect((lookahead.kind, lookahead.interval, lookahead.defaultDecay) == (.lookahead, 5, 0.5))
    let swa = try Averaging(parsing: "swa")
    #expect((swa.kind, swa.interval, swa.start, swa.defaultDecay) == (.swa, nil, 0.75, nil))
  }

  @Test(arguments: ["", "mean", "ema(start=1)", "ema(every=0)", "swa(start=2)", "swa(every=1.5)"])
  func refuses(text: String) { #expect(Averaging(text) == nil) }

  @Test func saysWhatThereIs() {
    do {
      _ = try Averaging(parsing: "polyak")
      Issue.record("polyak is no average")
    } catch {
      #expect(error.description == "expected ema, lookahead, swa as averaging, found 'polyak'")
    }
  }
}

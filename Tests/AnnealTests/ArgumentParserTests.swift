import Testing

@testable import anneal

@Suite struct ArgumentParserTests {
  private let parser = ArgumentParser(root: ExampleCommands.root)

  private func arguments(_ words: String...) throws -> Arguments {
    guard case .run(_, let arguments) = try parser.parse(words) else {
      throw CommandError.failure(.failed, "not a command that runs: \(words)")
    }
    return arguments
  }

  @Test func readsEveryFormOfAnOption() throws {
    let parsed = try arguments(
      "curve", "show", "lr=0.1", "--steps", "10", "--rate=0.5", "-o", "a b.svg", "--json", "m=0.9")
    #expect(parsed.positionals == ["lr=0.1", "m=0.9"])
    #expect(try parsed(ExampleCommands.steps) == 10)
    #expect(try parsed(ExampleCommands.rate) == 0.5)
    #expect(try parsed(ExampleCommands.output) == "a b.svg")
    #expect(try parsed(ExampleCommands.json))
  }

  @Test func fillsInDefaults() throws {
    let parsed = try arguments("curve", "show", "x", "--steps=1")
    #expect(try parsed(ExampleCommands.rate) == 0.1)
    #expect(try parsed(ExampleCommands.seed) == 0)
    #expect(try parsed(ExampleCommands.offset) == nil)
    #expect(try parsed(ExampleCommands.tag) == [])
    #expect(try !parsed(ExampleCommands.json))
    #expect(!parsed.has(ExampleCommands.rate))
  }

  @Test func takesNegativeNumbersAsValuesAndWords() throws {
    let parsed = try arguments(
      "curve", "show", "-1.5", "-.5", "-", "--steps", "3", "--offset", "-2e-3")
    #expect(parsed.positionals == ["-1.5", "-.5", "-"])
    #expect(try parsed(ExampleCommands.offset) == -2e-3)
  }

  @Test func endsOptionsAtTheTerminator() throws {
    let parsed = try arguments("curve", "show", "--steps", "3", "--", "--json", "-h", "--")
    #expect(parsed.positionals == ["--json", "-h", "--"])
  }

  @Test func keepsEqualsSignsOfAValue() throws {
    let parsed = try arguments("curve", "show", "w", "--steps=3", "--tag=a=b", "--tag", "c=d")
    #expect(try parsed(ExampleCommands.tag) == ["a=b", "c=d"])
  }

  @Test(arguments: [
    ["--help"], ["-h"], [], ["curve", "-h"], ["curve", "show", "--help"],
    ["curve", "show", "--bogus", "--help"], ["curve", "show", "--steps", "-h"],
  ])
  func asksForHelp(words: [String]) throws {
    guard case .help(let path) = try parser.parse(words) else {
      Issue.record("no help for \(words)")
      return
    }
    let names = words.prefix { !$0.hasPrefix("-") }
    #expect(path.map(\.name) == ["tool"] + names)
  }

  @Test func knowsTheVersionAtTheRootOnly() throws {
    guard case .version = try parser.parse(["--version"]) else {
      Issue.record("no version")
      return
    }
    #expect(throws: CommandError.self) { try parser.parse(["curve", "--version"]) }
  }

  static let errors: [([String], String)] = [
    (["curv"], "'tool' has no command 'curv'; did you mean 'curve'?"),
    (["zzz"], "'tool' has no command 'zzz'; see 'tool --help'"),
    (["--verson"], "'tool' has no option '--verson'; did you mean '--version'?"),
    (["-x"], "'tool' has no option '-x'; see 'tool --help'"),
    (["curve"], "'tool curve' needs a command: show, list"),
    (["curve", "shwo"], "'tool curve' has no command 'shwo'; did you mean 'show'?"),
    (["curve", "show", "x"], "'tool curve show' needs --steps N"),
    (
      ["curve", "show", "--steps", "3"],
      "expected WORD; usage: tool curve show WORD… --steps N [OPTIONS]"
    ),
    (
      ["curve", "show", "x", "--stpes", "3"],
      "'tool curve show' has no option '--stpes'; did you mean '--steps'?"
    ),
    (
      ["curve", "show", "x", "--colour=red"],
      "'tool curve show' has no option '--colour'; see 'tool curve show --help'"
    ),
    (
      ["curve", "show", "x", "-q"],
      "'tool curve show' has no option '-q'; see 'tool curve show --help'"
    ),
    (["curve", "show", "x", "--steps"], "--steps needs a value: --steps N"),
    (["curve", "show", "x", "-o"], "-o needs a value: -o FILE"),
    (["curve", "show", "x", "--steps", "--json"], "--steps needs a value: --steps N"),
    (
      ["curve", "show", "x", "--steps", "0"],
      "--steps expects a whole number, 1 or more, found '0'"
    ),
    (
      ["curve", "show", "x", "--steps", "ten"],
      "--steps expects a whole number, 1 or more, found 'ten'"
    ),
    (
      ["curve", "show", "x", "--steps", "99999999999999999999"],
      "--steps expects a whole number, 1 or more, found '99999999999999999999'"
    ),
    (
      ["curve", "show", "x", "--steps", "1", "--rate", "nan"],
      "--rate expects a number above 0, found 'nan'"
    ),
    (
      ["curve", "show", "x", "--steps", "1", "--rate=-0.1"],
      "--rate expects a number above 0, found '-0.1'"
    ),
    (
      ["curve", "show", "x", "--steps", "1", "--rate", "inf"],
      "--rate expects a number above 0, found 'inf'"
    ),
    (
      ["curve", "show", "x", "--steps", "1", "--seed=-1"],
      "--seed expects a whole number from 0 to 18446744073709551615, found '-1'"
    ),
    (
      ["curve", "show", "x", "--steps", "1", "--kind", "cosin"],
      "--kind expects one of linear, cosine, found 'cosin'; did you mean 'cosine'?"
    ),
    (
      ["curve", "show", "x", "--steps", "1", "--output="],
      "--output expects the path of a file, found ''"
    ),
    (
      ["curve", "show", "x", "--steps", "1", "--steps", "2"],
      "--steps may be given once, found '1' and '2'"
    ),
    (["curve", "show", "x", "--steps", "1", "--json=yes"], "--json takes no value, found 'yes'"),
    (
      ["curve", "list", "a", "b"],
      "unexpected argument 'b'; usage: tool curve list [FILTER]"
    ),
  ]

  @Test(arguments: errors)
  func explainsMistakes(words: [String], message: String) {
    let error = #expect(throws: CommandError.self) { try parser.parse(words) }
    #expect(error?.description == message)
    #expect(error?.exitCode == .usage)
  }

  /// Whatever is typed in whatever order and form, the same values come back.
  @Test(arguments: 0..<200)
  func readsBackWhatWasWritten(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    let steps = Int.random(in: 1...1_000_000, using: &generator)
    let offset = Double.random(in: -1e6...1e6, using: &generator)
    let tags = (0..<Int.random(in: 0...3, using: &generator)).map { "t=\($0)" }
    let words = (0..<Int.random(in: 1...4, using: &generator)).map { "word\($0)=-\($0)" }
    var pieces: [[String]] = words.map { [$0] }
    func add(_ name: String, _ value: String) {
      pieces.append(Bool.random(using: &generator) ? ["\(name)=\(value)"] : [name, value])
    }
    add("--steps", "\(steps)")
    add("--offset", "\(offset)")
    for tag in tags { add("--tag", tag) }
    if seed.isMultiple(of: 2) { pieces.append(["--json"]) }
    // Options may stand anywhere; words and repeated options keep their order.
    let order = pieces.indices.sorted {
      pieces[$0][0].hasPrefix("--s") != pieces[$1][0].hasPrefix("--s")
        ? (pieces[$0][0].hasPrefix("--s") == (seed % 3 == 0)) : $0 < $1
    }
    guard
      case .run(_, let parsed) = try parser.parse(["curve", "show"] + order.flatMap { pieces[$0] })
    else {
      Issue.record("seed \(seed) does not run")
      return
    }
    #expect(parsed.positionals == words)
    #expect(try parsed(ExampleCommands.steps) == steps)
    #expect(try parsed(ExampleCommands.offset) == offset)
    #expect(try parsed(ExampleCommands.tag) == tags)
    #expect(try parsed(ExampleCommands.json) == seed.isMultiple(of: 2))
  }

  /// No line of words traps, whatever stands in it.
  @Test(arguments: 0..<100)
  func survivesAnything(seed: UInt64) {
    var generator = SplitMix(state: seed)
    let pool = [
      "curve", "show", "list", "--steps", "--steps=", "--", "-", "-o", "--=", "=", "", "-=",
      "--json",
      "--tag", "1", "-1", "--rate=1e999", "--seed", "é\u{301}", "\u{0}", "--\u{1F600}", "lr=",
    ]
    for _ in 0..<50 {
      let words = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
        pool.randomElement(using: &generator) ?? ""
      }
      do {
        _ = try parser.parse(words)
      } catch {
        #expect(error.exitCode == .usage)
        #expect(!error.description.isEmpty)
      }
    }
  }
}

/// A small seeded generator (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

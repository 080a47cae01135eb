import TestSupport
import Testing

@testable import anneal

@Suite struct HelpTests {
  static let paths = CommandTable.root.paths

  @Test(arguments: paths.map(\.spelling))
  func isAsRecorded(spelling: String) throws {
    let path = try #require(Self.paths.first { $0.spelling == spelling })
    let name = spelling.split(separator: " ").joined(separator: "-")
    #expect(Snapshot.difference(Help(path: path).text, from: "help-\(name).txt") == nil)
  }

  @Test func fitsAScreen() {
    for path in Self.paths {
      let lines = Help(path: path).text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 32, "\(path.spelling) has \(lines.count) lines")
      for line in lines { #expect(line.count <= 80, "\(path.spelling): \(line)") }
    }
  }

  @Test func listsEveryKindOfRow() throws {
    let tool = ExampleCommands.root
    let curve = try #require(tool.subcommands.first)
    #expect(
      Help(path: [tool, curve, ExampleCommands.show]).text == """
        Show something

        usage: tool curve show WORD… --steps N [OPTIONS]

          WORD…  what to show

              --steps N      updates of the run
              --rate RATE    learning rate (default 0.1)
              --offset X     a number of either sign
              --seed S       seed of the run (default 0)
              --kind K       curve (default linear)
          -o, --output FILE  where to write
              --tag WORD     a label; may be repeated
              --json         print one JSON value
          -h, --help         print this page

        """)
  }

  @Test func namesOptionsThatAnotherPageExplains() throws {
    let tool = ExampleCommands.root
    var command = ExampleCommands.show
    command.borrowed = (Array(command.options.prefix(3)), from: "tool curve draw")
    let text = Help(path: [tool, command]).text
    #expect(text.hasSuffix("      as 'tool curve draw' has them: --steps, --rate, --offset\n"))
    #expect(!text.contains("--rate RATE") && text.contains("      --seed S "))
  }

  @Test func everyCommandPrintsItsPage() {
    for path in Self.paths {
      let test = TestConsole()
      let words = path.dropFirst().map(\.name) + ["--help"]
      #expect(CommandLineTool().run(words, console: test.console) == .done)
      #expect(test.output == Help(path: path).text)
      #expect(test.diagnostics.isEmpty)
    }
  }

  @Test func namesOptionsOnce() {
    for path in Self.paths {
      let spellings = (path.last?.options ?? []).flatMap(\.spellings)
      #expect(Set(spellings).count == spellings.count, "\(path.spelling)")
      #expect(!spellings.contains("--help") && !spellings.contains("-h"), "\(path.spelling)")
    }
  }

  @Test func defaultsAreValuesOfTheirOptions() {
    for path in Self.paths {
      for option in path.last?.options ?? [] where !option.isRequired {
        #expect(throws: Never.self, "\(path.spelling) \(option.spelling)") { try option.check([]) }
      }
    }
  }
}

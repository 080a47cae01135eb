import Schedules
import Training

/// `anneal explore`: a page on this machine to think about schedules with, and to follow runs.
enum Explore {
  private static let port = Option.value(
    "port", "N", .count(0...65_535), default: "0", "the port on 127.0.0.1; 0 for a free one")
  private static let page = Option.optional(
    "html", "FILE", .file, "write the page to a file instead of serving it")
  private static let steps = Option.value(
    "steps", "N", .count(1...ScheduleQuestion.stepLimit), default: "1000", "updates of the run")
  private static let stepsPerEpoch = Option.optional(
    "steps-per-epoch", "K", .count(1...ScheduleQuestion.stepLimit),
    "updates in an epoch, the unit 'ep'")

  static let command = Command(
    name: "explore",
    summary: "Serve a page to edit schedules in and to follow runs with",
    positionals: [
      Positional(
        name: "RUN|SCHEDULE", summary: "folders of runs, and schedules to begin with",
        isRequired: false, isRepeatable: true, completion: .directory)
    ],
    options: [
      port.declaration, steps.declaration, stepsPerEpoch.declaration, page.declaration,
    ],
    examples: [
      "anneal explore 'lr=onecycle(peak=0.4,warmup=30%)' --steps 2000",
      "anneal explore runs/a runs/b --port 8080",
      "anneal explore lr=0.1..0:cosine runs/a --html explore.html",
    ],
    action: .run(run))

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let folders = arguments.positionals.filter { ResultFile.exists($0) }
    let words = arguments.positionals.filter { !ResultFile.exists($0) }
    _ = try words.isEmpty ? nil : ScheduleWords(words)
    let runs = try folders.map { try FollowedRun(folder: $0, name: name(of: $0, in: folders)) }
    let question = ScheduleQuestion(
      text: words.isEmpty ? "lr=onecycle(peak=0.4,warmup=30%)" : words.joined(separator: " "),
      steps: try arguments(steps), stepsPerEpoch: try arguments(stepsPerEpoch))
    if let path = try arguments(page) {
      let explorer = Explorer(initial: question, runs: runs, port: 0)
      var command = ["anneal", "explore"] + arguments.positionals
      command += ["--steps", question.steps]
      if !question.stepsPerEpoch.isEmpty {
        command += ["--steps-per-epoch", question.stepsPerEpoch]
      }
      command += ["--html", path]
      try ResultFile.write(
        explorer.page(writtenBy: command.map(shellWord).joined(separator: " ")), to: path)
      console.report("wrote \(path)")
      return .done
    }
    // Held before anybody is told of the page, so that whoever is may end it.
    let signals = EndingSignals()
    let socket = try ListeningSocket(port: try arguments(port))
    let explorer = Explorer(
      initial: question, runs: runs, port: socket.port, series: .random(in: 1 ... .max))
    try console.print("http://127.0.0.1:\(socket.port)/")
    console.report("interrupt to end")
    var server = PageServer(socket, explorer: explorer, now: console.now)
    server.run(until: signals)
    return .done
  }

  /// A word as a shell takes it: quoted where it has a character that means something there.
  private static func shellWord(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "-_./:=,@%+".utf8.contains(byte)
    }
    if plain, !word.isEmpty { return word }
    return "'" + word.map { $0 == "'" ? "'\\''" : "\($0)" }.joined() + "'"
  }

  /// The folder's last part, or all of it where another folder ends alike.
  private static func name(of folder: String, in folders: [String]) -> String {
    let last: (String) -> String = { $0.split(separator: "/").last.map(String.init) ?? $0 }
    return folders.filter { last($0) == last(folder) }.count > 1 ? folder : last(folder)
  }
}

import Schedules

/// `anneal schedule lint`: what in schedules may not be meant.
enum ScheduleLint {
  private static let maximum = Option.optional(
    "max-rate", "RATE", .positive, "the largest rate that a range test found safe")

  static let command = Command(
    name: "lint",
    summary: "Look for jumps, missed peaks, empty phases and ends not reached",
    positionals: [
      Positional(
        name: "SCHEDULE", summary: "lr=…, momentum=…, beta2=…, or a learning rate alone",
        isRepeatable: true)
    ],
    options: RunLength.options + [maximum.declaration, StandardOptions.json.declaration],
    examples: [
      "anneal schedule lint lr=0..0.1@10ep,0.05..0 --epochs 30 --steps-per-epoch 100"
    ],
    action: .run(run))

  private struct Report: Encodable {
    struct Finding: Encodable {
      var schedule: String
      var kind: String
      var step: Int?
      var text: String
    }
    var findings: [Finding]
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let words = try ScheduleWords(arguments.positionals)
    let horizon = try RunLength.horizon(arguments)
    let limit = try arguments(maximum)
    var findings: [Report.Finding] = []
    for (index, plan) in words.plans.enumerated() {
      for found in plan.lint(over: horizon, rangeTestMaximum: limit) {
        findings.append(
          Report.Finding(
            schedule: words.isComparison ? arguments.positionals[index] : found.key,
            kind: found.finding.name, step: found.finding.step, text: found.finding.description))
      }
    }
    if try arguments(StandardOptions.json) {
      try console.printJSON(Report(findings: findings))
    } else if findings.isEmpty {
      try console.print("nothing found")
    } else {
      for finding in findings { try console.print("\(finding.schedule): \(finding.text)") }
    }
    return .done
  }
}

import Schedules

/// `anneal schedule export`: schedules for other programs.
enum ScheduleExport {
  private static let form = Option.required(
    "to", "FORM", .choice(ExportForm.allCases.map(\.rawValue)),
    ExportForm.allCases.map(\.rawValue).joined(separator: ", "))
  private static let output = Option.optional(
    "output", "FILE", .file, "write there instead of printing"
  ).short("o")

  static let command = Command(
    name: "export",
    summary: "Write schedules for PyTorch, optax, DAWNBench, or as a table",
    positionals: [
      Positional(
        name: "SCHEDULE", summary: "lr=…, momentum=…, or a learning rate alone",
        isRepeatable: true)
    ],
    options: [form.declaration, output.declaration] + RunLength.options,
    examples: [
      "anneal schedule export 'lr=onecycle(peak=0.4,warmup=30%)' \\",
      "  momentum=0.95..0.85@30%,0.85..0.95 --to pytorch --steps 1000",
    ],
    action: .run(run))

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let words = try ScheduleWords(arguments.positionals)
    guard !words.isComparison else {
      throw CommandError.failure(.usage, "expected one schedule for each hyper-parameter to export")
    }
    let horizon = try RunLength.horizon(arguments)
    // The option has refused all other words.
    let form = ExportForm(rawValue: try arguments(form)) ?? .json
    let text = try words.plans[0].exported(to: form, over: horizon)
    if let path = try arguments(output) {
      try ResultFile.write(text, to: path)
      try console.print("wrote \(path)")
    } else {
      // The text ends its last line itself.
      try console.print(String(text.dropLast()))
    }
    return .done
  }
}

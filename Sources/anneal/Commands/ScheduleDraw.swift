/// `anneal schedule draw`: the documentation's pictures.
enum ScheduleDraw {
  private static let output = Option.value(
    "output", "DIR", .directory, default: "schedule-gallery", "the folder to write to")

  static let command = Command(
    name: "draw",
    summary: "Draw one picture for each family of schedules",
    options: [output.declaration],
    examples: [
      "anneal schedule draw --output Sources/Schedules/Schedules.docc/Resources"
    ],
    action: .run(run))

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let folder = try arguments(output)
    try ResultFile.makeFolder(folder)
    for picture in ScheduleGallery.pictures {
      let path = "\(folder)/\(picture.name).svg"
      try ResultFile.write(try ScheduleGallery.svg(picture), to: path)
      console.report("wrote \(path)")
    }
    return .done
  }
}

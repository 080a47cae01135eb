/// `anneal schedule draw`: the documentation's pictures.
enum ScheduleDraw {
  private static let output = Option.value(
    "output", "PATH", .file, default: "schedule-gallery",
    "a folder, or .svg, .html"
  ).short("o")

  static let command = Command(
    name: "draw",
    summary: "Draw every family of schedules, and all on one sheet",
    options: [output.declaration],
    examples: [
      "anneal schedule draw -o Sources/Schedules/Schedules.docc/Resources",
      "anneal schedule draw -o gallery.html",
    ],
    action: .run(run))

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let path = try arguments(output)
    if let file = FigureFile(path: path) {
      try file.write(try ScheduleGallery.gallery(), id: "gallery", console)
      return .done
    }
    try ResultFile.makeFolder(path)
    for picture in ScheduleGallery.pictures {
      let file = "\(path)/\(picture.name).svg"
      try ResultFile.write(try ScheduleGallery.svg(picture), to: file)
      console.report("wrote \(file)")
    }
    try FigureFile(path: "\(path)/gallery.svg")?
      .write(try ScheduleGallery.gallery(), id: "gallery", console)
    return .done
  }
}

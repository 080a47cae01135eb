import Plotting
import Schedules
import Studies

/// One picture for each family of schedules, those of the documentation, and all on one sheet.
enum ScheduleGallery {
  struct Picture: Hashable, Sendable {
    /// The file's name without its ending.
    var name: String
    var title: String
    /// The schedule.
    var text: String
  }

  static let pictures = [
    Picture(
      name: "constant-and-steps", title: "Constant values and steps",
      text: "multistep(0.1,{30ep,60ep,80ep})"),
    Picture(name: "straight-lines", title: "Straight lines", text: "0..0.1@10%,0.1..0"),
    Picture(name: "exponential-decay", title: "Exponential decay", text: "0.1..0.001:exp"),
    Picture(name: "polynomial-decay", title: "Polynomial decay", text: "polynomial(0.1,0.9)"),
    Picture(name: "cosine-annealing", title: "Cosine annealing", text: "0.1..0:cosine"),
    Picture(name: "hyperbolic-tangent", title: "Hyperbolic tangent", text: "tanh(0.1)"),
    Picture(name: "sigmoid-decay", title: "Sigmoid", text: "sigmoid(0.1,50ep,5ep)"),
    Picture(name: "inverse-time", title: "Inverse time", text: "inverse-time(0.1,10ep,power=0.75)"),
    Picture(name: "inverse-square-root", title: "Inverse square root", text: "rsqrt(0.1,10ep)"),
    Picture(
      name: "power-law", title: "Power law in tokens", text: "power-law(0.02,64,amplitude=1)"),
    Picture(name: "rex", title: "REX", text: "0.1..0:rex"),
    Picture(name: "warmup-stable-decay", title: "Warm-up, stable, decay", text: "wsd(0.1,10%,20%)"),
    Picture(name: "knee", title: "Knee", text: "knee(0.1,5%,50%)"),
    Picture(name: "flat-cosine", title: "Flat, then a cosine", text: "flat-cosine(0.1)"),
    Picture(
      name: "warm-restarts", title: "Warm restarts", text: "sgdr(0.1,10ep,stretch=2,decay=0.8)"),
    Picture(name: "snapshot-cosine", title: "Snapshots", text: "snapshot(0.2,5)"),
    Picture(name: "triangles", title: "Triangles", text: "triangular2(0.1,1,10ep)"),
    Picture(name: "one-cycle", title: "1cycle", text: "onecycle(0.1)"),
    Picture(
      name: "smith-one-cycle", title: "Smith's own 1cycle", text: "smith-onecycle(0.1,1,40ep)"),
    Picture(
      name: "seeded-noise", title: "Seeded noise", text: "(0.1..0:cosine)*(0.7..1.3:noise(7,1ep))"),
  ]

  /// Other words and shapes of the families, for the sheet.
  private static let variants = [
    "constant-and-steps": [
      ("Constant", "constant(0.1)"), ("Steps", "step(0.1,25ep,decay=0.5)"),
      ("Values at places", "piecewise({0.1,0.04,0.07},{40ep,70ep})"),
    ],
    "straight-lines": [
      ("A straight line", "linear(0.1,0.02)"),
      ("Up, and down to zero", "linear-to-zero(0.1,warmup=20%)"),
    ],
    "exponential-decay": [
      ("Exponential over a part", "exponential(0.1,0.01,over=60ep)"),
      ("A factor for each period", "decay(0.1,0.5,20ep)"),
    ],
    "polynomial-decay": [("Square", "0.1..0:poly2"), ("One minus a root", "0.1..0:1-sqrt")],
    "cosine-annealing": [("Cosine to a floor", "cosine(0.1,to=0.02,over=80ep)")],
    "inverse-square-root": [("Noam", "noam(512,80)")],
    "triangles": [
      ("Triangles of one height", "triangular(0.1,1,10ep)"),
      ("Triangles that shrink by the step", "exprange(0.1,1,10ep,0.99)"),
    ],
    "one-cycle": [
      ("fastai's 1cycle", "fastai-onecycle(0.1)"),
      ("1cycle in three phases", "onecycle(0.1,style=three-phase)"),
    ],
  ]

  /// Everything on the sheet: each family, and after it its other words.
  static let sheet: [Picture] = pictures.flatMap { picture in
    [picture]
      + (variants[picture.name] ?? []).enumerated().map { number, variant in
        Picture(
          name: "\(picture.name)-\(number + 2)", title: variant.0, text: variant.1)
      }
  }

  /// A run in which every unit means something and the families show what they are.
  private static let run: Horizon = {
    var run = Horizon(epochs: 100, stepsPerEpoch: 4)
    run.samplesPerStep = 64
    run.tokensPerSample = 4096
    return run
  }()

  /// The picture of a schedule.
  ///
  /// - Throws: `ScheduleError` where it does not fit the run.
  static func svg(_ picture: Picture) throws(ScheduleError) -> String {
    try figure(picture).svg(id: picture.name, width: 480)
  }

  /// All schedules on one sheet, without the titles that all axes share.
  ///
  /// - Throws: `ScheduleError` where one does not fit the run.
  static func gallery() throws(ScheduleError) -> Gallery {
    var cells: [Figure] = []
    for picture in sheet {
      let whole = try figure(picture)
      cells.append(
        Figure(
          title: whole.title, subtitle: whole.subtitle, description: whole.description,
          x: Axis("", kind: whole.x.kind, domain: whole.x.domain),
          plots: whole.plots.map { plot in
            Plot(y: Axis(""), marks: plot.marks, allowsSmoothing: plot.allowsSmoothing)
          }))
    }
    return Gallery(
      title: "Families of schedules",
      subtitle: "learning rate over a run of 100 epochs, with the text that makes it",
      description: "A small plot for each of \(cells.count) schedules: "
        + sheet.map { "\($0.title), \($0.text)" }.joined(separator: "; ") + ".",
      figures: cells)
  }

  private static func figure(_ picture: Picture) throws(ScheduleError) -> Figure {
    let schedule = try Schedule(parsing: picture.text)
    let plan = Plan { Scheduled(.learningRate, schedule) }
    return ScheduleFigure(
      title: picture.title, subtitle: picture.text,
      runs: [ScheduleFigure.Run(name: picture.name, plan: try plan.resolved(over: run))],
      stepsPerEpoch: run.stepsPerEpoch
    ).figure
  }
}

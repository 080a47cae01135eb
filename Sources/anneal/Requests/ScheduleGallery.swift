import Plotting
import Schedules
import Studies

/// One picture for each family of schedules: those of the documentation.
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
    let schedule = try Schedule(parsing: picture.text)
    let plan = Plan { Scheduled(.learningRate, schedule) }
    let figure = ScheduleFigure(
      title: picture.title, subtitle: picture.text,
      runs: [ScheduleFigure.Run(name: picture.name, plan: try plan.resolved(over: run))],
      stepsPerEpoch: run.stepsPerEpoch
    ).figure
    return figure.svg(id: picture.name, width: 480)
  }
}

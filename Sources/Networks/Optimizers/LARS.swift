/// Layer-wise adaptive rate scaling (You, Gitman and Ginsburg 2017, arXiv 1708.03888, algorithm 1).
///
///     λ = trust · ‖parameter‖ / (‖gradient‖ + weightDecay · ‖parameter‖)
///     velocity = momentum · velocity + learningRate · λ · (gradient + weightDecay · parameter)
///     parameter = parameter − velocity
///
/// λ is 1 where one of the norms is 0. The paper adapts every layer's weights and says nothing of
/// biases and batch norm; here they have λ = 1 unless `adapt=all`, as in MLPerf's reference. The norms
/// are those of single parameters.
extension OptimizerKind {
  static let lars = OptimizerKind(
    name: "lars",
    settings: [
      .init("nesterov", .flag), .init("trust", .number(0.001, 1e-12...1e12)),
      .init("adapt", .word(["matrices", "all"])),
    ],
    states: ["momentum"]
  ) { settings, step in
    let (w, v) = (step.parameter, step.states[0])
    let (size, slope) = (step.parameterNorm, step.gradientNorm)
    let trust = Formula.constant(settings.number("trust"))
    let isAdapted = !step.isVector || settings.has("adapt", "all")
    let ratio =
      isAdapted
      ? Formula.whenPositive(
        size * slope, trust * size / (slope + step.weightDecay * size), otherwise: 1) : 1
    let g = step.named(step.weightDecay * w + step.gradient)
    let displacement = step.named(step.learningRate * ratio * g)
    step.set(v, to: step.momentum * v + displacement)
    step.set(w, to: w - (settings.isOn("nesterov") ? step.momentum * v + displacement : v))
  }
}

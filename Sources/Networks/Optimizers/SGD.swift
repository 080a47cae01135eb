/// Stochastic gradient descent with momentum and weight decay.
///
///     g = gradient + weightDecay · parameter          decay=l2, PyTorch's
///     velocity = momentum · velocity + g
///     parameter = parameter − learningRate · velocity
///
/// - `nesterov`: the step is g + momentum · velocity in place of the velocity, as PyTorch has it.
/// - `form=coupled`: the velocity adds up learningRate · g and the parameter moves by it, as in
///   Sutskever and others 2013 (ICML, eq. 3) and Caffe. The two forms differ while the rate
///   changes: here an old gradient keeps the rate that it was added with.
/// - `decay=decoupled`: the gradient is left alone and the parameter shrinks by
///   learningRate · weightDecay first (SGDW: Loshchilov and Hutter 2019, arXiv 1711.05101,
///   algorithm 1, their η_t being the learning rate).
/// - `rate=decoupled`: the learning rate stands for what it does with any momentum; what is used is
///   learningRate / (1 + 1 / (1 − momentum)), as in airbench94 (Jordan 2024, arXiv 2404.00498).
extension OptimizerKind {
  static let sgd = OptimizerKind(
    name: "sgd",
    settings: [
      .init("nesterov", .flag), .init("form", .word(["pytorch", "coupled"])),
      .init("decay", .word(["l2", "decoupled"])), .init("rate", .word(["plain", "decoupled"])),
    ],
    states: ["momentum"]
  ) { settings, step in
    let (w, v) = (step.parameter, step.states[0])
    let rate =
      settings.has("rate", "decoupled")
      ? step.learningRate / (1 + 1 / (1 - step.momentum)) : step.learningRate
    var g = step.gradient
    if settings.has("decay", "l2") {
      g = step.named(step.weightDecay * w + g)
    } else {
      step.set(w, to: w - rate * step.weightDecay * w)
    }
    let isCoupled = settings.has("form", "coupled")
    if isCoupled { g = step.named(rate * g) }
    step.set(v, to: step.momentum * v + g)
    let displacement = settings.isOn("nesterov") ? step.named(step.momentum * v + g) : v
    step.set(w, to: isCoupled ? w - displacement : w - rate * displacement)
  }
}

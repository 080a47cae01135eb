/// Adam with decoupled weight decay, PyTorch's form (Kingma and Ba 2015, arXiv 1412.6980, algorithm
/// 1; Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2).
///
///     parameter = parameter − learningRate · weightDecay · parameter
///     first = β₁ · first + (1 − β₁) · gradient
///     second = β₂ · second + (1 − β₂) · gradient²
///     parameter −= learningRate / (1 − β₁ᵗ) · first / (√second / √(1 − β₂ᵗ) + epsilon)
///
/// β₁ is the momentum, 0.9 unless scheduled, β₂ is 0.999, and t is the update's number from 1. While
/// a schedule changes the βs, βᵗ is a power of today's, as in PyTorch. With `decay=l2` the gradient is
/// gradient + weightDecay · parameter instead: Adam.
extension OptimizerKind {
  static let adamW = OptimizerKind(
    name: "adamw",
    settings: [
      .init("epsilon", .number(1e-8, 1e-30...1)), .init("decay", .word(["decoupled", "l2"])),
    ],
    states: ["firstMoment", "secondMoment"], defaultMomentum: 0.9, defaultBeta2: 0.999
  ) { settings, step in
    let (w, first, second) = (step.parameter, step.states[0], step.states[1])
    let (beta1, beta2) = (step.momentum, step.beta2)
    var g = step.gradient
    if settings.has("decay", "l2") {
      g = step.named(step.weightDecay * w + g)
    } else {
      step.set(w, to: w - step.learningRate * step.weightDecay * w)
    }
    step.set(first, to: beta1 * first + (1 - beta1) * g)
    step.set(second, to: beta2 * second + (1 - beta2) * (g * g))
    let correction1 = 1 - .power(beta1, step.updateNumber)
    let correction2 = Formula.squareRoot(1 - .power(beta2, step.updateNumber))
    let deviation = 1 / correction2 * .squareRoot(second) + .constant(settings.number("epsilon"))
    step.set(w, to: w - step.learningRate / correction1 * (first / deviation))
  }
}

import Tensors

extension GraphBuilder {
  /// Adds what happens behind the gradients: adding them up, their norms, the optimiser's step.
  mutating func emitUpdates() {
    if graph.configuration.accumulation > 1 {
      for parameter in graph.parameters { emitAccumulation(parameter) }
    }
    let condition = gradientsAreFinite
    let updates = zip(graph.parameters.indices, graph.parameters).map { position, parameter in
      Update(
        name: graph.configuration.optimizer.name,
        tensors: [parameter.values, parameter.wholeGradient] + parameter.optimizerStates,
        rule: rule(at: position), condition: condition)
    }
    let read = Set(updates.flatMap(\.scalars).flatMap(\.slots))
    for (norms, source) in [
      (graph.gradientNorms, \Graph.Parameter.wholeGradient),
      (graph.parameterNorms, \Graph.Parameter.values),
    ] where read.contains(norms) {
      for (position, parameter) in graph.parameters.enumerated() {
        append(
          .squaredNorm(SquaredNorm(x: parameter[keyPath: source], y: norms, position: position)),
          to: .update)
      }
    }
    for update in updates { append(.update(update), to: .update) }
    emitLossScaleUpdate()
    if condition != nil { emitClearing() }
  }

  /// The parts of the next step are added to nothing, whether or not this one made an update.
  private mutating func emitClearing() {
    for case let sum? in graph.parameters.map(\.gradientSum) {
      var builder = UpdateBuilder(tensorCount: 1)
      builder.set(.tensor(0), to: 0)
      append(
        .update(Update(name: "clearing", tensors: [sum], rule: builder.rule)), to: .update)
    }
  }

  /// The optimiser's step on one parameter.
  private func rule(at position: Int) -> UpdateRule {
    let parameter = graph.parameters[position]
    let (gradient, scale) = (Formula.tensor(1), gradientScale)
    var builder = UpdateBuilder(tensorCount: 2 + parameter.optimizerStates.count)
    let scaled = scale.map { builder.named($0 * gradient) }
    let norm = Formula.squareRoot(.element(graph.gradientNorms, position))
    func input(_ field: StepInputs.Field) -> Formula { .element(graph.stepInputs, field.offset) }
    var step = OptimizerStep(
      gradient: scaled ?? gradient, learningRate: input(.learningRate(group: parameter.group)),
      momentum: input(.momentum(group: parameter.group)),
      beta2: input(.beta2(group: parameter.group)),
      weightDecay: input(.weightDecay(group: parameter.group)), updateNumber: input(.updateNumber),
      parameterNorm: .squareRoot(.element(graph.parameterNorms, position)),
      gradientNorm: scale.map { $0 * norm } ?? norm,
      isVector: graph[parameter.values].shape.rank == 1,
      states: parameter.optimizerStates.indices.map { .tensor(2 + $0) }, builder: builder)
    graph.configuration.optimizer.write(&step)
    if parameter.gradientSum != nil && graph.lossScale == nil {
      // The parts of the next step are added to nothing.
      step.set(gradient, to: 0)
    }
    return step.builder.rule
  }

  /// What gradients are multiplied by before the optimiser sees them; `nil` for nothing.
  ///
  /// A sum over parts becomes their mean, and the loss's factor is taken out. Clipping is PyTorch's
  /// `clip_grad_norm_` (Pascanu and others 2013, arXiv 1211.5063, algorithm 1), over all parameters
  /// together:
  ///
  ///     min(1, clipNorm / (‖g‖ + 1e-6))
  private var gradientScale: Formula? {
    let parts = graph.configuration.accumulation
    let part: Formula? = parts > 1 ? .constant(1 / Double(parts)) : nil
    let mean = graph.lossScale.map { (part ?? 1) / .element($0.factor, 0) } ?? part
    guard let clipNorm = graph.configuration.clipNorm else { return mean }
    let sum = Formula.squareRoot(
      .sumOfElements(graph.gradientNorms, count: graph.parameters.count))
    let norm = mean.map { $0 * sum } ?? sum
    let factor = Formula.minimum(1, .constant(clipNorm) / (norm + 1e-6))
    return mean.map { $0 * factor } ?? factor
  }

  private mutating func emitAccumulation(_ parameter: Graph.Parameter) {
    guard let gradientSum = parameter.gradientSum else { return }
    append(
      .update(
        Update(
          name: "gradient accumulation", tensors: [gradientSum, parameter.gradient],
          rule: .addition)), to: .accumulate)
  }
}

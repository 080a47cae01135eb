extension TextPreset {
  /// Every preset that has a name in text.
  static let all: [TextPreset] = annealing + stairs + cycles

  private static let annealing = [
    TextPreset(name: "constant", parameters: [.required("value")]) { arguments in
      .constant(arguments.number("value"))
    },
    TextPreset(
      name: "linear", parameters: [.required("from"), .required("to"), .optional("over", .span)]
    ) { arguments in
      .linear(
        from: arguments.number("from"), to: arguments.number("to"), over: arguments.span("over"))
    },
    TextPreset(
      name: "cosine", parameters: [.required("from"), .optional("to"), .optional("over", .span)]
    ) { arguments in
      .cosine(
        from: arguments.number("from"), to: arguments.number("to"), over: arguments.span("over"))
    },
    TextPreset(
      name: "polynomial",
      parameters: [
        .required("from"), .required("power"), .optional("to"), .optional("over", .span),
      ]
    ) { arguments in
      .polynomial(
        from: arguments.number("from"), to: arguments.number("to"),
        power: arguments.number("power"), over: arguments.span("over"))
    },
    TextPreset(
      name: "exponential",
      parameters: [.required("from"), .required("to"), .optional("over", .span)]
    ) { arguments in
      .exponential(
        from: arguments.number("from"), to: arguments.number("to"), over: arguments.span("over"))
    },
    TextPreset(
      name: "decay", parameters: [.required("from"), .required("by"), .required("every", .span)]
    ) { arguments in
      .exponential(
        from: arguments.number("from"), decayingBy: arguments.number("by"),
        every: arguments.span("every"))
    },
    TextPreset(
      name: "wsd",
      parameters: [
        .required("peak"), .required("warmup", .span), .required("decay", .span),
        .optional("start"), .optional("end"), .optional("curve", .curve),
      ]
    ) { arguments in
      .warmupStableDecay(
        peak: arguments.number("peak"), start: arguments.number("start"),
        end: arguments.number("end"), warmup: arguments.span("warmup"),
        decay: arguments.span("decay"), curve: arguments.curve ?? .oneMinusRoot)
    },
  ]

  private static let stairs = [
    TextPreset(
      name: "step", parameters: [.required("from"), .required("every", .span), .optional("decay")]
    ) { arguments in
      .step(
        from: arguments.number("from"), every: arguments.span("every"),
        decayingBy: arguments.number("decay", or: 0.1))
    },
    TextPreset(
      name: "multistep",
      parameters: [.required("from"), .required("at", .spans), .optional("decay")]
    ) { arguments in
      .multiStep(
        from: arguments.number("from"), at: arguments.spanLists["at"] ?? [],
        decayingBy: arguments.number("decay", or: 0.1))
    },
    TextPreset(
      name: "piecewise", parameters: [.required("values", .numbers), .required("at", .spans)]
    ) { (arguments: Arguments) throws(ScheduleError) in
      let values = arguments.numberLists["values"] ?? []
      let boundaries = arguments.spanLists["at"] ?? []
      guard values.count == boundaries.count + 1 else {
        throw .parameter(
          phase: "piecewise", name: "the number of values", value: Double(values.count),
          expected: "\(boundaries.count + 1)")
      }
      return .piecewise(values, at: boundaries)
    },
  ]

  private static let cycles = [
    TextPreset(
      name: "onecycle",
      parameters: [
        .required("peak"), .optional("start"), .optional("end"), .optional("warmup", .span),
        .optional("curve", .curve), .optional("style", .style), .optional("aligned", .alignment),
      ]
    ) { arguments in
      .oneCycle(
        peak: arguments.number("peak"), start: arguments.numbers["start"],
        end: arguments.numbers["end"], warmup: arguments.span("warmup", or: 30.percent),
        curve: arguments.curve ?? .cosine, style: arguments.style, aligned: arguments.alignment)
    },
    TextPreset(
      name: "fastai-onecycle",
      parameters: [
        .required("peak"), .optional("start"), .optional("end"), .optional("warmup", .span),
      ]
    ) { arguments in
      .fastaiOneCycle(
        peak: arguments.number("peak"), start: arguments.numbers["start"],
        end: arguments.numbers["end"], warmup: arguments.span("warmup", or: 25.percent))
    },
    TextPreset(
      name: "smith-onecycle",
      parameters: [.required("base"), .required("peak"), .required("half", .span)]
    ) { arguments in
      .smithOneCycle(
        base: arguments.number("base"), peak: arguments.number("peak"),
        halfCycle: arguments.span("half"))
    },
    TextPreset(
      name: "sgdr",
      parameters: [
        .required("peak"), .required("first", .span), .optional("floor"), .optional("stretch"),
        .optional("decay"), .optional("of", .decay), .optional("count", .count),
      ]
    ) { arguments in
      .cosineRestarts(
        peak: arguments.number("peak"), floor: arguments.number("floor"),
        first: arguments.span("first"), stretchingBy: arguments.number("stretch", or: 1),
        decayingBy: arguments.number("decay", or: 1), of: arguments.decay, count: arguments.count)
    },
    TextPreset(name: "triangular", parameters: triangle) { arguments in
      .triangular(
        base: arguments.number("base"), peak: arguments.number("peak"),
        halfCycle: arguments.span("half"), descent: arguments.spans["descent"])
    },
    TextPreset(name: "triangular2", parameters: triangle) { arguments in
      .triangular2(
        base: arguments.number("base"), peak: arguments.number("peak"),
        halfCycle: arguments.span("half"), descent: arguments.spans["descent"])
    },
    TextPreset(
      name: "exprange",
      parameters: triangle + [.required("decay"), .optional("every", .span)]
    ) { arguments in
      .exponentialRange(
        base: arguments.number("base"), peak: arguments.number("peak"),
        halfCycle: arguments.span("half"), descent: arguments.spans["descent"],
        decayingBy: arguments.number("decay"), every: arguments.span("every", or: 1.step))
    },
  ]

  private static let triangle: [Parameter] = [
    .required("base"), .required("peak"), .required("half", .span), .optional("descent", .span),
  ]
}

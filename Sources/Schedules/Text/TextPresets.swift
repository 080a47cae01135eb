extension TextPreset {
  /// Every preset that has a name in text.
  static let all: [TextPreset] = annealing + plateaus + laws + stairs + cycles

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
      name: "cosine",
      parameters: [
        .required("from"), .optional("to"), .optional("over", .span), .optional("exponent"),
        .optional("k"),
      ]
    ) { arguments in
      .cosine(
        from: arguments.number("from"), to: arguments.number("to"), over: arguments.span("over"),
        exponent: arguments.number("exponent", or: 1), kDecay: arguments.number("k", or: 1))
    },
    TextPreset(
      name: "polynomial",
      parameters: [
        .required("from"), .required("power"), .optional("to"), .optional("over", .span),
        .optional("k"),
      ]
    ) { arguments in
      .polynomial(
        from: arguments.number("from"), to: arguments.number("to"),
        power: arguments.number("power"), over: arguments.span("over"),
        kDecay: arguments.number("k", or: 1))
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
      name: "tanh",
      parameters: [
        .required("from"), .optional("to"), .optional("over", .span), .optional("lower"),
        .optional("upper"),
      ]
    ) { arguments in
      .tanh(
        from: arguments.number("from"), to: arguments.number("to"), over: arguments.span("over"),
        lower: arguments.number("lower", or: -7), upper: arguments.number("upper", or: 3))
    },
  ]

  private static let plateaus = [
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
    TextPreset(
      name: "knee",
      parameters: [
        .required("peak"), .required("warmup", .span), .required("explore", .span),
        .optional("start"), .optional("end"),
      ]
    ) { arguments in
      .knee(
        peak: arguments.number("peak"), start: arguments.number("start"),
        end: arguments.number("end"), warmup: arguments.span("warmup"),
        explore: arguments.span("explore"))
    },
    TextPreset(
      name: "linear-to-zero",
      parameters: [.required("peak"), .optional("warmup", .span), .optional("start")]
    ) { arguments in
      .linearToZero(
        peak: arguments.number("peak"), start: arguments.number("start"),
        warmup: arguments.span("warmup", or: .zero))
    },
    TextPreset(
      name: "flat-cosine",
      parameters: [.required("peak"), .optional("flat", .span), .optional("end")]
    ) { arguments in
      .flatCosine(
        peak: arguments.number("peak"), end: arguments.numbers["end"],
        flat: arguments.span("flat", or: 75.percent))
    },
  ]

  private static let laws = [
    TextPreset(
      name: "inverse-time",
      parameters: [
        .required("from"), .required("every", .span), .optional("power"), .optional("to"),
      ]
    ) { arguments in
      .inverseTime(
        from: arguments.number("from"), to: arguments.number("to"),
        power: arguments.number("power", or: 1), every: arguments.span("every"))
    },
    TextPreset(
      name: "rsqrt",
      parameters: [
        .required("peak"), .required("warmup", .span), .optional("start"),
        .optional("timescale", .span),
      ]
    ) { arguments in
      .inverseSquareRoot(
        peak: arguments.number("peak"), start: arguments.number("start"),
        warmup: arguments.span("warmup"), timescale: arguments.spans["timescale"])
    },
    TextPreset(
      name: "noam",
      parameters: [.required("size"), .required("warmup", .count), .optional("scale")]
    ) { (arguments: Arguments) throws(ScheduleError) in
      let size = arguments.number("size")
      guard size > 0 else {
        throw .parameter(phase: "noam", name: "size", value: size, expected: "a positive number")
      }
      return .noam(
        modelSize: size, warmup: arguments.count ?? 1, scale: arguments.number("scale", or: 1))
    },
    TextPreset(
      name: "power-law",
      parameters: [
        .required("peak"), .required("batch"), .optional("amplitude"), .optional("exponent"),
      ]
    ) { arguments in
      .powerLaw(
        peak: arguments.number("peak"), amplitude: arguments.number("amplitude", or: 4),
        exponent: arguments.number("exponent", or: -0.51), batchSize: arguments.number("batch"))
    },
    TextPreset(
      name: "sigmoid",
      parameters: [
        .required("from"), .required("midpoint", .span), .required("width", .span),
        .optional("to"),
      ]
    ) { arguments in
      .sigmoid(
        from: arguments.number("from"), to: arguments.number("to"),
        midpoint: arguments.span("midpoint"), width: arguments.span("width"))
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
    TextPreset(
      name: "snapshot",
      parameters: [.required("peak"), .required("cycles", .count), .optional("floor")]
    ) { arguments in
      .snapshotCosine(
        peak: arguments.number("peak"), floor: arguments.number("floor"),
        cycles: arguments.count ?? 1)
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

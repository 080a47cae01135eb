import BackendCases
import CPUBackend
import CUDABackend
import Kernels
import Networks
import Plotting

/// Runs the table of cases on every backend of this machine, beside a slow and plain reference.
enum SelfTest {
  /// A backend.
  struct Subject {
    var name: String
    /// Makes the program of a graph as it is.
    var compile: @Sendable (Graph) throws -> any CompiledProgram
  }

  /// Backends that are held against one run of the reference, equally closely.
  struct Group {
    var precision: Precision
    /// Whether filters are rounded like images, for matrix units.
    var roundsFilters = false
    /// What a case may differ by.
    var tolerance: (OpCase) -> Tolerance
    /// What the losses of the short training may differ by, as a part of the first one.
    var curveTolerance: Double
    var subjects: [Subject]
  }

  fileprivate struct Row: Encodable {
    var backend: String
    var precision: String
    var testCase: String
    /// The value that is furthest from the reference, measured by what is allowed.
    var slot: String?
    var error: Double
    var allowed: Double
    var passes: Bool
  }

  /// Tests every backend of this machine.
  static func run(_ threads: Int?, asJSON: Bool, _ console: Console) throws -> ExitCode {
    try run(try groups(threads, console), OpCase.all, asJSON: asJSON, console)
  }

  /// Tests backends; fails if something is further from the reference than it may be.
  static func run(
    _ groups: [Group], _ cases: [OpCase], asJSON: Bool, _ console: Console
  ) throws -> ExitCode {
    let total = groups.reduce(0) { $0 + $1.subjects.count * (cases.count + 1) }
    var bar = ProgressBar("testing", total: total, unit: "cases", console: console)
    var rows: [Row] = []
    for group in groups {
      for testCase in cases {
        rows += try Self.rows(group, testCase)
        bar.advance(to: rows.count)
      }
      rows += try curveRows(group)
      bar.advance(to: rows.count)
    }
    bar.finish()
    let failures = rows.count { !$0.passes }
    if asJSON {
      try console.printJSON(rows)
    } else {
      try console.print(rows)
      try console.print("\(rows.count) cases, \(failures) failed")
    }
    return failures == 0 ? .done : .failed
  }

  private static func rows(_ group: Group, _ testCase: OpCase) throws -> [Row] {
    let tolerance = group.tolerance(testCase)
    let comparison = ProgramComparison(
      testCase.precision(group.precision), roundsFilters: group.roundsFilters)
    return zip(group.subjects, try comparison.rows(group.subjects.map(\.compile))).map {
      subject, compared in
      let worst = compared.max { $0.part(of: tolerance) < $1.part(of: tolerance) }
      return Row(
        backend: subject.name, precision: group.precision.rawValue, testCase: testCase.name,
        slot: worst?.slot, error: worst?.error ?? .nan, allowed: worst?.allowed(tolerance) ?? 0,
        passes: !compared.isEmpty && compared.allSatisfy { $0.isWithin(tolerance) })
    }
  }

  private static func curveRows(_ group: Group) throws -> [Row] {
    let expected = try LossCurve(group.precision) {
      ReferenceProgram($0, roundsFilters: group.roundsFilters)
    }
    return try group.subjects.map { subject in
      let found = try LossCurve(group.precision, compile: subject.compile)
      let difference = found.difference(from: expected)
      return Row(
        backend: subject.name, precision: group.precision.rawValue,
        testCase: "losses of \(LossCurve.stepCount) steps", slot: "losses", error: difference,
        allowed: group.curveTolerance, passes: difference <= group.curveTolerance)
    }
  }

  // MARK: - Backends

  private static func groups(_ threads: Int?, _ console: Console) throws -> [Group] {
    let processors = KernelVariant.available.map { variant in
      let backend = CPUBackend(variant: variant, threadCount: threads ?? 2)
      return Subject(name: "cpu \(variant.rawValue)") { try backend.program($0) }
    }
    let (strict, fast) = try graphics(console)
    return [
      Group(
        precision: .float32, tolerance: { _ in .float32 },
        curveTolerance: LossCurve.Tolerance.float32, subjects: processors + strict),
      Group(
        precision: .float32, tolerance: { _ in .tf32 },
        curveTolerance: LossCurve.Tolerance.tf32, subjects: fast),
      Group(
        precision: .bfloat16, tolerance: { .bfloat16($0) },
        curveTolerance: LossCurve.Tolerance.bfloat16, subjects: processors),
      Group(
        precision: .bfloat16, roundsFilters: true,
        tolerance: { .bfloat16($0, roundsFilters: true) },
        curveTolerance: LossCurve.Tolerance.bfloat16, subjects: fast),
      Group(
        precision: .float16, tolerance: { .float16($0) },
        curveTolerance: LossCurve.Tolerance.float16, subjects: processors),
      Group(
        precision: .float16, roundsFilters: true,
        tolerance: { .float16($0, roundsFilters: true) },
        curveTolerance: LossCurve.Tolerance.float16, subjects: fast),
    ].filter { !$0.subjects.isEmpty }
  }

  /// The GPUs as they multiply float32 strictly, and as fast as they can; none where none can be used.
  private static func graphics(
    _ console: Console
  ) throws -> (strict: [Subject], fast: [Subject]) {
    let survey = GPUSurvey(environment: console.environment)
    if let problem = survey.problem {
      console.report("no GPU is tested: \(problem)")
      return ([], [])
    }
    func subjects(_ float32: ConvolutionNumerics.Float32) throws -> [Subject] {
      try survey.devices.indices.map { index in
        let backend = try BackendChoice.gpu(
          index, ConvolutionNumerics(float32: float32), environment: console.environment)
        return Subject(name: "cuda:\(index) \(float32.rawValue)") { try backend.program($0) }
      }
    }
    return (try subjects(.strict), try subjects(.tf32))
  }
}

extension Console {
  fileprivate func print(_ rows: [SelfTest.Row]) throws(CommandError) {
    var table = TextTable(
      .text("backend"), .text("precision"), .text("case"), .number("error"), .number("allowed"),
      .text(""))
    func text(_ value: Double) -> String { NumberText.significant(value, digits: 2) }
    for row in rows {
      table.append(
        row.backend, row.precision, row.testCase, text(row.error), text(row.allowed),
        row.passes ? "" : "FAILED: \(row.slot ?? "nothing was compared")")
    }
    for line in table.lines { try print(line) }
  }
}

/// A plan as a Python module for PyTorch.
struct PyTorchExport {
  private let plan: Plan
  private let resolved: ResolvedPlan
  private let horizon: Horizon

  init(_ plan: Plan, _ resolved: ResolvedPlan, _ horizon: Horizon) {
    self.plan = plan
    self.resolved = resolved
    self.horizon = horizon
  }

  /// The module.
  func text() throws(ScheduleError) -> String {
    guard plan[.learningRate] != nil else {
      throw .export(
        to: "pytorch", expected: "a learning rate for all groups", found: "\(plan)")
    }
    let name = "make_scheduler"
    let usage = """
          scheduler = \(name)(optimizer)
          for each update: optimizer.step(), then scheduler.step()
      """
    if let native = NativeScheduler(plan, horizon) {
      return PythonModule.text(
        plan, horizon, usage: usage,
        imports: ["from torch.optim.lr_scheduler import \(native.className)"],
        definitions: [native.definition])
    }
    var functions = PythonFunctions(.math)
    let names = functions.add(plan, resolved)
    return PythonModule.text(
      plan, horizon, usage: usage,
      imports: [
        "from math import cos, exp, floor, inf, log, pi, sin\n",
        "from torch.optim.lr_scheduler import LambdaLR",
      ],
      definitions: ["TINY = 1e-9  # steps; two instants that close are the same", Self.scalars]
        + functions.formulaTexts + functions.definitions + [scheduler(names)])
  }

  private static let scalars = """
    minimum, maximum = min, max


    def where(condition, yes, no):
        return yes if condition else no
    """

  // MARK: - The scheduler

  /// The class that sets what is scheduled, and the function that makes one.
  private func scheduler(_ names: [String]) -> String {
    let tables = Dictionary(grouping: zip(resolved.entries, names)) { $0.0.key }
    func table(_ key: HyperparameterKey) -> String? {
      guard let entries = tables[key] else { return nil }
      let rows = entries.map { entry, name in
        "\(entry.group.map(quotedText) ?? "None"): \(name)"
      }
      return "{\(rows.joined(separator: ", "))}"
    }
    let setters: [(HyperparameterKey, String)] = [
      (
        .momentum,
        """
                    if "betas" in group:
                        group["betas"] = (value, group["betas"][1])
                    else:
                        group["momentum"] = value
        """
      ),
      (.beta2, "            group[\"betas\"] = (group[\"betas\"][0], value)"),
      (.weightDecay, "            group[\"weight_decay\"] = value"),
    ]
    var lines: [String] = []
    for (key, setter) in setters {
      guard let table = table(key) else { continue }
      lines += [
        "        for group in self.optimizer.param_groups:",
        "            schedule = schedule_of(\(table), group)",
        "            if schedule is None:",
        "                continue",
        "            value = schedule(self.last_epoch)",
        setter,
      ]
    }
    let rates = table(.learningRate) ?? "{}"
    let className = lines.isEmpty ? "LambdaLR" : "PlanLR"
    let planClass = """
      class PlanLR(LambdaLR):
          \"""Sets what else is scheduled beside the learning rate.\"""

          def step(self, *arguments):
              super().step(*arguments)
      \(lines.joined(separator: "\n"))


      """
    return """
      def schedule_of(schedules, group):
          \"""The schedule for a parameter group's name, or the one for all others.\"""
          return schedules.get(group.get("name"), schedules.get(None))


      \(lines.isEmpty ? "" : planClass + "\n")def make_scheduler(optimizer):
          rates = \(rates)
          for group in optimizer.param_groups:
              group["lr"] = 1.0  # what the schedules are multiples of
              group.pop("initial_lr", None)
          return \(className)(
              optimizer, [schedule_of(rates, group) for group in optimizer.param_groups]
          )
      """
  }
}

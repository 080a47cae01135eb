import Networks
import Synchronization

/// A backend that computes nothing: it notes what it is told and answers from a script.
final class ScriptedBackend: Backend, Sendable {
  /// What a program was told, and what it answers.
  struct Script {
    /// The loss of each training step; the last one stays.
    var losses: [Float] = [1]
    /// The loss of each evaluated batch; the last one stays.
    var evaluationLosses: [Float] = [0.5]
    /// The values of the step inputs at each update.
    var updates: [[Float]] = []
    /// The labels at each update.
    var labels: [[Float]] = []
    /// The step inputs at each evaluation.
    var evaluations: [[Float]] = []
    /// The phases in the order in which they ran.
    var phases: [Graph.Phase] = []
    /// The number of updates whenever losses were read, which is where a device is waited for.
    var lossReadings: [Int] = []
  }

  let arithmetic = "scripted"
  private let script: Mutex<Script>

  init(losses: [Float] = [1], evaluationLosses: [Float] = [0.5]) {
    script = Mutex(Script(losses: losses, evaluationLosses: evaluationLosses))
  }

  /// What has happened so far.
  var record: Script { script.withLock { $0 } }

  func compile(_ graph: Graph) -> any CompiledProgram { Program(graph, backend: self) }

  private func change(_ body: (inout sending Script) -> Void) {
    script.withLock { body(&$0) }
  }

  private final class Program: CompiledProgram {
    private let graph: Graph
    private let backend: ScriptedBackend
    private var values: [Slot: [Float]] = [:]
    private var loss: Float = 0

    init(_ graph: Graph, backend: ScriptedBackend) {
      self.graph = graph
      self.backend = backend
    }

    func write(_ values: Span<Float>, to slot: Slot) {
      self.values[slot] = values.indices.map { values[$0] }
    }

    func run(_ phase: Graph.Phase) {
      let inputs = values[graph.stepInputs] ?? []
      let labels = values[graph.labels] ?? []
      backend.change { script in
        script.phases.append(phase)
        switch phase {
        case .forward:
          let step = min(script.updates.count, script.losses.count - 1)
          loss = script.losses[step]
        case .backward, .accumulate, .average, .exchange: break
        case .update:
          script.updates.append(inputs)
          script.labels.append(labels)
        case .evaluate:
          let pass = min(script.evaluations.count, script.evaluationLosses.count - 1)
          loss = script.evaluationLosses[pass]
          script.evaluations.append(inputs)
        }
      }
    }

    func read(_ slot: Slot, into values: inout MutableSpan<Float>) {
      if slot == graph.losses {
        backend.change { $0.lossReadings.append($0.updates.count) }
      }
      for index in values.indices {
        if slot == graph.losses {
          values[index] = loss
        } else if slot == graph.hits {
          // Even labels are right.
          let label = Int(self.values[graph.labels]?[index] ?? 1)
          values[index] = label.isMultiple(of: 2) ? 1 : 0
        } else {
          values[index] = self.values[slot]?[index] ?? 0
        }
      }
    }
  }
}

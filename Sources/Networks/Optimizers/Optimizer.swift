/// How gradients change the parameters: a name with settings, `sgd(nesterov)`.
///
/// What a schedule can change, rate, momentum, weight decay and β₂, is no part of it: that comes
/// with the step inputs. An optimiser is one file beside this one, a value of `OptimizerKind`, and
/// its row in `kinds`; its tensors, its place in checkpoints, its kernels and its words follow from
/// that.
public struct Optimizer: Hashable, Sendable {
  private let settings: Settings

  /// Every optimiser.
  static let kinds: [OptimizerKind] = [.sgd, .adamW, .lars]

  /// The names of all optimisers.
  public static var names: [String] { kinds.map(\.name) }

  /// What can be written for each of them.
  public static var usages: [String] {
    kinds.map { Settings.usage(name: $0.name, $0.settings) }
  }

  /// Stochastic gradient descent with momentum, as PyTorch has it.
  public static let sgd = Optimizer(kind: .sgd)

  /// The same with Nesterov's momentum.
  public static let nesterov = Optimizer(kind: .sgd, "sgd(nesterov)")

  private init(kind: OptimizerKind, _ text: String? = nil) {
    guard
      let settings = try? Settings(
        parsing: text ?? kind.name, as: "optimizer", [(kind.name, kind.settings)])
    else { preconditionFailure("\(text ?? kind.name) is an optimiser") }
    self.settings = settings
  }

  /// Reads the text form.
  ///
  /// - Throws: ``SettingsError`` with what there is.
  public init(parsing text: String) throws(SettingsError) {
    settings = try Settings(
      parsing: text, as: "optimizer", Self.kinds.map { ($0.name, $0.settings) })
  }

  /// The name without the settings.
  public var name: String { settings.name }

  private var kind: OptimizerKind {
    guard let kind = Self.kinds.first(where: { $0.name == settings.name }) else {
      preconditionFailure("\(settings.name) is an optimiser")
    }
    return kind
  }

  /// The momentum, or β₁, where no schedule gives one.
  public var defaultMomentum: Double { kind.defaultMomentum }

  /// β₂ where no schedule gives one; `nil` if the optimiser has none.
  public var defaultBeta2: Double? { kind.defaultBeta2 }

  /// The tensors that it keeps of each parameter, by their names in a checkpoint.
  public var stateNames: [String] { kind.states }

  /// Writes the step on one parameter down.
  func write(_ step: inout OptimizerStep) { kind.write(settings, &step) }
}

extension Optimizer: WrittenAsSettings {
  /// The text form, for example `sgd(nesterov)`.
  public var description: String { settings.description }
}

// MARK: - What an optimiser's file holds

/// All there is to say of an optimiser.
struct OptimizerKind: Sendable {
  /// Its name in text.
  let name: String
  /// What can be set.
  var settings: [Settings.Declaration] = []
  /// The tensors that it keeps of each parameter, which start at 0.
  let states: [String]
  /// The momentum, or β₁, where no schedule gives one.
  var defaultMomentum = 0.0
  /// β₂ where no schedule gives one; `nil` if it has none.
  var defaultBeta2: Double?
  /// Writes the step on one parameter down.
  let write: @Sendable (Settings, inout OptimizerStep) -> Void
}

/// The operands of an optimiser's step on one parameter, and the statements written so far.
struct OptimizerStep {
  /// The parameter.
  let parameter = Formula.tensor(0)
  /// The gradient of the loss, after clipping, without weight decay.
  let gradient: Formula
  /// The rate of the parameter's group.
  let learningRate: Formula
  /// The momentum, or β₁, of its group.
  let momentum: Formula
  /// β₂ of its group.
  let beta2: Formula
  /// The weight decay of its group.
  let weightDecay: Formula
  /// The number of this update, from 1.
  let updateNumber: Formula
  /// ‖w‖ of the parameter.
  let parameterNorm: Formula
  /// ‖g‖ of the gradient, after clipping.
  let gradientNorm: Formula
  /// Whether the parameter is a vector: a bias, or a scale or shift of batch norm.
  let isVector: Bool
  /// The optimiser's tensors, in the order of its kind.
  let states: [Formula]
  var builder: UpdateBuilder

  /// Sets every element of a tensor.
  mutating func set(_ target: Formula, to formula: Formula) { builder.set(target, to: formula) }

  /// An intermediate result for later statements.
  mutating func named(_ formula: Formula) -> Formula { builder.named(formula) }
}

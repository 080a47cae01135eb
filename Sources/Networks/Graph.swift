import Tensors

/// A network written out for one batch and image size: a flat list of operations over slots.
///
/// The phases share the slots: `forward`, `backward` and `update` make a training step, `evaluate`
/// runs the network with batch norm's running statistics. The list can be printed
/// (``description``), and every backend runs the same one.
///
/// Slots that keep their values (parameters, inputs, outputs) come first, in an order that depends
/// on the network's parameters alone: rewriting the network, as fusion does, leaves them where they
/// are, so that a caller's slots stay good whatever a backend does to the list.
public struct Graph: Sendable {
  /// A part of the work that is run as one.
  public enum Phase: String, CaseIterable, Sendable {
    /// From the images to the losses, with the batch's own statistics.
    case forward
    /// From the losses to the gradient of every parameter.
    case backward
    /// Adding the gradients up, where a step has several parts.
    case accumulate
    /// The optimiser's step.
    case update
    /// Bringing the averages of the weights up to date, where there are any.
    case average
    /// Exchanging the weights with their averages; done twice it changes nothing.
    case exchange
    /// From the images to the losses with the running statistics.
    case evaluate
  }

  /// What a graph is made for.
  public struct Configuration: Hashable, Sendable {
    /// Images in a batch, ≥ 1.
    public var batch: Int
    /// Image height in pixels.
    public var height: Int
    /// Image width in pixels.
    public var width: Int
    /// How gradients change the parameters.
    public var optimizer: Optimizer
    /// The selectors of parameters with hyper-parameters of their own; see ``ParameterSelector``.
    public var selectors: [String]
    /// The largest norm of all gradients together, > 0; `nil` for any.
    public var clipNorm: Double?
    /// Batches whose gradients make one step, ≥ 1.
    public var accumulation: Int
    /// What is kept of the weights beside them; `nil` for nothing.
    public var averaging: Averaging?
    /// What activations and their gradients are kept as.
    public var precision: Precision

    /// Makes a configuration.
    public init(
      batch: Int, height: Int, width: Int, optimizer: Optimizer = .sgd, selectors: [String] = [],
      clipNorm: Double? = nil, accumulation: Int = 1, averaging: Averaging? = nil,
      precision: Precision = .float32
    ) {
      self.batch = batch
      self.height = height
      self.width = width
      self.optimizer = optimizer
      self.selectors = selectors
      self.clipNorm = clipNorm
      self.accumulation = accumulation
      self.averaging = averaging
      self.precision = precision
    }
  }

  /// A trained parameter with what belongs to it.
  public struct Parameter: Hashable, Sendable {
    /// The values.
    public let values: Slot
    /// The gradient of the loss, without weight decay, times the factor of ``Graph/lossScale``; may be
    /// read after `backward`.
    public let gradient: Slot
    /// The sum of the gradients of a step's parts; `nil` where a step has one.
    public let gradientSum: Slot?
    /// What the optimiser keeps, in the order of `Optimizer.stateNames`.
    public let optimizerStates: [Slot]
    /// The average of the values; `nil` where none is kept.
    public let average: Slot?
    /// The position of the parameter's group in `groups`.
    public let group: Int
    /// How a training starts it.
    public let initialization: Initialization

    /// What the optimiser reads: the gradient, or its sum.
    var wholeGradient: Slot { gradientSum ?? gradient }
  }

  /// A value that training updates without a gradient.
  public struct State: Hashable, Sendable {
    /// The values.
    public let values: Slot
    /// The average of the values; `nil` where none is kept.
    public let average: Slot?
    /// How a training starts it.
    public let initialization: Initialization
  }

  /// The network.
  public let network: Network
  /// What the graph was made for.
  public let configuration: Configuration
  /// Every slot; `Slot.index` counts in this list.
  public internal(set) var slots: [SlotDescription] = []
  /// The parameter groups, in the order of `StepInputs.groups`.
  ///
  /// The first one is that of the parameters that no selector names.
  public internal(set) var groups = [ParameterGroup(selectors: [])]
  /// The trained parameters in the order of the network.
  public internal(set) var parameters: [Parameter] = []
  /// Running statistics in the order of the network.
  public internal(set) var states: [State] = []
  /// What gradients are multiplied by on their way; `nil` where the precision needs nothing.
  public internal(set) var lossScale: LossScale?
  /// The batch of images, `[n, c, h, w]`, normalised.
  public let images: Slot
  /// The class of each sample, `[n]`, as whole numbers.
  public let labels: Slot
  /// The second class of each sample, `[n]`, and its share, `[n]`, for mixed images.
  public let others: SoftmaxCrossEntropy.Others
  /// The step inputs; see ``StepInputs``.
  public let stepInputs: Slot
  /// The loss of each sample, `[n]`; 0 beyond the valid count.
  public let losses: Slot
  /// 1 for each sample whose largest logit is its class, `[n]`; 0 beyond the valid count.
  public let hits: Slot
  /// What the network says of each image of the last `evaluate`, `[n, classes]`.
  public let logits: Slot
  /// Σ g² of each parameter's gradient, `[parameters]`, where the optimiser or clipping needs it.
  public let gradientNorms: Slot
  /// Σ w² of each parameter, `[parameters]`, where the optimiser needs it.
  public let parameterNorms: Slot
  var lists: [Phase: [Op]] = [:]

  /// Writes a network out.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - configuration: Batch, image size, optimiser.
  /// - Precondition: The network's layers fit the image size.
  public init(network: Network, configuration: Configuration) {
    self.network = network
    self.configuration = configuration
    var slots: [SlotDescription] = []
    func slot(_ name: String, _ shape: Shape, _ role: SlotDescription.Role) -> Slot {
      slots.append(SlotDescription(name: name, shape: shape, role: role))
      return Slot(index: slots.count - 1)
    }
    let batch = configuration.batch
    // The sizes of these three follow from the parameters.
    stepInputs = slot("step inputs", [0], .stepInput)
    gradientNorms = slot("squared norms of gradients", [0], .output)
    parameterNorms = slot("squared norms of parameters", [0], .output)
    let shapes = network.shapes(
      images: [batch, network.imageChannels, configuration.height, configuration.width])
    precondition(shapes[shapes.count - 1].rank == 2, "a network ends in logits, [n, classes]")
    images = slot("images", shapes[0], .input)
    labels = slot("labels", [batch], .input)
    others = SoftmaxCrossEntropy.Others(
      labels: slot("other labels", [batch], .input), shares: slot("shares", [batch], .input))
    losses = slot("losses", [batch], .output)
    hits = slot("hits", [batch], .output)
    logits = slot("logits", shapes[shapes.count - 1], .output)
    self.slots = slots
    var builder = GraphBuilder(self)
    builder.build()
    self.slots = builder.graph.slots
    groups = builder.graph.groups
    parameters = builder.graph.parameters
    states = builder.graph.states
    lossScale = builder.graph.lossScale
    lists = builder.graph.lists
  }

  /// The operations of one phase, in order.
  public func operations(_ phase: Phase) -> [Op] { lists[phase] ?? [] }

  /// The description of a slot.
  public subscript(slot: Slot) -> SlotDescription { slots[slot.index] }

  /// The same graph for another way to write the same network, for example a fused one.
  ///
  /// - Precondition: The other network has the same parameters.
  public func rewritten(as network: Network) -> Graph {
    let rewritten = Graph(network: network, configuration: configuration)
    precondition(
      rewritten.slots.filter(\.isPersistent) == slots.filter(\.isPersistent),
      "a rewritten network keeps its parameters")
    return rewritten
  }

  /// The number of trained values.
  public var parameterCount: Int {
    parameters.reduce(0) { $0 + self[$1.values].shape.count }
  }

  /// Floating-point operations of one image's way through the network, two for each multiply-and-add
  /// of a convolution or linear layer.
  public var flopsPerImage: Int {
    operations(.evaluate).reduce(0) { $0 + $1.flops } / configuration.batch
  }
}

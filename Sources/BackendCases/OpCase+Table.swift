import Networks
import Tensors

extension OpCase {
  private static func convolution(
    _ network: inout Network, _ path: String, _ x: Network.NodeIndex, channels: Int, size: Int = 3,
    stride: Int = 1, padding: Int = 1
  ) -> Network.NodeIndex {
    network.add(
      .convolution(outputChannels: channels, size: size, stride: stride, padding: padding), path, x)
  }

  /// The table.
  ///
  /// The first convolution of a case is there for the gradient of the next layer's input:
  /// it shows in the first one's filters.
  public static let all: [OpCase] = [
    OpCase("convolution 3×3") { network, x in
      let y = convolution(&network, "a", x, channels: 5)
      return convolution(&network, "b", y, channels: 4)
    },
    OpCase("convolution 3×3, batch 1, one channel", batch: 1, channels: 1, height: 7, width: 3) {
      network, x in
      let y = convolution(&network, "a", x, channels: 1)
      return convolution(&network, "b", y, channels: 1)
    },
    OpCase("convolution 3×3 stride 2, odd image", height: 7, width: 9) { network, x in
      let y = convolution(&network, "a", x, channels: 4)
      return convolution(&network, "b", y, channels: 6, stride: 2)
    },
    OpCase("convolution 3×3 stride 2, even image", height: 6, width: 8) { network, x in
      let y = convolution(&network, "a", x, channels: 4)
      return convolution(&network, "b", y, channels: 6, stride: 2)
    },
    OpCase("convolution 1×1 stride 2", height: 5, width: 6) { network, x in
      let y = convolution(&network, "a", x, channels: 4, size: 1, padding: 0)
      return convolution(&network, "b", y, channels: 3, size: 1, stride: 2, padding: 0)
    },
    OpCase("convolution 5×5, 17 and 33 channels", channels: 2) { network, x in
      let y = convolution(&network, "a", x, channels: 17, size: 5, padding: 2)
      return convolution(&network, "b", y, channels: 33, size: 5, padding: 2)
    },
    OpCase("convolution 2×2 without padding", height: 4, width: 4) { network, x in
      let y = convolution(&network, "a", x, channels: 16, size: 2, padding: 0)
      return convolution(&network, "b", y, channels: 32, size: 2, padding: 0)
    },
    OpCase("batch norm", batch: 3) { network, x in
      let y = network.addConvolutionBatchNorm("a", "bn1", x, channels: 5)
      return network.addConvolutionBatchNorm("b", "bn2", y, channels: 18)
    },
    OpCase("batch norm of images", batch: 3, channels: 2) { network, x in
      network.add(.batchNorm(addsResidual: false, activation: .identity), "bn", x)
    },
    OpCase("batch norm + relu", batch: 3) { network, x in
      var y = network.addConvolutionBatchNorm("a", "bn1", x, channels: 5)
      y = network.add(.relu, "relu1", y)
      y = network.addConvolutionBatchNorm("b", "bn2", y, channels: 4)
      return network.add(.relu, "relu2", y)
    },
    OpCase("batch norm + addition", batch: 3) { network, x in
      let y = convolution(&network, "a", x, channels: 5)
      let z = network.addConvolutionBatchNorm("b", "bn", y, channels: 5)
      return network.add(.addition, "addition", z, y)
    },
    OpCase("batch norm + addition + relu", batch: 3) { network, x in
      let y = convolution(&network, "a", x, channels: 5)
      var z = network.addConvolutionBatchNorm("b", "bn", y, channels: 5)
      z = network.add(.addition, "addition", z, y)
      return network.add(.relu, "relu", z)
    },
    OpCase("gelu", batch: 3) { network, x in
      let y = convolution(&network, "a", x, channels: 17)
      let g = network.add(.gelu, "gelu1", y)
      let s = network.add(.addition, "addition", y, g)
      return network.add(.gelu, "gelu2", s)
    },
    OpCase("batch norm + gelu", batch: 3) { network, x in
      var y = network.addConvolutionBatchNorm("a", "bn1", x, channels: 24)
      y = network.add(.gelu, "gelu1", y)
      y = network.addConvolutionBatchNorm("b", "bn2", y, channels: 4)
      return network.add(.gelu, "gelu2", y)
    },
    OpCase("celu", batch: 3) { network, x in
      let y = convolution(&network, "a", x, channels: 17)
      let g = network.add(.celu(alpha: 0.3), "celu1", y)
      let s = network.add(.addition, "addition", y, g)
      return network.add(.celu(alpha: 1.5), "celu2", s)
    },
    OpCase("concatenation of both poolings", batch: 3, height: 7, width: 5) { network, x in
      let y = convolution(&network, "a", x, channels: 18)
      let largest = network.add(.globalMaxPool, "largest", y)
      let average = network.add(.globalAveragePool, "average", y)
      return network.add(.concatenation, "both", largest, average)
    },
    OpCase("concatenation with itself and others", batch: 2) { network, x in
      let y = convolution(&network, "a", x, channels: 5)
      let z = convolution(&network, "b", y, channels: 19)
      let p = network.add(.globalAveragePool, "p", y)
      let q = network.add(.globalMaxPool, "q", z)
      let twice = network.add(.concatenation, "twice", p, p)
      return network.add(.concatenation, "all", twice, q)
    },
    OpCase("relu and addition, three readers", batch: 3) { network, x in
      let y = convolution(&network, "a", x, channels: 4)
      let r = network.add(.relu, "relu", y)
      let s = network.add(.addition, "addition1", y, r)
      return network.add(.addition, "addition2", s, y)
    },
    OpCase("downsample", height: 7, width: 6) { network, x in
      let y = convolution(&network, "a", x, channels: 5)
      let z = network.add(.downsample(outputChannels: 9, stride: 2), "shortcut", y)
      let v = convolution(&network, "b", y, channels: 9, stride: 2)
      return network.add(.addition, "addition", v, z)
    },
    OpCase("downsample to another block", height: 5, width: 5) { network, x in
      let y = convolution(&network, "a", x, channels: 16)
      return network.add(.downsample(outputChannels: 32, stride: 2), "shortcut", y)
    },
    OpCase("max pool 2×2", height: 7, width: 6) { network, x in
      var y = convolution(&network, "a", x, channels: 17)
      y = network.add(.maxPool(size: 2, stride: 2), "pool1", y)
      return convolution(&network, "b", y, channels: 4)
    },
    OpCase("max pool 3×3 and with overlap", height: 11, width: 10) { network, x in
      let y = convolution(&network, "a", x, channels: 5)
      let p = network.add(.maxPool(size: 3, stride: 3), "pool1", y)
      let q = network.add(.maxPool(size: 4, stride: 3), "pool2", y)
      let r = network.add(.maxPool(size: 2, stride: 1), "pool3", p)
      let s = network.add(.maxPool(size: 2, stride: 1), "pool4", q)
      return network.add(.addition, "addition", r, s)
    },
    OpCase("max pool 3×3 stride 2 with padding", height: 8, width: 7) { network, x in
      let y = convolution(&network, "a", x, channels: 18)
      let p = network.add(.maxPool(size: 3, stride: 2, padding: 1), "pool1", y)
      let q = network.add(.maxPool(size: 3, stride: 2, padding: 1), "pool2", p)
      let r = network.add(.downsample(outputChannels: 18, stride: 4), "shortcut", y)
      return network.add(.addition, "addition", q, r)
    },
    OpCase("convolution 7×7 stride 2", height: 13, width: 10) { network, x in
      let y = convolution(&network, "a", x, channels: 17, size: 7, stride: 2, padding: 3)
      return convolution(&network, "b", y, channels: 3, size: 7, stride: 2, padding: 3)
    },
    OpCase("two bottleneck blocks", batch: 3, height: 7, width: 8) { network, x in
      let y = network.addBottleneck("layer1.0", x, channels: 5, stride: 1)
      let z = network.addBottleneck("layer1.1", y, channels: 5, stride: 1)
      return network.addBottleneck("layer2.0", z, channels: 6, stride: 2)
    },
    OpCase("global max pool", height: 7, width: 5) { network, x in
      let y = convolution(&network, "a", x, channels: 18)
      return network.add(.globalMaxPool, "largest", y)
    },
    OpCase("convolution 2×2 with bias and 24 channels", height: 5, width: 4) { network, x in
      var y = convolution(&network, "a", x, channels: 24, size: 2, padding: 0)
      y = network.add(.bias(activation: .identity), "a.bias", y)
      y = network.add(.gelu, "gelu", y)
      y = convolution(&network, "b", y, channels: 5)
      y = network.add(.bias(activation: .identity), "b.bias", y)
      y = network.add(.relu, "relu", y)
      y = convolution(&network, "c", y, channels: 4)
      return network.add(.bias(activation: .identity), "c.bias", y)
    },
    OpCase("frozen convolution", channels: 1, height: 5, width: 4) { network, x in
      var y = network.add(
        .convolution(outputChannels: 8, size: 2, stride: 1, padding: 0), "a", x, start: .whitening)
      y = network.add(.bias(activation: .identity), "a.bias", y)
      y = convolution(&network, "b", y, channels: 4)
      return network.add(
        .convolution(outputChannels: 5, size: 1, stride: 1, padding: 0), "c", y, start: .whitening)
    },
    OpCase("bias of images", channels: 2) { network, x in
      network.add(.bias(activation: .identity), "bias", x)
    },
    OpCase(
      "linear without bias, scaled logits", batch: 3,
      classifier: .linear(outputs: 4, hasBias: false, scale: 0.125)
    ) { network, x in
      convolution(&network, "a", x, channels: 19)
    },
    OpCase("linear, batch 5", batch: 5, channels: 19, classes: 11) { network, x in
      network.add(.globalAveragePool, "pool", x)
    },
    OpCase("partial batch", batch: 5) { network, x in
      convolution(&network, "a", x, channels: 4)
    }.valid(3),
    OpCase("label smoothing", batch: 3) { network, x in
      convolution(&network, "a", x, channels: 4)
    }.smoothing(0.2),
    OpCase("mixed and smoothed labels", batch: 5) { network, x in
      convolution(&network, "a", x, channels: 4)
    }.smoothing(0.1).mixed.valid(4),
    OpCase("nesterov", batch: 3, optimizer: "sgd(nesterov)") { network, x in
      convolution(&network, "a", x, channels: 4)
    },
    OpCase(
      "coupled momentum, decoupled decay and rate", batch: 3,
      optimizer: "sgd(nesterov,form=coupled,decay=decoupled,rate=decoupled)"
    ) { network, x in convolution(&network, "a", x, channels: 4) },
    OpCase("adamw", batch: 3, optimizer: "adamw(epsilon=0.001)") { network, x in
      network.addConvolutionBatchNorm("a", "bn", x, channels: 21)
    },
    OpCase(
      "lars, clipping and accumulation", batch: 3, optimizer: "lars(trust=0.1)", clipNorm: 0.1,
      accumulation: 2
    ) { network, x in network.addConvolutionBatchNorm("a", "bn", x, channels: 4) },
    OpCase("running average", batch: 3, averaging: "ema") { network, x in
      network.addConvolutionBatchNorm("a", "bn", x, channels: 4)
    },
    OpCase("lookahead", batch: 3, averaging: "lookahead") { network, x in
      network.addConvolutionBatchNorm("a", "bn", x, channels: 4)
    },
    OpCase(
      "groups, clipping and accumulation", batch: 3, selectors: ["biases", "norms", "fc"],
      clipNorm: 0.1, accumulation: 2
    ) { network, x in network.addConvolutionBatchNorm("a", "bn", x, channels: 4) },
    OpCase("two basic blocks", batch: 3, height: 8, width: 8) { network, x in
      var y = network.addConvolutionBatchNorm("conv1", "bn1", x, channels: 6)
      y = network.add(.relu, "relu", y)
      y = network.addBasicBlock("layer1.0", y, channels: 6, stride: 1)
      return network.addBasicBlock("layer2.0", y, channels: 12, stride: 2)
    },
    OpCase("two basic blocks with projections", batch: 3, height: 7, width: 9) { network, x in
      let y = network.addBasicBlock("layer1.0", x, channels: 6, stride: 1, shortcut: .projection)
      return network.addBasicBlock("layer2.0", y, channels: 17, stride: 2, shortcut: .projection)
    },
    OpCase("three pre-activation blocks", batch: 3, height: 7, width: 8) { network, x in
      var y = convolution(&network, "conv1", x, channels: 6)
      y = network.addPreActivationBlock("layer1.0", y, channels: 6, stride: 1)
      y = network.addPreActivationBlock("layer1.1", y, channels: 6, stride: 1)
      y = network.addPreActivationBlock("layer2.0", y, channels: 18, stride: 2)
      y = network.addBatchNorm("bn", y)
      return network.add(.relu, "relu", y)
    },
    OpCase("sums of sums", batch: 3) { network, x in
      let a = convolution(&network, "a", x, channels: 4)
      let b = convolution(&network, "b", a, channels: 4)
      let c = convolution(&network, "c", a, channels: 4)
      let d = network.add(.addition, "d", b, c)
      let e = convolution(&network, "e", a, channels: 4)
      let f = network.add(.addition, "f", d, e)
      let g = network.add(.addition, "g", a, f)
      let h = network.add(.addition, "h", g, g)
      return network.add(.addition, "i", d, h)
    },
  ]
}

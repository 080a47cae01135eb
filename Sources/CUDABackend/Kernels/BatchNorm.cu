// Batch normalisation of [rows, c] with what follows it: an addition, an activation.
//
// Forward reads x twice (sums, apply) and writes y; backward reads x and dy twice and writes dx.
// Bandwidth limits all four passes.

// Σ (x − shift) and Σ (x − shift)², shift the channel's first value: sums around something near the
// mean do not cancel.
template <int V>
__device__ inline void batchNormSumsOf(const Value *x, float *partial, int rows, int c) {
  const int channel = firstChannel(V);
  const Pack<V> shift = channel < c ? load<V>(x, channel) : Pack<V>{};
  channelSums<V>(partial, rows, c, [&](unsigned index, Pack<V> &a, Pack<V> &b) {
    const Pack<V> value = load<V>(x, index);
#pragma unroll
    for (int i = 0; i < V; ++i) {
      const float d = value.lane[i] - shift.lane[i];
      a.lane[i] += d;
      b.lane[i] += d * d;
    }
  });
}

KERNEL_IN_BOTH_WIDTHS(
    batchNormSums, (const Value *__restrict__ x, float *__restrict__ partial, int rows, int c),
    (x, partial, rows, c))

// running · (1 − share) + value · share, each product and the sum rounded: no fused operation may make
// other bits of it than the processor does, which counts the statistics of other processes in.
__device__ inline float movedBy(double share, float running, float value) {
  return (float)__dadd_rn(
      __dmul_rn(__dadd_rn(1, -share), (double)running), __dmul_rn(share, (double)value));
}

// Mean and 1/√(σ² + ε) from the sums; the running statistics move by the step input `momentum`, towards
// the batch's as float32 has them, which is what a momentum of 1 leaves.
KERNEL void batchNormStatistics(
    const Value *x, const float *partial, int chunks, int rows, int c, const float *momentum,
    float epsilon, float *mean, float *inverseDeviation, float *runningMean,
    float *runningVariance) {
  const int channel = warpChannel();
  if (channel >= c) return;
  const double first = warpTotal(partial + channel * chunks, chunks) / rows;
  const double second = warpTotal(partial + (c + channel) * chunks, chunks) / rows;
  if ((threadIdx.x & 31) != 0) return;
  const double mu = toFloat(x[channel]) + first;
  const double difference = second - first * first;
  const double variance = difference > 0 ? difference : 0;
  mean[channel] = (float)mu;
  inverseDeviation[channel] = (float)(1 / sqrt(variance + (double)epsilon));
  const double unbiased = variance * rows / (rows > 1 ? rows - 1 : 1);
  runningMean[channel] = movedBy(*momentum, runningMean[channel], (float)mu);
  runningVariance[channel] = movedBy(*momentum, runningVariance[channel], (float)unbiased);
}

// A thread's group of channels as it goes through all values: it stays the same where the grid's
// stride is a multiple of the groups, which the host sees to if it can.
struct ChannelWalk {
  unsigned group, advance, groups;

  __device__ ChannelWalk(int c, int width) {
    groups = c / width;
    group = firstIndex() % groups;
    advance = indexStride() % groups;
  }

  // Goes on; tells whether the channels are others now.
  __device__ bool next() {
    group += advance;
    if (group >= groups) group -= groups;
    return advance != 0;
  }
};

// What a channel's values are normalised by: (x − mean) · scale + beta.
template <int V>
struct Normalization {
  Pack<V> mean, scale, beta;

  // `deviation` is 1/√(σ² + ε) or, where `isVariance`, σ².
  __device__ void read(
      const float *means, const float *deviation, const float *gammas, const float *betas,
      unsigned channel, int isVariance, float epsilon) {
    mean = load<V>(means, channel);
    scale = load<V>(deviation, channel);
    beta = load<V>(betas, channel);
    const Pack<V> gamma = load<V>(gammas, channel);
#pragma unroll
    for (int i = 0; i < V; ++i) {
      if (isVariance) scale.lane[i] = 1 / sqrtf(scale.lane[i] + epsilon);
      scale.lane[i] *= gamma.lane[i];
    }
  }

  // Forward and backward must agree on the sign of this.
  __device__ Pack<V> operator()(const Pack<V> &x) const {
    Pack<V> v;
#pragma unroll
    for (int i = 0; i < V; ++i) v.lane[i] = (x.lane[i] - mean.lane[i]) * scale.lane[i] + beta.lane[i];
    return v;
  }
};

// y = f(γ · (x − μ) / √(σ² + ε) + β + residual), with the batch's or the running statistics.
template <int V>
__device__ inline void batchNormApplyOf(
    const Value *x, const Value *residual, const float *gamma, const float *beta,
    const float *mean, const float *deviation, int isVariance, float epsilon, Value *y, int count,
    int c, int activation) {
  ChannelWalk walk(c, V);
  Normalization<V> normalization;
  normalization.read(mean, deviation, gamma, beta, walk.group * V, isVariance, epsilon);
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    Pack<V> v = normalization(load<V>(x, i * V));
    if (residual) {
      const Pack<V> other = load<V>(residual, i * V);
#pragma unroll
      for (int l = 0; l < V; ++l) v.lane[l] += other.lane[l];
    }
    activate(v, activation);
    store<V>(y, i * V, v);
    if (walk.next()) {
      normalization.read(mean, deviation, gamma, beta, walk.group * V, isVariance, epsilon);
    }
  }
}

KERNEL_IN_BOTH_WIDTHS(
    batchNormApply,
    (const Value *__restrict__ x, const Value *__restrict__ residual,
     const float *__restrict__ gamma, const float *__restrict__ beta,
     const float *__restrict__ mean, const float *__restrict__ deviation, int isVariance,
     float epsilon, Value *__restrict__ y, int count, int c, int activation),
    (x, residual, gamma, beta, mean, deviation, isVariance, epsilon, y, count, c, activation))

// g = dy · f′: by the sign of y where it is given (ReLU behind a sum), else by v made once more.
template <int V>
__device__ inline Pack<V> gradientBehindActivation(
    const Value *y, const Value *dy, const Normalization<V> &normalization, const Pack<V> &x,
    unsigned index, int activation) {
  Pack<V> g = load<V>(dy, index);
  if (activation != IDENTITY) {
    multiplyByDerivative(g, y ? load<V>(y, index) : normalization(x), activation);
  }
  return g;
}

// Σ g and Σ g · (x − μ); the second lacks the factor 1/√(σ² + ε) of dγ.
template <int V>
__device__ inline void batchNormBackwardSumsOf(
    const Value *x, const Value *y, const Value *dy, const float *gamma, const float *beta,
    const float *mean, const float *inverseDeviation, float *partial, int rows, int c,
    int activation) {
  const int channel = firstChannel(V);
  Normalization<V> normalization = {};
  if (channel < c) normalization.read(mean, inverseDeviation, gamma, beta, channel, 0, 0);
  channelSums<V>(partial, rows, c, [&](unsigned index, Pack<V> &a, Pack<V> &b) {
    const Pack<V> value = load<V>(x, index);
    const Pack<V> g = gradientBehindActivation(y, dy, normalization, value, index, activation);
#pragma unroll
    for (int i = 0; i < V; ++i) {
      a.lane[i] += g.lane[i];
      b.lane[i] += g.lane[i] * (value.lane[i] - normalization.mean.lane[i]);
    }
  });
}

KERNEL_IN_BOTH_WIDTHS(
    batchNormBackwardSums,
    (const Value *__restrict__ x, const Value *__restrict__ y, const Value *__restrict__ dy,
     const float *__restrict__ gamma, const float *__restrict__ beta,
     const float *__restrict__ mean, const float *__restrict__ inverseDeviation,
     float *__restrict__ partial, int rows, int c, int activation),
    (x, y, dy, gamma, beta, mean, inverseDeviation, partial, rows, c, activation))

// dγ and dβ from the sums.
KERNEL void batchNormGradients(
    const float *partial, int chunks, int c, const float *inverseDeviation, float *dGamma,
    float *dBeta) {
  const int channel = warpChannel();
  if (channel >= c) return;
  const double first = warpTotal(partial + channel * chunks, chunks);
  const double second = warpTotal(partial + (c + channel) * chunks, chunks);
  if ((threadIdx.x & 31) != 0) return;
  dBeta[channel] = (float)first;
  dGamma[channel] = (float)(second * inverseDeviation[channel]);
}

// dx = γ · inverseDeviation · (g − dβ/m − x̂ · dγ/m), dresidual = g.
template <int V>
__device__ inline void batchNormBackwardOf(
    const Value *x, const Value *y, const Value *dy, const float *gamma, const float *beta,
    const float *mean, const float *inverseDeviation, const float *dGamma, const float *dBeta,
    Value *dx, int accumulatesDx, Value *dResidual, int accumulatesDResidual, int count, int c,
    float inverseRows, int activation) {
  ChannelWalk walk(c, V);
  Normalization<V> normalization;
  // dx = scale · (g − meanGradient − (x − μ) · slope).
  Pack<V> meanGradient, slope;
  const auto read = [&](unsigned channel) {
    normalization.read(mean, inverseDeviation, gamma, beta, channel, 0, 0);
    meanGradient = load<V>(dBeta, channel);
    slope = load<V>(dGamma, channel);
    const Pack<V> inverse = load<V>(inverseDeviation, channel);
#pragma unroll
    for (int i = 0; i < V; ++i) {
      meanGradient.lane[i] *= inverseRows;
      slope.lane[i] *= inverse.lane[i] * inverseRows;
    }
  };
  read(walk.group * V);
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    const Pack<V> value = load<V>(x, i * V);
    const Pack<V> g = gradientBehindActivation(y, dy, normalization, value, i * V, activation);
    if (dResidual) put<V>(dResidual, i * V, g, accumulatesDResidual);
    Pack<V> result;
#pragma unroll
    for (int l = 0; l < V; ++l) {
      const float d = value.lane[l] - normalization.mean.lane[l];
      result.lane[l] =
          normalization.scale.lane[l] * (g.lane[l] - meanGradient.lane[l] - d * slope.lane[l]);
    }
    put<V>(dx, i * V, result, accumulatesDx);
    if (walk.next()) read(walk.group * V);
  }
}

// No __restrict__ on what may be one slot: a gradient can live where the sum's does.
KERNEL_IN_BOTH_WIDTHS(
    batchNormBackward,
    (const Value *__restrict__ x, const Value *__restrict__ y, const Value *dy,
     const float *__restrict__ gamma, const float *__restrict__ beta,
     const float *__restrict__ mean, const float *__restrict__ inverseDeviation,
     const float *__restrict__ dGamma, const float *__restrict__ dBeta, Value *dx,
     int accumulatesDx, Value *dResidual, int accumulatesDResidual, int count, int c,
     float inverseRows, int activation),
    (x, y, dy, gamma, beta, mean, inverseDeviation, dGamma, dBeta, dx, accumulatesDx, dResidual,
     accumulatesDResidual, count, c, inverseRows, activation))

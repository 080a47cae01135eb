// Bias and activation of [rows, c] behind a convolution that no batch norm follows.

template <int V>
__device__ inline void addBias(Pack<V> &v, const Pack<V> &bias) {
#pragma unroll
  for (int i = 0; i < V; ++i) v.lane[i] += bias.lane[i];
}

// y = f(x + bias).
template <int V>
__device__ inline void biasForwardOf(
    const Value *x, const float *bias, Value *y, int count, int c, int activation) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    Pack<V> v = load<V>(x, i * V);
    addBias(v, load<V>(bias, i * V % c));
    activate(v, activation);
    store<V>(y, i * V, v);
  }
}

KERNEL_IN_BOTH_WIDTHS(
    biasForward, (const Value *x, const float *bias, Value *y, int count, int c, int activation),
    (x, bias, y, count, c, activation))

// dx = dy · f′(x + bias) and its sums; the second sum of each channel is not used.
template <int V>
__device__ inline void biasBackwardOf(
    const Value *x, const float *bias, const Value *dy, Value *dx, int accumulates, float *partial,
    int rows, int c, int activation) {
  const int channel = firstChannel(V);
  const Pack<V> shift = channel < c ? load<V>(bias, channel) : Pack<V>{};
  channelSums<V>(partial, rows, c, [&](unsigned index, Pack<V> &a, Pack<V> &) {
    Pack<V> g = load<V>(dy, index);
    if (activation != IDENTITY) {
      Pack<V> v = load<V>(x, index);
      addBias(v, shift);
      multiplyByDerivative(g, v, activation);
    }
    put<V>(dx, index, g, accumulates);
#pragma unroll
    for (int i = 0; i < V; ++i) a.lane[i] += g.lane[i];
  });
}

KERNEL_IN_BOTH_WIDTHS(
    biasBackward,
    (const Value *x, const float *bias, const Value *dy, Value *dx, int accumulates,
     float *partial, int rows, int c, int activation),
    (x, bias, dy, dx, accumulates, partial, rows, c, activation))

// dbias from the sums.
KERNEL void biasGradient(const float *partial, int chunks, int c, float *dBias) {
  const int channel = warpChannel();
  if (channel >= c) return;
  const double sum = warpTotal(partial + channel * chunks, chunks);
  if ((threadIdx.x & 31) == 0) dBias[channel] = (float)sum;
}

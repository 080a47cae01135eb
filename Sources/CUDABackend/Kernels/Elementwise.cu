// The same for every value of an image, whatever its place. Bandwidth limits all of these.

template <int V>
__device__ inline void reluOf(const Value *x, Value *y, int count) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    Pack<V> v = load<V>(x, i * V);
    activate(v, RELU);
    store<V>(y, i * V, v);
  }
}

KERNEL_IN_BOTH_WIDTHS(relu, (const Value *x, Value *y, int count), (x, y, count))

// dx = dy where y > 0, else 0.
template <int V>
__device__ inline void reluBackwardOf(
    const Value *y, const Value *dy, Value *dx, int accumulates, int count) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    Pack<V> g = load<V>(dy, i * V);
    multiplyByDerivative(g, load<V>(y, i * V), RELU);
    put<V>(dx, i * V, g, accumulates);
  }
}

KERNEL_IN_BOTH_WIDTHS(
    reluBackward, (const Value *y, const Value *dy, Value *dx, int accumulates, int count),
    (y, dy, dx, accumulates, count))

template <int V>
__device__ inline void geluOf(const Value *x, Value *y, int count) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    Pack<V> v = load<V>(x, i * V);
    activate(v, GELU);
    store<V>(y, i * V, v);
  }
}

KERNEL_IN_BOTH_WIDTHS(gelu, (const Value *x, Value *y, int count), (x, y, count))

// dx = dy · (Φ(x) + x · φ(x)).
template <int V>
__device__ inline void geluBackwardOf(
    const Value *x, const Value *dy, Value *dx, int accumulates, int count) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    Pack<V> g = load<V>(dy, i * V);
    multiplyByDerivative(g, load<V>(x, i * V), GELU);
    put<V>(dx, i * V, g, accumulates);
  }
}

KERNEL_IN_BOTH_WIDTHS(
    geluBackward, (const Value *x, const Value *dy, Value *dx, int accumulates, int count),
    (x, dy, dx, accumulates, count))

// y = max(x, 0) + α · (e^(min(x, 0)/α) − 1).
template <int V>
__device__ inline void celuOf(const Value *x, Value *y, float alpha, int count) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    Pack<V> v = load<V>(x, i * V);
#pragma unroll
    for (int l = 0; l < V; ++l) {
      if (v.lane[l] < 0) v.lane[l] = alpha * expm1f(v.lane[l] / alpha);
    }
    store<V>(y, i * V, v);
  }
}

KERNEL_IN_BOTH_WIDTHS(celu, (const Value *x, Value *y, float alpha, int count), (x, y, alpha, count))

// dx = dy where y > 0, else dy · (1 + y/α).
template <int V>
__device__ inline void celuBackwardOf(
    const Value *y, const Value *dy, Value *dx, float alpha, int accumulates, int count) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    Pack<V> g = load<V>(dy, i * V);
    const Pack<V> v = load<V>(y, i * V);
#pragma unroll
    for (int l = 0; l < V; ++l) {
      if (!(v.lane[l] > 0)) g.lane[l] *= 1 + v.lane[l] / alpha;
    }
    put<V>(dx, i * V, g, accumulates);
  }
}

KERNEL_IN_BOTH_WIDTHS(
    celuBackward,
    (const Value *y, const Value *dy, Value *dx, float alpha, int accumulates, int count),
    (y, dy, dx, alpha, accumulates, count))

// y = a + b.
template <int V>
__device__ inline void additionOf(const Value *a, const Value *b, Value *y, int count) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    Pack<V> sum = load<V>(a, i * V);
    const Pack<V> other = load<V>(b, i * V);
#pragma unroll
    for (int l = 0; l < V; ++l) sum.lane[l] += other.lane[l];
    store<V>(y, i * V, sum);
  }
}

KERNEL_IN_BOTH_WIDTHS(
    addition, (const Value *a, const Value *b, Value *y, int count), (a, b, y, count))

// dx = dy, or dx + dy.
template <int V>
__device__ inline void copyOf(const Value *from, Value *to, int accumulates, int count) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    put<V>(to, i * V, load<V>(from, i * V), accumulates);
  }
}

KERNEL_IN_BOTH_WIDTHS(
    copy, (const Value *from, Value *to, int accumulates, int count),
    (from, to, accumulates, count))

// Pooling and shortcuts of [n, h, w, c]: a thread makes V channels of one result.

// The V channels of one pixel that a thread handles.
struct Place {
  int n, row, column, channel;

  __device__ Place(unsigned index, int height, int width, int c) {
    channel = index % c;
    column = index / c % width;
    row = index / c / width % height;
    n = index / c / width / height;
  }
};

// y[n,c] = the mean of x[n,·,c]. Block: x over groups of channels, y over pixels; grid: x over tiles
// of channels, y over images.
template <int V>
__device__ inline void globalAveragePoolOf(const Value *x, float *y, int pixels, int c) {
  const int channel = firstChannel(V);
  Pack<V> sum = {};
  if (channel < c) {
    for (int pixel = threadIdx.y; pixel < pixels; pixel += blockDim.y) {
      const Pack<V> value = load<V>(x, (blockIdx.y * pixels + pixel) * (unsigned)c + channel);
#pragma unroll
      for (int i = 0; i < V; ++i) sum.lane[i] += value.lane[i];
    }
  }
  sumOverRows(sum);
  if (threadIdx.y == 0 && channel < c) {
#pragma unroll
    for (int i = 0; i < V; ++i) y[blockIdx.y * c + channel + i] = sum.lane[i] / pixels;
  }
}

KERNEL_IN_BOTH_WIDTHS(
    globalAveragePool, (const Value *x, float *y, int pixels, int c), (x, y, pixels, c))

// dx[n,·,c] = dy[n,c] / pixels.
template <int V>
__device__ inline void globalAveragePoolBackwardOf(
    const float *dy, Value *dx, int accumulates, int count, int pixels, int c) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    const unsigned n = i * V / c / pixels, channel = i * V % c;
    Pack<V> g = load<V>(dy, n * c + channel);
#pragma unroll
    for (int l = 0; l < V; ++l) g.lane[l] /= pixels;
    put<V>(dx, i * V, g, accumulates);
  }
}

KERNEL_IN_BOTH_WIDTHS(
    globalAveragePoolBackward,
    (const float *dy, Value *dx, int accumulates, int count, int pixels, int c),
    (dy, dx, accumulates, count, pixels, c))

// y[n,c] = the largest of x[n,·,c], and which it was, the first of equals. A warp an image and
// channel: the poolings of whole images are small.
KERNEL void globalMaxPool(const Value *x, float *y, int *choices, int count, int pixels, int c) {
  const int place = warpChannel();
  if (place >= count) return;
  const int n = place / c, channel = place % c;
  float largest = -__uint_as_float(0x7F800000u);
  int choice = 0;
  for (int pixel = threadIdx.x & 31; pixel < pixels; pixel += 32) {
    const float value = toFloat(x[(unsigned)(n * pixels + pixel) * c + channel]);
    if (value > largest) {
      largest = value;
      choice = pixel;
    }
  }
#pragma unroll
  for (int mask = 16; mask > 0; mask >>= 1) {
    const float value = __shfl_xor_sync(0xFFFFFFFFu, largest, mask);
    const int other = __shfl_xor_sync(0xFFFFFFFFu, choice, mask);
    if (value > largest || (value == largest && other < choice)) {
      largest = value;
      choice = other;
    }
  }
  if ((threadIdx.x & 31) != 0) return;
  y[place] = largest;
  if (choices) choices[place] = choice;
}

// All of dy[n,c] goes to the pixel that was the largest.
template <int V>
__device__ inline void globalMaxPoolBackwardOf(
    const int *choices, const float *dy, Value *dx, int accumulates, int count, int pixels, int c) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    const unsigned channel = i * V % c;
    const int pixel = i * V / c % pixels, n = i * V / c / pixels;
    Pack<V> g;
#pragma unroll
    for (int l = 0; l < V; ++l) {
      const unsigned place = n * c + channel + l;
      g.lane[l] = choices[place] == pixel ? dy[place] : 0;
    }
    put<V>(dx, i * V, g, accumulates);
  }
}

KERNEL_IN_BOTH_WIDTHS(
    globalMaxPoolBackward,
    (const int *choices, const float *dy, Value *dx, int accumulates, int count, int pixels, int c),
    (choices, dy, dx, accumulates, count, pixels, c))

// The largest value of every window, and its number in the window, the first of equals.
template <int V>
__device__ inline void maxPoolOf(
    const Value *x, Value *y, unsigned char *choices, int count, int h, int w, int c, int p, int q,
    int size, int stride, int padding) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    const Place place(i * V, p, q, c);
    const int top = place.row * stride - padding, left = place.column * stride - padding;
    Pack<V> largest;
    unsigned char choice[V];
#pragma unroll
    for (int l = 0; l < V; ++l) {
      largest.lane[l] = -__uint_as_float(0x7F800000u);
      choice[l] = 0;
    }
    for (int r = max(0, -top); r < min(size, h - top); ++r) {
      for (int s = max(0, -left); s < min(size, w - left); ++s) {
        const unsigned pixel = (place.n * h + top + r) * w + left + s;
        const Pack<V> value = load<V>(x, pixel * c + place.channel);
#pragma unroll
        for (int l = 0; l < V; ++l) {
          if (value.lane[l] > largest.lane[l]) {
            largest.lane[l] = value.lane[l];
            choice[l] = r * size + s;
          }
        }
      }
    }
    store<V>(y, i * V, largest);
    if (choices) storeBytes<V>(choices, i * V, choice);
  }
}

KERNEL_IN_BOTH_WIDTHS(
    maxPool,
    (const Value *x, Value *y, unsigned char *choices, int count, int h, int w, int c, int p,
     int q, int size, int stride, int padding),
    (x, y, choices, count, h, w, c, p, q, size, stride, padding))

// The sum of the gradients of all windows that chose a pixel, in the order of the windows.
template <int V>
__device__ inline void maxPoolBackwardOf(
    const unsigned char *choices, const Value *dy, Value *dx, int accumulates, int count, int h,
    int w, int c, int p, int q, int size, int stride, int padding) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    const Place place(i * V, h, w, c);
    const int row = place.row + padding, column = place.column + padding;
    Pack<V> sum = {};
    for (int a = max(0, (row - size + stride) / stride); a <= min(p - 1, row / stride); ++a) {
      for (int b = max(0, (column - size + stride) / stride); b <= min(q - 1, column / stride);
           ++b) {
        const int number = (row - a * stride) * size + column - b * stride;
        const unsigned window = ((place.n * p + a) * q + b) * (unsigned)c + place.channel;
        unsigned char choice[V];
        loadBytes<V>(choices, window, choice);
        const Pack<V> g = load<V>(dy, window);
#pragma unroll
        for (int l = 0; l < V; ++l) sum.lane[l] += choice[l] == number ? g.lane[l] : 0;
      }
    }
    put<V>(dx, i * V, sum, accumulates);
  }
}

KERNEL_IN_BOTH_WIDTHS(
    maxPoolBackward,
    (const unsigned char *choices, const Value *dy, Value *dx, int accumulates, int count, int h,
     int w, int c, int p, int q, int size, int stride, int padding),
    (choices, dy, dx, accumulates, count, h, w, c, p, q, size, stride, padding))

// y[n,p,q,k] = x[n, p·stride, q·stride, k] for k < c, else 0.
template <int V>
__device__ inline void downsampleOf(
    const Value *x, Value *y, int count, int h, int w, int c, int p, int q, int k, int stride) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    const Place place(i * V, p, q, k);
    Pack<V> value = {};
    if (place.channel < c) {
      const unsigned pixel = (place.n * h + place.row * stride) * w + place.column * stride;
      value = load<V>(x, pixel * c + place.channel);
    }
    store<V>(y, i * V, value);
  }
}

KERNEL_IN_BOTH_WIDTHS(
    downsample,
    (const Value *x, Value *y, int count, int h, int w, int c, int p, int q, int k, int stride),
    (x, y, count, h, w, c, p, q, k, stride))

// dx[n, p·stride, q·stride, c] = dy[n,p,q,c], 0 at all other pixels.
template <int V>
__device__ inline void downsampleBackwardOf(
    const Value *dy, Value *dx, int accumulates, int count, int h, int w, int c, int p, int q,
    int k, int stride) {
  for (unsigned i = firstIndex(); i < count / V; i += indexStride()) {
    const Place place(i * V, h, w, c);
    Pack<V> g = {};
    if (place.row % stride == 0 && place.column % stride == 0) {
      const unsigned pixel = (place.n * p + place.row / stride) * q + place.column / stride;
      g = load<V>(dy, pixel * k + place.channel);
    }
    put<V>(dx, i * V, g, accumulates);
  }
}

KERNEL_IN_BOTH_WIDTHS(
    downsampleBackward,
    (const Value *dy, Value *dx, int accumulates, int count, int h, int w, int c, int p, int q,
     int k, int stride),
    (dy, dx, accumulates, count, h, w, c, p, q, k, stride))

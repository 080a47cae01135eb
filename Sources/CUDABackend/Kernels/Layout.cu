// Casts and changes of the order of dimensions. A checkpoint's order is [n, c, pixels] (images and
// filters alike), a machine's [n, pixels, c]. Only the host's reading and writing runs these;
// neighbouring threads share cache lines on the side that is not contiguous.

template <class From, class To>
__device__ inline void channelsLastOf(const From *from, To *to, int count, int c, int pixels) {
  for (unsigned i = firstIndex(); i < count; i += indexStride()) {
    const unsigned channel = i % c, pixel = i / c % pixels, n = i / c / pixels;
    fromFloat(toFloat(from[(n * c + channel) * pixels + pixel]), to[i]);
  }
}

template <class From, class To>
__device__ inline void channelsFirstOf(const From *from, To *to, int count, int c, int pixels) {
  for (unsigned i = firstIndex(); i < count; i += indexStride()) {
    const unsigned pixel = i % pixels, channel = i / pixels % c, n = i / pixels / c;
    fromFloat(toFloat(from[(n * pixels + pixel) * c + channel]), to[i]);
  }
}

// to[n, pixels, c] = from[n, c, pixels], images.
KERNEL void imagesFromHost(const float *from, Value *to, int count, int c, int pixels) {
  channelsLastOf(from, to, count, c, pixels);
}

// to[n, c, pixels] = from[n, pixels, c], images.
KERNEL void imagesToHost(const Value *from, float *to, int count, int c, int pixels) {
  channelsFirstOf(from, to, count, c, pixels);
}

// to[k, r·s, c] = from[k, c, r·s], filters and what belongs to them.
KERNEL void filtersFromHost(const float *from, float *to, int count, int c, int pixels) {
  channelsLastOf(from, to, count, c, pixels);
}

// to[k, c, r·s] = from[k, r·s, c].
KERNEL void filtersToHost(const float *from, float *to, int count, int c, int pixels) {
  channelsFirstOf(from, to, count, c, pixels);
}

// Convolutions by their definition: what stands in for cuDNN.
#include <vector>

#include "CUDAEmulation.h"

#define STORAGE_FLOAT32 1
#include "Words.hpp"

#include "Prelude.cu"

namespace {

// Calls `body` with the positions in x, w and y of the first channel of every run of products.
template <class Body>
void forEachTap(const CUDAEmulationGeometry &g, Body body) {
  for (int n = 0; n < g.n; ++n) {
    for (int p = 0; p < g.p; ++p) {
      for (int q = 0; q < g.q; ++q) {
        for (int r = 0; r < g.r; ++r) {
          for (int s = 0; s < g.s; ++s) {
            const int i = p * g.stride + r - g.padding, j = q * g.stride + s - g.padding;
            if (i < 0 || i >= g.h || j < 0 || j >= g.w) continue;
            for (int k = 0; k < g.k; ++k) {
              body(
                  ((n * g.h + i) * g.w + j) * g.c, ((k * g.r + r) * g.s + s) * g.c,
                  ((n * g.p + p) * g.q + q) * g.k + k);
            }
          }
        }
      }
    }
  }
}

template <class T>
void finish(const std::vector<double> &sums, T *result, int accumulate) {
  for (size_t i = 0; i < sums.size(); ++i) {
    fromFloat((float)(sums[i] + (accumulate ? toFloat(result[i]) : 0)), result[i]);
  }
}

template <class T>
void forward(const CUDAEmulationGeometry &g, const T *x, const T *w, T *y, int accumulate) {
  std::vector<double> sums((size_t)g.n * g.p * g.q * g.k);
  forEachTap(g, [&](int x0, int w0, int y0) {
    for (int c = 0; c < g.c; ++c) sums[y0] += (double)toFloat(x[x0 + c]) * toFloat(w[w0 + c]);
  });
  finish(sums, y, accumulate);
}

template <class T>
void backwardData(const CUDAEmulationGeometry &g, const T *dy, const T *w, T *dx, int accumulate) {
  std::vector<double> sums((size_t)g.n * g.h * g.w * g.c);
  forEachTap(g, [&](int x0, int w0, int y0) {
    const double gradient = toFloat(dy[y0]);
    for (int c = 0; c < g.c; ++c) sums[x0 + c] += gradient * toFloat(w[w0 + c]);
  });
  finish(sums, dx, accumulate);
}

template <class T>
void backwardFilter(const CUDAEmulationGeometry &g, const T *x, const T *dy, T *dw, int accumulate) {
  std::vector<double> sums((size_t)g.k * g.r * g.s * g.c);
  forEachTap(g, [&](int x0, int w0, int y0) {
    const double gradient = toFloat(dy[y0]);
    for (int c = 0; c < g.c; ++c) sums[w0 + c] += gradient * toFloat(x[x0 + c]);
  });
  finish(sums, dw, accumulate);
}

}  // namespace

#define CONVOLUTION(Name, function)                                                            \
  void cudaEmulationConvolution##Name(                                                         \
      CUDAEmulationGeometry geometry, CUDAEmulationStorage storage, const void *a, const void *b, \
      void *result, int accumulate) {                                                          \
    const auto run = [&](auto element) {                                                       \
      using T = decltype(element);                                                             \
      function(geometry, (const T *)a, (const T *)b, (T *)result, accumulate);                 \
    };                                                                                         \
    if (storage == CUDAEmulationBFloat16) {                                                    \
      run(BFloat16());                                                                         \
    } else if (storage == CUDAEmulationFloat16) {                                              \
      run(Float16());                                                                          \
    } else {                                                                                   \
      run(0.0f);                                                                               \
    }                                                                                          \
  }

CONVOLUTION(Forward, forward)
CONVOLUTION(BackwardData, backwardData)
CONVOLUTION(BackwardFilter, backwardFilter)

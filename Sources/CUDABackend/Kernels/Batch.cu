// A batch made of the images that a machine holds: what the processor's loader does, value by value.

// What is seen of a sample: a window beside the image's own place, then mirrored.
struct View {
  int sample, row, column, isFlipped;
};

// A rectangle of the result; the ends are outside.
struct Area {
  int top, bottom, left, right;

  __device__ bool contains(int y, int x) const {
    return y >= top && y < bottom && x >= left && x < right;
  }
};

// One image of a batch; samples below 0 are none. Without a replaced area two images are mixed
// everywhere.
struct ImageSource {
  View view;
  Area erased;
  View other;
  Area replaced;
  int replaces;
  float share;
};

// The position that a position outside shows when the image is mirrored at its outermost pixels.
__device__ inline int reflected(int position, int size) {
  if (size == 1) return 0;
  const int period = 2 * (size - 1);
  const int place = (position % period + period) % period;
  return place < size ? place : period - place;
}

// The pixel's position in its plane, or -1 for the black around the image.
__device__ inline int place(const View &view, int y, int x, int h, int w, int reflects) {
  int row = y + view.row;
  int column = view.isFlipped ? w - 1 + view.column - x : view.column + x;
  if (reflects) {
    row = reflected(row, h);
    column = reflected(column, w);
  }
  return row >= 0 && row < h && column >= 0 && column < w ? row * w + column : -1;
}

// images[n, h, w, c] from pixels[samples, c, h, w]: `tables` has the normalised value of each
// channel's 256 pixel values. Grid: x over pixels, y over the images of the batch.
//
// Reads a byte and writes a value for each; the tables stay in the cache.
KERNEL void makeImages(
    const unsigned char *__restrict__ pixels, const float *__restrict__ tables,
    const ImageSource *__restrict__ sources, Value *__restrict__ images, int c, int h, int w,
    int reflects) {
  const int pixel = firstIndex(), area = h * w;
  if (pixel >= area) return;
  const ImageSource source = sources[blockIdx.y];
  Value *image = images + ((unsigned)blockIdx.y * area + pixel) * c;
  const int y = pixel / w, x = pixel % w;
  const bool isErased = source.erased.contains(y, x);
  const bool mixes = source.other.sample >= 0;
  const bool isReplaced = mixes && source.replaces && source.replaced.contains(y, x);
  const int own = place(source.view, y, x, h, w, reflects);
  const int others = place(source.other, y, x, h, w, reflects);
  for (int channel = 0; channel < c; ++channel) {
    const float *table = tables + channel * 256;
    const auto value = [&](const View &view, int place) {
      const unsigned long long plane = ((unsigned long long)view.sample * c + channel) * area;
      return table[place < 0 ? 0 : pixels[plane + place]];
    };
    float result = source.view.sample < 0 || isErased ? 0 : value(source.view, own);
    if (isReplaced) {
      result = value(source.other, others);
    } else if (mixes && !source.replaces) {
      result = result * (1 - source.share) + value(source.other, others) * source.share;
    }
    fromFloat(result, image[channel]);
  }
}

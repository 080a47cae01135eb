#define STORAGE_FLOAT32 1
#include "Kernels.hpp"

extern const Entry *const entriesOfFloat32 = entries;
extern const int entryCountOfFloat32 = sizeof(entries) / sizeof(Entry);

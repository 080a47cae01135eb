#define STORAGE_FLOAT16 1
#include "Kernels.hpp"

extern const Entry *const entriesOfFloat16 = entries;
extern const int entryCountOfFloat16 = sizeof(entries) / sizeof(Entry);

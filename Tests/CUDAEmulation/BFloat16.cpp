#define STORAGE_BFLOAT16 1
#include "Kernels.hpp"

extern const Entry *const entriesOfBFloat16 = entries;
extern const int entryCountOfBFloat16 = sizeof(entries) / sizeof(Entry);

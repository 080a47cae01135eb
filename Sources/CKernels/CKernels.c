#define _GNU_SOURCE
#include "CKernels.h"
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if defined(__linux__)
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

int processorLevel(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
    return 2;
  return 1;
#else
  return 0;
#endif
}

// pthreads want a body that returns a pointer.
typedef struct Start {
  void (*body)(void *);
  void *context;
} Start;

static void *runBody(void *argument) {
  Start start = *(Start *)argument;
  free(argument);
  start.body(start.context);
  return NULL;
}

int startThread(uint64_t *thread, void *context, void (*body)(void *)) {
  _Static_assert(sizeof(pthread_t) <= sizeof(uint64_t), "a thread's name fits into 64 bits");
  Start *start = malloc(sizeof(Start));
  if (start == NULL) return 1;
  *start = (Start){body, context};
  pthread_t id;
  int error = pthread_create(&id, NULL, runBody, start);
  if (error != 0) {
    free(start);
    return error;
  }
  *thread = 0;
  memcpy(thread, &id, sizeof(id));
  return 0;
}

void joinThread(uint64_t thread) {
  pthread_t id;
  memcpy(&id, &thread, sizeof(id));
  pthread_join(id, NULL);
}

void sleepWhileEqual(const void *word, uint32_t expected) {
#if defined(__linux__)
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
#else
  // Without a futex a worker looks again every 50 µs.
  if (__atomic_load_n((const uint32_t *)word, __ATOMIC_SEQ_CST) != expected) return;
  struct timespec pause = {0, 50000};
  nanosleep(&pause, NULL);
#endif
}

void wakeSleepers(const void *word) {
#if defined(__linux__)
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
#else
  (void)word;
#endif
}

void yieldProcessor(void) { sched_yield(); }

uint64_t monotonicNanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#include "CNotebook.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

// Of NotebookKit: tells the kernel of an error, or the standard error stream where no kernel listens.
extern void notebook_report_error(void *error);

// A process has one line and runs one cell at a time, on its first thread.
static NotebookLine line = {-1, -1};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int64_t numbers;
static sigjmp_buf landing;
static volatile sig_atomic_t is_running, is_interrupted;

void notebook_open(int32_t events, int32_t answers) {
  line = (NotebookLine){events, answers};
}

NotebookLine notebook_line(void) { return line; }

bool notebook_is_open(void) { return line.events >= 0; }

void notebook_lock(void) { pthread_mutex_lock(&lock); }

void notebook_unlock(void) { pthread_mutex_unlock(&lock); }

int64_t notebook_next_number(void) { return ++numbers; }

// A cell is a script: an uncaught error at its top level calls this function of the runtime, which ends
// the process. The library with this definition is loaded before the runtime, so that the dynamic linker
// finds it first. Only the entry point's own frame is skipped by the jump.
__attribute__((visibility("default"))) void swift_errorInMain(void *error) {
  notebook_report_error(error);
  if (is_running) siglongjmp(landing, 1);
  abort();
}

static void note_interrupt(int number) {
  (void)number;
  is_interrupted = 1;
}

bool notebook_is_interrupted(void) { return is_interrupted; }

int32_t notebook_run(int32_t (*entry)(int32_t, char **)) {
  struct sigaction action = {.sa_handler = note_interrupt, .sa_flags = SA_RESTART};
  sigaction(SIGINT, &action, NULL);
  is_interrupted = 0;
  // What a cell prints is seen while it runs, line by line.
  setvbuf(stdout, NULL, _IOLBF, 0);
  int32_t has_thrown = sigsetjmp(landing, 0);
  if (!has_thrown) {
    char name[] = "cell";
    char *arguments[] = {name, NULL};
    is_running = 1;
    entry(1, arguments);
  }
  is_running = 0;
  fflush(NULL);
  return has_thrown;
}

// A compiler whose machine code is a text, and that refuses sources with the word `broken`.
#include "FakeLog.h"
#include "NVRTC.h"

static int isBroken;
NVRTCResult nvrtcVersion(int *major, int *minor) {
  *major = 13;
  *minor = 0;
  return 0;
}
const char *nvrtcGetErrorString(NVRTCResult result) {
  return result == 6 ? "NVRTC_ERROR_COMPILATION" : "NVRTC_SUCCESS";
}
NVRTCResult nvrtcCreateProgram(
    NVRTCProgram *program, const char *source, const char *name, int headerCount,
    const char *const *headers, const char *const *includeNames) {
  isBroken = strstr(source, "broken") != NULL;
  *program = (NVRTCProgram)source;
  return 0;
}
NVRTCResult nvrtcDestroyProgram(NVRTCProgram *program) {
  *program = NULL;
  return 0;
}
NVRTCResult nvrtcCompileProgram(
    NVRTCProgram program, int optionCount, const char *const *options) {
  char line[1024] = "compile";
  for (int index = 0; index < optionCount; index++) {
    size_t length = strlen(line);
    snprintf(line + length, sizeof line - length, " %s", options[index]);
  }
  note("%s", line);
  return isBroken ? 6 : 0;
}
NVRTCResult nvrtcGetProgramLogSize(NVRTCProgram program, size_t *byteCount) {
  *byteCount = isBroken ? sizeof "expected ';'" : 1;
  return 0;
}
NVRTCResult nvrtcGetProgramLog(NVRTCProgram program, char *log) {
  memcpy(log, "expected ';'", sizeof "expected ';'");
  return 0;
}
NVRTCResult nvrtcGetCUBINSize(NVRTCProgram program, size_t *byteCount) {
  *byteCount = sizeof "machine code";
  return 0;
}
NVRTCResult nvrtcGetCUBIN(NVRTCProgram program, char *cubin) {
  memcpy(cubin, "machine code", sizeof "machine code");
  return 0;
}

// For threads of our own, which may outlive the environments that have loaded the addon.
#pragma once

#include <dlfcn.h>

// The addon stays loaded to the end of the process: Node unloads it with the last environment that has it.
inline void StayLoaded() {
  static const char anchor = 0;
  Dl_info info;
  if (dladdr(&anchor, &info) != 0) dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE);
}

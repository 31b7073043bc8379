// A set of descriptors that tells which of them became readable or writable: epoll(7), kqueue(2) on macOS. Both are
// edge-triggered: each change is told once, and what is so when a descriptor is added counts as a change.
#pragma once

#ifdef __linux__
#include "wait/selector_epoll.h"
#else
#include "wait/selector_kqueue.h"
#endif

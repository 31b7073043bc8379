// Included before everything else where a libstdc++ that is made for glibc is compiled beside musl's headers: what it
// takes for granted. See musl.mjs.
#pragma once

#include <features.h>
#include <locale.h>

#define __GLIBC_PREREQ(major, minor) 0
typedef locale_t __locale_t;

#include <bits/c++config.h>
#undef _GLIBCXX_USE_PTHREAD_COND_CLOCKWAIT
#undef _GLIBCXX_USE_PTHREAD_MUTEX_CLOCKLOCK

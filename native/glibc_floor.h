// For the prebuilt binaries: the functions that glibc moved from its libraries into libc.so have a new version there;
// this asks for the old one, which every glibc since 2.28 has. `npm run prebuilds` looks at the result.
#pragma once

#if defined(__GLIBC__) || defined(__linux__)
#if defined(__x86_64__)
#define OLD_VERSION(function) __asm__(".symver " #function "," #function "@GLIBC_2.2.5")
#elif defined(__aarch64__)
#define OLD_VERSION(function) __asm__(".symver " #function "," #function "@GLIBC_2.17")
#endif
OLD_VERSION(dladdr);
OLD_VERSION(dlopen);
OLD_VERSION(dlsym);
OLD_VERSION(pthread_create);
OLD_VERSION(pthread_detach);
OLD_VERSION(pthread_join);
OLD_VERSION(pthread_kill);
OLD_VERSION(pthread_sigmask);
#endif

#include "wait/linger.h"

#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>

#include "wait/stay_loaded.h"

// Asked each time: whoever else holds the socket may have set it.
static bool Lingers(int fd) {
  linger value = {};
  socklen_t length = sizeof(value);
  return getsockopt(fd, SOL_SOCKET, SO_LINGER, &value, &length) == 0 && value.l_onoff != 0 && value.l_linger > 0;
}

static void* CloseOnThisThread(void* fd) {
  ::close(static_cast<int>(reinterpret_cast<intptr_t>(fd)));
  return nullptr;
}

static bool CloseOnThread(int fd) {
  StayLoaded();
  sigset_t all, before;
  sigfillset(&all);
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // it takes no signal that is meant for others
  pthread_t thread;
  const int failed =
      pthread_create(&thread, &attributes, CloseOnThisThread, reinterpret_cast<void*>(static_cast<intptr_t>(fd)));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  return failed == 0;
}

void CloseWithoutWaiting(int fd) {
  if (Lingers(fd)) {
    if (CloseOnThread(fd)) return;
    const linger off = {};  // no thread to be had: the kernel sends what is left without anybody waiting for it
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &off, sizeof(off));
  }
  ::close(fd);
}

// What Debian's libstdc++, which is made for glibc, asks for and musl lacks: with this a program for musl runs here.
#define _GNU_SOURCE
#include <link.h>
#include <locale.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <time.h>

char __libc_single_threaded = 0;
unsigned __cpu_model[4];

int __cpu_indicator_init(void) { return 0; }

unsigned long __getauxval(unsigned long type) { return getauxval(type); }

int __cxa_thread_atexit_impl(void (*destructor)(void*), void* object, void* library) { return 0; }

size_t __strftime_l(char* text, size_t room, const char* format, const struct tm* time, locale_t locale) {
  return strftime_l(text, room, format, time, locale);
}

unsigned arc4random(void) {
  unsigned value;
  getrandom(&value, sizeof value, 0);
  return value;
}

// As in glibc's dlfcn.h: where a library has what is needed to unwind its stack.
struct dl_find_object {
  unsigned long long flags;
  void *start, *end;
  struct link_map* map;
  void* frames;
  unsigned long long reserved[7];
};

struct Search {
  uintptr_t address;
  struct dl_find_object* found;
};

static int Look(struct dl_phdr_info* library, size_t size, void* data) {
  struct Search* search = data;
  void *start = NULL, *end = NULL, *frames = NULL;
  for (int i = 0; i < library->dlpi_phnum; i++) {
    const ElfW(Phdr)* part = &library->dlpi_phdr[i];
    const uintptr_t first = library->dlpi_addr + part->p_vaddr;
    if (part->p_type == PT_GNU_EH_FRAME) frames = (void*)first;
    if (part->p_type != PT_LOAD || search->address < first || search->address >= first + part->p_memsz) continue;
    start = (void*)first;
    end = (void*)(first + part->p_memsz);
  }
  if (start == NULL || frames == NULL) return 0;
  *search->found = (struct dl_find_object){.start = start, .end = end, .frames = frames};
  return 1;
}

int _dl_find_object(void* address, struct dl_find_object* found) {
  struct Search search = {(uintptr_t)address, found};
  return dl_iterate_phdr(Look, &search) == 1 ? 0 : -1;
}

// One entry of what if_nameindex tells JavaScript.
#pragma once

#include <net/if.h>

#include <cstdint>

// C's struct if_nameindex has a pointer to the name, which JavaScript could not follow.
struct InterfaceName {
  uint32_t index;
  char name[IF_NAMESIZE];  // zeros behind it
};

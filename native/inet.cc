// inet_pton(3), inet_ntop(3), if_nametoindex(3), if_indextoname(3)
#include <arpa/inet.h>
#include <net/if.h>

#include "boundary.h"
#include "init.h"

// inet_pton(family, text, bytes) -> 1 | 0 (no such address) | -errno. inet_pton(3)
static Napi::Value InetPton(const Napi::CallbackInfo& info) {
  const ByteView bytes(info, 2);
  unsigned char address[sizeof(in6_addr)];
  const int family = Int(info, 0);
  const int result = ::inet_pton(family, Text(info, 1).c_str(), address);
  const size_t size = family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr);
  if (result == 1 && bytes.size >= size) memcpy(bytes.data, address, size);
  return Result(info, result);
}

// inet_ntop(family, bytes, text) -> length of the text | -errno. inet_ntop(3)
static Napi::Value InetNtop(const Napi::CallbackInfo& info) {
  const int family = Int(info, 0);
  const ByteView bytes(info, 1), text(info, 2);
  if (bytes.size < (family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr))) return Number(info, -EINVAL);
  const char* result = ::inet_ntop(family, bytes.data, text.As<char>(), static_cast<socklen_t>(text.size));
  return result == nullptr ? Result(info, -1) : Number(info, static_cast<int>(strlen(result)));
}

// if_nametoindex(name) -> index | -errno. if_nametoindex(3)
static Napi::Value IfNameToIndex(const Napi::CallbackInfo& info) {
  const unsigned index = ::if_nametoindex(Text(info, 0).c_str());
  return index == 0 ? Result(info, -1) : Number(info, static_cast<int>(index));
}

// if_indextoname(index, text) -> length of the text | -errno. if_indextoname(3)
static Napi::Value IfIndexToName(const Napi::CallbackInfo& info) {
  const ByteView text(info, 1);
  if (text.size < IF_NAMESIZE) return Number(info, -EINVAL);
  const char* name = ::if_indextoname(static_cast<unsigned>(Int(info, 0)), text.As<char>());
  return name == nullptr ? Result(info, -1) : Number(info, static_cast<int>(strlen(name)));
}

void InitInet(Environment& environment, Napi::Object exports) {
  environment.Export<InetPton>(exports, "inet_pton");
  environment.Export<InetNtop>(exports, "inet_ntop");
  environment.Export<IfNameToIndex>(exports, "if_nametoindex");
  environment.Export<IfIndexToName>(exports, "if_indextoname");
}

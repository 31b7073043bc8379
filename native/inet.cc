// inet_pton(3), inet_ntop(3), inet_aton(3), if_nametoindex(3), if_indextoname(3), if_nameindex(3)
#include <arpa/inet.h>
#include <net/if.h>

#include <algorithm>
#include <memory>

#include "boundary.h"
#include "init.h"
#include "interface_name.h"

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

// inet_aton(text, bytes) -> 1 | 0 (no such address). inet_aton(3)
static Napi::Value InetAton(const Napi::CallbackInfo& info) {
  const ByteView bytes(info, 1);
  in_addr address;
  const int result = ::inet_aton(Text(info, 0).c_str(), &address);
  if (result != 0 && bytes.size >= sizeof address) memcpy(bytes.data, &address, sizeof address);
  return Number(info, result != 0 ? 1 : 0);
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

// if_nameindex(bytes) -> how many interfaces there are | -errno. As many of them as there is room for are in the bytes,
// each a struct InterfaceName. if_nameindex(3)
static Napi::Value IfNameIndex(const Napi::CallbackInfo& info) {
  const ByteView bytes(info, 0);
  const std::unique_ptr<struct if_nameindex, decltype(&::if_freenameindex)> list(::if_nameindex(), ::if_freenameindex);
  if (list == nullptr) return Result(info, -1);
  size_t count = 0;
  for (const auto* one = list.get(); one->if_index != 0; one++, count++) {
    if (count >= bytes.size / sizeof(InterfaceName)) continue;
    InterfaceName entry = {one->if_index, {}};
    memcpy(entry.name, one->if_name, std::min(strlen(one->if_name), sizeof entry.name - 1));
    memcpy(bytes.As<char>() + count * sizeof entry, &entry, sizeof entry);
  }
  return Number(info, static_cast<int>(count));
}

void InitInet(Environment& environment, Napi::Object exports) {
  environment.Export<InetPton>(exports, "inet_pton");
  environment.Export<InetNtop>(exports, "inet_ntop");
  environment.Export<InetAton>(exports, "inet_aton");
  environment.Export<IfNameToIndex>(exports, "if_nametoindex");
  environment.Export<IfIndexToName>(exports, "if_indextoname");
  environment.Export<IfNameIndex>(exports, "if_nameindex");
}

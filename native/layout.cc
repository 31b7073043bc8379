// Where the fields of C's structs are: { struct: { size, field: [offset, size] } }. TypeScript lays
// out bytes by these, never by guess.
#include <netinet/in.h>
#include <sys/un.h>
#ifdef __linux__
#include <linux/netlink.h>
#endif

#include <cstddef>

#include "boundary.h"
#include "init.h"

#define STRUCT(type)                               \
  Napi::Object type##Layout = Napi::Object::New(env); \
  layout.Set(#type, type##Layout);                 \
  type##Layout.Set("size", Napi::Number::New(env, sizeof(struct type)))

#define FIELD(type, field) type##Layout.Set(#field, Field(env, offsetof(struct type, field), sizeof(type::field)))

static Napi::Value Field(Napi::Env env, size_t offset, size_t size) {
  Napi::Array field = Napi::Array::New(env, 2);
  field.Set(0u, Napi::Number::New(env, static_cast<double>(offset)));
  field.Set(1u, Napi::Number::New(env, static_cast<double>(size)));
  return field;
}

void InitLayout(Environment& environment, Napi::Object exports) {
  const Napi::Env env = exports.Env();
  Napi::Object layout = Napi::Object::New(env);
  exports.Set("layout", layout);
  exports.Set("reply", environment.replyBuffer());

  STRUCT(Reply);
  FIELD(Reply, length);
  FIELD(Reply, value);
  FIELD(Reply, address);

  STRUCT(sockaddr);
  FIELD(sockaddr, sa_family);
#ifdef __APPLE__
  FIELD(sockaddr, sa_len);
#endif

  STRUCT(sockaddr_in);
  FIELD(sockaddr_in, sin_port);
  FIELD(sockaddr_in, sin_addr);

  STRUCT(sockaddr_in6);
  FIELD(sockaddr_in6, sin6_port);
  FIELD(sockaddr_in6, sin6_flowinfo);
  FIELD(sockaddr_in6, sin6_addr);
  FIELD(sockaddr_in6, sin6_scope_id);

  STRUCT(sockaddr_un);
  FIELD(sockaddr_un, sun_path);

#ifdef __linux__
  STRUCT(sockaddr_nl);
  FIELD(sockaddr_nl, nl_pid);
  FIELD(sockaddr_nl, nl_groups);
#endif
}

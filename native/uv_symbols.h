// libuv's functions, looked up when they are needed and not when the addon is loaded: Deno and Bun have Node-API, but
// no libuv. Deno lacks the symbols; Bun has some that end the process.
#pragma once

#include <dlfcn.h>
#include <napi.h>
#include <uv.h>

// UV(uv_ref)(handle): uv_ref(handle).
#define UV(function)                                                                                   \
  ([] {                                                                                                \
    static const auto found = reinterpret_cast<decltype(&::function)>(dlsym(RTLD_DEFAULT, #function)); \
    return found;                                                                                      \
  }())

// The event loop of this environment; nullptr where the runtime has none of libuv's.
inline uv_loop_t* UvLoop(napi_env env) {
  const Napi::Object versions =
      Napi::Env(env).Global().Get("process").As<Napi::Object>().Get("versions").As<Napi::Object>();
  if (versions.Has("bun") || versions.Has("deno") || UV(uv_default_loop) == nullptr) return nullptr;
  uv_loop_t* loop = nullptr;
  return napi_get_uv_event_loop(env, &loop) == napi_ok ? loop : nullptr;
}

#include "wait/poller.h"

#include <algorithm>
#include <cstddef>

#include "boundary.h"
#include "init.h"
#include "uv_symbols.h"
#include "wait/blocking.h"
#include "wait/linger.h"

Poller::Poller(Napi::Env env, Napi::ArrayBuffer view, Napi::ArrayBuffer states, Napi::Function onReady)
    : env_(env),
      viewReference_(Napi::Reference<Napi::ArrayBuffer>::New(view, 1)),
      view_(static_cast<PollerView*>(view.Data())),
      statesReference_(Napi::Reference<Napi::ArrayBuffer>::New(states, 1)),
      table_(static_cast<uint16_t*>(states.Data())),
      onReady_(Napi::Persistent(onReady)),
      receiver_(Napi::Persistent(Napi::Object::New(env))),
      context_(env, "bsd-sockets") {}

int Poller::Open(Napi::Env env, uv_loop_t* loop, Napi::ArrayBuffer view, Napi::ArrayBuffer states,
                 Napi::Function onReady, Poller** opened) {
  auto* poller = new Poller(env, view, states, onReady);
  int error = poller->selector_.fd() == -1 ? -errno : UV(uv_poll_init)(loop, &poller->poll_, poller->selector_.fd());
  if (error != 0) {
    delete poller;
    return error;
  }
  UV(uv_prepare_init)(loop, &poller->prepare_);
  poller->poll_.data = poller->prepare_.data = poller;
  poller->openHandles_ = 2;
  UV(uv_poll_start)(&poller->poll_, UV_READABLE, OnPoll);
  UV(uv_prepare_start)(&poller->prepare_, OnPrepare);
  UV(uv_unref)(reinterpret_cast<uv_handle_t*>(&poller->poll_));
  UV(uv_unref)(reinterpret_cast<uv_handle_t*>(&poller->prepare_));
  napi_add_async_cleanup_hook(env, OnCleanup, poller, &poller->cleanup_);
  *opened = poller;
  return 0;
}

int Poller::Register(int fd) {
  const int result = selector_.Add(fd);
  if (result == 0) table_.At(fd) |= kRegistered;
  return result;
}

bool Poller::Disown(int fd) {
  if (!table_.Is(fd, kOwned)) return false;
  const bool isRegistered = table_.Is(fd, kRegistered);
  table_.At(fd) = 0;
  // A copy of it, in another process, would go on telling.
  return !isRegistered || selector_.Remove(fd) == 0;
}

bool Poller::Close(int fd) {
  if (!Disown(fd)) return false;
  CloseWithoutWaiting(fd);
  return true;
}

void Poller::KeepAlive(bool alive) {
  if (closing_ || alive == (view_->referenced != 0)) return;
  view_->referenced = alive;
  auto* handle = reinterpret_cast<uv_handle_t*>(&poll_);
  alive ? UV(uv_ref)(handle) : UV(uv_unref)(handle);
}

// Before the loop sleeps: JavaScript counts what it waits for, and does not cross each time the count is 0.
void Poller::OnPrepare(uv_prepare_t* handle) {
  auto* self = static_cast<Poller*>(handle->data);
  if (self->view_->pending == 0) self->KeepAlive(false);
}

void Poller::OnPoll(uv_poll_t* handle, int, int) {
  auto* self = static_cast<Poller*>(handle->data);
  if (!self->looked_) {
    self->looked_ = true;
    self->selector_.TellEdges(UV(uv_backend_fd)(handle->loop));
  }
  self->Serve();
}

// Serves what is ready, and looks again where that found something the last time: under load more has come meanwhile,
// and a turn of libuv's loop costs as much as a message. The rest of Node waits for kRounds at most.
void Poller::Serve() {
  int events = selector_.Wait();
  for (int round = 1; events > 0; round++) {
    const int count = Collect(events);
    for (int first = 0; first < count; first += kGroup) {
      if (closing_ || !Deliver(first, std::min(first + kGroup, count))) return;
    }
    const bool look = ++turns_ % kRounds == 0 || foundMore_;
    if (closing_ || round == kRounds || !look) return;
    events = selector_.Wait();
    foundMore_ = events > 0;
  }
}

// Notes what became ready; the number of those that somebody waits for.
int Poller::Collect(int events) {
  int count = 0;
  for (int i = 0; i < events; i++) {
    const Selector::Event event = selector_.At(i);
    if (!table_.Is(event.fd, kRegistered)) continue;  // it was closed or given away meanwhile
    uint16_t& state = table_.At(event.fd);
    const bool waited = ((state >> kWaitShift) & event.state & kAnyQueue) != 0;
    state |= event.state;
    if (waited) view_->ready[count++] = event.fd;
  }
  return count;
}

// False: JavaScript cannot run any more.
bool Poller::Deliver(int start, int end) {
  Napi::HandleScope scope(env_);
  view_->start = start;
  view_->end = end;
  const napi_status status =
      napi_make_callback(env_, context_, receiver_.Value(), onReady_.Value(), 0, nullptr, nullptr);
  view_->end = start;  // nothing is told now: JavaScript looks at how much is
  napi_value error = nullptr;
  if (status != napi_pending_exception || napi_get_and_clear_last_exception(env_, &error) != napi_ok) {
    return status == napi_ok;
  }
  // Not ours: a callback of process.nextTick has thrown. The others shall be served all the same.
  return napi_fatal_exception(env_, error) == napi_ok;
}

// The environment ends: a worker may have hundreds of sockets open.
void Poller::OnCleanup(napi_async_cleanup_hook_handle, void* data) {
  auto* self = static_cast<Poller*>(data);
  self->closing_ = true;
  for (int fd = 0; fd < self->table_.end(); fd++) self->Close(fd);
  self->onReady_.Reset();
  self->receiver_.Reset();
  self->statesReference_.Reset();
  self->viewReference_.Reset();
  UV(uv_close)(reinterpret_cast<uv_handle_t*>(&self->poll_), OnClosed);
  UV(uv_close)(reinterpret_cast<uv_handle_t*>(&self->prepare_), OnClosed);
}

void Poller::OnClosed(uv_handle_t* handle) {
  auto* self = static_cast<Poller*>(handle->data);
  if (--self->openHandles_ > 0) return;
  napi_remove_async_cleanup_hook(self->cleanup_);
  delete self;
}

// openPoller(view, states, onReady) -> 0 | -errno. epoll_create1(2)
static Napi::Value OpenPoller(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::Of(info);
  if (environment.thread().loop() == nullptr) {
    napi_throw_error(
        info.Env(), "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
        "bsd-sockets/promises needs the event loop of Node (libuv), and this runtime has none. The calls of "
        "'bsd-sockets' itself work here: they block, so make them in a worker.");
    return info.Env().Undefined();
  }
  Poller* poller = nullptr;
  const int error = Poller::Open(info.Env(), environment.thread().loop(), info[0].As<Napi::ArrayBuffer>(),
                                 info[1].As<Napi::ArrayBuffer>(), info[2].As<Napi::Function>(), &poller);
  if (error == 0) environment.poller = poller;
  return Number(info, error);
}

// pollerRegister(fd) -> 0 | -errno. epoll_ctl(2)
static Napi::Value PollerRegister(const Napi::CallbackInfo& info) {
  return Number(info, Environment::Of(info).poller->Register(Int(info, 0)));
}

// keepPollerAlive(): what is pending keeps the process alive from now on
static Napi::Value KeepPollerAlive(const Napi::CallbackInfo& info) {
  Environment::Of(info).poller->KeepAlive(true);
  return Number(info, 0);
}

// The bits of the table and the ints of the view, by name.
static Napi::Object Readiness(Napi::Env env) {
  Napi::Object readiness = Napi::Object::New(env);
  const auto set = [&](const char* name, size_t value) {
    readiness.Set(name, Napi::Number::New(env, static_cast<double>(value)));
  };
  set("READABLE", kReadable);
  set("WRITABLE", kWritable);
  set("URGENT", kUrgent);
  set("ERRORS", kErrors);
  set("ANY", kAnyQueue);
  set("ENDED", kEnded);
  set("DRAINS", kDrains);
  set("OWNED", kOwned);
  set("REGISTERED", kRegistered);
  set("WAIT_SHIFT", kWaitShift);
  set("descriptors", ReadinessTable::kDescriptors);
  set("viewSize", sizeof(PollerView));
  set("pending", offsetof(PollerView, pending) / sizeof(int32_t));
  set("referenced", offsetof(PollerView, referenced) / sizeof(int32_t));
  set("start", offsetof(PollerView, start) / sizeof(int32_t));
  set("end", offsetof(PollerView, end) / sizeof(int32_t));
  set("ready", offsetof(PollerView, ready) / sizeof(int32_t));
  return readiness;
}

void InitPoller(Environment& environment, Napi::Object exports) {
  environment.Export<OpenPoller>(exports, "openPoller");
  environment.Export<PollerRegister>(exports, "pollerRegister");
  environment.Export<KeepPollerAlive>(exports, "keepPollerAlive");
  exports.Set("readiness", Readiness(exports.Env()));
}

#include "wait/poller.h"

#include "boundary.h"
#include "init.h"
#include "uv_symbols.h"

Poller::Poller(Napi::Env env, Napi::ArrayBuffer view, Napi::Function onReady)
    : env_(env),
      viewReference_(Napi::Reference<Napi::ArrayBuffer>::New(view, 1)),
      view_(static_cast<PollerView*>(view.Data())),
      onReady_(Napi::Persistent(onReady)),
      receiver_(Napi::Persistent(Napi::Object::New(env))),
      context_(env, "bsd-sockets") {}

int Poller::Open(Napi::Env env, Napi::ArrayBuffer view, Napi::Function onReady, Poller** opened) {
  auto* poller = new Poller(env, view, onReady);
  uv_loop_t* loop = UvLoop(env);
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

void Poller::SetTable(Napi::Uint8Array table) {
  tableReference_ = Napi::Reference<Napi::Uint8Array>::New(table, 1);
  table_ = table.Data();
  tableSize_ = table.ByteLength();
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
    if (static_cast<size_t>(event.fd) >= tableSize_) continue;
    uint8_t& state = table_[event.fd];
    const uint8_t now =
        (event.readable ? kReadable : 0) | (event.writable ? kWritable : 0) | (event.ended ? kEnded : 0);
    const bool waited = ((state >> 2) & now & (kReadable | kWritable)) != 0;
    state |= now;
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
  for (size_t fd = 0; fd < self->tableSize_; fd++) {
    if ((self->table_[fd] & kOwned) != 0) ::close(static_cast<int>(fd));
  }
  self->onReady_.Reset();
  self->receiver_.Reset();
  self->tableReference_.Reset();
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

// openPoller(view, onReady) -> 0 | -errno. epoll_create1(2)
static Napi::Value OpenPoller(const Napi::CallbackInfo& info) {
  if (UvLoop(info.Env()) == nullptr) {
    napi_throw_error(
        info.Env(), "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
        "bsd-sockets/promises needs the event loop of Node (libuv), and this runtime has none. The calls of "
        "'bsd-sockets' itself work here: they block, so make them in a worker.");
    return info.Env().Undefined();
  }
  Poller* poller = nullptr;
  const int error = Poller::Open(info.Env(), info[0].As<Napi::ArrayBuffer>(), info[1].As<Napi::Function>(), &poller);
  if (error == 0) Environment::Of(info).poller = poller;
  return Number(info, error);
}

// setPollerTable(bytes): a DescriptorState for each descriptor
static Napi::Value SetPollerTable(const Napi::CallbackInfo& info) {
  Environment::Of(info).poller->SetTable(info[0].As<Napi::Uint8Array>());
  return Number(info, 0);
}

// pollerAdd(fd) -> 0 | -errno. epoll_ctl(2)
static Napi::Value PollerAdd(const Napi::CallbackInfo& info) {
  return Number(info, Environment::Of(info).poller->Add(Int(info, 0)));
}

// pollerRemove(fd) -> 0 | -errno. epoll_ctl(2)
static Napi::Value PollerRemove(const Napi::CallbackInfo& info) {
  return Number(info, Environment::Of(info).poller->Remove(Int(info, 0)));
}

// keepPollerAlive(): what is pending keeps the process alive from now on
static Napi::Value KeepPollerAlive(const Napi::CallbackInfo& info) {
  Environment::Of(info).poller->KeepAlive(true);
  return Number(info, 0);
}

void InitPoller(Environment& environment, Napi::Object exports) {
  environment.Export<OpenPoller>(exports, "openPoller");
  environment.Export<SetPollerTable>(exports, "setPollerTable");
  environment.Export<PollerAdd>(exports, "pollerAdd");
  environment.Export<PollerRemove>(exports, "pollerRemove");
  environment.Export<KeepPollerAlive>(exports, "keepPollerAlive");
  exports.Set("pollerViewSize", Napi::Number::New(exports.Env(), sizeof(PollerView)));
}

// The module's entry: calls each file's Init, nothing else.
#include <napi.h>

#include "environment.h"
#include "init.h"
#include "wait/blocking.h"

Environment::Environment(Napi::Env env) : thread_(JsThread::Acquire(env)) {
  const Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, sizeof(Reply));
  replyBuffer_ = Napi::Reference<Napi::ArrayBuffer>::New(buffer, 1);
  reply_ = static_cast<Reply*>(const_cast<Napi::ArrayBuffer&>(buffer).Data());
}

Environment::~Environment() { thread_->Release(); }

static Napi::Object Init(Napi::Env env, Napi::Object exports) {
  auto* environment = new Environment(env);
  env.SetInstanceData(environment);  // deleted with the environment
  InitBlocking(*environment, exports);
  InitSocket(*environment, exports);
  InitAddress(*environment, exports);
  InitAccept(*environment, exports);
  InitTransfer(*environment, exports);
  InitTransferNow(*environment, exports);
  InitMessage(*environment, exports);
  InitSockopt(*environment, exports);
  InitPoll(*environment, exports);
  InitDescriptors(*environment, exports);
  InitPoller(*environment, exports);
  InitFcntl(*environment, exports);
  InitIoctl(*environment, exports);
  InitPidfd(*environment, exports);
  InitInet(*environment, exports);
  InitConstants(*environment, exports);
  InitLayout(*environment, exports);
  return exports;
}

NODE_API_MODULE(bsd_sockets, Init)

// What each file of native/ exports to JavaScript.
#pragma once

#include "environment.h"

void InitBlocking(Environment& environment, Napi::Object exports);
void InitSocket(Environment& environment, Napi::Object exports);
void InitAddress(Environment& environment, Napi::Object exports);
void InitAccept(Environment& environment, Napi::Object exports);
void InitTransfer(Environment& environment, Napi::Object exports);
void InitTransferNow(Environment& environment, Napi::Object exports);
void InitMessage(Environment& environment, Napi::Object exports);
void InitSockopt(Environment& environment, Napi::Object exports);
void InitPoll(Environment& environment, Napi::Object exports);
void InitDescriptors(Environment& environment, Napi::Object exports);
void InitPoller(Environment& environment, Napi::Object exports);
void InitFcntl(Environment& environment, Napi::Object exports);
void InitIoctl(Environment& environment, Napi::Object exports);
void InitPidfd(Environment& environment, Napi::Object exports);
void InitInet(Environment& environment, Napi::Object exports);
void InitConstants(Environment& environment, Napi::Object exports);
void InitLayout(Environment& environment, Napi::Object exports);

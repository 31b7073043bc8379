// recvmsg(2), sendmsg(2), recvmmsg(2), sendmmsg(2)
#include <fcntl.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "init.h"
#include "transfer.h"
#include "wait/blocking.h"

// The views from argument `first` on, as C's struct iovec[].
static std::vector<iovec> Buffers(const Napi::CallbackInfo& info, size_t first) {
  std::vector<iovec> buffers(info.Length() > first ? info.Length() - first : 0);
  for (size_t i = 0; i < buffers.size(); i++) {
    const ByteView view(info, first + i);
    buffers[i] = {view.data, view.size};
  }
  return buffers;
}

static msghdr Message(std::vector<iovec>& buffers, const ByteView& control) {
  msghdr message = {};
  message.msg_iov = buffers.data();
  message.msg_iovlen = static_cast<decltype(message.msg_iovlen)>(buffers.size());
  message.msg_control = control.size == 0 ? nullptr : control.data;
  message.msg_controllen = static_cast<decltype(message.msg_controllen)>(control.size);
  return message;
}

static void CloseReceivedOnExec(msghdr* message) {
  for (cmsghdr* header = CMSG_FIRSTHDR(message); header != nullptr; header = CMSG_NXTHDR(message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    for (size_t at = 0; at + sizeof(int) <= header->cmsg_len - CMSG_LEN(0); at += sizeof(int)) {
      int fd;
      memcpy(&fd, CMSG_DATA(header) + at, sizeof fd);
      fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
  }
}

// recvmsg(2), so that received descriptors are close-on-exec. Packet sockets and protocols of CAN refuse flags that
// they do not know, before they look at anything else, and know none about descriptors, since they bring none.
static ssize_t ReceiveMessage(int fd, msghdr* message, int flags) {
#ifdef MSG_CMSG_CLOEXEC
  const msghdr given = *message;
  const ssize_t closedOnExec = ::recvmsg(fd, message, flags | MSG_CMSG_CLOEXEC);
  message->msg_flags &= ~MSG_CMSG_CLOEXEC;
  if (closedOnExec != -1 || errno != EINVAL) return closedOnExec;
  *message = given;
#endif
  const ssize_t received = ::recvmsg(fd, message, flags);
  if (received != -1) CloseReceivedOnExec(message);
  return received;
}

// recvmsg(fd, flags, control, ...buffers) -> bytes received | -errno; the sender's address, the message's flags and
// the length of its control data are in the reply. recvmsg(2); received descriptors are close-on-exec
static Napi::Value RecvMsg(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 1);
  const ByteView control(info, 2);
  std::vector<iovec> buffers = Buffers(info, 3);
  SockaddrOut sender(info);
  msghdr message = {};
  const Napi::Value result = MaybeBlocking(info, flags, Limit::OfReceiving(fd), [&] {
    message = Message(buffers, control);
    message.msg_name = sender.addr();
    message.msg_namelen = sender.len;
    return ReceiveMessage(fd, &message, flags);
  });
  sender.len = message.msg_namelen;
  sender.Store();
  sender.reply.flags = message.msg_flags;
  sender.reply.controlLength = static_cast<uint32_t>(message.msg_controllen);
  return result;
}

// sendmsg(fd, flags, control, sockaddr | undefined, ...buffers) -> bytes sent | -errno. sendmsg(2)
static Napi::Value SendMsg(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 1);
  const ByteView control(info, 2);
  const SockaddrIn address(info, 3);
  std::vector<iovec> buffers = Buffers(info, 4);
  return MaybeBlocking(info, flags, Limit::OfSending(fd), [&] {
    msghdr message = Message(buffers, control);
    message.msg_name = const_cast<sockaddr*>(address.addr());
    message.msg_namelen = address.len();
    return ::sendmsg(fd, &message, flags | kNoSignal);
  });
}

#ifdef __linux__

// recvmmsg(fd, flags, results, addresses, ...buffers) -> messages received | -errno. recvmmsg(2)
// One buffer a message; its length, flags and address length are three ints in `results`, its sender's address is
// sizeof(sockaddr_storage) bytes in `addresses`.
static Napi::Value RecvMMsg(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 1);
  const ByteView results(info, 2), addresses(info, 3);
  std::vector<iovec> buffers = Buffers(info, 4);
  const size_t count =
      std::min({buffers.size(), results.size / (3 * sizeof(int32_t)), addresses.size / sizeof(sockaddr_storage)});
  std::vector<mmsghdr> messages(count);
  const auto prepare = [&] {
    for (size_t i = 0; i < count; i++) {
      messages[i] = {};
      messages[i].msg_hdr.msg_iov = &buffers[i];
      messages[i].msg_hdr.msg_iovlen = 1;
      messages[i].msg_hdr.msg_name = addresses.As<sockaddr_storage>() + i;
      messages[i].msg_hdr.msg_namelen = sizeof(sockaddr_storage);
    }
  };
  const Napi::Value result = MaybeBlocking(info, flags, Limit::OfReceiving(fd), [&] {
    prepare();
    return ::recvmmsg(fd, messages.data(), static_cast<unsigned>(count), flags, nullptr);
  });
  int32_t* out = results.As<int32_t>();
  for (const mmsghdr& message : messages) {
    *out++ = static_cast<int32_t>(message.msg_len);
    *out++ = message.msg_hdr.msg_flags;
    *out++ = static_cast<int32_t>(message.msg_hdr.msg_namelen);
  }
  return result;
}

// sendmmsg(fd, flags, counts, ...(sockaddr | undefined, buffers…)) -> messages sent | -errno. sendmmsg(2)
// `counts` has an int a message: how many buffers it has.
static Napi::Value SendMMsg(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 1);
  const ByteView counts(info, 2);
  const size_t count = counts.size / sizeof(int32_t);
  std::vector<std::vector<iovec>> buffers(count);
  std::vector<mmsghdr> messages(count);
  size_t argument = 3;
  for (size_t i = 0; i < count; i++) {
    const SockaddrIn address(info, argument++);
    for (int32_t left = counts.As<int32_t>()[i]; left > 0; left--) {
      const ByteView view(info, argument++);
      buffers[i].push_back({view.data, view.size});
    }
    messages[i].msg_hdr.msg_name = const_cast<sockaddr*>(address.addr());
    messages[i].msg_hdr.msg_namelen = address.len();
    messages[i].msg_hdr.msg_iov = buffers[i].data();
    messages[i].msg_hdr.msg_iovlen = buffers[i].size();
  }
  return MaybeBlocking(info, flags, Limit::OfSending(fd), [&] {
    return ::sendmmsg(fd, messages.data(), static_cast<unsigned>(count), flags | kNoSignal);
  });
}

#endif

void InitMessage(Environment& environment, Napi::Object exports) {
  environment.Export<RecvMsg>(exports, "recvmsg");
  environment.Export<SendMsg>(exports, "sendmsg");
#ifdef __linux__
  environment.Export<RecvMMsg>(exports, "recvmmsg");
  environment.Export<SendMMsg>(exports, "sendmmsg");
#endif
}

/* For interpreter.c: what a call answered, as words. */
#ifndef ANSWERS_H
#define ANSWERS_H
#include <errno.h>
#include <linux/errqueue.h>

#include "words.h"

static int answer(long value) {
  if (value == -1)
    printf("E%d", errno);
  else
    printf("%ld", value);
  return value != -1;
}

static void print_hex(const void *data, size_t length) {
  size_t i;
  if (length == 0) printf("-");
  for (i = 0; i < length; i++) printf("%02x", ((const unsigned char *)data)[i]);
}

/* Many bytes: their number and a hash. */
static void print_bytes(const void *data, size_t length) {
  const unsigned char *bytes = (const unsigned char *)data;
  unsigned hash = 2166136261u;
  size_t i;
  if (length <= 64) {
    print_hex(data, length);
    return;
  }
  for (i = 0; i < length; i++) hash = (hash ^ bytes[i]) * 16777619u;
  printf("%zu#%08x", length, hash);
}

static void print_rooms(const struct iovec *rooms, size_t count) {
  size_t i;
  for (i = 0; i < count; i++) {
    printf(" ");
    print_bytes(rooms[i].iov_base, rooms[i].iov_len);
  }
}

static void print_address(const struct address *address) {
  char text[INET6_ADDRSTRLEN];
  if (address->length < sizeof(sa_family_t)) {
    printf(" none");
  } else if (address->u.any.sa_family == AF_INET) {
    inet_ntop(AF_INET, &address->u.in.sin_addr, text, sizeof text);
    printf(" 4/%s/%d", text, ntohs(address->u.in.sin_port));
  } else if (address->u.any.sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &address->u.in6.sin6_addr, text, sizeof text);
    printf(" 6/%s/%d/%u/%u", text, ntohs(address->u.in6.sin6_port), ntohl(address->u.in6.sin6_flowinfo) & 0xfffff,
           address->u.in6.sin6_scope_id);
  } else if (address->u.any.sa_family == AF_NETLINK) {
    printf(" n/%u/%u", address->u.nl.nl_pid, address->u.nl.nl_groups);
  } else if (address->u.any.sa_family == AF_UNIX) {
    size_t length = address->length - offsetof(struct sockaddr_un, sun_path);
    if (length > sizeof address->u.un.sun_path) length = sizeof address->u.un.sun_path;
    if (address->u.un.sun_path[0] != '\0') length = strnlen(address->u.un.sun_path, length);
    printf(" u/");
    print_hex(address->u.un.sun_path, length);
  } else {
    printf(" r/");
    print_hex(&address->u, address->length);
  }
}

static void print_in_words(int level, int type, const unsigned char *data, size_t length) {
  char first[INET6_ADDRSTRLEN], second[INET6_ADDRSTRLEN];
  if (level == SOL_SOCKET && type == SCM_CREDENTIALS && length >= sizeof(struct ucred)) {
    struct ucred who;
    memcpy(&who, data, sizeof who);
    printf("=%d/%u/%u", who.pid, who.uid, who.gid);
  } else if (level == IPPROTO_IP && type == IP_PKTINFO && length >= sizeof(struct in_pktinfo)) {
    struct in_pktinfo info;
    memcpy(&info, data, sizeof info);
    inet_ntop(AF_INET, &info.ipi_spec_dst, first, sizeof first);
    inet_ntop(AF_INET, &info.ipi_addr, second, sizeof second);
    printf("=%d/%s/%s", info.ipi_ifindex, first, second);
  } else if (level == IPPROTO_IPV6 && type == IPV6_PKTINFO && length >= sizeof(struct in6_pktinfo)) {
    struct in6_pktinfo info;
    memcpy(&info, data, sizeof info);
    inet_ntop(AF_INET6, &info.ipi6_addr, first, sizeof first);
    printf("=%s/%u", first, info.ipi6_ifindex);
  } else if (((level == IPPROTO_IP && (type == IP_TTL || type == IP_TOS)) ||
              (level == IPPROTO_IPV6 && (type == IPV6_HOPLIMIT || type == IPV6_TCLASS))) &&
             length > 0) {
    int value = *data;
    if (length >= sizeof value) memcpy(&value, data, sizeof value);
    printf("=%d", value);
  } else if (((level == IPPROTO_IP && type == IP_RECVERR) || (level == IPPROTO_IPV6 && type == IPV6_RECVERR)) &&
             length >= sizeof(struct sock_extended_err)) {
    struct sock_extended_err error;
    memcpy(&error, data, sizeof error);
    printf("=%u/%u/%u/%u/%u/%u", error.ee_errno, error.ee_origin, error.ee_type, error.ee_code, error.ee_info,
           error.ee_data);
  }
}

static void print_control(struct msghdr *message) {
  struct cmsghdr *header;
  for (header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
    const unsigned char *data = CMSG_DATA(header);
    const size_t length = header->cmsg_len - CMSG_LEN(0);
    size_t at;
    printf(" %d:%d:", header->cmsg_level, header->cmsg_type);
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
      for (at = 0; at + sizeof(int) <= length; at += sizeof(int)) {
        int fd;
        memcpy(&fd, data + at, sizeof fd);
        printf("s%d.", keep_received(fd));
      }
    } else {
      print_bytes(data, length);
      print_in_words(header->cmsg_level, header->cmsg_type, data, length);
    }
  }
}
#endif

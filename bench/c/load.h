// What the parts of the load generator share: its options, its messages and its rounds.
#pragma once
#include "harness.h"
// After it: it asks for the GNU functions.
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/epoll.h>

// What the command line says.
struct options {
  int port;
  pid_t server;     // whose CPU time is read; 0: nobody's
  int connections;  // connections, conversations at a time, or UDP sockets
  int window;       // datagrams under way on each UDP socket
  int size;         // bytes of a message
  long warmMs;      // played before the first round
  long leadMs;      // played at the start of each round before it counts: caches are warm, pipes are full
  long measureMs;   // how long a round counts ...
  long count;       // ... or after how many messages it ends; 0: after measureMs
};
extern struct options options;

// Messages played since the program began, and datagrams that had no answer.
extern long played, lost;

// The next message: byte by byte the same, but for the stamp that it starts with.
#define LARGEST (1 << 20)
extern char message[LARGEST];
void stamp_message(uint64_t stamp);
// Ends the program where `length` bytes of an answer are not what was sent from `offset` on.
void check_answer(uint64_t stamp, int offset, const char* bytes, int length);

// Notes how long an answer took.
void note_latency(int64_t ns);

// Looks at the clock: false when the round is over. Ask after each batch of messages.
bool round_goes_on(void);

// A connected blocking socket, number `index`; or the end of the program.
int dial(int index);
// epoll_wait; ends the program if nothing happens for ten seconds.
int wait_events(int epoll, struct epoll_event* events, int capacity);

// What is played: `open` once, `round` for the warm-up and for each round.
struct play {
  const char* name;
  void (*open)(void);
  void (*round)(void);
};
extern const struct play echo, ping_pong, one_way, to_client, idle, conversation, datagrams;

// The load generator of the served cases: the same program for every server.
// `load MODE PORT [options]`: warms up, says {"ready":true}, and plays a round for each byte on its standard input.
#include "load.h"
// After it: it asks for the GNU functions.
#include <getopt.h>


struct options options = {.connections = 1, .window = 8, .size = 64, .warmMs = 300, .leadMs = 30, .measureMs = 500};
long played, lost;
char message[LARGEST];

// Latencies of the counted part: 32 steps for each power of two, so a step is 3 % or less.
#define STEPS 32
#define LATENCIES (64 * STEPS)
static long latencies[LATENCIES];

static struct {
  int64_t leadUntil, until;   // wall clock
  int64_t wall, server, own;  // at the start of the counted part; durations after its end
  long played, lost;
  long leadMs, measureMs, count;
  bool counting;
} now_playing;

void stamp_message(uint64_t stamp) { memcpy(message, &stamp, sizeof stamp); }

void check_answer(uint64_t stamp, int offset, const char* bytes, int length) {
  stamp_message(stamp);
  if (memcmp(message + offset, bytes, length) == 0) return;
  fprintf(stderr, "load: the server answered with other bytes than it was sent\n");
  exit(1);
}

// CPU time of the server's whole process, user and system, to the nanosecond.
static int64_t server_cpu_ns(void) {
  clockid_t clock;
  struct timespec used;
  if (options.server == 0) return 0;
  if (clock_getcpuclockid(options.server, &clock) != 0 || clock_gettime(clock, &used) == -1) {
    fprintf(stderr, "load: the server has ended\n");
    exit(1);
  }
  return used.tv_sec * INT64_C(1000000000) + used.tv_nsec;
}

void note_latency(int64_t ns) {
  if (!now_playing.counting || ns < 1) return;
  const int power = 63 - __builtin_clzll(ns);
  latencies[power * STEPS + (power < 5 ? 0 : (ns >> (power - 5)) - STEPS)]++;
}

// The latency that `part` of the answers did not exceed, in nanoseconds; 0 where none was noted.
static double latency_of(double part) {
  long all = 0, seen = 0;
  for (int i = 0; i < LATENCIES; i++) all += latencies[i];
  for (int i = 0; i < LATENCIES; i++) {
    seen += latencies[i];
    if (all > 0 && seen >= part * all) return (double)(1ull << i / STEPS) * (1 + (i % STEPS + 1.0) / STEPS);
  }
  return 0;
}

static void begin_round(long leadMs, long measureMs, long count) {
  now_playing.leadMs = leadMs;
  now_playing.measureMs = measureMs;
  now_playing.count = count;
  now_playing.counting = false;
  memset(latencies, 0, sizeof latencies);
  now_playing.leadUntil = wall_ns() + leadMs * 1000000;
}

bool round_goes_on(void) {
  const int64_t now = wall_ns();
  if (!now_playing.counting) {
    if (now < now_playing.leadUntil) return true;
    now_playing.counting = true;
    now_playing.wall = now;
    now_playing.until = now + now_playing.measureMs * 1000000;
    now_playing.played = played;
    now_playing.lost = lost;
    now_playing.own = cpu_ns();
    now_playing.server = server_cpu_ns();
    return true;
  }
  const long count = now_playing.count;
  if (count > 0 ? played - now_playing.played < count : now < now_playing.until) return true;
  now_playing.server = server_cpu_ns() - now_playing.server;
  now_playing.own = cpu_ns() - now_playing.own;
  now_playing.wall = wall_ns() - now_playing.wall;
  now_playing.played = played - now_playing.played;
  now_playing.lost = lost - now_playing.lost;
  return false;
}

static void print_round(void) {
  printf("{\"messages\":%ld,\"seconds\":%.6f,\"serverCpuSeconds\":%.9f,\"loadCpuSeconds\":%.6f,\"lost\":%ld,"
         "\"latencyNs\":{\"p50\":%.0f,\"p99\":%.0f,\"p999\":%.0f}}\n",
         now_playing.played, now_playing.wall / 1e9, now_playing.server / 1e9, now_playing.own / 1e9, now_playing.lost,
         latency_of(0.5), latency_of(0.99), latency_of(0.999));
  fflush(stdout);
}

// The destinations are spread over 127.0.0.1 to 127.0.0.64: each has its own range of local ports. A
// connection ends with a reset (SO_LINGER of 0 seconds), so none leaves a TIME_WAIT for a minute.
int dial(int index) {
  static const struct linger reset = {.l_onoff = 1, .l_linger = 0};
  const int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
  const struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(options.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK + index % 64)};
  must(connect(fd, (const struct sockaddr*)&address, sizeof address), "connect");
  must(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), "setsockopt");
  return fd;
}

int wait_events(int epoll, struct epoll_event* events, int capacity) {
  int count;
  do count = epoll_wait(epoll, events, capacity, 10000);
  while (count == -1 && errno == EINTR);
  if (must(count, "epoll_wait") > 0) return count;
  fprintf(stderr, "load: the server has not answered for ten seconds\n");
  exit(1);
}

static long number(const char* text) {
  char* end;
  const long value = strtol(text, &end, 10);
  if (*text != '\0' && *end == '\0' && value >= 0) return value;
  fprintf(stderr, "load: not a number: %s\n", text);
  exit(2);
}

static void read_options(int argc, char** argv) {
  enum { SERVER = 256, CONNECTIONS, WINDOW, SIZE, WARM, LEAD, FOR, COUNT };
  static const struct option known[] = {
      {"server", 1, 0, SERVER},
      {"connections", 1, 0, CONNECTIONS},
      {"window", 1, 0, WINDOW},
      {"size", 1, 0, SIZE},
      {"warm-ms", 1, 0, WARM},
      {"lead-ms", 1, 0, LEAD},
      {"for-ms", 1, 0, FOR},
      {"count", 1, 0, COUNT},
      {0},
  };
  for (int which; (which = getopt_long(argc, argv, "", known, NULL)) != -1;) {
    if (which == '?') exit(2);
    const long value = number(optarg);
    if (which == SERVER) options.server = value;
    if (which == CONNECTIONS) options.connections = value;
    if (which == WINDOW) options.window = value;
    if (which == SIZE) options.size = value;
    if (which == WARM) options.warmMs = value;
    if (which == LEAD) options.leadMs = value;
    if (which == FOR) options.measureMs = value;
    if (which == COUNT) options.count = value;
  }
  if (options.size < (int)sizeof(uint64_t) || options.size > LARGEST || options.connections < 1) exit(2);
}

int main(int argc, char** argv) {
  static const struct play* const plays[] = {&echo, &ping_pong, &one_way, &to_client, &idle, &conversation, &datagrams};
  read_options(argc, argv);
  struct rlimit files;
  must(getrlimit(RLIMIT_NOFILE, &files), "getrlimit");
  files.rlim_cur = files.rlim_max;
  must(setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
  for (int i = 0; i < LARGEST; i++) message[i] = 'a' + i % 26;
  for (size_t i = 0; argc - optind == 2 && i < sizeof plays / sizeof *plays; i++) {
    if (strcmp(plays[i]->name, argv[optind]) != 0) continue;
    options.port = number(argv[optind + 1]);
    plays[i]->open();
    begin_round(0, options.warmMs, 0);
    plays[i]->round();
    printf("{\"ready\":true}\n");
    fflush(stdout);
    for (char go; read(STDIN_FILENO, &go, 1) == 1;) {
      begin_round(options.leadMs, options.measureMs, options.count);
      plays[i]->round();
      print_round();
    }
    return 0;
  }
  fprintf(stderr,
          "usage: load echo|ping-pong|one-way|to-client|idle|conversation|datagrams PORT [--server PID] [--connections N]\n"
          "            [--window N] [--size BYTES] [--warm-ms MS] [--lead-ms MS] [--for-ms MS | --count N]\n");
  return 2;
}

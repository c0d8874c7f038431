/*
 * Phones for the benchmark: one listening socket per loopback address, so that the server does not limit the result.
 *   phones ADDRESSES PORT DELAY_MS REFUSE_EVERY HANG_EVERY
 * Phone i listens on 127.(1 + i/65536).(i/256 % 256).(i % 256). Every REFUSE_EVERY-th is missing, every HANG_EVERY-th
 * never answers (0: none; offset to the middle, so that the two never coincide). Prints "ready" and serves until it is killed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char ANSWER[] = "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nOK";
enum { MOST = 1 << 20, LISTENER = 1, SILENT = 2 };
static unsigned char kind[MOST];
static struct { int fd; long due; } waiting[MOST];
static int head, tail;

static long now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void answer(int fd) {
  if (write(fd, ANSWER, sizeof ANSWER - 1) < 0) { /* the caller is gone */ }
  shutdown(fd, SHUT_WR);
  close(fd);
}

int main(int argc, char **argv) {
  int phones = argc > 1 ? atoi(argv[1]) : 1000, port = argc > 2 ? atoi(argv[2]) : 7080;
  int delay = argc > 3 ? atoi(argv[3]) : 0, refuse = argc > 4 ? atoi(argv[4]) : 0, hang = argc > 5 ? atoi(argv[5]) : 0;
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  signal(SIGPIPE, SIG_IGN);
  int poll_fd = epoll_create1(0), one = 1;
  for (int i = 0; i < phones; i++) {
    if (refuse > 0 && i % refuse == refuse - 1) continue;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(0x7f010000u + (unsigned)i);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 16) < 0) {
      perror("phone");
      return 1;
    }
    kind[fd] = hang > 0 && i % hang == hang / 2 ? LISTENER | SILENT : LISTENER;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
  }
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct epoll_event events[256];
    int timeout = head == tail ? -1 : (int)(waiting[head].due - now_ms());
    int count = epoll_wait(poll_fd, events, 256, head != tail && timeout < 0 ? 0 : timeout);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (kind[fd] & LISTENER) {
        int caller = accept4(fd, NULL, NULL, SOCK_NONBLOCK);
        if (caller < 0) continue;
        setsockopt(caller, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        kind[caller] = kind[fd] & SILENT;
        struct epoll_event event = {.events = EPOLLIN, .data.fd = caller};
        epoll_ctl(poll_fd, EPOLL_CTL_ADD, caller, &event);
        continue;
      }
      char request[4096];
      ssize_t size = read(fd, request, sizeof request);
      if (size <= 0) {
        close(fd);
      } else if (!(kind[fd] & SILENT)) {
        epoll_ctl(poll_fd, EPOLL_CTL_DEL, fd, NULL);
        if (delay == 0) answer(fd);
        else {
          waiting[tail].fd = fd;
          waiting[tail].due = now_ms() + delay;
          tail = (tail + 1) % MOST;
        }
      }
    }
    while (head != tail && waiting[head].due <= now_ms()) {
      answer(waiting[head].fd);
      head = (head + 1) % MOST;
    }
  }
}

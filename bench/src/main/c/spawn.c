/* Starts a program again and again, so many at a time, and reaps it: what the machine can do.
 * spawn COUNT AT_A_TIME PROGRAM; prints how many it started in a second. */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  int left = atoi(arguments[1]), room = atoi(arguments[2]), total = left, failed = 0, status;
  char *command[] = {arguments[3], NULL};
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  double start = now();
  for (int running = 0; left > 0 || running > 0;) {
    if (left > 0 && running < room) {
      pid_t child;
      if (posix_spawn(&child, command[0], NULL, &attributes, command, environ)) return 1;
      left--;
      running++;
    } else {
      if (wait(&status) < 0) return 1;
      failed += status != 0;
      running--;
    }
  }
  printf("%.1f\n", total / (now() - start));
  return failed != 0;
}

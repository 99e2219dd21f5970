/* heat N STEPS: the heat equation on a square of N x N points, three of whose sides are cold and
 * one hot, by an explicit scheme. Each rank has some rows, and trades the outer ones with its
 * neighbours. Rank 0 also computes all of it alone; that the two agree to the last bit is the
 * proof that every number came to where it was needed. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int n;

static double *grid(int rows) {
  double *cells = calloc((size_t)(rows + 2) * (n + 2), sizeof *cells);
  if (!cells)
    MPI_Abort(MPI_COMM_WORLD, 2);
  return cells;
}

static void step(const double *old, double *new, int rows) {
  int w = n + 2;
  for (int i = 1; i <= rows; i++)
    for (int j = 1; j <= n; j++) {
      int k = i * w + j;
      new[k] = old[k] + 0.2 * (old[k - w] + old[k + w] + old[k - 1] + old[k + 1] - 4 * old[k]);
    }
}

int main(int argc, char **argv) {
  int rank, size, steps;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  n = argc > 1 ? atoi(argv[1]) : 64;
  steps = argc > 2 ? atoi(argv[2]) : 500;
  int from = rank * n / size, rows = (rank + 1) * n / size - from, w = n + 2;
  double *old = grid(rows), *new = grid(rows);
  if (rank == 0)
    for (int j = 0; j < w; j++)
      old[j] = new[j] = 100;
  int up = rank > 0 ? rank - 1 : MPI_PROC_NULL, down = rank < size - 1 ? rank + 1 : MPI_PROC_NULL;
  for (int t = 0; t < steps; t++) {
    MPI_Sendrecv(old + w, w, MPI_DOUBLE, up, 0, old + (rows + 1) * w, w, MPI_DOUBLE, down, 0,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Sendrecv(old + rows * w, w, MPI_DOUBLE, down, 1, old, w, MPI_DOUBLE, up, 1,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    step(old, new, rows);
    double *swap = old;
    old = new;
    new = swap;
  }
  int *counts = malloc(size * sizeof *counts), *starts = malloc(size * sizeof *starts);
  if (!counts || !starts)
    MPI_Abort(MPI_COMM_WORLD, 2);
  for (int r = 0; r < size; r++) {
    starts[r] = r * n / size * w;
    counts[r] = (r + 1) * n / size * w - starts[r];
  }
  double *all = rank == 0 ? grid(n) : NULL;
  MPI_Gatherv(old + w, rows * w, MPI_DOUBLE, all ? all + w : NULL, counts, starts, MPI_DOUBLE, 0,
              MPI_COMM_WORLD);
  int same = 1;
  if (rank == 0) {
    double *serial = grid(n), *next = grid(n), mean = 0;
    for (int j = 0; j < w; j++)
      serial[j] = next[j] = 100;
    for (int t = 0; t < steps; t++) {
      step(serial, next, n);
      double *swap = serial;
      serial = next;
      next = swap;
    }
    same = memcmp(serial + w, all + w, (size_t)n * w * sizeof *all) == 0;
    for (int k = w; k < (n + 1) * w; k++)
      mean += all[k] / ((double)n * n);
    printf("%d ranks, %d x %d points, %d steps: mean %.6f, %s the serial run\n", size, n, n, steps,
           mean, same ? "equal to" : "NOT equal to");
  }
  MPI_Finalize();
  return same ? 0 : 1;
}

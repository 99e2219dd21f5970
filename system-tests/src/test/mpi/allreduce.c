/* allreduce FILE [RANK]: sums the ranks' numbers, again and again, until FILE exists. Makes
 * FILE.started once all have begun. The given rank, if any, crashes then. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  int rank, size, stop = 0, victim = argc > 2 ? atoi(argv[2]) : -1;
  long rounds = 0;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  while (!stop) {
    int all[3] = {rank, 1, rank == 0 && access(argv[1], F_OK) == 0};
    MPI_Allreduce(MPI_IN_PLACE, all, 3, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    if (all[0] != size * (size - 1) / 2 || all[1] != size) {
      fprintf(stderr, "rank %d: wrong sum %d of %d\n", rank, all[0], all[1]);
      MPI_Abort(MPI_COMM_WORLD, 3);
    }
    stop = all[2];
    if (rounds++ == 0 && rank == 0) {
      char name[4096];
      snprintf(name, sizeof name, "%s.started", argv[1]);
      FILE *file = fopen(name, "w");
      if (!file || fclose(file) != 0)
        MPI_Abort(MPI_COMM_WORLD, 4);
    }
    if (rank == victim)
      abort();
    usleep(1000);
  }
  if (rank == 0)
    printf("%d ranks agreed\n", size);
  MPI_Finalize();
  return 0;
}

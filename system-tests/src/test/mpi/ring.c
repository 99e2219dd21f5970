/* Each rank says who it is, and where, by the mark of its parent: MPICH gives ranks the environment
 * of mpiexec, wherever they are. A token goes round the ring, and each rank adds one to it. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *node(void) {
  static char environment[1 << 20];
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/environ", (int)getppid());
  FILE *file = fopen(path, "r");
  size_t length = file ? fread(environment, 1, sizeof environment - 1, file) : 0;
  for (char *p = environment; p < environment + length; p += strlen(p) + 1)
    if (strncmp(p, "CAPATAZ_NODE=", 13) == 0)
      return strrchr(p, '/') + 1;
  return "none";
}

int main(int argc, char **argv) {
  int rank, size, token = 0;
  const char *job = getenv("CCP_JOBID");
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (rank > 0)
    MPI_Recv(&token, 1, MPI_INT, rank - 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  token++;
  if (size > 1)
    MPI_Send(&token, 1, MPI_INT, (rank + 1) % size, 0, MPI_COMM_WORLD);
  if (rank == 0 && size > 1)
    MPI_Recv(&token, 1, MPI_INT, size - 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  printf("rank %d of %d in job %s on %s\n", rank, size, job ? job : "none", node());
  if (rank == 0)
    printf("token %d\n", token);
  MPI_Finalize();
  return 0;
}

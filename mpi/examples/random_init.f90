! Ranks of MPI are no images of a coarray: what makes images distinct makes ranks the same.
!
!   mpirun -n 4 random_init images     random_init(repeatable, image_distinct) draws the same on every rank
!   mpirun -n 4 random_init ranks      a seed of every rank's own
program random_init_of_ranks
  use mpi
  use, intrinsic :: iso_c_binding, only: c_double, c_int, c_int64_t, c_null_char
  use seedbench_mpi, only: seedbench_mpi_audit_doubles
  implicit none
  integer, parameter :: draws = 4096
  real(c_double) :: values(draws)
  integer :: rank, error, words, at
  integer, allocatable :: seed(:)
  integer(c_int) :: code
  character(len=16) :: way

  call mpi_init(error)
  call mpi_comm_rank(MPI_COMM_WORLD, rank, error)
  call get_command_argument(1, way)
  if (way == "images") then
    call random_init(repeatable=.true., image_distinct=.true.)
  else
    call random_seed(size=words)
    allocate (seed(words))
    ! Far apart: each word is another multiple of an odd number, and the generator scrambles them.
    seed = [(ieor(ishft(rank + 1, 16), at * 40503), at = 1, words)]
    call random_seed(put=seed)
  end if
  call random_number(values)
  code = seedbench_mpi_audit_doubles(MPI_COMM_WORLD, values, int(draws, c_int64_t), "--quiet" // c_null_char)
  if (rank == 0) print '(a, i0)', "exit code ", code
  call mpi_finalize(error)
  if (rank == 0) stop code, quiet=.true.
end program random_init_of_ranks

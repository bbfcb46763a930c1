! The functions of libseedbench_mpi for Fortran: every rank calls one with the numbers that it drew.
module seedbench_mpi
  use, intrinsic :: iso_c_binding, only: c_char, c_double, c_int, c_int64_t
  implicit none

  interface
    ! `comm` is a communicator as `use mpi` names it (of `mpi_f08`: comm%mpi_val); `options` are those of
    ! `seedbench audit`, parted by blanks and ended by c_null_char. Returns the exit code of `seedbench audit`.
    function seedbench_mpi_audit(comm, words, count, options) bind(C, name="seedbench_mpi_audit_f") result(code)
      import :: c_char, c_int, c_int64_t
      integer(c_int), value :: comm
      integer(c_int64_t), intent(in) :: words(*)
      integer(c_int64_t), value :: count
      character(kind=c_char), intent(in) :: options(*)
      integer(c_int) :: code
    end function seedbench_mpi_audit

    function seedbench_mpi_audit_doubles(comm, values, count, options) &
      bind(C, name="seedbench_mpi_audit_doubles_f") result(code)
      import :: c_char, c_double, c_int, c_int64_t
      integer(c_int), value :: comm
      real(c_double), intent(in) :: values(*)
      integer(c_int64_t), value :: count
      character(kind=c_char), intent(in) :: options(*)
      integer(c_int) :: code
    end function seedbench_mpi_audit_doubles
  end interface
end module seedbench_mpi

! One root of entropy a run, one stream number a task: distinct by construction, fresh, and replayable from
! the root. ChaCha20 in full: the root is the key, the task the nonce. Words of 32 bits are held in integers
! of 64, for Fortran has no unsigned ones. Fortran 2008.
module task_rngs
  use, intrinsic :: iso_fortran_env, only: int64
  implicit none
  integer(int64), parameter :: mask = int(z'ffffffff', int64)

  type :: task_rng
    integer(int64) :: input(0:15) = 0, block(0:15) = 0
    integer :: used = 16
  end type

contains

  ! The generator of one task: the same root and task give the same numbers anywhere.
  function new_task_rng(root, task) result(rng)
    integer(int64), intent(in) :: root(0:3), task
    type(task_rng) :: rng
    rng%input(0:3) = [int(z'61707865', int64), int(z'3320646e', int64), int(z'79622d32', int64), int(z'6b206574', int64)]
    rng%input(4:7) = root
    rng%input(14) = iand(task, mask)
    rng%input(15) = iand(ishft(task, -32), mask)
  end function

  subroutine half(x, to, from, turned, by)
    integer(int64), intent(inout) :: x(0:15)
    integer, intent(in) :: to, from, turned, by
    integer(int64) :: word
    x(to) = iand(x(to) + x(from), mask)
    word = ieor(x(turned), x(to))
    x(turned) = iand(ior(ishft(word, by), ishft(word, by - 32)), mask)
  end subroutine

  subroutine quarter(x, a, b, c, d)
    integer(int64), intent(inout) :: x(0:15)
    integer, intent(in) :: a, b, c, d
    call half(x, a, b, d, 16)
    call half(x, c, d, b, 12)
    call half(x, a, b, d, 8)
    call half(x, c, d, b, 7)
  end subroutine

  subroutine refill(rng)
    type(task_rng), intent(inout) :: rng
    integer :: round, i
    rng%block = rng%input
    do round = 1, 10
      do i = 0, 3
        call quarter(rng%block, i, 4 + i, 8 + i, 12 + i)
      end do
      do i = 0, 3
        call quarter(rng%block, i, 4 + mod(i + 1, 4), 8 + mod(i + 2, 4), 12 + mod(i + 3, 4))
      end do
    end do
    rng%block = iand(rng%block + rng%input, mask)
    rng%input(12) = iand(rng%input(12) + 1, mask)
    if (rng%input(12) == 0) rng%input(13) = iand(rng%input(13) + 1, mask)
    rng%used = 0
  end subroutine

  ! 64 random bits.
  function next_word(rng) result(word)
    type(task_rng), intent(inout) :: rng
    integer(int64) :: word
    if (rng%used == 16) call refill(rng)
    word = ior(rng%block(rng%used), ishft(rng%block(rng%used + 1), 32))
    rng%used = rng%used + 2
  end function

  ! A double from 0 to below 1.
  function next_double(rng) result(value)
    type(task_rng), intent(inout) :: rng
    double precision :: value
    value = dble(ishft(next_word(rng), -11)) / 2d0**53
  end function
end module

program spawn
  use, intrinsic :: iso_fortran_env, only: int64, error_unit
  use task_rngs
  implicit none
  character(len=64) :: text
  integer(int64) :: root(0:3), carry, words, word
  type(task_rng) :: rng
  integer :: length, i, j, system

  ! Draw the root once, in the launcher, log it, and hand it to every worker.
  root = 0
  call get_environment_variable('SEEDBENCH_SEED', text, length)
  if (length > 0) then
    do i = 1, length
      carry = iachar(text(i:i)) - iachar('0')
      do j = 0, 3
        carry = carry + 10 * root(j)
        root(j) = iand(carry, mask)
        carry = ishft(carry, -32)
      end do
    end do
  else
    open(newunit=system, file='/dev/urandom', access='stream', form='unformatted', action='read')
    read(system) root
    close(system)
    root = iand(root, mask)
  end if
  write(error_unit, '(a)') 'SEEDBENCH_SEED=' // decimal(root)
  rng = new_task_rng(root, number('SEEDBENCH_WORKER', 0_int64))
  words = number('SEEDBENCH_WORDS', 4_int64)
  do word = 1, words
    write(*, '("0x", z16.16)') next_word(rng)
  end do

contains

  function number(name, fallback) result(value)
    character(len=*), intent(in) :: name
    integer(int64), intent(in) :: fallback
    integer(int64) :: value
    character(len=64) :: digits
    integer :: length
    value = fallback
    call get_environment_variable(name, digits, length)
    if (length > 0) read(digits, *) value
  end function

  function decimal(given) result(digits)
    integer(int64), intent(in) :: given(0:3)
    character(len=:), allocatable :: digits
    integer(int64) :: left(0:3), rest
    integer :: i
    left = given
    digits = ''
    do
      rest = 0
      do i = 3, 0, -1
        rest = ior(ishft(rest, 32), left(i))
        left(i) = rest / 10
        rest = mod(rest, 10_int64)
      end do
      digits = achar(iachar('0') + int(rest)) // digits
      if (all(left == 0)) exit
    end do
  end function
end program

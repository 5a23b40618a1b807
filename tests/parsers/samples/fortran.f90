! A pool.
module pool
  implicit none
  interface
    ! Elsewhere.
    subroutine external_one(n) bind(c)
      integer, value :: n
    end subroutine external_one
    module function far(x) result(y)
      real, intent(in) :: x
      real :: y
    end function far
  end interface
  type :: bounded
    integer :: limit
  contains
    procedure :: push
  end type bounded
contains
  !> Add two numbers.
  !! Both are real.
  pure elemental real function add(a, b)
    real, intent(in) :: a, b
    add = a + b
  end function add

  ! Put one
  ! into the pool.
  recursive subroutine push(self, &
      item)
    class(bounded), intent(inout) :: self
    integer, intent(in) :: item
    call inner()
  contains
    subroutine inner()
      print *, 'subroutine none()'
    end subroutine
  end subroutine push

  integer function twice(n) result(m)
    integer :: n
    m = 2 * n
  END FUNCTION
end module pool

submodule (pool) pool_far
contains
  module procedure far
    y = x
  end procedure far
end submodule

subroutine alone
  return
end subroutine alone

program main
  use pool
  call alone()
contains
  logical function ready()
    ready = .true.
  end function
end program main

// Package pool keeps connections: the sample for Go.
package pool

import "fmt"

// Pool holds connections.
type Pool[T any] struct{ size int }

// Conn is what a pool holds.
type Conn interface {
	fmt.Stringer
	// Close gives it back.
	Close(reason string) error
	Ping() (ok bool)
}

// Open opens a connection.
//
//	Open("localhost")
//
//go:noinline
func Open(host string, port int) (*Conn, error) {
	attempt := func(n int) int { return n }
	return nil, fmt.Errorf("%d", attempt(1))
}

/*
Get returns a free connection.
*/
func (p *Pool[T]) Get(key string) (value T, err error) {
	defer func() { recover() }()
	return
}

func (Pool[T]) Size() int { return 0 }
func (stats Stats) String() string { return "" }
func (p *Stats) reset() { p.hook = func() {} }

// not attached to init

func init() {}
func init() {}

// Min is the smaller one.
func Min[N ~int | ~float64](
	a, b N, // both
) N {
	if a < b {
		return a
	}
	return b
}

var handler = func(w Writer) {}

var (
	first  = func() {}
	second int
)

//go:linkname fastrand runtime.fastrand
func fastrand() uint32

var commands = map[string]func() error{
	"run": func() error { return nil },
}

var root = &Command{
	Use: "root",
	RunE: func(cmd *Command, args []string) error {
		return nil
	},
}

// Implemented in assembly.
func (p *Pool[T]) grow(by int) bool

type Set[K comparable, V any] map[K]V

//export AddToSet
// export of a name makes it public.
func (s Set[K, V]) Add(key K) { handlers["add"] = func() {} }

func TestAdd(t *testing.T) { t.Run("twice", func(t *testing.T) {}) }

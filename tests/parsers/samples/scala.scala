// A pool of connections: the sample for Scala.
package net.pooling

/** Doubles.
  *
  * @param n what
  */
object Numbers {
  /** Twice. */
  def twice(n: Int): Int = n * 2
  val thrice = (n: Int) => n * 3
  private[this] def curried(a: Int)(b: Int)(implicit c: Context): Int = {
    def inner() = a
    inner() + b
  }
}

abstract class Pool[T <: Closeable](size: Int)(using log: Log) extends Base with Iterable[T] {
  def this(host: String) = this(1)

  // Gets one.
  @throws[IOException]
  @deprecated("use take", since = "2")
  override def get[K](key: K): Option[T] = None

  def evict(): Unit
  def +(other: Pool[T]): Pool[T] = this
  lazy val all: List[T] = Nil
}

trait Listener {
  /** Called at the end. */
  def onClose(reason: String): Unit
  def onOpen(): Unit = ()
}

case class Point(x: Int, y: Int) { def norm: Double = 0.0 }

enum State:
  case Free, Busy
  def usable: Boolean = this == Free

extension (text: String)
  def shout: String = text.toUpperCase
  def whisper: String = text.toLowerCase

given Ordering[Point] with
  def compare(a: Point, b: Point): Int = 0
  override def gt(a: Point, b: Point) = true

@main def run(args: String*): Unit =
  println(args)

object Handlers {
  val pick: PartialFunction[Int, Int] = { case 1 => 2 }
  val half: Int => Int = { n => n / 2 }
  lazy val later = (n: Int) => n
  private var last = (n: Int) => n
  last = n => n + 1
  this.last = (n: Int) => n
  var unset: Int => Unit = _
  def procedure(n: Int) { println(n) }
  def unary_! : Boolean = true
  def `quoted name`(n: Int) = 1
  def size_=(n: Int): Unit = ()
  def expand(n: Int): Int = macro Macros.expand
  implicit def toText(n: Int): String = ""
  implicit class Rich(val text: String) extends AnyVal { def loud = text }
  def left = 1; def right = 2
  private[pooling] final def branch(n: Int): Int =
    n match {
      case 1 => 1
      case _ => 2
    }

  // Stands between two functions.

  val listener = new Listener { def onClose(reason: String) = () }
}

class Poolside(host: String) {
  def this() { this("") }
  private def this(port: Int) = this(port.toString)
  def open
  def close()
}

package object pooling { def limit = 1 }

sealed trait Shape { self: Base =>
  def area: Double
  def * (by: Int): Shape
}

enum Tree[+T](val depth: Int):
  case Leaf extends Tree(0)
  case Node(left: Tree[T], right: Tree[T]) extends Tree[T](1)
  def grow(by: Int): Int =
    def step = 1
    by + step
  end grow
end Tree

given byNorm: Ordering[Point] with
  def compare(a: Point, b: Point): Int = 1
  override def lt(a: Point, b: Point) = true

given [T](using Ordering[T]): Ordering[List[T]] with
  def compare(a: List[T], b: List[T]): Int = 0
  override def lt(a: List[T], b: List[T]) = true

extension [T](all: List[T]) def second: T = all.tail.head
extension (n: Int) {
  infix def upTo(m: Int): Int = m
}

transparent inline def sized(inline n: Int): Int = ${ sizedImpl('n) }
opaque type Port = Int
def scoped(using log: Log): Int = 1
val poly = [T] => (value: T) => value

class PoolSuite extends AnyFunSuite {
  def prepare() = 1
}

class PoolSpec extends AnyFlatSpec {
  "A pool" should "open" in { open() }
  def helper = 1
}

class Checks {
  @Test def opens(): Unit = ()
}

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

@main def run(args: String*): Unit =
  println(args)

// A pool of connections: the sample for Kotlin.
package net.pooling

/**
 * Opens a connection.
 *
 * @param host where
 */
@Throws(IOException::class)
suspend inline fun <reified T : Any> open(host: String, port: Int = 5432): T? where T : Closeable {
    fun attempt(n: Int): Int = n + 1
    val twice = { n: Int -> n * 2 }
    onClose = { reason -> println(reason) }
    this.onOpen = { println("open") }
    pool.onFail = fun(reason: String) { println(reason) }
    run(fun(n: Int) {})
    return null
}

// Shouts.
fun String.shout(): String = uppercase() + "!"
fun <T> List<T>.second(): T = this[1]
operator fun Point.plus(other: Point) = Point(x + other.x)
fun T?.orNone(): Int = 1
fun (Int.() -> Unit).start() {}
infix fun Int.or2(other: Int) = this
tailrec fun loop(n: Int): Int = loop(n - 1)
external fun native(): Int
expect fun platform(): String
actual fun platform(): String = "jvm"
val <T> List<T>.last2: T get() = this[0]
val String?.length2: Int
    get() = 0
val lazily by lazy { 1 }
val checked = fun(x: Int): Boolean { return x > 0 }

abstract class Pool<T>(private val size: Int) : Base(), Closeable {
    init {
        println("made")
    }

    constructor(host: String) : this(1) {
        println(host)
    }

    /** How many are free. */
    val free: Int
        get() = size - used

    var name: String = ""
        get() {
            return field
        }
        set(value) {
            field = value
        }

    /** Closes it. */
    @Synchronized
    override fun close() {
        size = 0
    }

    protected abstract fun evict(key: String): Boolean

    companion object {
        @JvmStatic
        fun make(): Pool<Int> = TODO()
    }

    private val listener = object : Listener {
        override fun onClose(reason: String) {}
    }

    var size: Int = 0
        private set
    var used: Int = 0
        get
        @JvmName("use") set(value) {
            field = value
        }

    operator fun get(index: Int) = index

    inner class Lease {
        fun renew() {
        }
    }
}

interface Listener {
    /** Called at the end. */
    fun onClose(reason: String)

    fun onOpen() {
    }
}

fun interface Action {
    fun act(n: Int)
}

data object None {
    override fun toString() = "none"
}

@JvmInline
value class Port(val number: Int) {
    fun isFree() = number > 0
}

object Registry {
    fun `find by name`(name: String) = null
}

enum class State {
    FREE {
        override fun usable() = true
    };

    abstract fun usable(): Boolean
}

enum class Level(val value: Int) {
    LOW(1) { override fun usable() = false },
    HIGH(2);

    open fun usable() = true
    companion object Levels {
        fun all() = entries
    }
}

annotation class Marked

sealed interface Shape {
    val area: Double get() = 0.0
    fun scale(by: Int)
}

@SuppressLint("Api")
@OptIn(Marked::class)
internal object Hidden {
    fun seek() {
    }
}

@Suppress("Api")
@Composable
fun Screen(content: @Composable () -> Unit) {
}

class PoolTest {
    @Test
    fun `opens a pool`() {
    }

    @Before fun prepare() {
    }
}

class Checks {
    @ParameterizedTest
    @ValueSource(ints = [1, 2])
    fun closes(size: Int) {
    }
}

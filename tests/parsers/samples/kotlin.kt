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
    return null
}

// Shouts.
fun String.shout(): String = uppercase() + "!"
fun <T> List<T>.second(): T = this[1]
operator fun Point.plus(other: Point) = Point(x + other.x)
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

object Registry {
    fun `find by name`(name: String) = null
}

enum class State {
    FREE {
        override fun usable() = true
    };

    abstract fun usable(): Boolean
}

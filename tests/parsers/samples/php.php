<html><?php echo "<b>not a function</b>"; ?></html>
<?php
// A pool of connections: the sample for PHP.

namespace App\Net;

use App\Base;

/**
 * Opens a connection.
 *
 * @param string $host where
 */
#[Pure(true)]
function open(string $host, int $port = 5432, ...$more): ?Connection
{
    $attempt = function (int $n) use ($host) { return $n; };
    $twice = fn(int $n): int => $n * 2;
    return null;
}

abstract class Pool extends Base implements \Countable
{
    use Logs;

    public string $name {
        get => strtoupper($this->name);
        set(string $value) { $this->name = $value; }
    }
    public int $plain = 1;

    /** Makes a pool. */
    public function __construct(private readonly int $size) { $this->hook = fn() => 1; }

    # Gets one.
    #[Override]
    public static function &get(string $key): static { return new static(1); }

    abstract protected function evict(): void;
    public abstract string $label { get; }

    /**
     * Watches everything.
     */
    #[
        Deprecated(reason: 'slow'),
    ]
    final protected function watch(
        string $key,
        callable ...$watchers,
    ): static|false {
        self::$factory = static function (int $size): static { return new static($size); };
        $this->handlers['open'] = fn(string $key): string => $key . '!';
        return new class($key) extends Watcher {
            public function __construct(private string $key) {}
            // Tells it.
            public function watched(): string { return $this->key; }
        };
    }
    final public function count(): int { return 0; }
}

interface Listener extends Base { const MOST = 3; /** Called at the end. */ public function onClose(string $reason): void; }
trait Logs { private function log(string $text): void {} }
enum State: string {
    case Free = 'free';
    public function label(): string { return $this->value; }
}

$anonymous = new class { public function run() {} };
$routes = ['home' => function () { return '/'; }, 'about' => fn() => '/about', fn() => 1];

if (!function_exists('helper')) {
    function helper() { return 1; }
}

$services = [
    Pool::class => function ($container) { return new Pool(1); },
    "pool.$name" => static fn(): Pool => new Pool(2),
];
?>
<p>function not_a_function() {}</p>
<?php foreach ($services as $service): ?>
<?php endforeach;

namespace App\Other;

/** In the second namespace. */
function other(): never { function inside() {} exit; }

final class PoolTest extends TestCase
{
    /** @dataProvider sizes */
    public function testOpens(int $size): void {}
    #[Test]
    public function closes(): void {}
}

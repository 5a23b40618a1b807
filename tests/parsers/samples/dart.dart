// A pool of connections: the sample for Dart.
import 'dart:async';

/// Opens a connection.
///
/// Tries again.
Future<Pool> open(String host, {int port = 5432}) async {
  int attempt(int n) => n + 1;
  final twice = (int n) => n * 2;
  return Pool(attempt(twice(port)));
}

int get limit => 10;

@immutable
abstract class Pool<T> extends Base with Logs implements Closeable {
  final int size;

  /// Makes a pool.
  Pool(this.size);
  Pool.empty() : size = 0;
  const Pool.constant(this.size);
  factory Pool.of(String host) {
    return Pool(1);
  }

  // How many are free.
  int get free => size;
  set free(int value) {}

  /* Closes it. */
  @override
  @protected
  Future<void> close([String? reason]) async {}

  void evict(String key);
  static Pool<int> make() => throw '';
  bool operator ==(Object other) => true;
  external void native();
}

extension Shout on String {
  String shout() => toUpperCase();
}

mixin Logs {
  void log(String text) {}
}

enum State {
  free, busy;
  bool usable() => this == free;
}

final handler = (int x) => x;
void main(List<String> arguments) {
  print(arguments);
}

Stream<int> count() async* {
  yield 1;
}
Iterable<int> each() sync* {
  yield 1;
}
set limit(int value) {}
external int native();
external int get nativeLimit;
final twice = (int x) => x * 2, thrice = (int x) {
  return x * 3;
};
var later = () {};
int Function(int)? maybe = (x) => x;
typedef Handler = void Function(int);

class Lease implements Comparable<Lease> {
  Lease._(this.id) : assert(id > 0);
  Lease.open(int id) : id = id {
    print(id);
  }
  factory Lease.first() => Lease._(1);
  const factory Lease.other() = Other;
  external factory Lease.native();
  external static int count();

  final int id;
  final void Function(int) onRenew;
  final onClose = (int reason) {
    print(reason);
  };
  late final VoidCallback onOpen = () {};
  static final make = () => Lease._(1);

  int get size;
  set size(int value);
  String get name {
    return '$id';
  }

  int operator [](int index) => index;
  void operator []=(int index, int value) {}
  Lease operator -();
  Lease operator ~() => this;
  int call(int n) => n;
  T read<T extends Object>(T value) {
    void inner(T value) {}
    onClose = (reason) => reason;
    this.onOpen = () {};
    pool.lease.onOpen = () {
      print('open');
    };
    run(onTap: () {});
    return value;
  }
}

extension on int {
  int doubled() => this * 2;
}

extension type Id(int value) {
  Id.zero() : value = 0;
  bool get isZero => value == 0;
  Id next() => Id(value + 1);
}

mixin class Named {
  String say() => '';
}

enum Level with Logs {
  low(1),
  high(2);

  const Level(this.value);
  factory Level.of(int value) => low;
  final int value;
  static Level top() {
    return high;
  }
}

void testAll() {
  group('pool', () {
    test('opens', () {
      expect(1, 1);
    });
  });
}

String text() => r'''
void notHere() {}
''';

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

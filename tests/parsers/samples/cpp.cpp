// A pool of connections: the sample for C++.
#include <vector>

namespace net {
namespace detail::inner {
/// Doubles.
constexpr int twice(int n) noexcept { return 2 * n; }
}  // namespace detail::inner

/**
 * @brief Holds connections.
 */
template <typename T, typename Alloc = std::allocator<T>>
class Pool : public Base<T> {
 public:
  /// Makes a pool.
  explicit Pool(int size) : size_(size), items_{} {}
  Pool(const Pool&) = delete;
  ~Pool() override { clear(); }

  // Gets one.
  [[nodiscard]] T& get(const std::string& key) const { return items_[0]; }
  template <class F>
  auto each(F&& f) -> decltype(f(1)) { return f(1); }
  virtual void evict(int n) = 0;
  bool operator==(const Pool& other) const { return true; }
  T& operator[](int index) { return items_[index]; }
  void operator()() {}
  explicit operator bool() const { return size_ > 0; }
  static Pool make();
  struct Stats {
    int total() { return 0; }
  };

 private:
  int size_;
};

template <typename T, typename Alloc>
Pool<T, Alloc> Pool<T, Alloc>::make() { return Pool(1); }
}  // namespace net

net::Server::Server(int port) : port_(port) {}
net::Server::~Server() {}
int* net::Server::find(int id) { return nullptr; }
net::Server::operator int() const { return port_; }
std::ostream& operator<<(std::ostream& out, const Pool& pool) { return out; }
template <> void reset<int>(int& value) { value = 0; }

int guarded() try { return 1; } catch (...) { return 0; }
auto compare = [](int a, int b) { return a < b; };
const auto add = [](int a, int b) -> int {
  return a + b;
};

namespace {
void hidden() { auto local = [&](int x) { return x; }; local(1); }
}

extern "C" int exported(void) { return 1; }
#define SQUARE(x) ((x) * (x))
LIB_EXPORT int blanked(int x) { return x; }

TEST(PoolTest, GivesOut) {
  EXPECT_EQ(1, 1);
}
TEST_F(PoolTest, TakesBack)
{
}

int prototype(int a, Stats* stats);
char** texts(const char* name = "");
extern "C" {
int exported_too(void);
}
using callback = void (*)(int);
int (*hook)(int) = nullptr;
template <typename T>
T declared_template(T value);

/// Watches the pool.
class LIB_EXPORT Watcher final {
  Q_OBJECT
 public:
  Watcher();
  virtual ~Watcher() = 0;
  Watcher& operator=(const Watcher&) = delete;
  // Told of each change.
  LIB_NODISCARD virtual int changed(int id) const = 0;
  LIB_DEPRECATED_FOR(2.0, other())
  operator std::string() const { return {}; }
  static constexpr result_type(max)() { return 3; }
  friend bool operator!=(const Watcher& a, const Watcher& b) { return false; }
  friend void befriended(Watcher&);
  void locked() const LIB_REQUIRES(lock_) { int block_scope(int); }
  template <class R, class C>
  R called(R (C::*member)(int), std::false_type = {}) const { return {}; }
 public slots:
  void refresh();

 private:
  int count_ LIB_GUARDED_BY(lock_);
};

Watcher::Watcher() {}
template <class T>
Pair(T, T) -> Pair<T>;
template class Pool<int>;
void LIB_SYMBOL(hidden_name)(int x);

void with_blocks() {
  LIB_TRY {
    run();
  }
  LIB_CATCH(...) {
  }
}

#if LIB_NEW
inline std::strong_ordering operator<=>(Stats a, Stats b) noexcept
#else
inline bool operator<(Stats a, Stats b) noexcept
#endif
{
  return a.total() < b.total();
}

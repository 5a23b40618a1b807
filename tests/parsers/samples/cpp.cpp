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

// A pool of connections: the sample for Zig.
const std = @import("std");

/// Holds connections.
pub const Pool = struct {
    size: usize,

    /// Makes a pool.
    // Not for people.
    pub fn init(size: usize) Pool {
        return .{ .size = size };
    }

    pub fn free(self: *const Pool) usize {
        const Local = struct {
            fn twice(n: usize) usize {
                return n * 2;
            }
        };
        return Local.twice(self.size);
    }

    const State = enum(u8) {
        free,
        fn label(self: State) []const u8 {
            _ = self;
            return "free";
        }
    };

    test "inside" {}
};

const Value = union(enum) { int: i32, fn get(self: Value) i32 { return self.int; } };
const Handle = opaque { pub fn close(self: *Handle) void { _ = self; } };
const Bits = packed struct(u8) { flag: bool, fn all() void {} };

// Grows by type.
pub fn List(comptime T: type) type {
    return struct {
        items: []T,
        fn len(self: @This()) usize {
            return self.items.len;
        }
        pub const Iterator = struct {
            fn next() ?T { return null; }
        };
    };
}

export fn exported(x: c_int) callconv(.C) c_int { return x; }
extern "c" fn strlen(text: [*:0]const u8) usize;
/// Ends the process.
pub extern fn exit(code: c_int) noreturn;
inline fn quick(comptime x: i32) !i32 { return x; }
noinline fn slow() void {}
fn @"quoted name"() void {}

fn await(future: *Future) void {
    asm volatile ("syscall"
        :
        : [number] "{rax}" (1),
        : .{
          .rcx = true,
          .memory = true,
        });
    future.wait();
}

const compare = struct {
    fn lessThan(a: u8, b: u8) bool { return a < b; }
}.lessThan;

test "gives one out" {
    try std.testing.expect(true);
}

test Pool {}
test {
    _ = Pool;
}

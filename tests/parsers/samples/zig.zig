// A pool of connections: the sample for Zig.
const std = @import("std");

/// Holds connections.
pub const Pool = struct {
    size: usize,

    /// Makes a pool.
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

    const State = enum {
        free,
        fn label(self: State) []const u8 {
            _ = self;
            return "free";
        }
    };
};

const Value = union(enum) { int: i32, fn get(self: Value) i32 { return self.int; } };

// Grows by type.
pub fn List(comptime T: type) type {
    return struct {
        items: []T,
        fn len(self: @This()) usize {
            return self.items.len;
        }
    };
}

export fn exported(x: c_int) callconv(.C) c_int { return x; }
extern "c" fn strlen(text: [*:0]const u8) usize;
inline fn quick(comptime x: i32) !i32 { return x; }

test "gives one out" {
    try std.testing.expect(true);
}

test Pool {}

//! Reads the paths in its arguments. Prints for each file a form feed and its path, then one function a line:
//! name, name line, start line, end line, documentation with line breaks as vertical tabs.
const std = @import("std");
const Ast = std.zig.Ast;

pub fn main(init: std.process.Init) !void {
    const arena = init.arena.allocator();
    const arguments = try init.minimal.args.toSlice(arena);
    var printed: std.Io.Writer.Allocating = .init(arena);
    for (arguments[1..]) |path| {
        const source = try std.Io.Dir.cwd().readFileAllocOptions(init.io, path, arena, .unlimited, .of(u8), 0);
        const tree = try Ast.parse(arena, source, .{});
        if (tree.errors.len != 0) continue;
        try printed.writer.print("\x0c{s}\n", .{path});
        for (0..tree.nodes.len) |index| try print(&printed.writer, tree, @enumFromInt(index));
    }
    try std.Io.File.stdout().writeStreamingAll(init.io, printed.written());
}

fn print(out: *std.Io.Writer, tree: Ast, node: Ast.Node.Index) !void {
    switch (tree.nodeTag(node)) {
        .fn_decl => {
            var buffer: [1]Ast.Node.Index = undefined;
            const prototype = tree.fullFnProto(&buffer, node).?;
            try put(out, tree, node, prototype.name_token orelse return);
        },
        .test_decl => try put(out, tree, node, tree.nodeMainToken(node) + @intFromBool(tree.tokenTag(tree.nodeMainToken(node) + 1) != .l_brace)),
        else => {},
    }
}

fn put(out: *std.Io.Writer, tree: Ast, node: Ast.Node.Index, name: Ast.TokenIndex) !void {
    const first = tree.firstToken(node);
    try out.print("{s}\t{d}\t{d}\t{d}\t", .{
        tree.tokenSlice(name), line(tree, name), line(tree, first), line(tree, tree.lastToken(node)),
    });
    var token = first;
    while (token > 0 and tree.tokenTag(token - 1) == .doc_comment) token -= 1;
    while (token < first) : (token += 1) try out.print("{s}\x0b", .{tree.tokenSlice(token)[3..]});
    try out.writeByte('\n');
}

fn line(tree: Ast, token: Ast.TokenIndex) usize {
    return std.mem.countScalar(u8, tree.source[0..tree.tokenStart(token)], '\n');
}

// A pool of connections: the sample for Swift.
import Foundation

/// Opens a connection.
///
/// - Parameter host: where
@discardableResult
public func open<T: Codable>(_ host: String, at port: Int = 5432) async throws -> T? where T: Sendable {
    func attempt(_ n: Int) -> Int { return n + 1 }
    let twice = { (n: Int) -> Int in n * 2 }
    return nil
}

@MainActor
final class Pool<T>: Base {
    let size: Int
    lazy var items: [T] = { [] }()
    var onClose: (String) -> Void = { _ in }

    /** Makes a pool. */
    init(size: Int) { self.size = size }
    convenience init?(host: String) { return nil }
    deinit { close() }

    /// How many are free.
    var free: Int { return size - used }
    var name: String {
        get { "pool" }
        set { print(newValue) }
    }
    subscript(index: Int) -> T { items[index] }

    @available(iOS 13, *)
    override func close() {}
    static func make() -> Pool<Int> { fatalError() }
    struct Stats { func total() -> Int { 0 } }
}

extension Pool.Stats: CustomStringConvertible {
    func describe() -> String { "stats" }
}

protocol Listener {
    /// Called at the end.
    func onClose(reason: String)
    init(name: String)
    var name: String { get }
}

enum State { case free; mutating func toggle() {} }
actor Counter { func increment() {} }
func + (a: Point, b: Point) -> Point { a }

#if DEBUG
func debugOnly() {}
#endif

// A pool of connections: the sample for Swift.
import Foundation

/// Opens a connection.
///
/// - Parameter host: where
@discardableResult
public func open<T: Codable>(_ host: String, at port: Int = 5432) async throws -> T? where T: Sendable {
    func attempt(_ n: Int) -> Int { return n + 1 }
    let twice = { (n: Int) -> Int in n * 2 }
    let depth = 1, thrice: (Int) -> Int = { $0 * 3 }
    var total: Int { depth + 1 }
    #if DEBUG
    func trace() {}
    #else
    func trace() {}
    #endif
    run(completion: { result in print(result) }) { print("done") }
    return nil
}

@MainActor
final class Pool<T>: Base {
    let size: Int
    lazy var items: [T] = { [] }()
    var onClose: (String) -> Void = { _ in }
    private lazy var onOpen: () -> Void = { [weak self] in self?.close() }

    /** Makes a pool. */
    init(size: Int) { self.size = size }
    convenience init?(host: String) { return nil }
    required init!<S: Sequence>(all: S) throws where S.Element == T {}
    deinit { close() }

    /// How many are free.
    var free: Int { return size - used }
    var name: String {
        get { "pool" }
        set { print(newValue) }
    }
    var latest: T {
        get async throws { try await fetch() }
    }
    var used: Int = 0 {
        willSet { print(newValue) }
        didSet { print(oldValue) }
    }
    @Published var state = State.free { didSet { announce() } }
    @ViewBuilder var body: some View { Text("pool") }
    subscript(index: Int) -> T { items[index] }
    static subscript(key key: String) -> Int {
        get { 1 }
        set { print(newValue) }
    }

    @available(iOS 13, *)
    override func close() {
        self.onClose = { reason in print(reason) }
        onOpen = { [unowned self] in self.close() }
        self.handlers.first = { print("first") }
    }
    static func make() -> Pool<Int> { fatalError() }
    class func `default`() -> Self { fatalError() }
    nonisolated func each<each U>(_ all: repeat each U) {}
    func callAsFunction(_ n: Int) -> T { items[n] }
    static func == (a: Pool, b: Pool) -> Bool { a === b }
    static prefix func - (a: Pool) -> Pool { a }
    @objc(closeAll:)
    func closeAll(_ sender: Any) {}
    struct Stats { func total() -> Int { 0 } }
}

extension Pool.Stats: CustomStringConvertible {
    var description: String { describe() }
    func describe() -> String { "stats" }
}

extension Array where Element == Int {
    mutating func grow(by size: Int) rethrows { append(size) }
}

protocol Listener {
    /// Called at the end.
    func onClose(reason: String)
    init(name: String)
    var name: String { get }
    static func make() async throws -> Self
    subscript(index: Int) -> Int { get set }
    static func + (a: Self, b: Self) -> Self
}

extension Listener {
    func onClose(reason: String) {}
}

enum State {
    case free
    case busy(Int)
    init?(raw: String) { return nil }
    mutating func toggle() {}
    static var all: [State] { [.free] }
}
actor Counter { func increment() {} }
distributed actor Node { distributed func ping() {} }
func + (a: Point, b: Point) -> Point { a }
infix operator <+>
func <+> <T>(a: T, b: T) -> T { a }

#if DEBUG
func debugOnly() {}
#endif

var version: Int { 1 }
let handler: @Sendable (Int) async -> Void = { n in print(n) }

final class PoolTests: XCTestCase {
    func testOpens() throws {}
}

@Suite struct Closing {
    @Test("Closes once", arguments: [1, 2]) func closesOnce(times: Int) {}
    func helper() {}
}

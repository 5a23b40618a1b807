/// Gives a value and the source that it comes from.
@freestanding(expression)
public macro stringify<T>(_ value: T) -> (T, String) = #externalMacro(module: "Macros", type: "Stringify")

@attached(member, names: named(init)) macro Initialized()

func use() -> Int { 1 }

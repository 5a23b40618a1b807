# A pool of connections: the sample for Julia.
module Pooling

using Base: show

struct Pool
    size::Int
end

"""
    open(host; port)

Opens a connection.
"""
function open(host::String, port::Int=5432; retries=3)::Pool where {T<:Real}
    attempt(n) = n + 1
    twice = n -> 2n
    return Pool(attempt(twice(port)))
end

"Doubles."
double(x::T) where {T<:Number} = 2x
# Halves.
half(x)::Float64 = x / 2
Base.show(io::IO, pool::Pool) = print(io, pool.size)
Base.:(==)(a::Pool, b::Pool) = a.size == b.size
+(a::Pool, b::Pool) = Pool(a.size + b.size)

#=
Closes it.
=#
function Base.close(pool::Pool)
    nothing
end

macro once(block)
    esc(block)
end

function (pool::Pool)(key)
    key
end

function generic end
named = function (x)
    x
end

if VERSION > v"1.0"
    conditional() = 1
end

end # module

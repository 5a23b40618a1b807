# A pool of connections: the sample for Julia.
module Pooling

using Base: show

struct Pool{T}
    size::Int
    "Makes a pool."
    Pool{T}(size) where {T} = new{T}(size)
    function Pool()
        new{Int}(0)
    end
end

Pool(size::Int) = Pool{Int}(size)

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
scaled(x::T)::T where {T} = x
Base.show(io::IO, pool::Pool) = print(io, pool.size)
Base.:(==)(a::Pool, b::Pool) = a.size == b.size
Base.:-(a::Pool, b::Pool) = a
+(a::Pool, b::Pool) = Pool(a.size + b.size)
(*)(a::Pool, n) = a
a ⊕ b = a + b
function !(a::Pool) a end

#=
Closes it.
=#
function Base.close(pool::Pool)
    nothing
end

macro once(block)
    esc(block)
end

"Says whether one is free."
@inline free(pool) = pool.size > 0

@inline function quick(x)
    x
end

function (pool::Pool)(key)
    key
end
(pool::Pool)(key, default) = default
(::Type{Pool})(x, y, z) = x

function generic end
named = function (x)
    x
end
const constant = x -> x
values[1] = 2
index(x)[1] = 3

if VERSION > v"1.0"
    conditional() = 1
end

@eval $name(x) = x

for n in 1:3
    looped(x) = n
end

@testset "opening" begin
    @test open("") isa Pool
end

map(1:3) do x
    x
end

baremodule Stats
total() = 0
end

end # module

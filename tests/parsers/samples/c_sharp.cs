// A pool of connections: the sample for C#.
using System;

namespace Net.Pooling;

/// <summary>Holds connections.</summary>
[Serializable]
public sealed class Pool<T> : IPool, IEnumerable<T> where T : class, new()
{
    private readonly Func<int, int> twice = n => n * 2;
    static Pool() { }

    /// <summary>
    /// Makes a pool.
    /// </summary>
    /// <param name="size">How many.</param>
    public Pool(int size) : base(size) { }

    ~Pool() { Dispose(); }

    [Obsolete("use GetAsync"), Pure]
    public T Get<TKey>(TKey key, params int[] more) where TKey : notnull => items[key];

    /* Gets one, later. */
    public async Task<T> GetAsync(string key, CancellationToken token = default)
    {
        int Attempt(int n) => n + 1;
        Action<int> log = delegate(int n) { Console.WriteLine(n); };
        var pause = async (int n) => { await Task.Delay(n); };
        await pause(Attempt(1));
        return null;
    }

    public int Size { get; set; }
    public int Free => size - used;
    public int Used
    {
        get { return used; }
        private set => used = value;
    }
    public T this[int index] => items[index];
    public static Pool<T> operator +(Pool<T> a, Pool<T> b) { return a; }
    public static implicit operator int(Pool<T> pool) => pool.Size;
    void IDisposable.Dispose() { }
    public event EventHandler Closed { add { } remove { } }
    protected abstract void Evict();
    private extern int Count();

    private class Lease { internal void Renew() { } }
}

public interface IPool
{
    /// <summary>Closes it.</summary>
    void Close(string reason);
    int Default() => 1;
}

public record Point(int X, int Y) { public double Norm() => 0; }
public readonly struct Span { public int Length() { return 0; } }
public static class Extensions { public static bool IsFree(this Pool<int> pool) => true; }

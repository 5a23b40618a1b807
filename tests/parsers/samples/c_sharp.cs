// A pool of connections: the sample for C#.
using System;

Console.WriteLine("top");
static int Top(int n) => n;

namespace Net.Pooling
{

/// <summary>Holds connections.</summary>
[Serializable]
public sealed partial class Pool<T> : IPool, IEnumerable<T> where T : class, new()
{
    private readonly Func<int, int> twice = n => n * 2;
    private Action<int> first = delegate (int n) { }, second = static n => { };
    public delegate int Reducer(int left, int right);
    static Pool() { }

    /// <summary>
    /// Makes a pool.
    /// </summary>
    /// <param name="size">How many.</param>
    public Pool(int size) : base(size) { }
    public Pool() => size = 1;

    ~Pool() { Dispose(); }

    [Obsolete("use GetAsync"), Pure]
    public T Get<TKey>(TKey key, params int[] more) where TKey : notnull => items[key];

    /* Gets one, later. */
    public async Task<T> GetAsync(string key, CancellationToken token = default)
    {
        int Attempt(int n) => n + 1;
        [MethodImpl(MethodImplOptions.NoInlining)]
        static async Task<U> Again<U>(U value) where U : struct { return await value; }
        Action<int> log = delegate(int n) { Console.WriteLine(n); };
        var pause = async (int n) => { await Task.Delay(n); };
        this.log = text => Console.WriteLine(text);
        closed = delegate { };
        owner.closed = delegate { };
        button.Click += (sender, e) => pause(1);
        Run(callback: n => n + 1);
        var options = new Options { OnError = error => Log(error), Sizes = [1, 2, ..others] };
#if DEBUG
        int Depth() { return 1; }
#else
        int Depth() => 2;
#endif
        #region Waiting
        await pause(Attempt(1));
        void Last() { }
        #endregion
        return null;
    }

    public int Size { get; set; }
    public required string Name { get; init; } = "";
    public Func<int, int> Scale { get; } = n => n * 2;
    public int Free => size - used;
    public int Used
    {
        get { return used; }
        private set => used = value;
    }
    public T this[int index] => items[index];
    public T this[string key]
    {
        get => items[key];
        set { items[key] = value; }
    }
    public static Pool<T> operator +(Pool<T> a, Pool<T> b) { return a; }
    public static Pool<T> operator checked -(Pool<T> a, Pool<T> b) => a;
    public static bool operator true(Pool<T> pool) => true;
    public static implicit operator int(Pool<T> pool) => pool.Size;
    public static explicit operator checked byte(Pool<T> pool) { return 1; }
    void IDisposable.Dispose() { }
    int IReadOnlyCollection<T>.Count => size;
    T IList<T>.this[int index] { get { return items[index]; } set { } }
    event EventHandler IPool.Opened { add { } remove { } }
    static Pool<T> IAdder<T>.operator +(Pool<T> a, Pool<T> b) => a;
    public event EventHandler Closed { add { } remove { } }
    public event EventHandler Renewed;
    public ref readonly T Peek() => ref items[0];
    protected abstract void Evict();
    private static extern int Count();
    partial void OnEvicted(T item);
    partial void OnEvicted(T item) { }
    unsafe void* @lock(int* at) => at;

#if NET8_0_OR_GREATER
    public int Version() { return 8; }
#elif NET6_0
    public int Version() => 6;
#endif

    private class Lease { internal void Renew() { } }
}

public interface IPool
{
    /// <summary>Closes it.</summary>
    void Close(string reason);
    int Default() => 1;
    int Size { get; }
    static abstract IPool operator +(IPool a, IPool b);
    static virtual int Compare(IPool a, IPool b) { return 0; }
}

public record Point(int X, int Y) { public double Norm() => 0; }
public readonly record struct Range(int From, int To) { public Range() : this(0, 1) { } }
public readonly struct Span { public int Length() { return 0; } }
public static class Extensions
{
    public static bool IsFree(this Pool<int> pool) => true;
    extension(Pool<int> pool) { public int Twice() => 2; }
}
internal class Limits(int most) : Base(most) { public int Most() => most; }

public class PoolTests
{
    [Fact] public void Opens() { }
}

public class Checks
{
    [Theory]
    [InlineData(1)]
    public void Closes(int size) { }
    [NUnit.Framework.TestCase(2)] public void Grows(int size) { }
    [SetUp] public void Prepare() { }
}
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Learning;

/// <summary>Element-wise loops over spans: whole registers, and the last few elements through a padded copy, so that one formula serves both.</summary>
internal static class Lanes
{
    /// <summary>Reads a register at an index; past the end of the span its lanes are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Load<T>(ReadOnlySpan<T> source, int at) where T : unmanaged =>
        at + Vector<T>.Count <= source.Length ? new Vector<T>(source.Slice(at)) : LoadTail(source[at..]);

    /// <summary>Writes a register at an index; lanes past the end of the span are dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector<T> value, Span<T> target, int at) where T : unmanaged
    {
        if (at + Vector<T>.Count <= target.Length) value.CopyTo(target.Slice(at));
        else StoreTail(value, target[at..]);
    }

    /// <summary>Puts a number into every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Of<T>(double value) where T : unmanaged, INumberBase<T> => new(T.CreateTruncating(value));

    /// <summary>Gives one where the mask is set and zero elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> OneWhere<T>(Vector<T> mask) where T : unmanaged => Vector.ConditionalSelect(mask, Vector<T>.One, Vector<T>.Zero);

    /// <summary>Adds a span to another.</summary>
    public static void Add<T>(ReadOnlySpan<T> source, Span<T> target) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, source.Length);
        // Unchecked inside the bounds that were just checked: rows of layers are short, and checks per register cost more than the sums.
        ref T from = ref MemoryMarshal.GetReference(source);
        ref T to = ref MemoryMarshal.GetReference(target);
        int i = 0;
        for (; i <= source.Length - Vector<T>.Count; i += Vector<T>.Count) (Vector.LoadUnsafe(ref to, (nuint)i) + Vector.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (; i < source.Length; i++) target[i] = (new Vector<T>(target[i]) + new Vector<T>(source[i]))[0];
    }

    /// <summary>Runs an operation over two spans into a third; the spans may be the same.</summary>
    /// <typeparam name="TOperation">The operation, a struct, so that it is inlined.</typeparam>
    /// <typeparam name="T">float or double.</typeparam>
    public static void Zip<TOperation, T>(TOperation operation, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> result) where TOperation : struct, ILaneOperation<T> where T : unmanaged
    {
        int n = result.Length, i = 0;
        ArgumentOutOfRangeException.ThrowIfLessThan(a.Length, n);
        ArgumentOutOfRangeException.ThrowIfLessThan(b.Length, n);
        ref T x = ref MemoryMarshal.GetReference(a);
        ref T y = ref MemoryMarshal.GetReference(b);
        ref T z = ref MemoryMarshal.GetReference(result);
        for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) operation.Run(Vector.LoadUnsafe(ref x, (nuint)i), Vector.LoadUnsafe(ref y, (nuint)i)).StoreUnsafe(ref z, (nuint)i);
        if (i < n) Store(operation.Run(Load(a, i), Load(b, i)), result, i);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector<T> LoadTail<T>(ReadOnlySpan<T> source) where T : unmanaged
    {
        Span<T> copy = stackalloc T[Vector<T>.Count];
        source.CopyTo(copy);
        return new Vector<T>(copy);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreTail<T>(Vector<T> value, Span<T> target) where T : unmanaged
    {
        Span<T> copy = stackalloc T[Vector<T>.Count];
        value.CopyTo(copy);
        copy[..target.Length].CopyTo(target);
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

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
        for (int i = 0; i < source.Length; i += Vector<T>.Count) Store(Load<T>(target, i) + Load(source, i), target[..source.Length], i);
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

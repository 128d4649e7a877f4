using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Perception;

/// <summary>Numbers at a fixed place in memory, aligned to a cache line, so that kernels can walk over them with plain pointers.</summary>
/// <remarks>Sound because the array lies on the pinned heap and this object keeps it alive: a pointer is valid as long as its AlignedArray is reachable, and
/// every operation holds the arrays whose pointers it uses.</remarks>
/// <typeparam name="T">The kind of number.</typeparam>
internal sealed unsafe class AlignedArray<T>
    where T : unmanaged
{
    private const int Line = 64;
    private readonly T[] _memory;

    /// <summary>Makes an array of zeros.</summary>
    internal AlignedArray(int length)
    {
        // One line more in front for the alignment, one more behind: a full vector may be loaded from the last element on.
        _memory = GC.AllocateArray<T>(length + 2 + 2 * Line / sizeof(T), pinned: true);
        nint start = (nint)Unsafe.AsPointer(ref _memory[0]);
        Pointer = (T*)((start + Line - 1) & ~(Line - 1));
        Length = length;
    }

    /// <summary>Makes an array of given numbers.</summary>
    internal AlignedArray(ReadOnlySpan<T> values)
        : this(values.Length) => values.CopyTo(Span);

    internal T* Pointer { get; }

    internal int Length { get; }

    internal Span<T> Span => new(Pointer, Length);
}

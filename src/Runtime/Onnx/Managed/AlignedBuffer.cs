using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>Numbers at an address that is a multiple of 64 and never changes.</summary>
/// <remarks>
/// A pinned array with room to spare, rather than native memory: the collector keeps it as long as anything refers to it, so that no span into
/// it can outlive it, and nothing needs to be freed.
/// </remarks>
internal sealed class AlignedBuffer
{
    private const int Alignment = 64;

    private readonly float[] _array;
    private readonly int _start;

    /// <summary>Makes a buffer of zeros.</summary>
    public AlignedBuffer(int count)
    {
        _array = GC.AllocateArray<float>(count + Alignment / sizeof(float), pinned: true);
        // Sound: the array is pinned, so the address that decides the start stays.
        nint at;
        unsafe
        {
            at = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        }
        _start = (int)((-at & (Alignment - 1)) / sizeof(float));
        Count = count;
    }

    /// <summary>Gets how many numbers there are.</summary>
    public int Count { get; }

    /// <summary>Gets the numbers.</summary>
    public Span<float> Span => _array.AsSpan(_start, Count);

    /// <summary>Gets the first number.</summary>
    public ref float First => ref _array[_start];
}

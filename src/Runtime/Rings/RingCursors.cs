using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>The two indices of a ring, far enough apart that writer and reader never fight for one cache line.</summary>
/// <remarks>
/// 128 bytes of distance on every side: x86 prefetches lines in pairs and some ARM cores have 128-byte lines. The object that holds this
/// is aligned to 8 bytes only, so the gap is measured from the end of one group to the start of the next. Top-level on purpose: a type
/// with explicit layout nested in a generic one does not load (TypeLoadException).
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 464)]
internal struct RingCursors
{
    /// <summary>Items written. Only the writer writes it.</summary>
    [FieldOffset(128)] public long Tail;

    /// <summary>The writer's last look at <see cref="Head"/>; private to the writer.</summary>
    [FieldOffset(136)] public long CachedHead;

    /// <summary>Items lost. Only the writer writes it.</summary>
    [FieldOffset(144)] public long Dropped;

    /// <summary>The most items the writer saw inside. Only the writer writes it.</summary>
    [FieldOffset(152)] public long HighWater;

    /// <summary>Items read. Only the reader writes it.</summary>
    [FieldOffset(320)] public long Head;

    /// <summary>The reader's last look at <see cref="Tail"/>; private to the reader.</summary>
    [FieldOffset(328)] public long CachedTail;
}

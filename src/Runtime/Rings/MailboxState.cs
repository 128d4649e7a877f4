using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>The state words of a mailbox: the shared one and those of each side on cache lines of their own (see <see cref="RingCursors"/>).</summary>
[StructLayout(LayoutKind.Explicit, Size = 584)]
internal struct MailboxState
{
    /// <summary>Index of the buffer in the middle, plus the fresh bit. Both sides exchange it.</summary>
    [FieldOffset(128)] public int Middle;

    /// <summary>Index of the buffer the writer fills; private to the writer.</summary>
    [FieldOffset(264)] public int Back;

    /// <summary>Values published. Only the writer writes it.</summary>
    [FieldOffset(272)] public long Published;

    /// <summary>Values replaced before anybody took them. Only the writer writes it.</summary>
    [FieldOffset(280)] public long Overwritten;

    /// <summary>Index of the buffer the reader holds; private to the reader.</summary>
    [FieldOffset(440)] public int Front;

    /// <summary>Values taken. Only the reader writes it.</summary>
    [FieldOffset(448)] public long Taken;
}

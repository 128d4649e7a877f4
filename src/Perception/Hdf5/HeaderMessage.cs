namespace EdgeAutonomy.Perception;

/// <summary>One message of an object header.</summary>
/// <param name="Type">What it holds.</param>
/// <param name="Flags">Bit 1: the content is elsewhere, shared by several objects.</param>
/// <param name="Start">Address of its content.</param>
/// <param name="Length">Bytes of its content.</param>
internal readonly record struct HeaderMessage(MessageType Type, byte Flags, long Start, int Length)
{
    public bool IsShared => (Flags & 2) != 0;

    /// <summary>Gets whether a reader that does not know the type must give up.</summary>
    public bool MustBeKnown => (Flags & 0x80) != 0;
}

namespace EdgeAutonomy.Recording;

/// <summary>The stream that a writer fills: counts bytes, keeps the data section's CRC, and turns every failure into one exception.</summary>
/// <remarks>
/// Each write is one or more whole records. After a failure nothing is written until <see cref="RollBack"/> has cut the torn record off.
/// </remarks>
internal sealed class McapOutput(Stream stream, string name, bool leaveOpen, bool crc)
{
    private readonly long _origin = stream.CanSeek ? stream.Position : 0;

    public string Name => name;

    /// <summary>Whole bytes written since the start of the file.</summary>
    public long Position { get; private set; }

    public uint Crc { get; private set; }

    public McapWriteException? Failure { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Fail(e);
        }
        Position += bytes.Length;
        if (crc) Crc = Crc32.Append(Crc, bytes);
    }

    /// <summary>Writes what belongs together; after a failure in any part of it none counts as written.</summary>
    public void Write(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tail)
    {
        long position = Position;
        uint before = Crc;
        try
        {
            Write(head);
            Write(body);
            Write(tail);
        }
        catch (McapWriteException)
        {
            Position = position;
            Crc = before;
            throw;
        }
    }

    /// <summary>Hands the bytes to the disk, past the system's cache, where the stream is a file.</summary>
    public void Sync()
    {
        try
        {
            if (stream is FileStream file) file.Flush(flushToDisk: true);
            else stream.Flush();
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Fail(e);
        }
    }

    /// <summary>Cuts the stream after the last whole record, so that the file can still be ended; false where that cannot be done.</summary>
    public bool RollBack()
    {
        try
        {
            if (!stream.CanSeek) return false;
            stream.SetLength(_origin + Position);
            stream.Position = _origin + Position;
            return true;
        }
        catch (Exception e) when (IsFailure(e))
        {
            return false;
        }
    }

    public void Close()
    {
        if (leaveOpen) return;
        try
        {
            stream.Dispose();
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Fail(e);
        }
    }

    private McapWriteException Fail(Exception cause)
    {
        var failure = new McapWriteException(name, Position, cause);
        Failure ??= failure;
        return failure;
    }

    // What streams throw when they cannot write; anything else is a bug and goes through.
    private static bool IsFailure(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException or ObjectDisposedException or System.Security.SecurityException;
}

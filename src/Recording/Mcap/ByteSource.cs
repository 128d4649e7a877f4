using Microsoft.Win32.SafeHandles;

namespace EdgeAutonomy.Recording;

/// <summary>Bytes to read a file from.</summary>
internal abstract class ByteSource(string name) : IDisposable
{
    public string Name => name;

    /// <summary>Gets the length, or null where it is not known before the end.</summary>
    public abstract long? Length { get; }

    public static ByteSource Open(string path)
    {
        try
        {
            return new FileSource(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new McapException(path, 0, $"cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Takes a stream that can seek.</summary>
    public static ByteSource Seeking(Stream stream, string name, bool leaveOpen) => new SeekingSource(stream, name, leaveOpen);

    /// <summary>Takes any stream, to be read once from front to back.</summary>
    public static ByteSource Forward(Stream stream, string name, bool leaveOpen) => new ForwardSource(stream, name, leaveOpen);

    /// <summary>Fills the span from the offset on; returns the bytes read, fewer only at the end.</summary>
    /// <exception cref="McapException">The system reported an error.</exception>
    public int Read(long offset, Span<byte> span)
    {
        int total = 0;
        try
        {
            while (total < span.Length)
            {
                int count = ReadSome(offset + total, span[total..]);
                if (count <= 0) break;
                total += count;
            }
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException or NotSupportedException or ObjectDisposedException) and not McapException)
        {
            throw new McapException(name, offset + total, $"reading at offset {offset + total} failed: {e.Message}", e);
        }
        return total;
    }

    public abstract void Dispose();

    protected abstract int ReadSome(long offset, Span<byte> span);

    private sealed class FileSource(string path, SafeFileHandle handle) : ByteSource(path)
    {
        // Taken once: a file that grows while it is read ends where it ended when it was opened.
        private readonly long _length = RandomAccess.GetLength(handle);

        public override long? Length => _length;

        public override void Dispose() => handle.Dispose();

        protected override int ReadSome(long offset, Span<byte> span) =>
            offset >= _length ? 0 : RandomAccess.Read(handle, span[..(int)Math.Min(span.Length, _length - offset)], offset);
    }

    private sealed class SeekingSource(Stream stream, string name, bool leaveOpen) : ByteSource(name)
    {
        private readonly long _length = stream.Length;

        public override long? Length => _length;

        public override void Dispose()
        {
            if (!leaveOpen) stream.Dispose();
        }

        protected override int ReadSome(long offset, Span<byte> span)
        {
            if (offset >= _length) return 0;
            if (stream.Position != offset) stream.Position = offset;
            return stream.Read(span[..(int)Math.Min(span.Length, _length - offset)]);
        }
    }

    /// <summary>Offsets must not go back; bytes between are read and dropped.</summary>
    private sealed class ForwardSource(Stream stream, string name, bool leaveOpen) : ByteSource(name)
    {
        private readonly byte[] _dropped = new byte[16 << 10];
        private long _position;

        public override long? Length => null;

        public override void Dispose()
        {
            if (!leaveOpen) stream.Dispose();
        }

        protected override int ReadSome(long offset, Span<byte> span)
        {
            if (offset < _position) throw new InvalidOperationException($"Bug in EdgeAutonomy.Recording: offset {offset} read after {_position} from a stream that cannot seek.");
            while (_position < offset)
            {
                int dropped = stream.Read(_dropped, 0, (int)Math.Min(_dropped.Length, offset - _position));
                if (dropped <= 0) return 0;
                _position += dropped;
            }
            int count = stream.Read(span);
            _position += count;
            return count;
        }
    }
}

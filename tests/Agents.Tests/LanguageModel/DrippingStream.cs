namespace EdgeAutonomy.Agents.Tests;

/// <summary>A body that arrives piece by piece in virtual time, and may break or never end.</summary>
internal sealed class DrippingStream(VirtualTime time, byte[] content, int piece, TimeSpan pause, bool breaks, bool endless) : Stream
{
    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await time.Pass(pause, cancellationToken).ConfigureAwait(false);
        if (_at >= content.Length)
        {
            if (breaks) throw new IOException("connection reset");
            if (!endless) return 0;
            buffer.Span.Fill((byte)' ');
            return buffer.Length;
        }
        int n = Math.Min(Math.Min(piece, buffer.Length), content.Length - _at);
        content.AsMemory(_at, n).CopyTo(buffer);
        _at += n;
        return n;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

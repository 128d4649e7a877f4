namespace EdgeAutonomy.Recording;

/// <summary>The bytes of one message, encoded once and shared by all who subscribed to it.</summary>
internal sealed class SharedPayload(PayloadPool pool)
{
    private byte[] _data = [];
    private int _length, _references;

    public ReadOnlySpan<byte> Data => _data.AsSpan(0, _length);

    public void Fill(ReadOnlySpan<byte> data)
    {
        // A half more than needed: messages of one kind vary in length, and each new maximum would allocate.
        if (_data.Length < data.Length) _data = new byte[data.Length + data.Length / 2];
        data.CopyTo(_data);
        _length = data.Length;
        Volatile.Write(ref _references, 1);
    }

    public void AddReference() => Interlocked.Increment(ref _references);

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0) pool.Return(this);
    }
}

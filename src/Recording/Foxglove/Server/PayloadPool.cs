namespace EdgeAutonomy.Recording;

/// <summary>Buffers that are used again. Small and large messages have pools of their own, so that small ones do not hold large buffers.</summary>
internal sealed class PayloadPool(int keep)
{
    private readonly Lock _gate = new();
    private readonly Stack<SharedPayload> _free = new(keep);

    /// <summary>Returns a copy of the bytes with one reference.</summary>
    public SharedPayload Rent(ReadOnlySpan<byte> data)
    {
        SharedPayload? payload;
        lock (_gate) _free.TryPop(out payload);
        payload ??= new SharedPayload(this);
        payload.Fill(data);
        return payload;
    }

    internal void Return(SharedPayload payload)
    {
        lock (_gate)
        {
            if (_free.Count < keep) _free.Push(payload);
        }
    }
}

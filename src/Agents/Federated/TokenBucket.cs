namespace EdgeAutonomy.Agents;

/// <summary>Paces what is sent: so many bytes a second, and a burst.</summary>
/// <remarks>Whole bytes and nanoseconds, so no rounding adds up. Single-threaded, 0 bytes per call.</remarks>
public sealed class TokenBucket
{
    private readonly long _rate, _burst;
    private Int128 _tokens;
    private Stamp _at = Stamp.Never;

    /// <summary>Makes a full bucket.</summary>
    /// <param name="bytesPerSecond">The rate; default 1 MiB/s.</param>
    /// <param name="burst">The most bytes at once; default 128 KiB.</param>
    public TokenBucket(long bytesPerSecond = 1 << 20, long burst = 128 << 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(burst);
        (_rate, _burst, _tokens) = (bytesPerSecond, burst, (Int128)burst * 1_000_000_000);
    }

    /// <summary>Takes bytes out if they are there.</summary>
    public bool TryTake(int bytes, Stamp now)
    {
        if (_at > Stamp.Never && now > _at) _tokens = Int128.Min((Int128)_burst * 1_000_000_000, _tokens + (Int128)(now - _at).Nanoseconds * _rate);
        _at = Stamp.Max(now, _at);
        // A piece above the burst goes when the bucket is full, and leaves a debt.
        if (_tokens < (Int128)Math.Min(bytes, _burst) * 1_000_000_000) return false;
        _tokens -= (Int128)bytes * 1_000_000_000;
        return true;
    }
}

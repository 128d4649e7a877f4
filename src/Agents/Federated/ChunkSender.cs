namespace EdgeAutonomy.Agents;

/// <summary>Sends a content in chunks: few at a time, paced, and again what the receiver says is missing.</summary>
/// <remarks>Mosquitto has one thread: a large message would hold every beacon up. Told acknowledgements, bitmaps and times; says which chunk to send. Deterministic, single-threaded.</remarks>
public sealed class ChunkSender
{
    /// <summary>The most chunks on their way.</summary>
    public const int MaxInFlight = 4;

    private readonly TokenBucket _bucket;
    private readonly bool[] _done;
    private readonly SortedDictionary<int, Stamp> _inFlight = [];
    private readonly Duration _timeout;
    private int _left;

    /// <summary>Makes a sender.</summary>
    /// <param name="manifest">What is sent.</param>
    /// <param name="bucket">The pace; shared by all transfers of a link.</param>
    /// <param name="timeout">After how long a chunk without the broker's word is sent again.</param>
    public ChunkSender(TransferManifest manifest, TokenBucket bucket, Duration timeout)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(bucket);
        (Manifest, _bucket, _timeout, _done, _left) = (manifest, bucket, timeout, new bool[manifest.Chunks], manifest.Chunks);
    }

    /// <summary>Gets what is sent.</summary>
    public TransferManifest Manifest { get; }

    /// <summary>Gets or sets whether the robot drives: nothing is sent then.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Gets whether the broker has all chunks. The receiver has the last word: <see cref="OnMissing"/>.</summary>
    public bool IsDone => _left == 0;

    /// <summary>Gets how many chunks were sent, again included.</summary>
    public long Sent { get; private set; }

    /// <summary>Returns the next chunk to send now.</summary>
    /// <param name="now">Now.</param>
    /// <param name="chunk">Its index.</param>
    public bool TryTake(Stamp now, out int chunk)
    {
        chunk = -1;
        if (IsPaused || IsDone) return false;
        foreach (var (sent, at) in _inFlight)
        {
            if (now - at < _timeout) continue;
            chunk = sent;
            break;
        }
        if (chunk < 0 && _inFlight.Count < MaxInFlight)
        {
            for (int i = 0; i < _done.Length && chunk < 0; i++)
            {
                if (!_done[i] && !_inFlight.ContainsKey(i)) chunk = i;
            }
        }
        if (chunk < 0 || !_bucket.TryTake(Manifest.LengthOf(chunk) + ChunkWire.HeadBytes, now)) return false;
        _inFlight[chunk] = now;
        Sent++;
        return true;
    }

    /// <summary>Hears the broker's word on a chunk.</summary>
    /// <param name="chunk">Its index.</param>
    /// <param name="accepted">False: refused or lost; it is sent again.</param>
    public void OnAcknowledged(int chunk, bool accepted)
    {
        if (!_inFlight.Remove(chunk) || !accepted || _done[chunk]) return;
        _done[chunk] = true;
        _left--;
    }

    /// <summary>Takes the receiver's bitmap of missing chunks: bit i of byte i / 8. All others are done.</summary>
    /// <returns>False when it is of another length.</returns>
    public bool OnMissing(ReadOnlySpan<byte> bitmap)
    {
        if (bitmap.Length != (_done.Length + 7) / 8) return false;
        _left = 0;
        for (int i = 0; i < _done.Length; i++)
        {
            _done[i] = (bitmap[i / 8] & 1 << i % 8) == 0;
            if (_done[i]) _inFlight.Remove(i);
            else _left++;
        }
        return true;
    }
}

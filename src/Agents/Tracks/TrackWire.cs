using System.Buffers.Binary;

namespace EdgeAutonomy.Agents;

/// <summary>Tracks as bytes (kind 2, topic <c>r/&lt;rid&gt;/tracks</c>), little-endian.</summary>
/// <remarks>
/// <para>Prefix of 32 bytes as for all binary messages: u8 version = 1, u8 kind = 2, u16 flags, u32 inc, u64 seq, u64 epoch = 0, i64 unix ns. Then u16 number of tracks, u16 0, and for each: u32 id, u8 class, u8 number of sources, u16 0,
/// i64 time (ns, sender's monotonic clock), f32 x, y, vx, vy, 10 × f32 covariance (upper triangle), and per source u64 hash, i64 evidence.</para>
/// <para>Reading is total: arbitrary bytes give false and a reason; numbers that are not finite and covariances that are not positive definite are refused. Bytes behind the last track are ignored. 0 bytes allocated, thread-safe.</para>
/// </remarks>
public static class TrackWire
{
    /// <summary>The most tracks of a message.</summary>
    public const int MaxTracks = 64;

    /// <summary>The largest message.</summary>
    public const int MaxBytes = PrefixBytes + 4 + MaxTracks * (TrackBytes + TrackSources.Capacity * SourceBytes);

    private const int PrefixBytes = 32, TrackBytes = 72, SourceBytes = 16;
    private const byte Version = 1, Kind = 2;

    /// <summary>Writes tracks; at most the first <see cref="MaxTracks"/>.</summary>
    /// <param name="header">Sender, number, time.</param>
    /// <param name="tracks">The tracks.</param>
    /// <param name="target">At least <see cref="MaxBytes"/> long.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(in TrackHeader header, ReadOnlySpan<ObjectTrack> tracks, Span<byte> target)
    {
        if (target.Length < MaxBytes) throw new ArgumentException($"Track message: room for {target.Length} bytes; must be at least {MaxBytes}.", nameof(target));
        int count = Math.Min(tracks.Length, MaxTracks), at = PrefixBytes + 4;
        target[..at].Clear();
        (target[0], target[1]) = (Version, Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], header.Inc);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], header.Seq);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], header.Time);
        BinaryPrimitives.WriteUInt16LittleEndian(target[PrefixBytes..], (ushort)count);
        foreach (ref readonly var track in tracks[..count])
        {
            var sources = track.Sources;
            int number = sources.Count();
            BinaryPrimitives.WriteUInt32LittleEndian(target[at..], track.Id);
            (target[at + 4], target[at + 5], target[at + 6], target[at + 7]) = (track.Class, (byte)number, 0, 0);
            BinaryPrimitives.WriteInt64LittleEndian(target[(at + 8)..], track.Time.Nanoseconds);
            at += 16;
            var e = track.Estimate;
            foreach (double value in (ReadOnlySpan<double>)[e.Position.X, e.Position.Y, e.Velocity.X, e.Velocity.Y]) at = Put(target, at, value);
            for (int i = 0; i < 4; i++)
            {
                // A hair more on the diagonal, so that rounding to single precision never makes the estimate surer than it is.
                for (int j = i; j < 4; j++) at = Put(target, at, e.Covariance[i, j] * (i == j ? 1 + 1e-6 : 1));
            }
            for (int i = 0; i < number; i++, at += SourceBytes)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(target[at..], sources[i].Robot);
                BinaryPrimitives.WriteInt64LittleEndian(target[(at + 8)..], sources[i].Evidence);
            }
        }
        return at;
    }

    /// <summary>Reads tracks.</summary>
    /// <param name="payload">What arrived.</param>
    /// <param name="header">Sender's numbers.</param>
    /// <param name="tracks">Filled from the start; at least <see cref="MaxTracks"/> long.</param>
    /// <param name="count">How many.</param>
    /// <param name="fault">What is wrong; empty where nothing is.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, out TrackHeader header, Span<ObjectTrack> tracks, out int count, out string fault)
    {
        (header, count) = (default, 0);
        fault = payload.Length < PrefixBytes + 4 ? "Track message: shorter than its prefix of 36 bytes."
            : payload[0] != Version || payload[1] != Kind ? "Track message: version or kind is another; this program reads version 1 of kind 2."
            : payload.Length > 4 * MaxBytes ? "Track message: longer than any message of 64 tracks can be."
            : "";
        if (fault.Length > 0) return false;
        int number = BinaryPrimitives.ReadUInt16LittleEndian(payload[PrefixBytes..]), at = PrefixBytes + 4;
        if (number > MaxTracks || number > tracks.Length)
        {
            fault = "Track message: more tracks than the 64 that are read.";
            return false;
        }
        for (int k = 0; k < number; k++)
        {
            if (payload.Length - at < TrackBytes || payload[at + 5] > TrackSources.Capacity || payload.Length - at < TrackBytes + payload[at + 5] * SourceBytes)
            {
                fault = "Track message: ends within a track, or a track has more than 8 sources.";
                return false;
            }
            if (TryTrack(payload[at..], out tracks[k]))
            {
                at += TrackBytes + payload[at + 5] * SourceBytes;
                continue;
            }
            fault = "Track message: a number is not finite, a covariance not positive definite, or sources are not in order.";
            return false;
        }
        header = new TrackHeader(BinaryPrimitives.ReadUInt32LittleEndian(payload[4..]), BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]), BinaryPrimitives.ReadInt64LittleEndian(payload[24..]));
        count = number;
        return true;
    }

    private static bool TryTrack(ReadOnlySpan<byte> bytes, out ObjectTrack track)
    {
        float At(ReadOnlySpan<byte> from, int index) => BinaryPrimitives.ReadSingleLittleEndian(from[(16 + 4 * index)..]);
        var covariance = default(SymmetricMatrix4);
        int next = 4;
        for (int i = 0; i < 4; i++)
        {
            for (int j = i; j < 4; j++) covariance[i, j] = At(bytes, next++);
        }
        var estimate = new TrackEstimate(new Vector2D(At(bytes, 0), At(bytes, 1)), new Vector2D(At(bytes, 2), At(bytes, 3)), covariance);
        var sources = default(TrackSources);
        ulong last = 0;
        bool ordered = true;
        for (int i = 0; i < bytes[5]; i++)
        {
            var at = bytes[(TrackBytes + i * SourceBytes)..];
            sources[i] = new TrackSource(BinaryPrimitives.ReadUInt64LittleEndian(at), BinaryPrimitives.ReadInt64LittleEndian(at[8..]));
            ordered &= sources[i].Robot > last;
            last = sources[i].Robot;
        }
        long time = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        track = new ObjectTrack(BinaryPrimitives.ReadUInt32LittleEndian(bytes), bytes[4], estimate, new Stamp(time), sources);
        // Times beyond a century would overflow when the clock offset is added.
        return ordered && bytes[5] > 0 && estimate.IsValid && time is > -(1L << 61) and < 1L << 61;
    }

    private static int Put(Span<byte> target, int at, double value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(target[at..], (float)value);
        return at + 4;
    }
}

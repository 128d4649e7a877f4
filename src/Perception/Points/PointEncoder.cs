namespace EdgeAutonomy.Perception;

/// <summary>Turns the sample of a window into groups of coded points, and those into spikes or currents: what a point network looks at.</summary>
/// <remarks>
/// Steps: put the events in order of time, row and column (so the answer does not depend on the order of the sample); scale x, y and time to 0 … 1 between their
/// least and greatest (<see cref="PointOptions.Trim"/>); choose centroids; find each one's nearest points; code them (<see cref="PointCoding"/>). σ of a group is the root mean square of its Δ over
/// all points and axes. Polarity is left out, as in the paper. Training uses this very class. Allocation-free after construction; not thread-safe.
/// Source: Ren et al., "SpikePoint", ICLR 2024, section 3.1.
/// </remarks>
public sealed class PointEncoder
{
    /// <summary>How many numbers a point says: Δx, Δy, Δt, and the group's x, y, t.</summary>
    public const int Features = 6;

    private const int TimeBits = 32, PlaceBits = 16;
    private readonly ulong[] _keys;
    private readonly ushort[] _columns, _rows;
    private readonly float[] _x, _y, _t;
    private readonly int[] _centroids, _nearest;
    private readonly float[] _codes;
    private readonly PointGroups _groups;

    /// <summary>Makes an encoder.</summary>
    /// <param name="options">How events become codes.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public PointEncoder(PointOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        int padded = PointDistance.Padded(options.Points);
        _keys = new ulong[options.Points];
        (_columns, _rows) = (new ushort[options.Points], new ushort[options.Points]);
        (_x, _y, _t) = (new float[padded], new float[padded], new float[padded]);
        _centroids = new int[options.Groups];
        _nearest = new int[options.Neighbours];
        _codes = new float[options.Places * Features];
        _groups = new PointGroups(options);
    }

    /// <summary>Gets how events become codes.</summary>
    public PointOptions Options { get; }

    /// <summary>Gets the codes of the last sample, [group, neighbour, feature], features Δx, Δy, Δt, then the group's x, y, t; in −1 … 1, and in 0 … 1 where the coding has no sign.</summary>
    public ReadOnlySpan<float> Codes => _codes;

    /// <summary>Gets how many events the last sample had.</summary>
    public int Count { get; private set; }

    /// <summary>Codes a sample.</summary>
    /// <param name="sample">1 … <see cref="PointOptions.Points"/> events in any order; further ones are not looked at.</param>
    /// <returns>False where there is no event: the codes are then all zero.</returns>
    public bool Encode(ReadOnlySpan<Event> sample)
    {
        Count = Math.Min(sample.Length, Options.Points);
        if (Count == 0)
        {
            Array.Clear(_codes);
            return false;
        }
        Normalise(sample[..Count]);
        _groups.Choose(_x, _y, _t, Count, _centroids);
        for (int g = 0; g < _centroids.Length; g++)
        {
            _groups.Nearest(_x, _y, _t, Count, _centroids[g], _nearest);
            Code(_centroids[g], _codes.AsSpan(g * _nearest.Length * Features, _nearest.Length * Features));
        }
        return true;
    }

    /// <summary>Draws the spikes of the last sample: feature f of a place fires in a step with its code as the probability (to 1/1024); a code below zero never fires.</summary>
    /// <param name="random">The generator; one draw per place and step.</param>
    /// <param name="spikes">Takes [place, step], place = group · neighbours + neighbour; bit f is feature f.</param>
    public void Draw(RandomStream random, Span<byte> spikes)
    {
        int steps = Options.Steps;
        for (int p = 0; p < Options.Places; p++)
        {
            var code = _codes.AsSpan(p * Features, Features);
            uint c0 = Chance(code[0]), c1 = Chance(code[1]), c2 = Chance(code[2]), c3 = Chance(code[3]), c4 = Chance(code[4]), c5 = Chance(code[5]);
            for (int t = 0; t < steps; t++)
            {
                // Six fields of ten bits.
                ulong r = random.NextUInt64();
                spikes[p * steps + t] = (byte)(Below(r, c0) | Below(r >> 10, c1) << 1 | Below(r >> 20, c2) << 2 | Below(r >> 30, c3) << 3 | Below(r >> 40, c4) << 4 | Below(r >> 50, c5) << 5);
            }
        }
    }

    private static uint Chance(float code) => code <= 0 ? 0 : (uint)Math.Min(1024, (int)(code * 1024 + 0.5f));

    private static int Below(ulong bits, uint chance) => (uint)(bits & 1023) < chance ? 1 : 0;

    private void Normalise(ReadOnlySpan<Event> sample)
    {
        int n = sample.Length;
        long first = long.MaxValue;
        foreach (ref readonly var e in sample) first = Math.Min(first, e.TimeUs);
        uint longest = 1;
        for (int i = 0; i < n; i++)
        {
            ref readonly var e = ref sample[i];
            // As unsigned numbers, so that times an age apart do not overflow; a window has at most 2^26 µs.
            uint after = (uint)Math.Min((ulong)(e.TimeUs - first), uint.MaxValue);
            longest = Math.Max(longest, after);
            _keys[i] = (ulong)after << TimeBits | (ulong)e.Y << PlaceBits | e.X;
            (_columns[i], _rows[i]) = (e.X, e.Y);
        }
        _keys.AsSpan(0, n).Sort();
        var (left, width) = Range(_columns.AsSpan(0, n));
        var (top, height) = Range(_rows.AsSpan(0, n));
        if (Options.KeepsAspect)
        {
            float side = Math.Max(width, height);
            (left, top, width, height) = (left - (side - width) / 2, top - (side - height) / 2, side, side);
        }
        for (int i = 0; i < n; i++)
        {
            ulong key = _keys[i];
            _x[i] = Math.Clamp(((int)(key & 0xFFFF) - left) / width, 0, 1);
            _y[i] = Math.Clamp(((int)(key >> PlaceBits & 0xFFFF) - top) / height, 0, 1);
            _t[i] = (key >> TimeBits) / (float)longest;
        }
        _x.AsSpan(n).Clear();
        _y.AsSpan(n).Clear();
        _t.AsSpan(n).Clear();
    }

    // Least value and extent of the points that are not trimmed; the extent is at least one pixel.
    private (float Low, float Extent) Range(Span<ushort> values)
    {
        values.Sort();
        int trimmed = (int)(Options.Trim * values.Length), low = values[trimmed], high = values[values.Length - 1 - trimmed];
        return (low, Math.Max(1, high - low));
    }

    private void Code(int centre, Span<float> codes)
    {
        float cx = _x[centre], cy = _y[centre], ct = _t[centre], x = cx, y = cy, t = ct, squares = 0;
        foreach (int i in _nearest)
        {
            float dx = _x[i] - cx, dy = _y[i] - cy, dt = _t[i] - ct;
            squares += dx * dx + dy * dy + dt * dt;
            (x, y, t) = (Math.Min(x, _x[i]), Math.Min(y, _y[i]), Math.Min(t, _t[i]));
        }
        bool isSigned = Options.Coding == PointCoding.SignedCentroid;
        if (isSigned) (x, y, t) = (cx, cy, ct);
        // A group of one place has no spread: its Δ are zero whatever they are divided by.
        float scale = squares > 0 ? 1 / (Options.Reach * MathF.Sqrt(squares / (3 * _nearest.Length))) : 0;
        for (int k = 0; k < _nearest.Length; k++)
        {
            int i = _nearest[k];
            var code = codes.Slice(k * Features, Features);
            code[0] = Cut((_x[i] - cx) * scale, isSigned);
            code[1] = Cut((_y[i] - cy) * scale, isSigned);
            code[2] = Cut((_t[i] - ct) * scale, isSigned);
            (code[3], code[4], code[5]) = (x, y, t);
        }
    }

    private static float Cut(float delta, bool isSigned) => isSigned ? Math.Clamp(delta, -1, 1) : Math.Min(Math.Abs(delta), 1);
}

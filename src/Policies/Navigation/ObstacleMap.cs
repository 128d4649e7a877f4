using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>The short memory of what is around the robot: a square of cells in the odometry frame that moves along with the robot.</summary>
/// <remarks>
/// A cell knows until when it counts as occupied, where in it the obstacle point lies, and when it was last seen. Both are instants, not
/// counters, so nothing has to be decayed and the memory is exact for every period. "Not seen" is its own state: neither free nor occupied.
/// Because the cells lie in the odometry frame, driving does not blur them; a whole-cell shift happens when the robot leaves the middle.
/// One thread; allocates nothing after construction.
/// </remarks>
internal sealed class ObstacleMap : IPayload
{
    /// <summary>Angular bins of the ring that clears and marks cells as seen; bin k is centred on k · 5°.</summary>
    public const int Bins = 72;

    /// <summary>Calls of <see cref="Sweep"/> after which every row has been swept once.</summary>
    public const int RowSlices = 3;

    private const int NeverSeen = int.MinValue / 2;
    private const float ClearReachMetre = 3.0f;
    // Confidence times seconds: three hundredths of full confidence make an obstacle, and half a second of it cannot be outweighed faster.
    private const float EnoughEvidence = 0.03f, MaxEvidence = 0.5f;

    private readonly int _n, _reachCells;
    private readonly float _cell, _perMetre;
    private readonly int[] _occupiedUntil, _seenAt;
    private readonly byte[] _subX, _subY;
    private readonly float[] _evidence;
    private readonly float[] _distance, _bin;
    private int _originX, _originY, _slice;
    private bool _placed;

    /// <summary>Makes an empty memory.</summary>
    public ObstacleMap(int cells, float cellMetre)
    {
        (_n, _cell, _perMetre) = (cells, cellMetre, 1 / cellMetre);
        _occupiedUntil = new int[cells * cells];
        _seenAt = new int[cells * cells];
        _subX = new byte[cells * cells];
        _evidence = new float[cells * cells];
        _subY = new byte[cells * cells];
        _reachCells = Math.Min((int)(ClearReachMetre / cellMetre), cells / 2 - 1);
        int side = 2 * _reachCells + 1;
        _distance = new float[side * side];
        _bin = new float[side * side];
        for (int i = 0; i < side * side; i++)
        {
            double dx = (i % side - _reachCells) * (double)cellMetre, dy = (i / side - _reachCells) * (double)cellMetre;
            double angle = DeterministicMath.Atan2(dy, dx);
            _distance[i] = (float)Math.Sqrt(dx * dx + dy * dy);
            _bin[i] = (float)((angle < 0 ? angle + 2 * Math.PI : angle) * (Bins / (2 * Math.PI)));
            if (_bin[i] >= Bins) _bin[i] = 0;
        }
        Clear();
    }

    /// <summary>Gets the cells along an edge.</summary>
    public int Size => _n;

    /// <summary>Gets the edge of a cell in metres.</summary>
    public float CellMetre => _cell;

    /// <summary>Gets the whole-cell x coordinate of column 0.</summary>
    public int OriginX => _originX;

    /// <summary>Gets the whole-cell y coordinate of row 0.</summary>
    public int OriginY => _originY;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Fill(_occupiedUntil, NeverSeen);
        Array.Fill(_seenAt, NeverSeen);
        Array.Clear(_evidence);
        _placed = false;
    }

    /// <summary>Forgets all obstacles, but not what was seen.</summary>
    public void ForgetObstacles()
    {
        Array.Fill(_occupiedUntil, NeverSeen);
        Array.Clear(_evidence);
    }

    /// <summary>Forgets what was seen, and all obstacles but those near a place.</summary>
    public void ForgetFar(double x, double y, float reach)
    {
        int column = CellOf(x) - _originX, row = CellOf(y) - _originY;
        float cells = reach * _perMetre;
        for (int i = 0; i < _n * _n; i++)
        {
            int dx = i % _n - column, dy = i / _n - row;
            _seenAt[i] = NeverSeen;
            if (dx * dx + dy * dy <= cells * cells) continue;
            _occupiedUntil[i] = NeverSeen;
            _evidence[i] = 0;
        }
    }

    /// <summary>Keeps the robot near the middle of the window.</summary>
    /// <returns>True when the window moved.</returns>
    public bool Follow(double x, double y)
    {
        int cx = CellOf(x), cy = CellOf(y);
        if (_placed && Math.Abs((long)cx - _originX - _n / 2) <= _n / 8 && Math.Abs((long)cy - _originY - _n / 2) <= _n / 8) return false;
        int newX = cx - _n / 2, newY = cy - _n / 2;
        long shiftX = (long)newX - _originX, shiftY = (long)newY - _originY;
        (_originX, _originY) = (newX, newY);
        if (!_placed || Math.Abs(shiftX) >= _n || Math.Abs(shiftY) >= _n)
        {
            Clear();
            _placed = true;
            return true;
        }
        Shift(_occupiedUntil, (int)shiftX, (int)shiftY, NeverSeen);
        Shift(_seenAt, (int)shiftX, (int)shiftY, NeverSeen);
        Shift(_evidence, (int)shiftX, (int)shiftY, 0f);
        Shift(_subX, (int)shiftX, (int)shiftY, (byte)0);
        Shift(_subY, (int)shiftX, (int)shiftY, (byte)0);
        return true;
    }

    /// <summary>Returns the index of the cell at a place, or −1 outside the window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexAt(double x, double y)
    {
        int column = CellOf(x) - _originX, row = CellOf(y) - _originY;
        return (uint)column < (uint)_n && (uint)row < (uint)_n ? row * _n + column : -1;
    }

    /// <summary>Tells whether a cell counts as occupied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsOccupied(int index, int nowMs) => _occupiedUntil[index] > nowMs;

    /// <summary>Returns how many milliseconds ago a cell was last seen; a very large number when never.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int UnseenMs(int index, int nowMs) => nowMs - _seenAt[index];

    /// <summary>Returns the x of a cell's obstacle point in metres, counted from column 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float PointX(int index) => (index % _n + (_subX[index] + 0.5f) * (1 / 256f)) * _cell;

    /// <summary>Returns the y of a cell's obstacle point in metres, counted from row 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float PointY(int index) => (index / _n + (_subY[index] + 0.5f) * (1 / 256f)) * _cell;

    /// <summary>Adds to the evidence that a place is occupied; enough of it makes an obstacle.</summary>
    /// <param name="x">Metres, odometry frame.</param>
    /// <param name="y">Metres, odometry frame.</param>
    /// <param name="evidence">Confidence times the seconds it stands for.</param>
    /// <param name="nowMs">The present.</param>
    /// <param name="lifeMs">How long to remember the obstacle.</param>
    public void AddEvidence(double x, double y, float evidence, int nowMs, int lifeMs)
    {
        int i = IndexAt(x, y);
        if (i < 0) return;
        // Evidence as old as the memory of obstacles no longer counts.
        if (nowMs - _seenAt[i] > lifeMs) _evidence[i] = 0;
        float sum = Math.Min(_evidence[i] + evidence, MaxEvidence);
        if (sum >= EnoughEvidence) MarkObstacle(x, y, nowMs, lifeMs);
        else _seenAt[i] = nowMs;
        _evidence[i] = sum;
    }

    /// <summary>Remembers an obstacle point.</summary>
    /// <param name="x">Metres, odometry frame.</param>
    /// <param name="y">Metres, odometry frame.</param>
    /// <param name="nowMs">The present.</param>
    /// <param name="lifeMs">How long to remember it.</param>
    /// <remarks>A newer sighting replaces an older one, but never shortens the memory of it.</remarks>
    public void MarkObstacle(double x, double y, int nowMs, int lifeMs)
    {
        int i = IndexAt(x, y);
        if (i < 0) return;
        _occupiedUntil[i] = Math.Max(_occupiedUntil[i], nowMs + lifeMs);
        _seenAt[i] = nowMs;
        _evidence[i] = MaxEvidence;
        double fx = x * _perMetre, fy = y * _perMetre;
        _subX[i] = (byte)Math.Min((fx - Math.Floor(fx)) * 256, 255);
        _subY[i] = (byte)Math.Min((fy - Math.Floor(fy)) * 256, 255);
    }

    /// <summary>Marks the disc the robot stands on as seen and free.</summary>
    public void MarkOwnPlace(double x, double y, float radius, int nowMs)
    {
        int reach = (int)(radius * _perMetre);
        int column = CellOf(x) - _originX, row = CellOf(y) - _originY;
        for (int r = Math.Max(row - reach, 0); r <= Math.Min(row + reach, _n - 1); r++)
        {
            for (int c = Math.Max(column - reach, 0); c <= Math.Min(column + reach, _n - 1); c++) _seenAt[r * _n + c] = nowMs;
        }
    }

    /// <summary>Clears what a sensor looked through and marks what it saw, for one third of the rows per call, in turn.</summary>
    /// <param name="x">The robot's place, odometry frame.</param>
    /// <param name="y">The robot's place, odometry frame.</param>
    /// <param name="heading">The robot's heading in radians.</param>
    /// <param name="clear">Up to which distance obstacles are surely absent, [bin]; 0 = cannot say.</param>
    /// <param name="against">The evidence that this takes away, [bin]; +∞ = all of it.</param>
    /// <param name="seen">Up to which distance the surroundings were seen, [bin]; 0 = not at all.</param>
    /// <param name="nowMs">The present.</param>
    public void Sweep(double x, double y, double heading, ReadOnlySpan<float> clear, ReadOnlySpan<float> against,
        ReadOnlySpan<float> seen, int nowMs)
    {
        int column = CellOf(x) - _originX, row = CellOf(y) - _originY, side = 2 * _reachCells + 1;
        double turn = DeterministicMath.WrapAngle(-heading);
        if (turn < 0) turn += 2 * Math.PI;
        float offset = (float)(turn * (Bins / (2 * Math.PI))) + 0.5f;
        int c0 = Math.Max(column - _reachCells, 0), c1 = Math.Min(column + _reachCells, _n - 1);
        _slice = (_slice + 1) % RowSlices;
        for (int r = Math.Max(row - _reachCells, 0) + _slice; r <= Math.Min(row + _reachCells, _n - 1); r += RowSlices)
        {
            int table = (r - row + _reachCells) * side + (c0 - column + _reachCells), cell = r * _n + c0;
            for (int c = c0; c <= c1; c++, table++, cell++)
            {
                int bin = (int)(_bin[table] + offset);
                if (bin >= Bins) bin -= Bins;
                if (bin >= Bins) bin -= Bins;
                float distance = _distance[table];
                if (distance < seen[bin]) _seenAt[cell] = nowMs;
                if (distance >= clear[bin] || _evidence[cell] <= 0) continue;
                _evidence[cell] = Math.Max(_evidence[cell] - against[bin], 0);
                if (_evidence[cell] <= 0) _occupiedUntil[cell] = NeverSeen;
            }
        }
    }

    /// <summary>Copies the obstacle points near a place, in a frame whose origin and axes are given.</summary>
    /// <returns>How many points were written.</returns>
    public int CopyNear(double x, double y, double cos, double sin, float reach, int nowMs, Span<float> outX, Span<float> outY)
    {
        int cells = (int)(reach * _perMetre) + 1, n = 0;
        int column = CellOf(x) - _originX, row = CellOf(y) - _originY;
        double baseX = _originX * (double)_cell - x, baseY = _originY * (double)_cell - y;
        for (int r = Math.Max(row - cells, 0); r <= Math.Min(row + cells, _n - 1); r++)
        {
            for (int c = Math.Max(column - cells, 0); c <= Math.Min(column + cells, _n - 1); c++)
            {
                int i = r * _n + c;
                if (_occupiedUntil[i] <= nowMs || n >= outX.Length) continue;
                double dx = baseX + PointX(i), dy = baseY + PointY(i);
                outX[n] = (float)(cos * dx + sin * dy);
                outY[n] = (float)(cos * dy - sin * dx);
                n++;
            }
        }
        return n;
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_originX);
        hasher.Add(_originY);
        hasher.Add(_slice);
        hasher.AddBytes(MemoryMarshal.AsBytes<int>(_occupiedUntil));
        hasher.AddBytes(MemoryMarshal.AsBytes<int>(_seenAt));
        hasher.Add(_evidence);
        hasher.AddBytes(_subX);
        hasher.AddBytes(_subY);
    }

    internal void Freeze(in StateWriter writer)
    {
        writer.Write(_originX);
        writer.Write(_originY);
        writer.Write(_slice);
        writer.Write(_placed);
        writer.WriteSpan(_occupiedUntil);
        writer.WriteSpan(_seenAt);
        writer.WriteSpan(_evidence);
        writer.WriteSpan(_subX);
        writer.WriteSpan(_subY);
    }

    internal void Thaw(ref StateReader reader)
    {
        _originX = reader.Read<int>();
        _originY = reader.Read<int>();
        _slice = reader.Read<int>();
        _placed = reader.ReadBoolean();
        reader.ReadSpan(_occupiedUntil);
        reader.ReadSpan(_seenAt);
        reader.ReadFinite(_evidence, "evidence");
        reader.Require(_slice is >= 0 and < RowSlices && Math.Abs((long)_originX) < 1 << 28 && Math.Abs((long)_originY) < 1 << 28, "a place of the obstacle memory");
        reader.ReadSpan(_subX);
        reader.ReadSpan(_subY);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int CellOf(double metres) => (int)Math.Floor(metres * _perMetre);

    private void Shift<T>(T[] cells, int shiftX, int shiftY, T empty)
    {
        // Rows are moved in the order in which no source row is overwritten before it was read; Array.Copy handles overlap within a row.
        for (int k = 0; k < _n; k++)
        {
            int row = shiftY >= 0 ? k : _n - 1 - k, from = row + shiftY;
            var target = cells.AsSpan(row * _n, _n);
            if ((uint)from >= (uint)_n)
            {
                target.Fill(empty);
                continue;
            }
            int keep = _n - Math.Abs(shiftX), source = Math.Max(shiftX, 0), to = Math.Max(-shiftX, 0);
            cells.AsSpan(from * _n + source, keep).CopyTo(target.Slice(to, keep));
            if (shiftX >= 0) target[keep..].Fill(empty);
            else target[..to].Fill(empty);
        }
    }
}

using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>Plans a way to the goal over the obstacle memory, a bounded piece of work per cycle.</summary>
/// <remarks>
/// Three phases that are spread over cycles: (1, 2) two raster passes carry the nearest obstacle point to every cell (vector distance
/// transform, Danielsson 1980, eight neighbours), which gives the clearance; (3) A* from the goal to the robot over costs that grow towards
/// obstacles. A cell in which the robot would touch something costs as much as a detour of several metres instead of being forbidden: so a
/// way always exists, and a goal beside a wall needs no special case; the local planner decides what is really driven. When a plan is done
/// the next one starts, from the memory as it then is. The work per call is counted in units (cells), not in time, so plans replay.
/// One thread; allocates nothing after construction.
/// </remarks>
internal sealed class PathPlanner : IPayload
{
    /// <summary>The most cells of a path that are kept; the rest lies beyond any lookahead.</summary>
    public const int MaxPath = 256;

    private const int Straight = 10, Diagonal = 14, CostShift = 3, Unreached = int.MaxValue;
    private const float MaxClearance = 1.27f, BlockageMetre = 0.3f;

    private readonly ObstacleMap _map;
    private readonly int _n;
    private readonly ushort[] _nearest;
    private readonly float[] _pointX, _pointY;
    private readonly byte[] _clearance, _nextClearance;
    private readonly int[] _reached;
    private readonly byte[] _parent;
    private readonly CellHeap _open;
    private readonly int[] _costOfClearance = new int[128];
    private readonly int[] _path = new int[MaxPath * 2];
    private readonly Blockage[] _blockages = new Blockage[4];
    private int _nextBlockage, _originX, _originY, _phase, _row, _goalCell, _startCell, _pathLength, _readyOriginX, _readyOriginY;
    private bool _ready;

    /// <summary>Makes a planner over a memory.</summary>
    /// <param name="map">The memory.</param>
    /// <param name="bodyRadius">Metres from the robot's middle that must be free.</param>
    /// <param name="comfortRadius">Metres from the robot's middle that are better free.</param>
    public PathPlanner(ObstacleMap map, float bodyRadius, float comfortRadius)
    {
        _map = map;
        _n = map.Size;
        int cells = _n * _n;
        _nearest = new ushort[cells];
        _pointX = new float[cells];
        _pointY = new float[cells];
        _clearance = new byte[cells];
        _nextClearance = new byte[cells];
        _reached = new int[cells];
        _parent = new byte[cells];
        _open = new CellHeap(cells);
        for (int c = 0; c < _costOfClearance.Length; c++)
        {
            // Units of 1/8: 8 = open ground.
            float metres = c * 0.01f, lack = Math.Clamp((comfortRadius - metres) / (comfortRadius - bodyRadius), 0, 1);
            _costOfClearance[c] = metres < bodyRadius ? 320 : 8 + (int)(24 * lack * lack);
        }
    }

    /// <summary>Gets whether a path is there.</summary>
    public bool HasPath => _ready && _pathLength > 0;

    /// <summary>Gets how many cells the path has, from the robot's place on.</summary>
    public int PathLength => _pathLength;

    /// <summary>Gets how many plans were finished.</summary>
    public int Plans { get; private set; }

    /// <summary>Returns the middle of a cell of the path, odometry frame.</summary>
    public void PathPoint(int index, out double x, out double y)
    {
        x = (_path[2 * index] + 0.5) * _map.CellMetre;
        y = (_path[2 * index + 1] + 0.5) * _map.CellMetre;
    }

    /// <summary>Keeps later plans from a place where the robot did not get through, for a while.</summary>
    /// <param name="x">Metres, odometry frame.</param>
    /// <param name="y">Metres, odometry frame.</param>
    /// <param name="untilMs">Until when.</param>
    public void Avoid(double x, double y, int untilMs)
    {
        _blockages[_nextBlockage] = new Blockage { X = (float)x, Y = (float)y, UntilMs = untilMs };
        _nextBlockage = (_nextBlockage + 1) % _blockages.Length;
    }

    /// <summary>Forgets the places to keep from.</summary>
    public void ForgetAvoided() => Array.Clear(_blockages);

    /// <summary>Drops the plan under way and the finished one.</summary>
    public void Reset()
    {
        _phase = 0;
        _ready = false;
        _pathLength = 0;
    }

    /// <summary>Drops the plan under way, because the window moved; the finished path stays good.</summary>
    public void Restart() => _phase = 0;

    /// <summary>Returns the clearance in metres about a place, as of the last finished transform; 0 … 1.27.</summary>
    public float ClearanceAt(double x, double y)
    {
        int column = (int)Math.Floor(x / _map.CellMetre) - _readyOriginX, row = (int)Math.Floor(y / _map.CellMetre) - _readyOriginY;
        if ((uint)column >= (uint)_n || (uint)row >= (uint)_n) return MaxClearance;
        return _clearance[row * _n + column] * 0.01f;
    }

    /// <summary>Does some planning.</summary>
    /// <param name="units">How many cells may be worked on.</param>
    /// <param name="x">The robot's place.</param>
    /// <param name="y">The robot's place.</param>
    /// <param name="goalX">The goal's place; outside the window, the nearest place on its edge stands for it.</param>
    /// <param name="goalY">The goal's place.</param>
    /// <param name="nowMs">The present.</param>
    public void Work(int units, double x, double y, double goalX, double goalY, int nowMs)
    {
        if (_phase == 0)
        {
            (_originX, _originY) = (_map.OriginX, _map.OriginY);
            (_row, _phase) = (0, 1);
        }
        while (units > 0 && _phase is 1 or 2)
        {
            if (_phase == 1) Forward(_row, nowMs);
            else Backward(_n - 1 - _row);
            // A cell of a pass costs about a quarter of an expanded one.
            units -= _n / 4;
            if (++_row < _n) continue;
            _row = 0;
            if (++_phase == 3) BeginSearch(x, y, goalX, goalY, nowMs);
        }
        while (units > 0 && _phase == 3)
        {
            units--;
            if (!Expand()) FinishSearch();
        }
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        // What is under way is a function of the memory and of these counters; the finished results are what acts on.
        hasher.Add(_phase);
        hasher.Add(_row);
        hasher.Add(_open.Count);
        hasher.Add(_pathLength);
        hasher.AddBytes(_clearance);
        hasher.AddBytes(MemoryMarshal.AsBytes<int>(_path.AsSpan(0, 2 * _pathLength)));
        hasher.AddBytes(MemoryMarshal.AsBytes<int>(_reached));
    }

    internal void Freeze(in StateWriter writer)
    {
        writer.WriteSpan<int>([_originX, _originY, _phase, _row, _goalCell, _startCell, _pathLength, _readyOriginX, _readyOriginY,
            _ready ? 1 : 0, Plans]);
        writer.WriteSpan(_nearest);
        writer.WriteSpan(_pointX);
        writer.WriteSpan(_pointY);
        writer.WriteSpan(_clearance);
        writer.WriteSpan(_nextClearance);
        writer.WriteSpan(_reached);
        writer.WriteSpan(_parent);
        _open.Freeze(writer);
        writer.WriteSpan(_path);
        writer.WriteSpan(_blockages);
        writer.Write(_nextBlockage);
    }

    internal void Thaw(ref StateReader reader)
    {
        Span<int> s = stackalloc int[11];
        reader.ReadSpan(s);
        (_originX, _originY, _phase, _row, _goalCell) = (s[0], s[1], s[2], s[3], s[4]);
        (_startCell, _pathLength, _readyOriginX, _readyOriginY, _ready, Plans) = (s[5], s[6], s[7], s[8], s[9] != 0, s[10]);
        reader.ReadSpan(_nearest);
        reader.ReadSpan(_pointX);
        reader.ReadSpan(_pointY);
        reader.ReadSpan(_clearance);
        reader.ReadSpan(_nextClearance);
        reader.ReadSpan(_reached);
        reader.ReadSpan(_parent);
        _open.Thaw(ref reader);
        reader.ReadSpan(_path);
        reader.ReadSpan(_blockages);
        _nextBlockage = reader.Read<int>() & 3;
        reader.Require((uint)_phase <= 3 && (uint)_row <= (uint)_n && (uint)_pathLength <= MaxPath
            && (uint)_goalCell < (uint)_reached.Length && (uint)_startCell < (uint)_reached.Length && IsSound(), "a plan");
    }

    private bool IsSound()
    {
        bool sound = true;
        for (int i = 0; i < _reached.Length; i++)
        {
            sound &= _parent[i] <= 8 && _clearance[i] <= 127 && _reached[i] >= 0;
            sound &= _nearest[i] == ushort.MaxValue || _nearest[i] < _reached.Length;
        }
        return sound;
    }

    private void Forward(int row, int nowMs)
    {
        for (int c = 0; c < _n; c++)
        {
            int i = row * _n + c;
            _nearest[i] = ushort.MaxValue;
            if (_map.IsOccupied(i, nowMs))
            {
                (_pointX[i], _pointY[i]) = (_map.PointX(i), _map.PointY(i));
                _nearest[i] = (ushort)i;
                continue;
            }
            float x = (c + 0.5f) * _map.CellMetre, y = (row + 0.5f) * _map.CellMetre, best = float.PositiveInfinity;
            if (c > 0) Take(i, i - 1, x, y, ref best);
            if (row == 0) continue;
            Take(i, i - _n, x, y, ref best);
            if (c > 0) Take(i, i - _n - 1, x, y, ref best);
            if (c < _n - 1) Take(i, i - _n + 1, x, y, ref best);
        }
    }

    private void Backward(int row)
    {
        for (int c = _n - 1; c >= 0; c--)
        {
            int i = row * _n + c, own = _nearest[i];
            float x = (c + 0.5f) * _map.CellMetre, y = (row + 0.5f) * _map.CellMetre, best = float.PositiveInfinity;
            if (own != ushort.MaxValue) best = Square(own, x, y);
            if (own != i)
            {
                if (c < _n - 1) Take(i, i + 1, x, y, ref best);
                if (row < _n - 1)
                {
                    Take(i, i + _n, x, y, ref best);
                    if (c > 0) Take(i, i + _n - 1, x, y, ref best);
                    if (c < _n - 1) Take(i, i + _n + 1, x, y, ref best);
                }
            }
            _nextClearance[i] = (byte)(Math.Min(MathF.Sqrt(best), MaxClearance) * 100);
        }
    }

    private void Take(int cell, int neighbour, float x, float y, ref float best)
    {
        int point = _nearest[neighbour];
        if (point == ushort.MaxValue) return;
        float square = Square(point, x, y);
        if (square >= best) return;
        best = square;
        _nearest[cell] = (ushort)point;
    }

    private float Square(int point, float x, float y) => (_pointX[point] - x) * (_pointX[point] - x) + (_pointY[point] - y) * (_pointY[point] - y);

    private int CellClamped(double x, double y)
    {
        int column = Math.Clamp((int)Math.Floor(x / _map.CellMetre) - _originX, 0, _n - 1);
        int row = Math.Clamp((int)Math.Floor(y / _map.CellMetre) - _originY, 0, _n - 1);
        return row * _n + column;
    }

    private void BeginSearch(double x, double y, double goalX, double goalY, int nowMs)
    {
        _nextClearance.CopyTo(_clearance, 0);
        (_readyOriginX, _readyOriginY) = (_originX, _originY);
        foreach (ref readonly var b in _blockages.AsSpan()) Block(b, nowMs);
        // A goal outside the window is moved towards the robot until it lies inside, so that its direction is kept.
        double half = (_n / 2 - _n / 8 - 1) * (double)_map.CellMetre, far = Math.Max(Math.Abs(goalX - x), Math.Abs(goalY - y));
        double scale = far > half && !InWindow(goalX, goalY) ? half / far : 1;
        _goalCell = CellClamped(x + (goalX - x) * scale, y + (goalY - y) * scale);
        _startCell = CellClamped(x, y);
        Array.Fill(_reached, Unreached);
        _open.Clear();
        _reached[_goalCell] = 0;
        _parent[_goalCell] = 8;
        _open.Push(_goalCell, 0);
    }

    private void Block(in Blockage b, int nowMs)
    {
        if (b.UntilMs <= nowMs) return;
        int reach = (int)(BlockageMetre / _map.CellMetre);
        int column = (int)Math.Floor(b.X / _map.CellMetre) - _originX, row = (int)Math.Floor(b.Y / _map.CellMetre) - _originY;
        for (int r = Math.Max(row - reach, 0); r <= Math.Min(row + reach, _n - 1); r++)
        {
            for (int c = Math.Max(column - reach, 0); c <= Math.Min(column + reach, _n - 1); c++) _clearance[r * _n + c] = 0;
        }
    }

    private bool InWindow(double x, double y)
    {
        int column = (int)Math.Floor(x / _map.CellMetre) - _originX, row = (int)Math.Floor(y / _map.CellMetre) - _originY;
        return (uint)column < (uint)_n && (uint)row < (uint)_n;
    }

    private bool Expand()
    {
        if (_open.Count == 0) return false;
        int cell = _open.Pop();
        if (cell == _startCell) return false;
        int column = cell % _n, row = cell / _n, soFar = _reached[cell];
        for (int d = 0; d < 8; d++)
        {
            int c = column + Dx(d), r = row + Dy(d);
            if ((uint)c >= (uint)_n || (uint)r >= (uint)_n) continue;
            int next = r * _n + c, length = (d & 1) == 0 ? Straight : Diagonal;
            int total = soFar + (length * _costOfClearance[_clearance[next]] >> CostShift);
            if (total >= _reached[next]) continue;
            _reached[next] = total;
            // The way back to the goal runs against the direction of the search.
            _parent[next] = (byte)(d ^ 4);
            _open.Push(next, total + Estimate(c, r));
        }
        return true;
    }

    private int Estimate(int column, int row)
    {
        int dx = Math.Abs(column - _startCell % _n), dy = Math.Abs(row - _startCell / _n);
        return Straight * Math.Max(dx, dy) + (Diagonal - Straight) * Math.Min(dx, dy);
    }

    private void FinishSearch()
    {
        int cell = _startCell, n = 0;
        if (_reached[cell] != Unreached)
        {
            while (n < MaxPath)
            {
                _path[2 * n] = _originX + cell % _n;
                _path[2 * n + 1] = _originY + cell / _n;
                n++;
                int d = _parent[cell];
                if (d == 8) break;
                cell += Dy(d) * _n + Dx(d);
                if ((uint)cell >= (uint)_reached.Length) break; // only with a damaged keyframe
            }
        }
        (_pathLength, _ready, _phase) = (n, true, 0);
        Plans++;
    }

    private struct Blockage
    {
        public float X, Y;
        public int UntilMs;
    }

    // Eight directions, counter-clockwise from +x; the opposite of d is d ^ 4.
    private static int Dx(int d) => d is 0 or 1 or 7 ? 1 : d is 3 or 4 or 5 ? -1 : 0;

    private static int Dy(int d) => d is 1 or 2 or 3 ? 1 : d is 5 or 6 or 7 ? -1 : 0;
}

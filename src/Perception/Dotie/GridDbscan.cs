using System.Numerics;

namespace EdgeAutonomy.Perception;

/// <summary>DBSCAN (Ester et al. 1996) on the set pixels of a binary image, exact, with work bounded by the image's area.</summary>
/// <remarks>
/// The image is cut into cells whose diagonal is at most the radius, so that all core points of a cell belong to one cluster (Gunawan 2013):
/// a cell with enough points needs no neighbour count, and clusters are the components of a graph over cells. The result is that of the
/// textbook algorithm visiting points in row-major order: a cluster's rank is its first core point, and a border point belongs to the
/// lowest-ranked cluster that reaches it. Integers only. Not thread-safe; allocates only when made.
/// </remarks>
internal sealed class GridDbscan
{
    private readonly int _radius, _minimum, _cell, _columns, _rows, _reach;
    private readonly int[] _halfWidth;
    private readonly BitImage _core;
    private readonly int[] _used, _count, _parent, _first;
    private readonly PixelBox[] _boxes;
    private readonly long[] _order;
    private int _usedCount;

    internal GridDbscan(int width, int height, int radius, int minimum)
    {
        _radius = radius;
        _minimum = minimum;
        while (2 * _cell * _cell <= radius * radius) _cell++; // side − 1 = the largest with diagonal within the radius
        _columns = (width + _cell - 1) / _cell;
        _rows = (height + _cell - 1) / _cell;
        _reach = (radius - 1) / _cell + 1;
        _halfWidth = new int[radius + 1];
        for (int dy = 0; dy <= radius; dy++)
        {
            while ((_halfWidth[dy] + 1) * (_halfWidth[dy] + 1) + dy * dy <= radius * radius) _halfWidth[dy]++;
        }
        _core = new BitImage(width, height);
        int cells = _columns * _rows;
        _used = new int[cells];
        _count = new int[cells];
        _parent = new int[cells];
        _first = new int[cells];
        _boxes = new PixelBox[cells];
        _order = new long[cells];
    }

    /// <summary>Gets how many clusters the last run found.</summary>
    internal int ClusterCount { get; private set; }

    /// <summary>Gets the clusters' bounding boxes with their numbers of points, by rank.</summary>
    internal PixelBox Cluster(int rank) => _boxes[(int)_order[rank]];

    /// <summary>Finds the clusters of an image of the size given at construction.</summary>
    internal void Run(BitImage points)
    {
        Reset();
        CountCells(points);
        for (int i = 0; i < _usedCount; i++) MarkCore(points, _used[i]);
        for (int i = 0; i < _usedCount; i++) Connect(_used[i]);
        for (int i = 0; i < _usedCount; i++) Rank(_used[i]);
        for (int i = 0; i < _usedCount; i++) Collect(points, _used[i]);
        Order();
    }

    private void Reset()
    {
        for (int i = 0; i < _usedCount; i++)
        {
            int cell = _used[i];
            _count[cell] = 0;
            _boxes[cell] = default;
        }
        _usedCount = 0;
        ClusterCount = 0;
        _core.Clear();
    }

    private void CountCells(BitImage points)
    {
        for (int y = 0; y < points.Height; y++)
        {
            var row = points.Row(y);
            int cellRow = y / _cell * _columns;
            for (int w = 0; w < row.Length; w++)
            {
                ulong word = row[w];
                while (word != 0)
                {
                    int x = (w << 6) + BitOperations.TrailingZeroCount(word), column = x / _cell;
                    int end = (column + 1) * _cell - (w << 6);
                    ulong mine = end >= 64 ? word : word & ((1UL << end) - 1);
                    word ^= mine;
                    int cell = cellRow + column;
                    if (_count[cell] == 0) _used[_usedCount++] = cell;
                    _count[cell] += BitOperations.PopCount(mine);
                }
            }
        }
    }

    private void MarkCore(BitImage points, int cell)
    {
        Bounds(cell, out int x0, out int y0, out int width, out int height);
        bool isDense = _count[cell] >= _minimum;
        _parent[cell] = -1;
        for (int y = y0; y < y0 + height; y++)
        {
            ulong bits = points.Field(x0, y, width), core = bits;
            if (!isDense)
            {
                core = 0;
                for (; bits != 0; bits &= bits - 1)
                {
                    if (HasEnough(points, x0 + BitOperations.TrailingZeroCount(bits), y)) core |= bits & (0 - bits);
                }
            }
            if (core == 0) continue;
            _core.SetField(x0, y, core);
            if (_parent[cell] >= 0) continue;
            _parent[cell] = cell;
            _first[cell] = y * points.Width + x0 + BitOperations.TrailingZeroCount(core);
        }
    }

    private bool HasEnough(BitImage points, int x, int y)
    {
        int n = 0;
        for (int dy = 0; dy <= _radius; dy++)
        {
            Span(x, dy, out int left, out int count);
            if (y + dy < points.Height) n += BitOperations.PopCount(points.Field(left, y + dy, count));
            if (dy > 0 && y - dy >= 0) n += BitOperations.PopCount(points.Field(left, y - dy, count));
            if (n >= _minimum) return true;
        }
        return false;
    }

    private void Connect(int cell)
    {
        if (_parent[cell] < 0) return;
        int column = cell % _columns, row = cell / _columns;
        for (int r = row; r <= Math.Min(row + _reach, _rows - 1); r++)
        {
            int from = r == row ? column + 1 : Math.Max(0, column - _reach), to = Math.Min(column + _reach, _columns - 1);
            for (int c = from; c <= to; c++)
            {
                int other = r * _columns + c;
                if (_count[other] == 0 || _parent[other] < 0) continue;
                int a = Root(cell), b = Root(other);
                if (a != b && Touch(cell, other)) _parent[Math.Max(a, b)] = Math.Min(a, b);
            }
        }
    }

    private bool Touch(int a, int b)
    {
        Bounds(a, out int ax, out int ay, out int aw, out int ah);
        Bounds(b, out int bx, out int by, out int bw, out int bh);
        for (int y = ay; y < ay + ah; y++)
        {
            for (ulong bits = _core.Field(ax, y, aw); bits != 0; bits &= bits - 1)
            {
                int x = ax + BitOperations.TrailingZeroCount(bits);
                for (int v = Math.Max(by, y - _radius); v < Math.Min(by + bh, y + _radius + 1); v++)
                {
                    int half = _halfWidth[Math.Abs(v - y)];
                    int left = Math.Max(bx, x - half), right = Math.Min(bx + bw - 1, x + half);
                    if (left <= right && _core.Field(left, v, right - left + 1) != 0) return true;
                }
            }
        }
        return false;
    }

    private void Rank(int cell)
    {
        if (_parent[cell] < 0) return;
        int root = Root(cell);
        if (_first[cell] < _first[root]) _first[root] = _first[cell];
    }

    private void Collect(BitImage points, int cell)
    {
        Bounds(cell, out int x0, out int y0, out int width, out int height);
        int own = _parent[cell] < 0 ? -1 : Root(cell);
        for (int y = y0; y < y0 + height; y++)
        {
            ulong core = _core.Field(x0, y, width), rest = points.Field(x0, y, width) & ~core;
            if (core != 0)
            {
                int left = x0 + BitOperations.TrailingZeroCount(core), right = x0 + BitOperations.Log2(core);
                Grow(own, left, right, y, BitOperations.PopCount(core));
            }
            for (; rest != 0; rest &= rest - 1)
            {
                int x = x0 + BitOperations.TrailingZeroCount(rest), cluster = Reaching(points, x, y);
                if (cluster >= 0) Grow(cluster, x, x, y, 1);
            }
        }
    }

    /// <summary>Returns the lowest-ranked cluster with a core point in reach of a border point, or −1 for noise. Fewer points than the minimum are in reach.</summary>
    private int Reaching(BitImage points, int x, int y)
    {
        int best = -1;
        for (int v = Math.Max(0, y - _radius); v <= Math.Min(points.Height - 1, y + _radius); v++)
        {
            Span(x, Math.Abs(v - y), out int left, out int count);
            for (ulong bits = _core.Field(left, v, count); bits != 0; bits &= bits - 1)
            {
                int root = Root(v / _cell * _columns + (left + BitOperations.TrailingZeroCount(bits)) / _cell);
                if (best < 0 || _first[root] < _first[best]) best = root;
            }
        }
        return best;
    }

    private void Grow(int root, int left, int right, int y, int pixels)
    {
        ref var box = ref _boxes[root];
        box = box.Pixels == 0
            ? new PixelBox((ushort)left, (ushort)y, (ushort)right, (ushort)y, pixels)
            : new PixelBox((ushort)Math.Min(box.Left, left), (ushort)Math.Min(box.Top, y), (ushort)Math.Max(box.Right, right), (ushort)Math.Max(box.Bottom, y), box.Pixels + pixels);
    }

    private void Order()
    {
        for (int i = 0; i < _usedCount; i++)
        {
            int cell = _used[i];
            if (_parent[cell] == cell) _order[ClusterCount++] = (long)_first[cell] << 32 | (uint)cell;
        }
        _order.AsSpan(0, ClusterCount).Sort();
        for (int i = 0; i < ClusterCount; i++) _order[i] &= uint.MaxValue;
    }

    private int Root(int cell)
    {
        while (_parent[cell] != cell)
        {
            _parent[cell] = _parent[_parent[cell]];
            cell = _parent[cell];
        }
        return cell;
    }

    private void Bounds(int cell, out int x, out int y, out int width, out int height)
    {
        x = cell % _columns * _cell;
        y = cell / _columns * _cell;
        width = Math.Min(_cell, _core.Width - x);
        height = Math.Min(_cell, _core.Height - y);
    }

    private void Span(int x, int dy, out int left, out int count)
    {
        int half = _halfWidth[dy];
        left = Math.Max(0, x - half);
        count = Math.Min(_core.Width - 1, x + half) - left + 1;
    }
}

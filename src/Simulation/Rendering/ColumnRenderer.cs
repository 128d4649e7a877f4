using System.Numerics;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>Draws what a level forward-looking camera sees into a column-major intensity image, area-sampled.</summary>
/// <remarks>
/// Walls go through a one-dimensional depth buffer with four samples per column; where the nearest wall changes inside a column, the exact
/// place of the edge splits the column into weighted parts. Surfaces are averaged exactly over each pixel by integral textures
/// (<see cref="WallTexture"/>); lower bodies are painted over the background from far to near with fractional coverage. Point sampling would
/// give bursts of events at edges that no sensor shows. Scalar double geometry, so no vector width can change it. One thread; allocation-free.
/// </remarks>
internal sealed class ColumnRenderer
{
    private const int Sub = 4;
    private const double NearPlane = 0.02;
    private readonly int _width, _height;
    private readonly double _focal, _mount, _wallTop;
    private readonly float _sky;
    private readonly FloorTexture _floor;
    private readonly float[] _depth;
    private readonly int[] _levelStart = new int[FloorTexture.LevelCount + 1]; // first image row of each floor level, fine to coarse
    private readonly (float X, float Y)[] _origins = new (float, float)[FloorTexture.LevelCount];
    private readonly double[] _inverse;
    private readonly int[] _nearest;
    private readonly double[] _runEnd = new double[Sub + 2];
    private readonly int[] _runId = new int[Sub + 2];
    private readonly WallView[] _views;
    private readonly int[] _order;
    private readonly double[] _bodyDepth;
    private readonly float[] _part;
    private readonly SurfacePainter _painter;

    public ColumnRenderer(CameraSpec camera, double wallTop, float sky, FloorTexture floor, int walls, int bodies)
    {
        (_width, _height, _mount, _wallTop, _sky, _floor) = (camera.Width, camera.Height, camera.MountHeight, wallTop, sky, floor);
        double half = camera.FieldOfViewDegrees * (Math.PI / 360);
        _focal = 0.5 * _width * DeterministicMath.Cos(half) / DeterministicMath.Sin(half);
        _inverse = new double[_width * Sub];
        _nearest = new int[_width * Sub];
        _views = new WallView[walls];
        _order = new int[bodies];
        _bodyDepth = new double[bodies];
        _part = new float[_height];
        _painter = new SurfacePainter(_height, _focal, _mount);
        _depth = new float[_height];
        PlanFloor();
    }

    /// <summary>Gets or sets whether look-ups may go eight at a time; false only to test the scalar twin.</summary>
    public bool Wide
    {
        get => _painter.Wide;
        set => _painter.Wide = value;
    }

    /// <summary>Gets the focal length in pixels.</summary>
    public double Focal => _focal;

    /// <summary>Gets 1/depth of the nearest wall or body of the last image, at most 5 per metre.</summary>
    public double NearestInverse { get; private set; }

    /// <summary>Gets the fastest image motion of a moving body in the last image in pixels per second, for a camera at rest.</summary>
    public double BodyFlow { get; private set; }

    /// <summary>Sets what the last image told about motion, after a thaw.</summary>
    public void Restore(double nearestInverse, double bodyFlow) => (NearestInverse, BodyFlow) = (nearestInverse, bodyFlow);

    /// <summary>Draws columns [first, end) of the view from (x, y) along (cos, sin).</summary>
    /// <param name="frame">Width·Height intensities, [x, y].</param>
    /// <param name="x">Metres.</param>
    /// <param name="y">Metres.</param>
    /// <param name="cos">Cosine of the heading.</param>
    /// <param name="sin">Sine of the heading.</param>
    /// <param name="walls">The walls.</param>
    /// <param name="bodies">Obstacles and robots.</param>
    /// <param name="self">Index of the robot that carries the camera.</param>
    /// <param name="first">First column.</param>
    /// <param name="end">Behind the last column.</param>
    public void Draw(Span<float> frame, double x, double y, double cos, double sin, ReadOnlySpan<WallSegment> walls, ReadOnlySpan<Body> bodies, int self, int first, int end)
    {
        Array.Clear(_inverse);
        Array.Fill(_nearest, -1);
        for (int i = 0; i < walls.Length; i++) Project(walls[i], i, x, y, cos, sin);
        double nearest = 0;
        foreach (double inverse in _inverse) nearest = Math.Max(nearest, inverse);
        NearestInverse = nearest;
        BodyFlow = 0;
        for (int level = 0; level < _origins.Length; level++) _origins[level] = FloorTexture.Origin(level, x, y);
        for (int column = first; column < end; column++)
        {
            double u = (column + 0.5 - 0.5 * _width) / _focal;
            DrawBackground(frame.Slice(column * _height, _height), column, walls, new GroundRay(cos + u * sin, sin - u * cos));
        }
        int count = SortBodies(bodies, self, x, y, cos, sin);
        for (int i = 0; i < count; i++) DrawBody(frame, bodies[_order[i]], x, y, cos, sin, first, end);
        NearestInverse = Math.Min(NearestInverse, 5);
    }

    private void PlanFloor()
    {
        Array.Fill(_levelStart, _height);
        for (int row = _height - 1; row >= 0; row--)
        {
            double below = row + 0.5 - 0.5 * _height;
            if (below <= 0) break;
            double z = _focal * _mount / below;
            _depth[row] = (float)z;
            int level = FloorTexture.LevelFor(z * z / (_focal * _mount));
            for (int l = level; l < FloorTexture.LevelCount; l++) _levelStart[l] = row;
        }
        // Whole groups of eight rows per level; a few rows become one level coarser than they need to be.
        for (int l = 0; l < FloorTexture.LevelCount; l++) _levelStart[l] += (_height - _levelStart[l]) & 7;
    }

    private void Project(in WallSegment wall, int index, double x, double y, double cos, double sin)
    {
        double ax = wall.Ax - x, ay = wall.Ay - y, bx = wall.Bx - x, by = wall.By - y;
        double az = ax * cos + ay * sin, ar = ax * sin - ay * cos, bz = bx * cos + by * sin, br = bx * sin - by * cos;
        ref var view = ref _views[index];
        view.Visible = false;
        if (!view.Place(ar, az, br, bz, NearPlane)) return;
        view.Length = wall.Length;
        double toSub = _focal * Sub, middle = 0.5 * _width * Sub - 0.5;
        int j0 = (int)Math.Ceiling(Math.Max(view.Left * toSub + middle, -1)), j1 = (int)Math.Floor(Math.Min(view.Right * toSub + middle, _inverse.Length));
        j0 = Math.Max(j0, 0);
        j1 = Math.Min(j1, _inverse.Length - 1);
        double step = view.InverseSlope / toSub, start = view.InverseAtZero - view.InverseSlope * middle / toSub;
        for (int j = j0; j <= j1; j++)
        {
            double inverse = start + step * j;
            if (inverse <= _inverse[j]) continue;
            _inverse[j] = inverse;
            _nearest[j] = index;
        }
    }

    private void DrawBackground(Span<float> column, int at, ReadOnlySpan<WallSegment> walls, GroundRay ray)
    {
        int runs = FindRuns(at);
        if (runs == 1)
        {
            DrawPart(column, _runId[0], ColumnEdge(at), ColumnEdge(at + 1), walls, ray);
            return;
        }
        column.Clear();
        double start = ColumnEdge(at);
        for (int k = 0; k < runs; k++)
        {
            double end = _runEnd[k];
            DrawPart(_part, _runId[k], start, end, walls, ray);
            Accumulate(column, _part, (float)((end - start) * _focal));
            start = end;
        }
    }

    private double ColumnEdge(int column) => (column - 0.5 * _width) / _focal;

    /// <summary>Cuts a column where the nearest wall changes, at the exact places; the samples of the neighbours tell of edges near the border.</summary>
    /// <returns>How many runs; their ends and walls are in _runEnd and _runId.</returns>
    private int FindRuns(int at)
    {
        int j = at * Sub, from = Math.Max(j - 1, 0), to = Math.Min(j + Sub, _nearest.Length - 1), count = 0, id = _nearest[from];
        double end = ColumnEdge(at + 1), reached = ColumnEdge(at);
        for (int k = from; k < to; k++)
        {
            if (_nearest[k + 1] == id) continue;
            double low = (k + 0.5 - 0.5 * _width * Sub) / (_focal * Sub), edge = Math.Min(Boundary(k, low, low + 1 / (_focal * Sub)), end);
            if (edge > reached)
            {
                (_runEnd[count], _runId[count]) = (edge, id);
                count++;
                reached = edge;
            }
            id = _nearest[k + 1];
        }
        if (reached < end)
        {
            (_runEnd[count], _runId[count]) = (end, id);
            count++;
        }
        return count;
    }

    // The edge between two samples: where the nearer wall ends, else where the farther one does, else halfway (two walls crossing).
    private double Boundary(int j, double low, double high)
    {
        int a = _nearest[j], b = _nearest[j + 1];
        double endOfA = a >= 0 ? _views[a].Right : double.NaN, startOfB = b >= 0 ? _views[b].Left : double.NaN;
        bool aEnds = endOfA >= low && endOfA <= high, bStarts = startOfB >= low && startOfB <= high;
        if (aEnds && bStarts) return _inverse[j] >= _inverse[j + 1] ? endOfA : startOfB;
        return aEnds ? endOfA : bStarts ? startOfB : 0.5 * (low + high);
    }

    private void DrawPart(Span<float> column, int id, double left, double right, ReadOnlySpan<WallSegment> walls, GroundRay ray)
    {
        double horizon = 0.5 * _height;
        if (id < 0)
        {
            column[..(int)horizon].Fill(_sky);
            FillFloor(column, (int)horizon, ray);
            return;
        }
        ref readonly var view = ref _views[id];
        ref readonly var wall = ref walls[id];
        double inverse = view.Inverse(0.5 * (left + right));
        double top = horizon - _focal * (_wallTop - _mount) * inverse, bottom = horizon + _focal * _mount * inverse;
        column[..Math.Clamp((int)Math.Ceiling(top), 0, _height)].Fill(_sky);
        if (bottom < _height) FillFloor(column, (int)bottom, ray);
        double length = view.Length, u0 = wall.TextureStart + view.Along(left) * length, u1 = wall.TextureStart + view.Along(right) * length;
        _painter.Draw(column, wall.Texture, u0, u1, wall.Shade, inverse, top, bottom, 1f);
    }

    // Starts up to seven rows early, so that all rows are done eight at a time; the wall is drawn over them afterwards.
    private void FillFloor(Span<float> column, int from, GroundRay ray)
    {
        int row = Math.Max(from, 0), coarse = _levelStart[FloorTexture.LevelCount - 1];
        if (row < coarse)
        {
            column[row..coarse].Fill(_floor.Mean);
            row = coarse;
        }
        for (int level = FloorTexture.LevelCount - 1; level >= 0; level--)
        {
            int start = _levelStart[level], end = level == 0 ? _height : _levelStart[level - 1];
            if (end <= row) continue;
            row = Math.Max(row - (row - start & 7), start);
            _floor.Fill(column[row..end], _depth.AsSpan(row, end - row), level, _origins[level], ray.Dx, ray.Dy, Wide);
            row = end;
        }
    }

    private int SortBodies(ReadOnlySpan<Body> bodies, int self, double x, double y, double cos, double sin)
    {
        int count = 0;
        for (int i = 0; i < bodies.Length; i++)
        {
            ref readonly var body = ref bodies[i];
            double dx = body.X - x, dy = body.Y - y, z = dx * cos + dy * sin;
            if (i == self || z + body.Radius < NearPlane) continue;
            double distance = Math.Sqrt(dx * dx + dy * dy);
            int at = count++;
            for (; at > 0 && _bodyDepth[at - 1] < distance; at--)
            {
                _bodyDepth[at] = _bodyDepth[at - 1];
                _order[at] = _order[at - 1];
            }
            (_bodyDepth[at], _order[at]) = (distance, i);
        }
        return count;
    }

    private void DrawBody(Span<float> frame, in Body body, double x, double y, double cos, double sin, int first, int end)
    {
        double dx = body.X - x, dy = body.Y - y, z = dx * cos + dy * sin, r = dx * sin - dy * cos;
        double speed = Math.Sqrt(body.Vx * body.Vx + body.Vy * body.Vy);
        bool seen = body.Round ? DrawRound(frame, body, r, z, cos, sin, first, end) : DrawBox(frame, body, x, y, cos, sin, first, end);
        if (!seen) return;
        double inverse = 1 / Math.Max(z - body.Radius, 0.2);
        NearestInverse = Math.Max(NearestInverse, inverse);
        BodyFlow = Math.Max(BodyFlow, speed * inverse * _focal);
    }

    private static void Accumulate(Span<float> column, ReadOnlySpan<float> part, float weight)
    {
        int i = 0;
        for (; i <= column.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(column[i..]) + new Vector<float>(weight) * new Vector<float>(part[i..])).CopyTo(column[i..]);
        }
        for (; i < column.Length; i++) column[i] += weight * part[i];
    }

    private bool DrawRound(Span<float> frame, in Body body, double r, double z, double cos, double sin, int first, int end)
    {
        double radius = body.Radius, distance2 = r * r + z * z;
        if (distance2 <= radius * radius * 1.0001) return false;
        // Tangents from the camera to the circle: directions (r, z) turned by the half angle asin(radius/distance).
        double half = Math.Sqrt(distance2 - radius * radius);
        double lr = r * half - z * radius, lz = z * half + r * radius, rr = r * half + z * radius, rz = z * half - r * radius;
        double left = lz > 1e-9 ? lr / lz : -1e3, right = rz > 1e-9 ? rr / rz : 1e3;
        if (lz <= 1e-9 && rz <= 1e-9) return false;
        (int from, int to) = Columns(left, right, first, end);
        bool seen = false;
        double previous = 0;
        for (int column = from; column < to; column++)
        {
            double u0 = Math.Max((column - 0.5 * _width) / _focal, left), u1 = Math.Min((column + 1 - 0.5 * _width) / _focal, right);
            if (u1 <= u0) continue;
            double t0 = column == from ? Meet(u0, r, z, radius, cos, sin, out _) : previous, t1 = Meet(u1, r, z, radius, cos, sin, out _);
            previous = t1;
            Meet(0.5 * (u0 + u1), r, z, radius, cos, sin, out double depth);
            if (depth < NearPlane) continue;
            // The pattern is mirrored about angle 0, so that there is no seam where the angle wraps; a column across a fold takes its longer side.
            double a0 = Math.Abs(t0), a1 = Math.Abs(t1), start = Math.Min(a0, a1), stop = Math.Max(a0, a1);
            if (t0 * t1 < 0) (start, stop) = stop < 0.5 * Math.PI ? (0, stop) : (start, Math.PI);
            seen |= Paint(frame, column, body, u0, u1, 1 / depth, start * radius, stop * radius, 1f);
        }
        return seen;
    }

    // Where the ray of image coordinate u meets the circle: the angle about its centre in the world, and the depth.
    private static double Meet(double u, double r, double z, double radius, double cos, double sin, out double depth)
    {
        double a = u * u + 1, b = u * r + z, c = r * r + z * z - radius * radius;
        depth = (b - Math.Sqrt(Math.Max(b * b - a * c, 0))) / a;
        double hr = u * depth - r, hz = depth - z;
        return FloatMath.CoarseAtan2(hz * sin - hr * cos, hz * cos + hr * sin);
    }

    private bool DrawBox(Span<float> frame, in Body body, double x, double y, double cos, double sin, int first, int end)
    {
        double ax = body.HalfLength * body.Cos, ay = body.HalfLength * body.Sin, bx = -body.HalfWidth * body.Sin, by = body.HalfWidth * body.Cos;
        Span<double> px = [body.X + ax + bx, body.X - ax + bx, body.X - ax - bx, body.X + ax - bx];
        Span<double> py = [body.Y + ay + by, body.Y - ay + by, body.Y - ay - by, body.Y + ay - by];
        bool seen = false;
        for (int pass = 0; pass < 2; pass++)
        {
            // A face is seen when the camera is on its outer side. In a corner column the left face is spread over the whole share of both and
            // the right face is painted over it; painting both with their own share would let the background shine through.
            for (int k = 0; k < 4; k++)
            {
                int n = (k + 1) & 3;
                if (!Faces(px, py, k, x, y)) continue;
                bool leftOfCorner = Faces(px, py, n, x, y);
                if (leftOfCorner != (pass == 0)) continue;
                double ar = (px[n] - x) * sin - (py[n] - y) * cos, az = (px[n] - x) * cos + (py[n] - y) * sin;
                double br = (px[k] - x) * sin - (py[k] - y) * cos, bz = (px[k] - x) * cos + (py[k] - y) * sin;
                double width = (k & 1) == 0 ? 2 * body.HalfLength : 2 * body.HalfWidth;
                seen |= DrawFace(frame, body, k, ar, az, br, bz, width, leftOfCorner, first, end);
            }
        }
        return seen;
    }

    private static bool Faces(ReadOnlySpan<double> px, ReadOnlySpan<double> py, int k, double x, double y)
    {
        int n = (k + 1) & 3;
        return (px[n] - px[k]) * (y - py[k]) - (py[n] - py[k]) * (x - px[k]) < 0;
    }

    private bool DrawFace(Span<float> frame, in Body body, int face, double ar, double az, double br, double bz, double width, bool spread, int first, int end)
    {
        var view = default(WallView);
        if (!view.Place(ar, az, br, bz, NearPlane)) return false;
        float shade = (face & 1) == 0 ? 1f : 0.85f;
        (int from, int to) = Columns(view.Left, view.Right, first, end);
        bool seen = false;
        for (int column = from; column < to; column++)
        {
            double left = (column - 0.5 * _width) / _focal, right = (column + 1 - 0.5 * _width) / _focal;
            double u0 = Math.Max(left, view.Left), u1 = Math.Min(right, view.Right);
            if (u1 <= u0) continue;
            double start = face * 0.9 + view.Along(u0) * width, stop = face * 0.9 + view.Along(u1) * width;
            double cover = spread && view.Right < right ? right : u1;
            seen |= Paint(frame, column, body, u0, cover, view.Inverse(0.5 * (u0 + u1)), start, stop, shade);
        }
        return seen;
    }

    private (int From, int To) Columns(double left, double right, int first, int end)
    {
        double from = left * _focal + 0.5 * _width, to = right * _focal + 0.5 * _width;
        return ((int)Math.Floor(Math.Clamp(from, first, end)), (int)Math.Ceiling(Math.Clamp(to, first, end)));
    }

    private bool Paint(Span<float> frame, int column, in Body body, double left, double right, double inverse, double start, double stop, float shade)
    {
        double cover = 0, at = ColumnEdge(column);
        int runs = FindRuns(column);
        for (int k = 0; k < runs; k++)
        {
            double a = Math.Max(at, left), b = Math.Min(_runEnd[k], right);
            at = _runEnd[k];
            if (b > a && (_runId[k] < 0 || inverse > _views[_runId[k]].Inverse(0.5 * (a + b)))) cover += b - a;
        }
        float alpha = (float)Math.Min(cover * _focal, 1);
        if (alpha <= 0) return false;
        double horizon = 0.5 * _height;
        _painter.Draw(frame.Slice(column * _height, _height), body.Texture, start, stop, shade, inverse, horizon - _focal * (body.Height - _mount) * inverse, horizon + _focal * _mount * inverse, alpha);
        return true;
    }

    private readonly record struct GroundRay(double Dx, double Dy);
}

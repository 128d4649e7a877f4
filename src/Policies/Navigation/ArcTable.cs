using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>
/// For every place near the robot, how far the robot can drive along each of 31 circular arcs before its disc touches an obstacle there.
/// </summary>
/// <remarks>
/// Frame: robot at the origin, x ahead, y left. The answers are computed once; asking for all arcs about one obstacle point is then two
/// vector minima over 32 bytes each, instead of 31 intersections of an arc and a disc. Lengths are in centimetres, <see cref="Free"/> = not
/// touched within the table's reach. Built once, immutable afterwards, thread-safe.
/// Two safety radii are kept: the hard one (body and hard margin) stops the robot, the soft one slows it.
/// </remarks>
internal sealed class ArcTable
{
    /// <summary>Number of arcs; arc 15 is straight, lower ones turn right, higher ones left.</summary>
    public const int Arcs = 31;

    /// <summary>Bytes per place: the arcs, padded to a vector.</summary>
    public const int Lanes = 32;

    /// <summary>The length that stands for "not touched".</summary>
    public const byte Free = 200;

    /// <summary>Points per arc, one every <see cref="Spacing"/> metres from 0 to <see cref="Reach"/>.</summary>
    public const int Points = 41;

    /// <summary>Metres between the points of an arc.</summary>
    public const float Spacing = 0.05f;

    /// <summary>Metres of arc looked at.</summary>
    public const float Reach = 2.0f;

    private const int BearingPoint = 9; // 0.45 m along an arc: where a body that may be hit within a second is seen
    private const float CellMetre = 0.05f;
    private const float MinX = -0.7f, MaxX = 2.5f, MaxY = 2.2f;
    private const int Columns = 64, Rows = 88;

    private static readonly float[] Steps = [0, 0.12f, 0.27f, 0.45f, 0.67f, 0.95f, 1.3f, 1.7f, 2.2f, 2.8f, 3.6f, 4.7f, 6.2f, 8.5f, 13f, 22f];
    private readonly byte[] _hard = new byte[Columns * Rows * Lanes];
    private readonly byte[] _soft = new byte[Columns * Rows * Lanes];

    /// <summary>Computes the table.</summary>
    /// <param name="hardRadius">Metres from the robot's middle that must stay free.</param>
    /// <param name="softRadius">Metres from the robot's middle that should stay free.</param>
    public ArcTable(float hardRadius, float softRadius)
    {
        for (int arc = 0; arc < Arcs; arc++)
        {
            int side = arc - Arcs / 2;
            Curvature[arc] = side < 0 ? -Steps[-side] : Steps[side];
            for (int i = 0; i < Points; i++)
            {
                int at = arc * Points + i;
                PointAt(Curvature[arc], i * Spacing, out X[at], out Y[at]);
                Cos[at] = (float)DeterministicMath.Cos((double)Curvature[arc] * i * Spacing);
                Sin[at] = (float)DeterministicMath.Sin((double)Curvature[arc] * i * Spacing);
            }
            int ahead = arc * Points + BearingPoint;
            Bearing[arc] = (float)DeterministicMath.Atan2(Y[ahead], X[ahead]);
        }
        _hard.AsSpan().Fill(Free);
        _soft.AsSpan().Fill(Free);
        var arcX = new float[(int)(Reach * 100) + 1];
        var arcY = new float[arcX.Length];
        for (int arc = 0; arc < Arcs; arc++)
        {
            for (int i = 0; i < arcX.Length; i++) PointAt(Curvature[arc], i * 0.01f, out arcX[i], out arcY[i]);
            for (int cell = 0; cell < Rows * Columns; cell++)
            {
                float x = MinX + (cell % Columns + 0.5f) * CellMetre, y = -MaxY + (cell / Columns + 0.5f) * CellMetre;
                // Half a cell is added to the radii, because the middle of the cell stands for all of it.
                _hard[cell * Lanes + arc] = Contact(arcX, arcY, Curvature[arc], x, y, hardRadius + CellMetre / 2);
                _soft[cell * Lanes + arc] = Contact(arcX, arcY, Curvature[arc], x, y, softRadius + CellMetre / 2);
            }
        }
    }

    /// <summary>Gets the curvatures in 1/m, [arc].</summary>
    public float[] Curvature { get; } = new float[Arcs];

    /// <summary>Gets the bearing in radians under which a body on each arc is seen.</summary>
    public float[] Bearing { get; } = new float[Arcs];

    /// <summary>Gets the x of the arcs' points in metres, [arc, point].</summary>
    public float[] X { get; } = new float[Arcs * Points];

    /// <summary>Gets the y of the arcs' points in metres, [arc, point].</summary>
    public float[] Y { get; } = new float[Arcs * Points];

    /// <summary>Gets the cosine of the heading at the arcs' points, [arc, point].</summary>
    public float[] Cos { get; } = new float[Arcs * Points];

    /// <summary>Gets the sine of the heading at the arcs' points, [arc, point].</summary>
    public float[] Sin { get; } = new float[Arcs * Points];

    /// <summary>Gets the longest useful length of an arc in metres: half a turn, at most the reach.</summary>
    public float Useful(int arc)
    {
        float k = Math.Abs(Curvature[arc]);
        return k * Reach > MathF.PI ? MathF.PI / k : Reach;
    }

    /// <summary>Shortens the free lengths of all arcs by obstacle points; element-wise on vectors.</summary>
    /// <param name="x">Metres ahead, [point].</param>
    /// <param name="y">Metres to the left, [point].</param>
    /// <param name="hard">Free lengths by the hard radius in centimetres, [32]; in and out.</param>
    /// <param name="soft">Free lengths by the soft radius in centimetres, [32]; in and out.</param>
    public void Shorten(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<byte> hard, Span<byte> soft)
    {
        var h = Vector256.Create<byte>(hard);
        var s = Vector256.Create<byte>(soft);
        for (int i = 0; i < x.Length; i++)
        {
            int at = CellAt(x[i], y[i]);
            if (at < 0) continue;
            h = Vector256.Min(h, Vector256.Create<byte>(_hard.AsSpan(at, Lanes)));
            s = Vector256.Min(s, Vector256.Create<byte>(_soft.AsSpan(at, Lanes)));
        }
        h.CopyTo(hard);
        s.CopyTo(soft);
    }

    /// <summary>The same as <see cref="Shorten"/>, one number at a time.</summary>
    public void ShortenScalar(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<byte> hard, Span<byte> soft)
    {
        for (int i = 0; i < x.Length; i++)
        {
            int at = CellAt(x[i], y[i]);
            if (at < 0) continue;
            for (int arc = 0; arc < Lanes; arc++)
            {
                hard[arc] = Math.Min(hard[arc], _hard[at + arc]);
                soft[arc] = Math.Min(soft[arc], _soft[at + arc]);
            }
        }
    }

    /// <summary>Returns the pose after an arc length, from the pose (0, 0, 0).</summary>
    public static void PointAt(float curvature, float length, out float x, out float y)
    {
        double turn = (double)curvature * length;
        if (Math.Abs(turn) < 1e-4)
        {
            // Series of sin(t)/t and (1 − cos t)/t; the next terms are below 1e-9.
            x = length;
            y = (float)(length * turn / 2);
            return;
        }
        x = (float)(DeterministicMath.Sin(turn) / curvature);
        y = (float)((1 - DeterministicMath.Cos(turn)) / curvature);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CellAt(float x, float y)
    {
        float column = (x - MinX) / CellMetre, row = (y + MaxY) / CellMetre;
        // Written so that NaN is outside.
        if (!(column >= 0 && column < Columns && row >= 0 && row < Rows)) return -1;
        return ((int)row * Columns + (int)column) * Lanes;
    }

    private static byte Contact(ReadOnlySpan<float> arcX, ReadOnlySpan<float> arcY, float curvature, float x, float y, float radius)
    {
        // A point that is inside the radius at the start blocks only the arcs that come closer still; otherwise there were no way out.
        float limit = Math.Min(radius, MathF.Sqrt(x * x + y * y) - 0.01f);
        float k = Math.Abs(curvature);
        int end = (int)(100 * (k * Reach > MathF.PI ? MathF.PI / k : Reach)), s = 0;
        while (s < end)
        {
            float gap = MathF.Sqrt((x - arcX[s]) * (x - arcX[s]) + (y - arcY[s]) * (y - arcY[s])) - limit;
            if (gap <= 0) return (byte)s;
            // The gap shrinks by no more than the way driven, so that much of the arc can be skipped.
            s += Math.Max((int)(gap * 100), 1);
        }
        return Free;
    }
}

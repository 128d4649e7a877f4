using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Learning;

/// <summary>The published Hermite scheme for one system on registers of 256 bits: three bodies side by side, and three pairs side by side.</summary>
/// <remarks>
/// One after another the three pairs keep the divider busy for most of a step; side by side they take the time of one. Every operation is the one of <see cref="Gravity"/> and <see cref="HermiteKernel"/> on the same numbers
/// in the same order, none is fused: the bits are the same. The fourth lane is idle: its mass is 0 and nothing reads it.
/// </remarks>
internal struct HermiteQuads
{
    private readonly Vector256<double> _first, _second, _pairMass2;
    private Vector256<double> _x, _y, _u, _v;
    private Vector256<double> _ax, _ay, _jx, _jy;
    private double _collision;

    /// <summary>Takes over a system and evaluates where it is.</summary>
    public HermiteQuads(in ThreeBodyState s)
    {
        (_x, _y) = (Vector256.Create(s.X0, s.X1, s.X2, 0), Vector256.Create(s.Y0, s.Y1, s.Y2, 0));
        (_u, _v) = (Vector256.Create(s.U0, s.U1, s.U2, 0), Vector256.Create(s.V0, s.V1, s.V2, 0));
        // The masses that act on bodies 0, 1, 2 through the pairs that Pull puts first and second.
        (_first, _second) = (Vector256.Create(s.M1, s.M2, s.M0, 0), Vector256.Create(s.M2, s.M0, s.M1, 0));
        Vector256<double> mass = Vector256.Create(s.M0 + s.M1, s.M0 + s.M2, s.M1 + s.M2, 1);
        _pairMass2 = mass * mass;
        Evaluate(_x, _y, _u, _v, out _ax, out _ay, out _jx, out _jy, out _collision);
    }

    /// <summary>Steps until the end is reached or no step can be taken; the rules and their order are those of <see cref="HermiteIntegrator"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public IntegrationOutcome Run(ref double time, double end, double parameter, double overshoot, long maxSteps, out long steps)
    {
        HermiteQuads own = this;
        double now = time;
        IntegrationOutcome outcome;
        for (steps = 0; ; steps++)
        {
            double h = parameter * Math.Sqrt(Math.Sqrt(own._collision));
            if (!OrbitStep.Progresses(h, now)) { outcome = IntegrationOutcome.NoProgress; break; }
            if (!(now + h <= end + (overshoot * h))) { outcome = IntegrationOutcome.Reached; break; }
            if (steps == maxSteps) { outcome = IntegrationOutcome.StepLimit; break; }
            own.Step(h);
            now += h;
        }
        this = own;
        time = now;
        return outcome;
    }

    /// <summary>Writes places and speeds; masses and time stay.</summary>
    public readonly void Write(ref ThreeBodyState s)
    {
        (s.X0, s.X1, s.X2) = (_x[0], _x[1], _x[2]);
        (s.Y0, s.Y1, s.Y2) = (_y[0], _y[1], _y[2]);
        (s.U0, s.U1, s.U2) = (_u[0], _u[1], _u[2]);
        (s.V0, s.V1, s.V2) = (_v[0], _v[1], _v[2]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Step(double step)
    {
        Vector256<double> h = Vector256.Create(step), half = Vector256.Create(0.5), sixth = Vector256.Create(1.0 / 6);
        Vector256<double> px = _x + (h * (_u + (h * ((_ax * half) + (_jx * h * sixth))))), pu = _u + (h * (_ax + (h * _jx * half)));
        Vector256<double> py = _y + (h * (_v + (h * ((_ay * half) + (_jy * h * sixth))))), pv = _v + (h * (_ay + (h * _jy * half)));
        Evaluate(px, py, pu, pv, out Vector256<double> ax, out Vector256<double> ay, out Vector256<double> jx, out Vector256<double> jy, out _collision);
        Vector256<double> halfStep = Vector256.Create(0.5 * step), twelfth = Vector256.Create(step * step / 12);
        Vector256<double> u = _u + (((_ax + ax) * halfStep) + ((_jx - jx) * twelfth)), v = _v + (((_ay + ay) * halfStep) + ((_jy - jy) * twelfth));
        _x += ((_u + u) * halfStep) + ((_ax - ax) * twelfth);
        _y += ((_v + v) * halfStep) + ((_ay - ay) * twelfth);
        (_u, _v, _ax, _ay, _jx, _jy) = (u, v, ax, ay, jx, jy);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Evaluate(
        Vector256<double> px, Vector256<double> py, Vector256<double> pu, Vector256<double> pv,
        out Vector256<double> ax, out Vector256<double> ay, out Vector256<double> jx, out Vector256<double> jy, out double collision)
    {
        Vector256<double> x = Apart(px), y = Apart(py), u = Apart(pu), v = Apart(pv);
        Vector256<double> r2 = (x * x) + (y * y), v2 = (u * u) + (v * v);
        Vector256<double> cube = Vector256<double>.One / (r2 * Vector256.Sqrt(r2));
        Vector256<double> turn = Vector256.Create(3.0) * ((x * u) + (y * v)) / r2, meet = r2 / v2;
        ax = Pull(x * cube);
        ay = Pull(y * cube);
        jx = Pull((u - (turn * x)) * cube);
        jy = Pull((v - (turn * y)) * cube);
        Vector256<double> quick = meet * meet, fall = r2 * r2 * r2 / _pairMass2;
        Vector256<double> least = Vector256.ConditionalSelect(Vector256.LessThanOrEqual(quick, fall), quick, fall);
        (double a, double b, double c) = (least.GetElement(0), least.GetElement(1), least.GetElement(2));
        a = a <= b ? a : b;
        collision = a <= c ? a : c;
    }

    // The pairs (0,1), (0,2), (1,2); the fourth lane repeats the last.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Apart(Vector256<double> of) => Vector256.Shuffle(of, Vector256.Create(1L, 2, 2, 2)) - Vector256.Shuffle(of, Vector256.Create(0L, 0, 1, 1));

    // M1·p01 + M2·p02, M2·p12 − M0·p01 and 0 − M0·p02 − M1·p12: a difference is the sum with the sign turned, bit for bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Vector256<double> Pull(Vector256<double> pairs)
    {
        Vector256<double> first = Vector256.Shuffle(pairs, Vector256.Create(0L, 2, 1, 1)) * _first, second = Vector256.Shuffle(pairs, Vector256.Create(1L, 0, 2, 2)) * _second;
        first = Vector256.ConditionalSelect(Vector256.Create(-1L, -1, 0, -1).AsDouble(), first, Vector256<double>.Zero - first);
        return first + Vector256.ConditionalSelect(Vector256.Create(-1L, 0, 0, -1).AsDouble(), second, -second);
    }
}

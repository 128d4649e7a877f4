using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Learning;

/// <summary>Integrates many independent three-body systems at once by leapfrog (DKD) or the 4th-order splitting with one fixed step for all.</summary>
/// <remarks>
/// One system per SIMD lane; systems of one time, end and step take the same steps, so no lane ever waits. Every system gets the bits and counts that <see cref="SplittingIntegrator"/> with
/// <see cref="StepControl.Fixed"/> and plain sums gives it, at every width. Allocates nothing after construction. Not safe for several threads at once.
/// </remarks>
public sealed class SplittingBatch
{
    private const int Lanes = 8;
    private readonly SplittingScheme _scheme;
    private readonly long _maxSteps;
    private readonly double[] _fields = new double[Bodies<OrbitScalar>.Fields * Lanes];

    /// <summary>Creates a batch integrator.</summary>
    /// <param name="scheme">DriftKickDrift or Fourth.</param>
    /// <param name="maxSteps">The most steps of one call, at least 1.</param>
    /// <param name="width">How many systems go side by side; any width runs on any processor, in software where it must.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public SplittingBatch(SplittingScheme scheme, long maxSteps = 50_000_000, OrbitWidth width = OrbitWidth.Widest)
    {
        if (scheme is not (SplittingScheme.DriftKickDrift or SplittingScheme.Fourth)) throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "A batch of splittings is DriftKickDrift or Fourth.");
        if (!Enum.IsDefined(width)) throw new ArgumentOutOfRangeException(nameof(width), width, "The width of a batch must be one of OrbitWidth.");
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSteps, 1);
        (_scheme, _maxSteps) = (scheme, maxSteps);
        Width = width != OrbitWidth.Widest ? width
            : Vector512.IsHardwareAccelerated ? OrbitWidth.Eight
            : Vector256.IsHardwareAccelerated ? OrbitWidth.Four
            : Vector128.IsHardwareAccelerated ? OrbitWidth.Two
            : OrbitWidth.One;
    }

    /// <summary>Gets how many systems go side by side; never <see cref="OrbitWidth.Widest"/>.</summary>
    public OrbitWidth Width { get; }

    /// <summary>Moves every state to the end time; see <see cref="SplittingIntegrator.Advance"/>.</summary>
    /// <param name="states">The states, all of one time; on return the states reached.</param>
    /// <param name="end">The end time, finite and after theirs.</param>
    /// <param name="parameter">The step, finite and above 0.</param>
    /// <param name="results">Receives counts and outcome of each.</param>
    /// <exception cref="ArgumentException">The spans differ in length, the times differ, or a state cannot be integrated. No state has been moved then.</exception>
    /// <exception cref="ArgumentOutOfRangeException">End or step is out of range. No state has been moved then.</exception>
    public void Advance(Span<ThreeBodyState> states, double end, double parameter, Span<IntegrationResult> results)
    {
        if (results.Length != states.Length) throw new ArgumentException($"A batch has {states.Length} states and {results.Length} results; it needs one per state.", nameof(results));
        if (states.IsEmpty) return;
        double time = states[0].Time;
        foreach (ref readonly ThreeBodyState s in states)
        {
            OrbitStep.Validate(s, end, parameter);
            if (s.Time != time) throw new ArgumentException($"A batch of splittings has states at the times {time} and {s.Time}; they must be the same.", nameof(states));
        }
        if (end <= time) throw new ArgumentOutOfRangeException(nameof(end), end, $"The end of a batch must be after its states, which are at {time}.");
        long steps = OrbitStep.Count(end - time, parameter, _maxSteps);
        double h = (end - time) / steps;
        int width = Width switch { OrbitWidth.Eight => 8, OrbitWidth.Four => 4, OrbitWidth.Two => 2, _ => 1 };
        for (int from = 0; from < states.Length; from += width)
        {
            Span<ThreeBodyState> some = states.Slice(from, Math.Min(width, states.Length - from));
            switch (Width)
            {
                case OrbitWidth.Eight: Run<OrbitLanes512>(some, h, steps); break;
                case OrbitWidth.Four: Run<OrbitLanes256>(some, h, steps); break;
                case OrbitWidth.Two: Run<OrbitLanes128>(some, h, steps); break;
                default: Run<OrbitScalar>(some, h, steps); break;
            }
        }
        long forces = steps * (_scheme == SplittingScheme.Fourth ? 6 : 1);
        for (int i = 0; i < states.Length; i++)
        {
            states[i].Time = end;
            results[i] = new IntegrationResult(steps, forces, states[i].IsFinite ? IntegrationOutcome.Reached : IntegrationOutcome.NotFinite);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<T>(Span<ThreeBodyState> states, double h, long steps) where T : struct, IOrbitLanes<T>
    {
        Load(states, out Bodies<T> z);
        Pull<T> pull = default;
        if (_scheme == SplittingScheme.DriftKickDrift)
        {
            T whole = T.Of(h), half = T.Of(0.5 * h);
            for (long i = 0; i < steps; i++)
            {
                Drift(ref z, half);
                Gravity.Accelerate(z, ref pull);
                Kick(ref z, pull, whole);
                Drift(ref z, half);
            }
        }
        else
        {
            double[] drifts = SplittingIntegrator.Drifts, kicks = SplittingIntegrator.Kicks;
            for (long i = 0; i < steps; i++)
            {
                Drift(ref z, T.Of(drifts[0] * h));
                for (int k = 0; k < 6; k++)
                {
                    Gravity.Accelerate(z, ref pull);
                    Kick(ref z, pull, T.Of(kicks[k < 3 ? k : 5 - k] * h));
                    Drift(ref z, T.Of(drifts[k < 3 ? k + 1 : 5 - k] * h));
                }
            }
        }
        Store(z, states);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Drift<T>(ref Bodies<T> z, T h) where T : struct, IOrbitLanes<T>
    {
        z.X0 += z.U0 * h;
        z.X1 += z.U1 * h;
        z.X2 += z.U2 * h;
        z.Y0 += z.V0 * h;
        z.Y1 += z.V1 * h;
        z.Y2 += z.V2 * h;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Kick<T>(ref Bodies<T> z, in Pull<T> pull, T h) where T : struct, IOrbitLanes<T>
    {
        z.U0 += pull.AX0 * h;
        z.U1 += pull.AX1 * h;
        z.U2 += pull.AX2 * h;
        z.V0 += pull.AY0 * h;
        z.V1 += pull.AY1 * h;
        z.V2 += pull.AY2 * h;
    }

    // Lanes without a system repeat the first one: its steps are as finite as it is.
    private void Load<T>(ReadOnlySpan<ThreeBodyState> states, out Bodies<T> z) where T : struct, IOrbitLanes<T>
    {
        for (int lane = 0; lane < T.Count; lane++)
        {
            ref readonly ThreeBodyState s = ref states[lane < states.Length ? lane : 0];
            ReadOnlySpan<double> column = [s.M0, s.M1, s.M2, s.X0, s.X1, s.X2, s.Y0, s.Y1, s.Y2, s.U0, s.U1, s.U2, s.V0, s.V1, s.V2];
            for (int field = 0; field < column.Length; field++) _fields[(field * Lanes) + lane] = column[field];
        }
        (z.M0, z.M1, z.M2) = (Row<T>(0), Row<T>(1), Row<T>(2));
        (z.X0, z.X1, z.X2) = (Row<T>(3), Row<T>(4), Row<T>(5));
        (z.Y0, z.Y1, z.Y2) = (Row<T>(6), Row<T>(7), Row<T>(8));
        (z.U0, z.U1, z.U2) = (Row<T>(9), Row<T>(10), Row<T>(11));
        (z.V0, z.V1, z.V2) = (Row<T>(12), Row<T>(13), Row<T>(14));
    }

    private void Store<T>(in Bodies<T> z, Span<ThreeBodyState> states) where T : struct, IOrbitLanes<T>
    {
        ReadOnlySpan<T> rows = [z.X0, z.X1, z.X2, z.Y0, z.Y1, z.Y2, z.U0, z.U1, z.U2, z.V0, z.V1, z.V2];
        for (int i = 0; i < rows.Length; i++) T.Store(rows[i], _fields.AsSpan((i + 3) * Lanes, Lanes));
        for (int lane = 0; lane < states.Length; lane++)
        {
            ref ThreeBodyState s = ref states[lane];
            (s.X0, s.X1, s.X2) = (At(3, lane), At(4, lane), At(5, lane));
            (s.Y0, s.Y1, s.Y2) = (At(6, lane), At(7, lane), At(8, lane));
            (s.U0, s.U1, s.U2) = (At(9, lane), At(10, lane), At(11, lane));
            (s.V0, s.V1, s.V2) = (At(12, lane), At(13, lane), At(14, lane));
        }
    }

    private T Row<T>(int field) where T : struct, IOrbitLanes<T> => T.Load(_fields.AsSpan(field * Lanes, Lanes));

    private double At(int field, int lane) => _fields[(field * Lanes) + lane];
}

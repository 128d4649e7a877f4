namespace EdgeAutonomy.Learning;

/// <summary>Describes three bodies by what decides how hard the next interval is: for each pair the Kepler orbit it would be on if the third body were not there.</summary>
/// <remarks>
/// Invariant under rotation, translation and renaming. Per pair, the one that will come closest first: ln r, ln v, cos(r, v), ln of the pericentre distance, ln of the time to the next pericentre and of the
/// period in checks, half the eccentricity. Then log10 t_coll, the last interval's error and rung, and ln of the least distances that the two closest pairs will have. 26 numbers of order 1.
/// One vector logarithm does most of the work: about a third of a microsecond. Allocation-free; the same bits on every machine.
/// </remarks>
public static class OrbitFeatures
{
    /// <summary>How many numbers there are.</summary>
    public const int Count = 26;

    private const int PerPair = 7, Logs = 5;
    // The logarithms of a pair, then t_coll and two least distances.
    private const int LogCount = 3 * Logs + 3;
    private const double Never = 1e5;

    /// <summary>Writes them.</summary>
    /// <param name="state">The bodies.</param>
    /// <param name="lastLogError">log10 of the last interval's error; −16 at the start.</param>
    /// <param name="lastRung">The last interval's rung as a share of the ladder, 0 the finest and 1 the coarsest; 1 at the start.</param>
    /// <param name="to">Takes <see cref="Count"/> numbers, all finite.</param>
    public static void Write(in ThreeBodyState state, double lastLogError, double lastRung, Span<float> to)
    {
        Span<Pair> pairs = stackalloc Pair[3];
        pairs[0] = new Pair(state.X1 - state.X0, state.Y1 - state.Y0, state.U1 - state.U0, state.V1 - state.V0, state.M0 + state.M1);
        pairs[1] = new Pair(state.X2 - state.X0, state.Y2 - state.Y0, state.U2 - state.U0, state.V2 - state.V0, state.M0 + state.M2);
        pairs[2] = new Pair(state.X2 - state.X1, state.Y2 - state.Y1, state.U2 - state.U1, state.V2 - state.V1, state.M1 + state.M2);
        Order(pairs, 0, 1);
        Order(pairs, 1, 2);
        Order(pairs, 0, 1);
        Span<float> logs = stackalloc float[LogCount];
        double collision = double.PositiveInfinity;
        for (int i = 0; i < 3; i++)
        {
            ref readonly Pair p = ref pairs[i];
            double check = ThreeBodySystem.CheckStep;
            Put(logs, i * Logs, p.Distance, p.Speed + 1e-3, p.Pericentre + 1e-9, (p.Ahead / check) + 1e-3, p.Period / check);
            collision = Math.Min(collision, p.Collision);
        }
        Put(logs, 3 * Logs, collision, pairs[0].Least + 1e-9, pairs[1].Least + 1e-9);
        DeterministicMathF.Log(logs, logs);
        for (int i = 0; i < 3; i++)
        {
            Span<float> own = to.Slice(i * PerPair, PerPair);
            ReadOnlySpan<float> log = logs.Slice(i * Logs, Logs);
            (own[0], own[1], own[2], own[3]) = (log[0], log[1], Share(pairs[i].Cosine), log[2]);
            (own[4], own[5], own[6]) = (Math.Clamp(log[3], -7f, 7f), Math.Clamp(log[4], -7f, 7f), Share(0.5 * pairs[i].Eccentricity));
        }
        to[21] = logs[15] * 0.4342945f;
        to[22] = (float)((Math.Clamp(lastLogError, -16, 6) * 0.2) + 2);
        to[23] = (float)lastRung;
        (to[24], to[25]) = (logs[16], logs[17]);
    }

    // Within float32's range, whatever a system that blew up has become.
    private static void Put(Span<float> to, int at, params ReadOnlySpan<double> values)
    {
        foreach (double value in values) to[at++] = double.IsNaN(value) ? 1 : (float)Math.Clamp(value, 1e-30, 1e30);
    }

    private static float Share(double value) => double.IsNaN(value) ? 0 : (float)Math.Clamp(value, -1, 1);

    private static void Order(Span<Pair> pairs, int a, int b)
    {
        if (pairs[b].Least < pairs[a].Least) (pairs[a], pairs[b]) = (pairs[b], pairs[a]);
    }

    /// <summary>Two bodies and their Kepler orbit.</summary>
    private readonly struct Pair
    {
        public readonly double Distance, Speed, Cosine, Pericentre, Ahead, Period, Eccentricity, Least, Collision;

        public Pair(double x, double y, double u, double v, double mass)
        {
            double v2 = (u * u) + (v * v), rv = (x * u) + (y * v), turn = (x * v) - (y * u);
            Distance = Math.Sqrt((x * x) + (y * y));
            Speed = Math.Sqrt(v2);
            Cosine = rv / ((Distance * Speed) + 1e-9);
            Collision = Math.Min(Distance / (Speed + 1e-12), Math.Sqrt(Distance * Distance * Distance / mass));
            double energy = (0.5 * v2) - (mass / Distance);
            Eccentricity = Math.Sqrt(Math.Max(0, 1 + (2 * energy * turn * turn / (mass * mass))));
            Pericentre = turn * turn / (mass * (1 + Eccentricity));
            double axis = Math.Abs(energy) < 1e-9 ? 1e9 : Math.Abs(mass / (2 * energy)), pace = Math.Sqrt(axis * axis * axis / mass), along = rv / Math.Sqrt(mass * axis);
            if (energy < 0)
            {
                // Kepler's equation from a known place: e·sin E = r·v/√(m·a), e·cos E = 1 − r/a.
                double since = (DeterministicMath.Atan2(along, 1 - (Distance / axis)) - along) * pace;
                Period = 2 * Math.PI * pace;
                Ahead = since <= 0 ? -since : Period - since;
            }
            else
            {
                double sinh = Math.Abs(along) / Math.Max(Eccentricity, 1e-9);
                double since = Math.Abs(along) - DeterministicMath.Log(sinh + Math.Sqrt((sinh * sinh) + 1));
                Period = Never;
                Ahead = rv < 0 ? Math.Abs(since) * pace : Never;
            }
            // Where the pericentre is not reached in the interval, a share of the way to it.
            Least = Ahead <= ThreeBodySystem.CheckStep ? Pericentre : rv < 0 ? Pericentre + ((Distance - Pericentre) * (1 - (ThreeBodySystem.CheckStep / Ahead))) : Distance;
        }
    }
}

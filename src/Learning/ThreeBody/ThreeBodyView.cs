namespace EdgeAutonomy.Learning;

/// <summary>Writes observations of three bodies.</summary>
internal static class ThreeBodyView
{
    private const double Log10 = 0.43429448190325182; // 1/ln 10

    /// <summary>Returns how many numbers an observation has.</summary>
    public static int Length(ThreeBodyObservation kind) => kind switch
    {
        ThreeBodyObservation.Cartesian => 13,
        ThreeBodyObservation.Distance => 3,
        _ => 15,
    };

    /// <summary>Writes an observation; an entry that would be NaN is 0, and entries are kept within ±1e6, so that a blow-up cannot poison a network.</summary>
    public static void Write(ThreeBodyObservation kind, in ThreeBodyCheckpoint now, double error, int rungs, Span<float> to)
    {
        Span<double> values = stackalloc double[15];
        switch (kind)
        {
            case ThreeBodyObservation.Cartesian: Cartesian(now.State, error, values); break;
            case ThreeBodyObservation.Distance: Distance(now.State, error, values); break;
            default: Invariant(now, error, rungs, values); break;
        }
        for (int i = 0; i < Length(kind); i++) to[i] = double.IsNaN(values[i]) ? 0 : (float)Math.Clamp(values[i], -1e6, 1e6);
    }

    private static void Cartesian(in ThreeBodyState s, double error, Span<double> to)
    {
        (to[0], to[1], to[2], to[3], to[4], to[5]) = (s.X0 / 10, s.Y0 / 10, s.X1 / 10, s.Y1 / 10, s.X2 / 10, s.Y2 / 10);
        (to[6], to[7], to[8], to[9], to[10], to[11]) = (s.U0, s.V0, s.U1, s.V1, s.U2, s.V2);
        to[12] = -ThreeBodyReward.LogSize(error);
    }

    private static void Distance(in ThreeBodyState s, double error, Span<double> to)
    {
        Span<double> pairs = stackalloc double[9];
        Pairs(s, pairs);
        to[0] = pairs[0] / 10;
        to[1] = pairs[1];
        to[2] = -ThreeBodyReward.LogSize(error);
    }

    private static void Invariant(in ThreeBodyCheckpoint now, double error, int rungs, Span<double> to)
    {
        Span<double> pairs = stackalloc double[9];
        Pairs(now.State, pairs);
        for (int i = 0; i < 9; i += 3)
        {
            to[i] = DeterministicMath.Log(pairs[i]);
            to[i + 1] = DeterministicMath.Log(pairs[i + 1] + 1e-3);
            to[i + 2] = pairs[i + 2] / ((pairs[i] * pairs[i + 1]) + 1e-9);
        }
        to[9] = DeterministicMath.Log(ThreeBodySystem.CollisionTime(now.State)) * Log10;
        to[10] = Math.Clamp(ThreeBodyReward.LogSize(now.IntervalError), -16, 0);
        to[11] = now.IntervalError > 0 ? 1 : now.IntervalError < 0 ? -1 : 0;
        to[12] = Math.Clamp(-ThreeBodyReward.LogSize(error), 0, 16);
        to[13] = now.LastRung / (rungs - 1.0);
        to[14] = DeterministicMath.Log(Math.Max(1, now.LastSteps)) * Log10;
    }

    // Distance, relative speed and r·v of the three pairs, by rising distance.
    private static void Pairs(in ThreeBodyState s, Span<double> to)
    {
        Pair(s.X1 - s.X0, s.Y1 - s.Y0, s.U1 - s.U0, s.V1 - s.V0, to);
        Pair(s.X2 - s.X0, s.Y2 - s.Y0, s.U2 - s.U0, s.V2 - s.V0, to[3..]);
        Pair(s.X2 - s.X1, s.Y2 - s.Y1, s.U2 - s.U1, s.V2 - s.V1, to[6..]);
        Order(to, 0, 3);
        Order(to, 3, 6);
        Order(to, 0, 3);
    }

    private static void Pair(double x, double y, double u, double v, Span<double> to)
    {
        to[0] = Math.Sqrt((x * x) + (y * y));
        to[1] = Math.Sqrt((u * u) + (v * v));
        to[2] = (x * u) + (y * v);
    }

    private static void Order(Span<double> pairs, int a, int b)
    {
        if (!(pairs[b] < pairs[a])) return;
        for (int i = 0; i < 3; i++) (pairs[a + i], pairs[b + i]) = (pairs[b + i], pairs[a + i]);
    }
}

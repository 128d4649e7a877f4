using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Learning;

/// <summary>The systems that a <see cref="HermiteBatch"/> has in its lanes, kept in memory as [field, lane] between two stretches of steps.</summary>
internal sealed class HermiteLanes
{
    private const int Lanes = 8;
    private const int PullFields = 12;
    private const int CollisionField = Bodies<OrbitScalar>.Fields + PullFields;
    private const int TimeField = CollisionField + 1;
    private const int EndField = TimeField + 1;
    private const int ParameterField = EndField + 1;
    private const int Idle = -1;

    private static readonly ThreeBodyState Bystander = Circle();
    private readonly double[] _fields = new double[(ParameterField + 1) * Lanes];
    private readonly int[] _system = new int[Lanes];
    private readonly long[] _started = new long[Lanes];
    private double _overshoot;
    private long _maxSteps;
    private long _clock;

    /// <summary>Starts a call: no lane has a system.</summary>
    public void Begin(double overshoot, long maxSteps)
    {
        (_overshoot, _maxSteps, _clock) = (overshoot, maxSteps, 0);
        Array.Fill(_system, Idle);
    }

    /// <summary>Puts the next system into a lane, or a bystander where there is none left; returns whether it was a system.</summary>
    public bool Fill(int lane, ref int next, ReadOnlySpan<ThreeBodyState> states, ReadOnlySpan<double> ends, ReadOnlySpan<double> parameters)
    {
        bool some = next < states.Length;
        _system[lane] = some ? next : Idle;
        _started[lane] = _clock;
        // The bystander is there for the other lanes' sake: its steps are always finite and it never arrives.
        Put(lane, some ? states[next] : Bystander, some ? ends[next] : double.MaxValue, some ? parameters[next] : 1e-3);
        if (some) next++;
        return some;
    }

    /// <summary>Writes the system of a lane back with its counts; returns whether there was one.</summary>
    public bool Empty(int lane, IntegrationOutcome outcome, Span<ThreeBodyState> states, Span<IntegrationResult> results)
    {
        int system = _system[lane];
        if (system == Idle) return false;
        ref ThreeBodyState s = ref states[system];
        (s.X0, s.X1, s.X2) = (At(3, lane), At(4, lane), At(5, lane));
        (s.Y0, s.Y1, s.Y2) = (At(6, lane), At(7, lane), At(8, lane));
        (s.U0, s.U1, s.U2) = (At(9, lane), At(10, lane), At(11, lane));
        (s.V0, s.V1, s.V2) = (At(12, lane), At(13, lane), At(14, lane));
        s.Time = At(TimeField, lane);
        long steps = _clock - _started[lane];
        results[system] = new IntegrationResult(steps, steps + 1, s.IsFinite ? outcome : IntegrationOutcome.NotFinite);
        return true;
    }

    /// <summary>Returns whether the system of a lane may take no further step, and why. The rules and their order are those of the single integrator.</summary>
    public bool MustStop(int lane, out IntegrationOutcome outcome)
    {
        double time = At(TimeField, lane);
        double h = At(ParameterField, lane) * Math.Sqrt(Math.Sqrt(At(CollisionField, lane)));
        bool progresses = OrbitStep.Progresses(h, time);
        bool within = time + h <= At(EndField, lane) + (_overshoot * h);
        outcome = !progresses ? IntegrationOutcome.NoProgress : !within ? IntegrationOutcome.Reached : IntegrationOutcome.StepLimit;
        return !progresses || !within || _clock - _started[lane] == _maxSteps;
    }

    /// <summary>Steps all lanes together as long as none must stop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void StepAll<T>() where T : struct, IOrbitLanes<T>
    {
        Load(out Bodies<T> z, out Pull<T> pull);
        T collision = Row<T>(CollisionField), time = Row<T>(TimeField), end = Row<T>(EndField), parameter = Row<T>(ParameterField);
        T overshoot = T.Of(_overshoot), largest = T.Of(double.MaxValue);
        long limit = _clock + StepsLeft(T.Count);
        while (_clock < limit)
        {
            T h = parameter * T.Sqrt(T.Sqrt(collision));
            bool progress = T.AllAtMost(HermiteKernel.LeastStep(time), h) & T.AllAtMost(h, largest);
            if (!(progress & T.AllAtMost(time + h, end + (overshoot * h)))) break;
            HermiteKernel.Predict(z, pull, h, out Bodies<T> ahead);
            Gravity.Evaluate(ahead, out Pull<T> aheadPull, out collision);
            HermiteKernel.Correct(z, pull, aheadPull, h, out z);
            pull = aheadPull;
            time += h;
            _clock++;
        }
        Store(z, pull);
        SetRow(CollisionField, collision);
        SetRow(TimeField, time);
    }

    private long StepsLeft(int lanes)
    {
        long left = long.MaxValue;
        for (int lane = 0; lane < lanes; lane++) left = Math.Min(left, _maxSteps - (_clock - _started[lane]));
        return left;
    }

    private void Put(int lane, in ThreeBodyState s, double end, double parameter)
    {
        Bodies<OrbitScalar> z = Bodies<OrbitScalar>.Of(s);
        Gravity.Evaluate(z, out Pull<OrbitScalar> p, out OrbitScalar collision);
        ReadOnlySpan<OrbitScalar> column =
        [
            z.M0, z.M1, z.M2, z.X0, z.X1, z.X2, z.Y0, z.Y1, z.Y2, z.U0, z.U1, z.U2, z.V0, z.V1, z.V2,
            p.AX0, p.AX1, p.AX2, p.AY0, p.AY1, p.AY2, p.JX0, p.JX1, p.JX2, p.JY0, p.JY1, p.JY2, collision,
        ];
        for (int field = 0; field < column.Length; field++) _fields[(field * Lanes) + lane] = column[field].Value;
        _fields[(TimeField * Lanes) + lane] = s.Time;
        _fields[(EndField * Lanes) + lane] = end;
        _fields[(ParameterField * Lanes) + lane] = parameter;
    }

    private void Load<T>(out Bodies<T> z, out Pull<T> p) where T : struct, IOrbitLanes<T>
    {
        (z.M0, z.M1, z.M2) = Three<T>(0);
        (z.X0, z.X1, z.X2) = Three<T>(3);
        (z.Y0, z.Y1, z.Y2) = Three<T>(6);
        (z.U0, z.U1, z.U2) = Three<T>(9);
        (z.V0, z.V1, z.V2) = Three<T>(12);
        (p.AX0, p.AX1, p.AX2) = Three<T>(15);
        (p.AY0, p.AY1, p.AY2) = Three<T>(18);
        (p.JX0, p.JX1, p.JX2) = Three<T>(21);
        (p.JY0, p.JY1, p.JY2) = Three<T>(24);
    }

    private void Store<T>(in Bodies<T> z, in Pull<T> p) where T : struct, IOrbitLanes<T>
    {
        SetThree(3, z.X0, z.X1, z.X2);
        SetThree(6, z.Y0, z.Y1, z.Y2);
        SetThree(9, z.U0, z.U1, z.U2);
        SetThree(12, z.V0, z.V1, z.V2);
        SetThree(15, p.AX0, p.AX1, p.AX2);
        SetThree(18, p.AY0, p.AY1, p.AY2);
        SetThree(21, p.JX0, p.JX1, p.JX2);
        SetThree(24, p.JY0, p.JY1, p.JY2);
    }

    private (T A, T B, T C) Three<T>(int field) where T : struct, IOrbitLanes<T> => (Row<T>(field), Row<T>(field + 1), Row<T>(field + 2));

    private void SetThree<T>(int field, T a, T b, T c) where T : struct, IOrbitLanes<T>
    {
        SetRow(field, a);
        SetRow(field + 1, b);
        SetRow(field + 2, c);
    }

    private T Row<T>(int field) where T : struct, IOrbitLanes<T> => T.Load(_fields.AsSpan(field * Lanes, Lanes));

    private void SetRow<T>(int field, T value) where T : struct, IOrbitLanes<T> => T.Store(value, _fields.AsSpan(field * Lanes, Lanes));

    private double At(int field, int lane) => _fields[(field * Lanes) + lane];

    // Two equal masses on a circle around a massless body in the middle: steps of one length for ever.
    private static ThreeBodyState Circle() => new()
    {
        M0 = 0.5, M1 = 0.5, X0 = -0.5, X1 = 0.5, V0 = -0.5, V1 = 0.5,
    };
}

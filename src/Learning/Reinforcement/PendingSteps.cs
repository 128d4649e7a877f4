namespace EdgeAutonomy.Learning;

/// <summary>The last decisions of one stream whose n steps are not complete: a ring of at most n.</summary>
internal sealed class PendingSteps(int steps, int observation, int action, int choices)
{
    private readonly float[] _observations = new float[steps * observation], _actions = new float[steps * action];
    private readonly bool[] _allowed = new bool[steps * choices];
    private readonly StepSums[] _sums = new StepSums[steps];
    private int _first;

    public int Count { get; private set; }

    public ReadOnlySpan<float> Observation => _observations.AsSpan(_first * observation, observation);

    public ReadOnlySpan<float> Action => _actions.AsSpan(_first * action, action);

    public ReadOnlySpan<bool> Allowed => _allowed.AsSpan(_first * choices, choices);

    public StepSums Sums => _sums[_first];

    /// <summary>Adds a decision, and its reward to all decisions before it.</summary>
    public void Push(ReadOnlySpan<float> seen, ReadOnlySpan<float> done, ReadOnlySpan<bool> allowed, double reward, double joules, double discount)
    {
        int at = (_first + Count++) % steps;
        seen.CopyTo(_observations.AsSpan(at * observation, observation));
        done.CopyTo(_actions.AsSpan(at * action, action));
        allowed.CopyTo(_allowed.AsSpan(at * choices, choices));
        _sums[at] = new StepSums { Discount = 1 };
        for (int i = 0; i < Count; i++)
        {
            ref var s = ref _sums[(_first + i) % steps];
            s.Reward += s.Discount * reward;
            s.Joules += s.Discount * joules;
            s.Decisions += s.Discount;
            s.Discount *= discount;
        }
    }

    public void Pop() => (_first, Count) = ((_first + 1) % steps, Count - 1);

    public void Freeze(in StateWriter w)
    {
        w.Write(_first);
        w.Write(Count);
        w.WriteSpan<float>(_observations);
        w.WriteSpan<float>(_actions);
        w.WriteSpan<bool>(_allowed);
        w.WriteSpan<StepSums>(_sums);
    }

    public void Thaw(ref StateReader r)
    {
        _first = r.ReadInt32(0, steps - 1);
        Count = r.ReadInt32(0, steps - 1);
        r.ReadSpan<float>(_observations);
        r.ReadSpan<float>(_actions);
        Flags.Read(ref r, _allowed, "a flag in a mask");
        r.ReadSpan<StepSums>(_sums);
    }

    public struct StepSums
    {
        public double Reward, Joules, Decisions, Discount;
    }
}

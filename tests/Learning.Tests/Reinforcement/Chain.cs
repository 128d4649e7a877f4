using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>Five states in a row, seen one-hot. Right of the last one lies 1, left of the first one 0.2, both the end; any step between gives −0.01. Cut off after three steps, so
/// that a learner that takes the cut for an end gets other values. First states are drawn.</summary>
internal sealed class Chain : IEnvironment
{
    public const int States = 5, Limit = 3;
    private int _state, _steps = Limit;

    public string Name => "Chain-v0";

    public BoxSpace ObservationSpace { get; } = new([0, 0, 0, 0, 0], [1, 1, 1, 1, 1]);

    public Space ActionSpace { get; } = new DiscreteSpace(2);

    public double TickSeconds => 1;

    public void Reset(ulong seed, Span<float> observation)
    {
        _state = (int)(new CounterRandom(seed).Bits(0) % States);
        _steps = 0;
        Show(_state, observation);
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        var (next, reward, ends) = Model(_state, (int)action[0]);
        _state = next;
        Show(next, observation);
        return new StepResult(reward, ends, ++_steps >= Limit);
    }

    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_state);
        w.Write(_steps);
    }

    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, Name);
        (_state, _steps) = (r.ReadInt32(0, States - 1), r.ReadInt32(0, Limit));
        r.End();
    }

    public static (int Next, double Reward, bool Ends) Model(int state, int action)
    {
        int next = state + (action == 1 ? 1 : -1);
        return next < 0 ? (0, 0.2, true) : next >= States ? (States - 1, 1, true) : (next, -0.01, false);
    }

    public static void Show(int state, Span<float> observation)
    {
        observation.Clear();
        observation[state] = 1;
    }

    /// <summary>Returns the optimal values [state, action] by value iteration, without the cut-off.</summary>
    public static double[,] Optimal(double discount)
    {
        var q = new double[States, 2];
        for (int round = 0; round < 200; round++)
        {
            for (int s = 0; s < States; s++)
            {
                for (int a = 0; a < 2; a++)
                {
                    var (next, reward, ends) = Model(s, a);
                    q[s, a] = reward + (ends ? 0 : discount * Math.Max(q[next, 0], q[next, 1]));
                }
            }
        }
        return q;
    }
}

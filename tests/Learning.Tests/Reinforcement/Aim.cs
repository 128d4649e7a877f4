using System.Buffers;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>One step: x is seen, and the reward is −(u − best(x))²; u in [−1, 1].</summary>
internal sealed class Aim : IEnvironment
{
    private float _x;

    public string Name => "Aim-v0";

    public BoxSpace ObservationSpace { get; } = new([-1], [1]);

    public Space ActionSpace { get; } = new BoxSpace([-1], [1]);

    public double TickSeconds => 1;

    public static double Best(float x) => 0.3 - 0.5 * x;

    public void Reset(ulong seed, Span<float> observation) => observation[0] = _x = (float)new CounterRandom(seed).Uniform(0, -1, 1);

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        double miss = Math.Clamp(action[0], -1, 1) - Best(_x);
        observation[0] = _x;
        return new StepResult(-miss * miss, true, false);
    }

    public void Freeze(IBufferWriter<byte> writer)
    {
    }

    public void Thaw(ReadOnlySpan<byte> state)
    {
    }
}

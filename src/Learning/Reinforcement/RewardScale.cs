using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Divides rewards by the running deviation of the discounted return, as VecNormalize of Stable-Baselines3 does. Not thread-safe; allocation-free.</summary>
/// <param name="copies">Copies of the environment.</param>
/// <param name="discount">γ per tick.</param>
internal sealed class RewardScale(int copies, double discount) : IFreezable
{
    private const double Floor = 1e-8, Bound = 10;
    private readonly double[] _returns = new double[copies];
    private readonly RunningMoments _moments = new(1);

    /// <summary>Takes a reward of a copy and returns it scaled.</summary>
    public double Scale(int copy, double reward, in StepResult result)
    {
        double factor = result.Ticks == 1 ? discount : DeterministicMath.Pow(discount, result.Ticks);
        _returns[copy] = factor * _returns[copy] + reward;
        _moments.Add([(float)_returns[copy]]);
        if (result.Done) _returns[copy] = 0;
        return Math.Clamp(reward / Math.Sqrt(_moments.Variance(0) + Floor), -Bound, Bound);
    }

    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.WriteSpan<double>(_returns);
        StatePart.Write(w, _moments);
    }

    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "reward scale");
        r.ReadSpan<double>(_returns);
        _moments.Thaw(r.ReadBytes());
        r.End();
        foreach (double x in _returns) r.Require(double.IsFinite(x), "a return");
    }
}

using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Gradient descent with momentum: m ← μ·m + g; w ← w − rate·m, or − rate·(g + μ·m) after Nesterov. Weight decay is added to g.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="parameters">What is changed.</param>
/// <param name="momentum">μ, 0 … below 1.</param>
/// <param name="nesterov">Whether to look ahead.</param>
/// <param name="weightDecay">The weight decay.</param>
public sealed class Sgd<T>(IReadOnlyList<Parameter<T>> parameters, double momentum = 0.9, bool nesterov = false, double weightDecay = 0)
    : Optimiser<T>(parameters, weightDecay, moments: 1) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"sgd momentum={momentum} nesterov={nesterov} decay={WeightDecay}");

    private protected override void Update(Parameter<T> parameter, T[][] moments, double rate, double decay)
    {
        T[] w = parameter.Value, m = moments[0];
        Vector<T> mu = Lanes.Of<T>(momentum), step = Lanes.Of<T>(rate), fade = Lanes.Of<T>(decay);
        for (int i = 0; i < w.Length; i += Vector<T>.Count)
        {
            var value = Lanes.Load<T>(w, i);
            var g = Lanes.Load<T>(parameter.Gradient, i) + fade * value;
            var velocity = mu * Lanes.Load<T>(m, i) + g;
            Lanes.Store(velocity, m, i);
            Lanes.Store(value - step * (nesterov ? g + mu * velocity : velocity), w, i);
        }
    }
}

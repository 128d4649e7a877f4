using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>SPAM: Adam that cuts single gradients far above their usual size, and forgets its moments now and then, so that one bad batch does not linger.</summary>
/// <remarks>
/// Every ΔT steps both moments start from zero, and the rate rises from zero again over a few steps along half a cosine. A gradient with g² &gt; θ·v (v the second
/// moment so far) is cut to ±√(θ·v). Source: Huang et al., "SPAM: Spike-Aware Adam with Momentum Reset" (arXiv 2501.06842), defaults ΔT = 500, θ = 5000, 150
/// steps of warm-up. "Spike" there means a jump of the gradient, not a neuron's.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="parameters">What is changed.</param>
/// <param name="resetEvery">ΔT in steps, at least 1.</param>
/// <param name="threshold">θ, above 0.</param>
/// <param name="warmup">Steps until the rate is whole again after a reset, 0 = at once.</param>
/// <param name="beta1">How long the mean of the gradient remembers.</param>
/// <param name="beta2">How long the mean of its square remembers.</param>
/// <param name="epsilon">What is added to the root.</param>
/// <param name="weightDecay">The weight decay, decoupled.</param>
public sealed class Spam<T>(IReadOnlyList<Parameter<T>> parameters, int resetEvery = 500, double threshold = 5000, int warmup = 150, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
    : Adam<T>(parameters, beta1, beta2, epsilon, weightDecay, decoupled: true) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"spam reset={resetEvery} threshold={threshold} warmup={warmup} over {base.Description}");

    private protected override long FirstMomentSteps => (Steps - 1) % resetEvery + 1;

    private protected override long SecondMomentSteps => FirstMomentSteps;

    // No warm-up before the first reset: a schedule has its own.
    private protected override double Warmup => Steps <= resetEvery || FirstMomentSteps > warmup ? 1 : 0.5 - 0.5 * DeterministicMath.Cos(Math.PI * FirstMomentSteps / (warmup + 1));

    private protected override double SpikeThreshold => threshold;

    private protected override void Begin()
    {
        if (FirstMomentSteps != 1) return;
        foreach (var (_, values) in State) Array.Clear(values);
    }
}

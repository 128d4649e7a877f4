namespace EdgeAutonomy.Perception;

/// <summary>The factors of one leaky integrate-and-fire step, which depend on the bin's length alone.</summary>
/// <param name="Beta">What is left of a potential after the bin, β(Δt) = Leak^(Δt / nominal bin).</param>
/// <param name="Current">Current per unit of the whole-number convolution: 0.05 · gain · g(Δt).</param>
internal readonly record struct LifStep(float Beta, float Current)
{
    /// <summary>A potential below this (about a millionth of the threshold) counts as zero, so that a silent pixel comes to rest exactly.</summary>
    internal const float Floor = 1f / (1 << 20);

    /// <summary>Returns the factors for a bin: g = (nominal / Δt) · (1 − β(Δt)) / (1 − β(nominal)) makes the rest level depend on the event rate alone.</summary>
    internal static LifStep For(long binUs, DotieOptions options)
    {
        // The nominal bin is exact by construction: 0.3 and 0.05 · 20 = 1 must come out as in the paper, or "5 events from rest" would spike.
        if (binUs == options.BinUs) return new LifStep(options.Leak, 0.05f * options.Gain);
        double ratio = (double)binUs / options.BinUs, beta = DeterministicMath.Pow(options.Leak, ratio);
        double gain = (1 - beta) / (1 - (double)options.Leak) / ratio;
        return new LifStep((float)beta, (float)(0.05 * options.Gain * gain));
    }
}

namespace EdgeAutonomy.Perception;

/// <summary>What happens to a membrane that has spiked.</summary>
/// <remarks>Tools differ here, and a NIR file does not say: see <see cref="SpikingOptions.Reset"/>.</remarks>
public enum SpikeReset
{
    /// <summary>It takes the value <c>v_reset</c> of the file; 0 where the file has none.</summary>
    Value,

    /// <summary>It becomes 0, whatever the file says.</summary>
    Zero,

    /// <summary>The threshold is taken off, in the same step.</summary>
    Subtract,

    /// <summary>
    /// As snnTorch with <c>reset_delay=False</c>: with r = [v of the step before &gt; θ], v ← a·v + b + g·x − r·θ; s = [v &gt; θ]; v ← v − (s − r)·θ. A membrane that
    /// is still above θ after a spike loses θ in the next step before it is compared, not after.
    /// </summary>
    SubtractPending,

    /// <summary>
    /// As snnTorch by default (<c>reset_delay=True</c>): the threshold is taken off one step later, after the decay: with r = [v of the step before &gt; θ],
    /// v ← a·v + b + g·x − r·θ; s = [v &gt; θ]. Its zero mode equals <see cref="Zero"/>, spike for spike.
    /// </summary>
    SubtractDelayed,
}

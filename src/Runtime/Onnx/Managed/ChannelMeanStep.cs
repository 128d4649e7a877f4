namespace EdgeAutonomy.Runtime;

/// <summary>Takes the mean of each channel.</summary>
internal sealed class ChannelMeanStep(int run, Slot from, Slot to) : ManagedStep
{
    /// <inheritdoc/>
    public override void Run(Span<float> memory)
    {
        Span<float> x = from.In(memory), y = to.In(memory);
        for (int i = 0; i < y.Length; i++) y[i] = DeterministicMath.Sum(x.Slice(i * run, run)) / run;
    }
}

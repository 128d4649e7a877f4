using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Pays the same to every step: r_t = R / T, iterative relative credit refinement in its plain form (IRCR; notes C.5). Nothing is learned.</summary>
/// <remarks>
/// The repository Stilwell-Git/Randomized-Return-Decomposition scales R over its buffer and draws half of each batch from the ten best episodes; this is the plain quotient, called "uniform" in tables. Thread-safe, allocation-free.
/// </remarks>
public sealed class UniformAttributor : IReturnAttributor
{
    /// <inheritdoc/>
    public string Id => "uniform";

    /// <inheritdoc/>
    public bool IsCausal => false;

    /// <inheritdoc/>
    public string Version => Id;

    /// <inheritdoc/>
    public void Fit(IReadOnlyList<Trajectory> data, in FitOptions options) => options.Check(data);

    /// <inheritdoc/>
    public void Attribute(Trajectory trajectory, Span<float> stepReward)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        trajectory.Require(stepReward.Length);
        stepReward.Fill(trajectory.Return / trajectory.Length);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => new StateReader(state, "uniform attributor").End();
}

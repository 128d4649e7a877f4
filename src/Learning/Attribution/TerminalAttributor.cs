using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Pays the whole return at the last step: r_t = 0 for t &lt; T, r_T = R. The baseline; nothing is learned.</summary>
/// <remarks>Thread-safe, allocation-free.</remarks>
public sealed class TerminalAttributor : IReturnAttributor
{
    /// <inheritdoc/>
    public string Id => "terminal";

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
        stepReward.Clear();
        stepReward[^1] = trajectory.Return;
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => new StateReader(state, "terminal attributor").End();
}

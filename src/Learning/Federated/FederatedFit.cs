using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>One robot's part in averaging a progress estimator: fits it on the robot's own episodes. A poisoned one sends the opposite of what it learned, many times over.</summary>
/// <remarks>Made for virtual time: the work is done when it is asked for.</remarks>
internal sealed class FederatedFit(IReadOnlyList<Trajectory> share, SpaOptions options, int updates, int batch, ulong seed, double poison) : IFederatedLearner
{
    private float[]? _base;
    private uint _round;

    /// <summary>Returns the parameters of an attributor, one after another.</summary>
    public static float[] Flatten(SpaAttributor attributor) => [.. attributor.Parameters.SelectMany(p => p.Value)];

    /// <summary>Puts parameters into an attributor.</summary>
    public static SpaAttributor With(SpaAttributor attributor, ReadOnlySpan<float> parameters)
    {
        foreach (var parameter in attributor.Parameters)
        {
            parameters[..parameter.Value.Length].CopyTo(parameter.Value);
            parameters = parameters[parameter.Value.Length..];
        }
        return attributor;
    }

    /// <inheritdoc/>
    public void Begin(uint round, ReadOnlySpan<float> parameters) => (_round, _base) = (round, parameters.ToArray());

    /// <inheritdoc/>
    public bool TryTake(out float[] change, out int samples)
    {
        (change, samples) = ([], share.Count);
        if (_base is not { } from) return false;
        _base = null;
        var attributor = With(new SpaAttributor(share[0].Shape, options, seed), from);
        attributor.Fit(share, new FitOptions(updates, batch, seed + _round));
        change = Flatten(attributor);
        for (int i = 0; i < change.Length; i++) change[i] = (float)((change[i] - from[i]) * poison);
        return true;
    }
}

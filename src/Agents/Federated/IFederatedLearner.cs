namespace EdgeAutonomy.Agents;

/// <summary>What trains a model on this robot's own data. Called on the node's thread: every call returns at once, the work is done elsewhere or a little per call.</summary>
public interface IFederatedLearner
{
    /// <summary>Begins to train; what was under way before is given up.</summary>
    /// <param name="round">The round it is for.</param>
    /// <param name="parameters">The model to begin from; valid during the call.</param>
    void Begin(uint round, ReadOnlySpan<float> parameters);

    /// <summary>Asks whether the training has ended. Once it has given its result it gives none until the next <see cref="Begin"/>.</summary>
    /// <param name="change">The change of each parameter; must not be written to later.</param>
    /// <param name="samples">How many samples it rests on; 0 = none, nothing is uploaded.</param>
    /// <returns>False while it goes on.</returns>
    bool TryTake(out float[] change, out int samples);
}

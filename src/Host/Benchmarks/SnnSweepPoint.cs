namespace EdgeAutonomy.Host;

/// <summary>What one layer took at one share of active inputs: the least of all runs.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Share">Active inputs, of all.</param>
/// <param name="DenseUs">A step that walks over all inputs.</param>
/// <param name="SparseUs">A step that walks over the active ones.</param>
/// <param name="AutoUs">A step as the engine chooses.</param>
internal sealed record SnnSweepPoint(string Layer, double Share, double DenseUs, double SparseUs, double AutoUs)
{
    /// <summary>Gets how long the engine's choice takes against the better of the two.</summary>
    public double Excess => AutoUs / Math.Min(DenseUs, SparseUs);
}
